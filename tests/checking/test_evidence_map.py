"""Which competency is assessed where, by whom, and what that is worth."""

from __future__ import annotations

import pytest

from tenfold.checking.evidence_map import by_competency, evidence_map, expected_reliability, looks_in_words
from tests.practices.examples import case

PLAN = """
    requirements: {must: [kubernetes, mlflow, python]}
    assessment:
      instruments:
        - {name: Lab, kind: lab, assesses: [python], graded: automatic}
        - {name: Review, kind: code-review, assesses: [python, experiment-tracking], graded: raters, raters: 2}
    interviews:
      rounds:
        - {name: Talk, assesses: [experiment-tracking, explaining], raters: 2}
        - {name: Call, assesses: [explaining]}
"""


def test_must_haves_come_first_and_one_that_nothing_assesses_has_no_looks() -> None:
    found = evidence_map(case(PLAN))
    assert [(one.competency, one.is_must, [look.instrument for look in one.by]) for one in found] == [
        ("container-orchestration", True, []),
        ("experiment-tracking", True, ["Review", "Talk"]),
        ("python", True, ["Lab", "Review"]),
        ("explaining", False, ["Talk", "Call"]),
    ]


def test_a_grader_or_two_people_are_enough() -> None:
    found = by_competency(case(PLAN))
    assert {name: looks.is_enough(2) for name, looks in found.items()} == {
        "container-orchestration": False,
        "experiment-tracking": True,
        "python": True,
        "explaining": True,
    }
    assert not found["explaining"].is_enough(3)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("experiment-tracking", 0.559, 0.759), ("python", 0.388, 0.611), ("explaining", 0.388, 0.611)],
)
def test_expected_reliability_is_that_of_real_interviews(name: str, low: float, high: float) -> None:
    plan = case(PLAN)
    found = expected_reliability(plan, by_competency(plan)[name])
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)


def test_a_grader_alone_has_no_reliability_of_ratings() -> None:
    plan = case("requirements: {must: [python]}\nassessment: {instruments: [{assesses: [python], graded: automatic}]}")
    assert expected_reliability(plan, by_competency(plan)["python"]) is None


def test_looks_are_said_in_words() -> None:
    plan = case(PLAN)
    found = by_competency(plan)
    assert looks_in_words(plan, found["container-orchestration"]).endswith("nothing assesses it.")
    assert looks_in_words(plan, found["explaining"]) == (
        "Explaining infrastructure: “Talk” (2 raters) and “Call” (raters not stated); expected reliability of the "
        "ratings about .39 to .61."
    )
