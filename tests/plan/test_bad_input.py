"""Whatever is wrong with a plan is named with its line, its field and what to try."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from tenfold.kit.errors import InputProblems, UserError
from tenfold.plan.yaml_io import MOST_CHARACTERS, load_plan

TOP = "tenfold_plan: 1\n"
BOMB = TOP + "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
CASES = {
    "a tab": (TOP + "role:\n\ttitle: x\n", 3, None, "Indent with spaces"),
    "a key twice": (TOP + "role:\n  title: a\n  title: b\n", 4, None, "Keep one of the two"),
    "an open quote": (TOP + 'role:\n  title: "x\n', 4, None, "colons, quotes"),
    "no such alias": (TOP + "role: *x\n", 2, None, "colons, quotes"),
    "two documents": (TOP + "---\na: 1\n", 2, None, "colons, quotes"),
    "30 February": (TOP + "role:\n  start_by: 2026-02-30\n", 3, None, "colons, quotes"),
    "a number beyond reading": (TOP + f"pay:\n  min: {'9' * 5_000}\n", 3, None, "colons, quotes"),
    "a character of control": (TOP + "role:\n  title: a\x00b\n", 3, None, "Delete it"),
    "half a character": (TOP + "role:\n  title: \ud800\n", 3, None, "Delete it"),
    "an empty file": ("", 1, None, "tenfold plan schema"),
    "a list at the top": ("- a\n", 1, None, "tenfold plan schema"),
    "a word alone": ("hello", 1, None, "tenfold plan schema"),
    "another version": ("role: {}\ntenfold_plan: 2\n", 2, "tenfold_plan", "tenfold_plan: 1"),
    "a yes for a version": ("tenfold_plan: true\n", 1, "tenfold_plan", "tenfold_plan: 1"),
    "no version": ("role: {}\n", 1, "tenfold_plan", "tenfold_plan: 1"),
    "a key that a plan lacks": (TOP + "role:\n  titel: x\n", 3, "role.titel", "Did you mean “title”?"),
    "a section that a plan lacks": (TOP + "weather: 1\n", 2, "weather", "Known here: tenfold_plan, company"),
    "an unknown skill": (
        TOP + "requirements:\n  must:\n    - python\n    - evidentli-ai-x\n",
        5,
        "requirements.must[1]",
        "tenfold catalogue find",
    ),
    "a skill forgotten": (
        TOP + "requirements:\n  must:\n    - depth: deep\n",
        4,
        "requirements.must[0].skill",
        "Id of",
    ),
    "an unknown level": (TOP + "role:\n  level: seniorr\n", 3, "role.level", "junior, mid, senior"),
    "least above most": (TOP + "pay:\n  min: 200k\n  max: 165,000\n", 4, "pay.max", "Highest base pay"),
    "a negative amount": (TOP + 'pay:\n  min: "-5"\n', 3, "pay.min", "Lowest base pay"),
    "not a number": (TOP + "pay:\n  min: .nan\n", 3, "pay.min", "Lowest base pay"),
    "without end": (TOP + "on_call:\n  pages_per_shift: .inf\n", 3, "on_call.pages_per_shift", "Pages in"),
    "years that are no number": (
        TOP + "requirements:\n  must:\n    - {skill: python, years: .nan}\n",
        4,
        "requirements.must[0].years",
        "Years asked for",
    ),
    "yes for a number": (
        TOP + "situation:\n  ml_engineers: true\n",
        3,
        "situation.ml_engineers",
        "ML engineers",
    ),
    "a sentence for a number": (
        TOP + "situation:\n  ml_engineers: a few\n",
        3,
        "situation.ml_engineers",
        "ML engineers",
    ),
    "half a person": (TOP + "situation:\n  ml_engineers: 2.5\n", 3, "situation.ml_engineers", "ML engineers"),
    "over a hundred percent": (TOP + "situation:\n  manual_share: 130 %\n", 3, "situation.manual_share", "Percent of"),
    "a split that is none": (TOP + "role:\n  scope: 60/50\n", 3, "role.scope", "such as 60/40"),
    "a number for a text": (TOP + "role:\n  title: 7\n", 3, "role.title", "Title as it will"),
    "a text for a section": (TOP + "role: senior\n", 2, "role", "tenfold plan schema"),
    "a text for a list": (TOP + "team: two of us\n", 2, "team", "Who is already there"),
    "seconds for a day": (TOP + "apply_by: 86400\n", 2, "apply_by", "When applications close"),
    "a time for a day": (TOP + "apply_by: 2026-02-01 10:00:00\n", 2, "apply_by", "When applications close"),
    "never for every": (
        TOP + "retention:\n  pay_review_months: 0\n",
        3,
        "retention.pay_review_months",
        "or none",
    ),
    "a text without end": (TOP + f"role:\n  title: {'x' * 3_000}\n", 3, "role.title", "Title as it will"),
    "an alias for a word": (TOP + "role:\n  title: !python/name:os.system x\n", 3, "role.title", "Title as it will"),
}
BEYOND = {
    "a bomb of anchors": BOMB,
    "an anchor in itself": TOP + "role: &a\n  places: [*a]\n" + "x: [[[[[[[[[[" + "[" * 40 + "]" * 50 + "\n",
    "a thousand brackets": TOP + "role: " + "[" * 1_000 + "]" * 1_000,
    "more than is read": TOP + "#" * MOST_CHARACTERS,
}


@pytest.mark.parametrize("name", CASES)
def test_the_problem_is_named_with_line_field_and_remedy(name: str) -> None:
    text, line, field, remedy = CASES[name]
    with pytest.raises(UserError) as caught:
        load_plan(text, name="plan.yaml")
    error = caught.value
    assert not isinstance(error, InputProblems)
    assert (error.place.file, error.place.line, error.place.field) == ("plan.yaml", line, field)
    assert remedy in error.remedy
    assert re.search(r"[.?]$", error.what)
    assert len(str(error)) < 700


@pytest.mark.parametrize("name", BEYOND)
def test_what_goes_beyond_bounds_is_refused(name: str) -> None:
    with pytest.raises(UserError) as caught:
        load_plan(BEYOND[name], name="plan.yaml")
    assert caught.value.place.file == "plan.yaml"
    assert caught.value.remedy


def test_a_skill_that_is_nearly_one_is_suggested() -> None:
    with pytest.raises(UserError, match="“prometeus-monitor” is not a skill"):
        load_plan(TOP + "requirements: {must: [prometeus-monitor]}")
    with pytest.raises(UserError, match=r"did you mean .*kserve"):
        load_plan(TOP + "requirements: {must: [kservee-x]}")


def test_all_problems_are_told_at_once_each_with_its_line() -> None:
    text = dedent("""\
        tenfold_plan: 1
        role:
          titel: x
          level: boss
        pay:
          min: much
    """)
    with pytest.raises(InputProblems) as caught:
        load_plan(text, name="plan.yaml")
    assert [(problem.place.line, problem.place.field) for problem in caught.value.problems] == [
        (4, "role.level"),
        (3, "role.titel"),
        (6, "pay.min"),
    ]


def test_what_the_plan_says_instead_is_quoted_once_and_briefly() -> None:
    with pytest.raises(UserError) as caught:
        load_plan(TOP + f"pay: {{min: '{'9' * 500}'}}")
    assert len(caught.value.what) < 150
    with pytest.raises(UserError) as caught:
        load_plan(TOP + "role: {family: sre}")
    assert caught.value.what.count("sre") == 1


def test_no_yaml_tag_builds_an_object() -> None:
    loaded = load_plan(TOP + "role: !!python/object:os.system {title: x}")
    assert loaded.plan.role.title == "x"
