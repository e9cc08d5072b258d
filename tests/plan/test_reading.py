"""How answers may be written, and what comes back."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tenfold.plan.answers import NONE, is_stated
from tenfold.plan.document import HiringPlan, Pay, RoleSection
from tenfold.plan.yaml_io import dump, load_plan, looks_like_plan

GOOD = Path(__file__).parents[2] / "examples" / "good_plan.yaml"
TOP = "tenfold_plan: 1\n"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (165_000, 165_000),
        ("165000", 165_000),
        ("165,000", 165_000),
        ("165_000", 165_000),
        ("165 000", 165_000),
        ("165k", 165_000),
        ("165 K", 165_000),
        ("165.5k", 165_500),
        ("$165,000", 165_000),
        ("$165k", 165_000),
        ("165,000 USD", 165_000),
        ("USD 165,000", 165_000),
        ("1.2m", 1_200_000),
        ("165,000 MXN", 165_000),
        ("180,000 KRW", 180_000),
        ("62.50", 62.5),
        ("0", 0),
    ],
)
def test_amounts_as_people_write_them(written: Any, amount: float) -> None:
    assert Pay.model_validate({"min": written}).min == amount


@pytest.mark.parametrize(
    "written",
    ["-5", "−5", "minus", "", "165-195k", "1,65,00", "1.2.3", "k", "nan", "inf", True, -5, None.__class__],
)
def test_what_is_no_amount(written: Any) -> None:
    with pytest.raises(ValidationError):
        Pay.model_validate({"min": written})


@given(st.integers(0, 999_999_999))
def test_an_amount_means_the_same_in_every_form(amount: int) -> None:
    forms = [amount, str(amount), f"{amount:,}", f"${amount:_}", f"{amount} USD"]
    assert {Pay.model_validate({"min": form}).min for form in forms} == {amount}


@pytest.mark.parametrize(("written", "share"), [("35", 35), ("35 %", 35), ("35%", 35), (35, 35), (0.5, 0.5)])
def test_percentages(written: Any, share: float) -> None:
    plan = HiringPlan.model_validate({"situation": {"manual_share": written}})
    assert plan.situation.manual_share == share


@pytest.mark.parametrize(
    ("written", "share"),
    [("balanced", 50), ("infrastructure-heavy", 70), ("ml-heavy", 30), ("60/40", 60), ("70 %", 70), (45, 45)],
)
def test_scopes(written: Any, share: float) -> None:
    assert RoleSection.model_validate({"scope": written}).scope == share


@pytest.mark.parametrize("word", ["none", "None", " NONE "])
def test_none_is_an_answer_and_absence_is_not(word: str) -> None:
    plan = HiringPlan.model_validate({"on_call": word, "growth": {"ladder": word}})
    assert plan.on_call is NONE
    assert plan.growth.ladder is NONE
    assert plan.team is None
    assert is_stated(plan.on_call) is is_stated(plan.team) is None


def test_none_is_written_back_as_none() -> None:
    assert HiringPlan.model_validate({"on_call": "none"}).model_dump(mode="json")["on_call"] == "none"


@pytest.mark.parametrize("name", ["kubernetes", "Kubernetes", "k8s", "K8S"])
def test_a_skill_by_id_name_or_alias(name: str) -> None:
    plan = HiringPlan.model_validate({"requirements": {"must": [name, {"skill": name, "depth": "deep"}]}})
    assert [requirement.skill for requirement in plan.requirements.must or []] == ["kubernetes", "kubernetes"]


def test_a_key_without_a_value_is_as_good_as_absent() -> None:
    assert load_plan(TOP + "role:\npay:\n  min:\ngrowth: {ladder: }\n").plan == HiringPlan()


def test_comments_and_order_come_back_as_they_were() -> None:
    text = dedent("""\
        # Ours, not theirs.
        tenfold_plan: 1
        pay:  # what we offer
          max: 206,000  # on hire
          min: 172,000
        # The job.
        role:
          title: "Senior MLOps Engineer"
          places: [US-CO, US-NY]
    """)
    assert dump(load_plan(text).document) == text


def test_the_example_comes_back_as_it_was() -> None:
    text = GOOD.read_text()
    again = dump(load_plan(text).document)
    assert load_plan(again).plan == load_plan(text).plan
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    assert all(comment in again for comment in comments)


@pytest.mark.parametrize(
    ("field", "line"),
    [("pay.min", 3), ("role.places[1]", 7), ("role.scope", 4), ("pay", 2), ("growth.ladder", None)],
)
def test_a_field_knows_its_line_or_its_parents(field: str, line: int | None) -> None:
    text = TOP + "pay:\n  min: 1\nrole:\n  places:\n    - US-CO\n    - US-NY\n"
    assert load_plan(text).line_of(field) == line


@pytest.mark.parametrize(
    ("text", "answer"),
    [(TOP, True), ("# a comment\n\ntenfold_plan: 2\n", True), ("# Senior MLOps Engineer\n", False), ("", False)],
)
def test_a_plan_is_told_from_a_posting_by_its_top_key(text: str, answer: bool) -> None:
    assert looks_like_plan(text) is answer
