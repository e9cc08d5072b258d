"""A plan to fill in: loads as it is, and still loads when every waiting line is uncommented."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tenfold.plan.document import HiringPlan, Section
from tenfold.plan.skeleton import EXAMPLES, skeleton
from tenfold.plan.yaml_io import load_plan, sections_of

WAITING = re.compile(r"(?m)^( *)#(?!#) ?")


def fields(owner: type[Section] = HiringPlan, path: str = "") -> Iterator[str]:
    """Every field of a plan by its dotted path, those of list items without their number."""
    for name, field in owner.model_fields.items():
        yield f"{path}{name}"
        for below in sections_of(field.annotation):
            yield from fields(below, f"{path}{name}.")


def uncommented(text: str) -> str:
    return WAITING.sub(r"\1", text)


def test_an_empty_skeleton_answers_nothing() -> None:
    assert load_plan(skeleton()).plan == HiringPlan()


def test_every_waiting_line_is_valid_when_uncommented() -> None:
    plan = load_plan(uncommented(skeleton())).plan
    unanswered = [name for name in HiringPlan.model_fields if getattr(plan, name) in (None, [])]
    assert unanswered == []
    assert None not in plan.situation.model_dump().values()


def test_every_field_of_a_plan_stands_in_the_skeleton() -> None:
    text = uncommented(skeleton({"requirements": {}}))
    keys = set(re.findall(r"(?m)^ *(?:- )?([a-z_0-9]+):", text))
    missing = {path for path in fields() if path.rpartition(".")[2] not in keys}
    assert missing <= {"requirements.must.years", "requirements.nice.depth", "requirements.nice.years"}, missing


def test_examples_are_of_fields_that_are_there() -> None:
    assert set(EXAMPLES) <= set(fields())


@pytest.mark.parametrize(
    "given",
    [
        {"role": {"title": "Senior: MLOps # engineer", "scope": 60}},
        {"pay": {"min": 165_000, "max": 195_500.5, "equity": "none"}, "team": "none"},
        {"requirements": {"must": ["kubernetes", {"skill": "python", "depth": "deep"}]}},
        {"posting": "  leading blanks\n\ttab\n\n# heading: “quoted”\n- item\n" + "x" * 300},
        {"company": {"name": "no", "jurisdictions": ["NO", "US-CO"]}, "on_call": {"people": 3}},
        {"assessment": "none", "growth": {"learning_budget": "none"}},
    ],
)
def test_what_is_given_is_set_and_comes_back(given: dict[str, object]) -> None:
    plan = HiringPlan.model_validate(given)
    assert load_plan(skeleton(plan)).plan == plan
    assert load_plan(skeleton(given)).plan == plan


def test_a_filled_skeleton_comes_back_whole() -> None:
    plan = load_plan(uncommented(skeleton())).plan
    assert load_plan(skeleton(plan)).plan == plan


def test_notes_stand_above_their_field() -> None:
    text = skeleton({"pay": {"min": 1}}, notes={"pay.min": "Read in the posting."})
    assert "  ## Read in the posting.\n  min: 1\n" in text


def test_lines_stay_readable() -> None:
    assert max(map(len, skeleton().splitlines())) <= 120
