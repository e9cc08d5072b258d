"""The plan's JSON Schema, for editors and other programs."""

from __future__ import annotations

from typing import Any

from tenfold.plan.document import VERSION, HiringPlan
from tenfold.plan.yaml_io import TOP_KEY


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12). What Python says of a key without a value is made to fit YAML: it may be null."""
    schema = HiringPlan.model_json_schema()
    schema["properties"] = {name: _or_null(below) for name, below in schema["properties"].items() if name != TOP_KEY}
    schema["properties"] = {
        TOP_KEY: {"const": VERSION, "description": "Version of this format"},
        **schema["properties"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tenfold hiring plan",
        **{key: value for key, value in schema.items() if key != "title"},
        "required": [TOP_KEY],
    }


def _or_null(below: dict[str, Any]) -> dict[str, Any]:
    """A section whose keys are all commented out is null in YAML, and means that nothing is answered."""
    if "$ref" not in below:
        return below
    return {"anyOf": [{"$ref": below["$ref"]}, {"type": "null"}], **{k: v for k, v in below.items() if k != "$ref"}}
