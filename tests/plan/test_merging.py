"""Two edits of one plan at once: what only one touched is never lost, and what both touched is never silent."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest
from ruamel.yaml.comments import CommentedMap

from tenfold.kit.errors import UserError
from tenfold.plan.merging import merge_plans, plain, take_field
from tenfold.plan.yaml_io import dump, parse_yaml
from tests.sizes import size

GOOD_PLAN = """\
tenfold_plan: 1
company: {name: Quay, employees: 40}
situation: {ml_engineers: 4}
role:
  title: Senior MLOps engineer
  day_to_day: [Keeps the platform running]
requirements: {years_min: 4}
pay: {min: 172000, max: 206000, benefits: [Health insurance, Five weeks of holiday]}
reporting: {manager: head of ML platform}
growth: {learning_budget: 3000}
team:
  - {role: devops, level: senior}
"""

CHANGES: dict[str, list[Any]] = {
    "company.name": ["Northwind", "Harbour"],
    "company.employees": [90, 120],
    "situation.ml_engineers": [3, 9],
    "situation.manual_share": [10, 45],
    "role.title": ["Staff engineer", "MLOps engineer"],
    "role.level": ["senior", "staff"],
    "role.day_to_day": [["Runs the platform day by day"], ["Answers pages at noon"]],
    "requirements.years_min": [2, 6],
    "pay.max": [206_500, 207_500],
    "pay.benefits": [["A bicycle for all"], ["Lunch on Mondays"]],
    "apply_by": ["2027-02-01", "2027-03-01"],
    "reporting.manager": ["head of data", "head of ML"],
    "on_call.people": [4, 8],
    "growth.learning_budget": [1_000, 5_000],
    "retention.one_on_ones_weeks": [1, 4],
}


def value_at(document: Any, path: str) -> Any:
    for key in path.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    return plain(document)


def edited(text: str, changes: dict[str, Any]) -> str:
    document = parse_yaml(text)
    for path, value in changes.items():
        *above, last = path.split(".")
        node: Any = document
        for key in above:
            if not isinstance(node.get(key), dict):
                node[key] = CommentedMap()
            node = node[key]
        if value is None:
            node.pop(last, None)
        else:
            node[last] = deepcopy(value)
    return dump(document)


@pytest.mark.parametrize("seed", range(size(200, nightly=2_000)))
def test_no_interleaving_of_two_editors_loses_what_only_one_of_them_touched(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - an example, not a secret
    mine = {path: draw.choice([*CHANGES[path], None]) for path in draw.sample(sorted(CHANGES), draw.randint(0, 8))}
    theirs = {path: draw.choice([*CHANGES[path], None]) for path in draw.sample(sorted(CHANGES), draw.randint(0, 8))}
    own, other = edited(GOOD_PLAN, mine), edited(GOOD_PLAN, theirs)
    merged = merge_plans(GOOD_PLAN, own, other)
    document, base, left_one, right_one = (parse_yaml(text) for text in (merged.text, GOOD_PLAN, own, other))
    conflicts = {conflict.field.partition("[")[0] for conflict in merged.conflicts}
    for path in CHANGES:
        was, left, right = (value_at(one, path) for one in (base, left_one, right_one))
        if left == was:
            assert value_at(document, path) == right, path
        elif right in (was, left):
            assert value_at(document, path) == left, path
        elif not isinstance(left, list) or not isinstance(right, list):
            assert path in conflicts, path
    untouched = [key for key in base if not any(path.split(".")[0] == key for path in (*mine, *theirs))]
    assert all(plain(document[key]) == plain(base[key]) for key in untouched)


def test_items_of_a_list_are_merged_by_name() -> None:
    base = "tenfold_plan: 1\nrequirements:\n  must: [kubernetes, python, {skill: terraform, depth: working}]\n"
    mine = "tenfold_plan: 1\nrequirements:\n  must: [kubernetes, python, {skill: terraform, depth: deep}, airflow]\n"
    theirs = "tenfold_plan: 1\nrequirements:\n  must: [python, {skill: terraform, depth: working, years: 2}, spark]\n"
    merged = merge_plans(base, mine, theirs)
    assert merged.conflicts == ()
    assert plain(parse_yaml(merged.text))["requirements"]["must"] == [
        "python",
        {"skill": "terraform", "depth": "deep", "years": 2},
        "spark",
        "airflow",
    ]


def test_what_both_changed_is_told_with_all_three_answers_and_either_can_be_taken() -> None:
    base, mine, theirs = (f"tenfold_plan: 1\npay: {{min: 100000, max: {most}}}\n" for most in (120000, 130000, 140000))
    merged = merge_plans(base, mine, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.field, conflict.before, conflict.mine, conflict.theirs) == ("pay.max", 120000, 130000, 140000)
    document = parse_yaml(merged.text)
    assert document["pay"]["max"] == 130000
    take_field(document, parse_yaml(theirs), "pay.max")
    assert document["pay"]["max"] == 140000


def test_a_sentence_that_both_worded_anew_is_a_conflict_and_new_ones_are_kept_both() -> None:
    base = "tenfold_plan: 1\nrole:\n  day_to_day: [Runs the platform]\n"
    mine = base.replace("Runs the platform", "Runs our platform")
    theirs = base.replace("Runs the platform", "Runs a big platform")
    assert [one.field for one in merge_plans(base, mine, theirs).conflicts] == ["role.day_to_day"]
    added = merge_plans(base, base.replace("]", ", Writes runbooks]"), base.replace("]", ", Answers pages]"))
    assert plain(parse_yaml(added.text))["role"]["day_to_day"] == [
        "Runs the platform",
        "Answers pages",
        "Writes runbooks",
    ]


def test_two_edits_that_make_no_plan_together_are_refused() -> None:
    base = "tenfold_plan: 1\npay: {min: 100000, max: 120000}\n"
    with pytest.raises(UserError, match="above the highest"):
        merge_plans(base, base.replace("100000", "118000"), base.replace("120000", "110000"))


def test_comments_of_the_other_stay() -> None:
    theirs = "tenfold_plan: 1\npay:\n  min: 172,000\n  max: 210,000  # agreed with Ines\n"
    base = "tenfold_plan: 1\npay:\n  min: 172,000\n  max: 206,000\n"
    merged = merge_plans(base, base.replace("min: 172,000", "min: 173,000"), theirs)
    assert "max: 210,000  # agreed with Ines" in merged.text
    assert "min: 173,000" in merged.text
