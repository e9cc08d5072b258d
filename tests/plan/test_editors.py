"""What an editor with our schema accepts and underlines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from tenfold.plan.document import HiringPlan
from tenfold.plan.schema import json_schema
from tenfold.plan.skeleton import skeleton
from tests.plans import sections

GOOD = Path(__file__).parents[2] / "examples" / "good_plan.yaml"
EDITOR = Draft202012Validator(json_schema())


def as_an_editor_sees(text: str) -> Any:
    """Plain JSON values of a YAML text; days as they are written."""

    def plain(node: Any) -> Any:
        if isinstance(node, dict):
            return {str(key): plain(value) for key, value in node.items()}
        if isinstance(node, list):
            return [plain(item) for item in node]
        return node.isoformat() if isinstance(node, date) else node

    return plain(YAML(typ="safe").load(text))


def underlined(text: str) -> list[str]:
    return [error.json_path for error in EDITOR.iter_errors(as_an_editor_sees(text))]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_the_good_plan_as_it_is_written_is_accepted() -> None:
    assert underlined(GOOD.read_text()) == []


def test_an_empty_skeleton_is_accepted() -> None:
    assert underlined(skeleton()) == []


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("role: {titel: x}", "$.role"),
        ("role: {workplace: moon}", "$.role"),
        ("role: {scope: sixty}", "$.role"),
        ("pay: {min: much}", "$.pay"),
        ("situation: {ml_engineers: a few}", "$.situation"),
        ("situation: {manual_share: 130}", "$.situation"),
        ("team: two of us", "$.team"),
    ],
)
def test_what_the_reader_refuses_is_underlined(line: str, path: str) -> None:
    assert [found for found in underlined(f"tenfold_plan: 1\n{line}\n") if found.startswith(path)]


def test_without_the_top_key_it_is_no_plan() -> None:
    assert underlined("role: {}\n") == ["$"]


@settings(max_examples=settings().max_examples // 4)
@given(sections(HiringPlan))
def test_every_plan_that_can_be_read_is_accepted(plan: dict[str, Any]) -> None:
    values = HiringPlan.model_validate(plan).model_dump(mode="json", exclude_none=True)
    assert [error.json_path for error in EDITOR.iter_errors(values)] == []
