"""P5: an assessment plan goes in; what candidates would rightly complain of comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.practices.labs.check import check
from tests.practices.examples import LOOK_AGAIN, WRONG, Said, asks, case, said, severity

GOOD = """
    role: {scope: 60}
    requirements: {must: [kubernetes, kserve, python]}
    assessment:
      instruments:
        - name: Slow inference
          kind: lab
          minutes: 60
          assesses: [model-serving, container-orchestration, python]
          graded: automatic
      accommodations: Write to the recruiter; extra time is given without reasons
    interviews: {rounds: [{minutes: 45}]}
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_one_lab_that_covers_every_must_have_is_good() -> None:
    verdict = check(case(GOOD))
    assert verdict.state is State.GOOD
    assert tuple(remark.text for remark in verdict.looked_at) == (
        "3 of 3 must-have competencies are assessed.",
        "A candidate gives 1.8 hours in all.",
    )


def test_no_assessment_at_all_is_wrong() -> None:
    assert said(check, "no-work-sample", "assessment: none") == [
        Said(
            "Candidates never show the work itself.",
            WRONG,
            "assessment.instruments",
            evidence=("assessment: none",),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("lab", None),
        ("take-home", None),
        ("live", None),
        ("code-review", None),
        ("pairing", None),
        ("quiz", WRONG),
        ("puzzle", WRONG),
        ("whiteboard", WRONG),
        ("portfolio", WRONG),
    ],
)
def test_which_kinds_are_work_samples(kind: str, expected: Severity | None) -> None:
    assert severity(check, "no-work-sample", changed("kind: lab", f"kind: {kind}")) is expected


@pytest.mark.parametrize("kind", ["whiteboard", "puzzle", "quiz"])
def test_a_puzzle_is_called_one(kind: str) -> None:
    plan = f"assessment: {{instruments: [{{name: Trees, kind: {kind}}}]}}"
    assert said(check, "whiteboard", plan) == [
        Said(
            f"“Trees” is a {kind}, not a sample of the work.",
            LOOK_AGAIN,
            "assessment.instruments[0].kind",
            evidence=("assessment.instruments[0].name: Trees", f"assessment.instruments[0].kind: {kind}"),
        )
    ]


@pytest.mark.parametrize(("minutes", "expected"), [(89, None), (90, None), (91, LOOK_AGAIN)])
def test_ninety_minutes_are_the_cap(minutes: int, expected: Severity | None) -> None:
    assert severity(check, "too-long", changed("minutes: 60", f"minutes: {minutes}")) is expected


def test_a_long_test_names_the_change_that_mends_it() -> None:
    assert said(check, "too-long", changed("minutes: 60", "minutes: 240")) == [
        Said(
            "“Slow inference” takes 240 minutes of a candidate's own time.",
            LOOK_AGAIN,
            "assessment.instruments[0].minutes",
            "90 minutes or fewer.",
            ("assessment.instruments[0].name: Slow inference", "assessment.instruments[0].minutes: 240"),
        )
    ]


@pytest.mark.parametrize(
    ("interview", "expected"),
    [
        (239, []),
        (240, []),
        (
            301,
            [
                Said(
                    "The whole process takes 6.0 hours of a candidate's time.",
                    LOOK_AGAIN,
                    "assessment.instruments",
                    "61 minutes fewer.",
                )
            ],
        ),
    ],
)
def test_five_hours_in_all(interview: int, expected: list[Said]) -> None:
    assert said(check, "process-too-long", changed("minutes: 45", f"minutes: {interview}")) == expected


@pytest.mark.parametrize(
    ("assessed", "expected"),
    [
        ("model-serving, container-orchestration, python", None),
        ("model-serving, python", LOOK_AGAIN),
        ("python", WRONG),
    ],
)
def test_untested_must_haves_are_wrong_when_they_are_most_of_them(assessed: str, expected: Severity | None) -> None:
    plan = changed("[model-serving, container-orchestration, python]", f"[{assessed}]")
    assert severity(check, "must-untested", plan) is expected


def test_what_is_never_looked_at_is_named_with_its_must_have() -> None:
    plan = changed("[model-serving, container-orchestration, python]", "[model-serving, python]")
    assert said(check, "must-untested", plan) == [
        Said(
            "Nothing assesses Containers and orchestration.",
            LOOK_AGAIN,
            "assessment.instruments",
            "1 competency assessed, or no longer a must.",
            ("requirements.must[0]: kubernetes",),
        )
    ]


def test_the_third_look_is_one_too_many() -> None:
    rounds = "{rounds: [{assesses: [python]}, {assesses: [python]}]}"
    assert said(check, "must-overtested", changed("{rounds: [{minutes: 45}]}", rounds)) == [
        Said(
            "Python is assessed 3 times.",
            LOOK_AGAIN,
            "assessment.instruments",
            "1 instrument fewer.",
            (
                "assessment.instruments[0].assesses: model-serving, container-orchestration, python",
                "interviews.rounds[0].assesses: python",
                "interviews.rounds[1].assesses: python",
            ),
        )
    ]


@pytest.mark.parametrize(
    ("raters", "what"),
    [
        ("raters: 0", ["“Slow inference” is rated by nobody."]),
        ("raters: 1", ["“Slow inference” is rated by 1 person."]),
        ("raters: 2", []),
        ("rubric: true", []),
    ],
)
def test_what_no_machine_grades_two_people_do(raters: str, what: list[str]) -> None:
    plan = changed("graded: automatic", f"graded: raters\n          {raters}")
    assert [found.what for found in said(check, "one-grader", plan)] == what


def test_how_it_is_graded_is_asked_and_not_guessed() -> None:
    assert asks(check, "one-grader", changed("          graded: automatic\n", "")) == [
        "assessment.instruments[0].graded"
    ]
    assert asks(check, "one-grader", changed("graded: automatic", "graded: raters")) == [
        "assessment.instruments[0].raters"
    ]


@pytest.mark.parametrize(("scope", "expected"), [(49, LOOK_AGAIN), (50, None), (85, None), (100, None)])
def test_samples_lie_within_35_points_of_the_role(scope: float, expected: Severity | None) -> None:
    # Serving weighs 70, containers 100, Python belongs to neither side: the samples are 85 % infrastructure.
    assert severity(check, "scope-misfit", changed("scope: 60", f"scope: {scope}")) is expected


@pytest.mark.parametrize(
    ("answer", "found", "asked"),
    [
        ("accommodations: none", ["Candidates cannot ask for more time or another format."], []),
        ("paid: true", [], ["assessment.accommodations"]),
    ],
)
def test_more_time_can_be_asked_for(answer: str, found: list[str], asked: list[str]) -> None:
    plan = changed("accommodations: Write to the recruiter; extra time is given without reasons", answer)
    assert [each.what for each in said(check, "no-accommodations", plan)] == found
    assert asks(check, "no-accommodations", plan) == asked


def test_an_empty_plan_is_asked_and_not_judged() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNKNOWN)
    assert [question.field for question in verdict.questions] == ["assessment.instruments"]
