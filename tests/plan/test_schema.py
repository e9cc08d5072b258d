"""The JSON Schema that editors use."""

from __future__ import annotations

from tenfold.plan.document import HiringPlan
from tenfold.plan.schema import json_schema


def test_every_key_of_a_plan_is_in_the_schema_with_a_description() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == list(HiringPlan.model_fields)
    assert schema["required"] == ["tenfold_plan"]
    undescribed = [
        f"{name}.{key}"
        for name, section in schema["$defs"].items()
        for key, below in section.get("properties", {}).items()
        if "description" not in below
    ]
    assert undescribed == []


def test_a_section_whose_keys_are_all_commented_out_is_allowed() -> None:
    assert {"type": "null"} in json_schema()["properties"]["company"]["anyOf"]
