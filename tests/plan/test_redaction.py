"""No figure of an offer outlives its redaction, wherever in the YAML it was written; and saving loses nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.errors import UserError
from tenfold.plan.redaction import HIDDEN, redact_pay, restore_pay
from tenfold.plan.yaml_io import load_plan

BASE = """\
tenfold_plan: 1
company:
  name: Quay Insurance
  jurisdictions: [US-CO, US-NY]
role:
  title: MLOps Engineer
  level: senior
requirements:
  years_min: 5
  must:
    - skill: kubernetes
      depth: working
    - skill: python
pay:
  min: 150,000
  max: 180,000
  currency: USD
  benefits:
    - Health insurance
apply_by: 2027-01-15
posting: |
  We pay what we say.

interviews:
  rounds:
    - name: One
      kind: structured
"""
figures = st.integers(200_000, 999_999).map(lambda n: f"{n:,}")
lines_of_base = BASE.splitlines()
outside_posting = [place for place in range(1, len(lines_of_base)) if not lines_of_base[place].startswith("  We pay")]

after_posting = [lines_of_base.index("interviews:") - 1, lines_of_base.index("interviews:")]
"""Indented, a line here would be one of the posting, which is public."""


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, list[str]]:
    """The plan with figures in comments: on lines of their own at any depth, and after values."""
    lines, secrets = list(lines_of_base), []
    for place in sorted(draw(st.lists(st.sampled_from(outside_posting), min_size=1, max_size=8)), reverse=True):
        figure = draw(figures)
        secrets.append(figure)
        after = lines[place]
        if draw(st.booleans()) and after.strip() and "|" not in after:
            lines[place] = f"{after}  # up to {figure}"
        else:
            indent = 0 if place in after_posting else draw(st.integers(0, 8))
            lines.insert(place, f"{' ' * indent}# approved {figure}")
    return "\n".join(lines) + draw(
        st.sampled_from(["\n", f"\n# ceiling {secrets[0]}\n", f"\n...\n# {secrets[0]}\n"])
    ), secrets


@st.composite
def anchored(draw: st.DrawFn) -> tuple[str, list[str]]:
    """The plan with figures in the names of anchors, and the offer's values brought in by alias and merge key."""
    figure = draw(figures)
    name = f"a{figure.replace(',', '')}"
    text = BASE.replace("  title: MLOps", f"  title: &{name} MLOps").replace("years_min: 5", f"years_min: &b{name} 5")
    if draw(st.booleans()):
        text = text.replace("    - Health insurance", f"    - *{name}")
    if draw(st.booleans()):
        text = text.replace("    - skill: kubernetes", f"    - &{name}m\n      skill: kubernetes")
        text = text.replace("    - skill: python", f"    - <<: *{name}m\n      skill: python # {figure}")
    return text, [figure, figure.replace(",", "")]


@given(commented() | anchored())
def test_no_figure_beside_the_values_outlives_the_redaction(case: tuple[str, list[str]]) -> None:
    text, secrets = case
    try:
        before = _values(text)
    except UserError:
        return  # a comment fell where YAML allows none
    redacted = redact_pay(text)
    assert not [secret for secret in secrets if secret in redacted]
    assert HIDDEN not in load_plan(redacted).document
    assert _values(redacted) == {key: value for key, value in before.items() if key != HIDDEN}


@given(commented() | anchored())
def test_saving_what_one_was_shown_changes_not_one_character(case: tuple[str, list[str]]) -> None:
    text, _ = case
    try:
        redacted = redact_pay(text)
    except UserError:
        return
    assert restore_pay(redacted, text) == text


@given(commented() | anchored(), st.sampled_from(["title", "must", "round", "key"]))
def test_an_edit_is_taken_and_pay_and_all_else_stays(case: tuple[str, list[str]], edited: str) -> None:
    text, _ = case
    try:
        shown = redact_pay(text)
    except UserError:
        return
    mine = {
        "title": lambda: shown.replace("title: MLOps Engineer", "title: Staff Engineer"),
        "must": lambda: re.sub(r"    - skill: kubernetes\n      depth: working\n", "", shown, count=1),
        "round": lambda: shown + "    - name: Two\n      kind: structured\n",
        "key": lambda: shown.replace("apply_by: 2027-01-15\n", ""),
    }[edited]()
    saved = restore_pay(mine, text)
    assert _values(saved).get(HIDDEN) == _values(text).get(HIDDEN)
    assert {key: value for key, value in _values(saved).items() if key != HIDDEN} == _values(mine)


def test_the_author_s_comments_stay_when_somebody_who_does_not_see_them_saves() -> None:
    text = BASE.replace("  min: 150,000", "  # the CFO's ceiling is 199,999\n  min: 150,000")
    saved = restore_pay(redact_pay(text).replace("years_min: 5", "years_min: 4"), text)
    assert saved == text.replace("years_min: 5", "years_min: 4")


def test_comments_of_somebody_who_does_not_see_pay_stay_where_the_plan_had_none() -> None:
    mine = "# mine\n" + redact_pay(BASE).replace("level: senior", "level: staff  # grown")
    saved = restore_pay(mine, BASE)
    assert "# grown" in saved
    assert "min: 150,000" in saved


@pytest.mark.parametrize("text", ["pay:\n  min: 1\n", "pay: {}\n", ""])
def test_what_somebody_says_of_pay_who_does_not_see_it_is_not_taken(text: str) -> None:
    mine = redact_pay(BASE).replace("role:", f"{text}role:").replace("level: senior", "level: staff")
    assert _values(restore_pay(mine, BASE))[HIDDEN] == _values(BASE)[HIDDEN]
    bare = redact_pay(BASE)
    assert HIDDEN not in _values(restore_pay(mine, bare))


def _values(text: str) -> dict[str, Any]:
    return {key: _plain(value) for key, value in load_plan(text).document.items()}


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    return str(node).strip()
