"""P5: an assessment plan goes in; what candidates would rightly complain of comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.practices.labs.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

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
    assert tuple(remark.text for remark in verdict.observations) == (
        "3 of 3 must-have competencies are assessed.",
        (
            "What is assessed where: containers and orchestration, model deployment and serving and Python: "
            "“Slow inference” (graded automatically)."
        ),
        "A candidate gives 1.8 hours in all.",
        (
            "Labs that fit the role: `ship-model` (90 minutes, 3 of 3 must-haves), `broken-rollout` (40 minutes, 2 of "
            "3 must-haves) and `slow-inference` (45 minutes, 2 of 3 must-haves)."
        ),
    )


def test_no_assessment_at_all_is_wrong() -> None:
    assert said(check, "no-work-sample", "assessment: none") == [
        Said(
            "Candidates never do a sample of the work.",
            FIX,
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
        ("quiz", FIX),
        ("puzzle", FIX),
        ("whiteboard", FIX),
        ("portfolio", FIX),
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
            REVIEW,
            "assessment.instruments[0].kind",
            evidence=("assessment.instruments[0].name: Trees", f"assessment.instruments[0].kind: {kind}"),
        )
    ]


@pytest.mark.parametrize(("minutes", "expected"), [(89, None), (90, None), (91, REVIEW)])
def test_ninety_minutes_are_the_cap(minutes: int, expected: Severity | None) -> None:
    assert severity(check, "too-long", changed("minutes: 60", f"minutes: {minutes}")) is expected


def test_a_long_test_names_the_change_that_mends_it() -> None:
    assert said(check, "too-long", changed("minutes: 60", "minutes: 240")) == [
        Said(
            "“Slow inference” takes 240 minutes of a candidate's own time.",
            REVIEW,
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
                    REVIEW,
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
        ("model-serving, python", REVIEW),
        ("python", FIX),
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
            REVIEW,
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
            REVIEW,
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


@pytest.mark.parametrize(("scope", "expected"), [(49, REVIEW), (50, None), (85, None), (100, None)])
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
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert [question.field for question in verdict.questions] == ["assessment.instruments"]


LABS_THAT_SHIP = (
    "The labs that ship are `broken-rollout`, `drift-watch`, `prod-down`, `retrain-pipeline`, `review-change`, "
    "`ship-model`, `silent-decay` and `slow-inference`."
)
LAB = """
    role: {scope: 60, level: senior}
    requirements: {must: [kserve, python]}
    assessment:
      instruments: [{name: The service, lab: slow-inference}]
      accommodations: Write to the recruiter
"""


def test_what_a_plan_leaves_open_of_a_known_lab_is_as_the_lab_says() -> None:
    verdict = check(case(LAB))
    assert (verdict.state, verdict.questions) == (State.GOOD, ())
    assert [remark.text for remark in verdict.observations][:2] == [
        "2 of 2 must-have competencies are assessed.",
        "A candidate gives 0.8 hours in all.",
    ]


@pytest.mark.parametrize(
    ("slug", "fix"),
    [
        (
            "slow-inferense",
            "Write `slow-inference`, if that was meant. Name no lab where the work sample is your own.",
        ),
        ("deploy-to-mars", "Name no lab where the work sample is your own."),
    ],
)
def test_a_lab_that_does_not_exist_is_found(slug: str, fix: str) -> None:
    plan = LAB.replace("slow-inference", slug)
    (found,) = [one for one in check(case(plan)).findings if one.rule == "labs.lab-unknown"]
    assert (found.rule, found.what) == ("labs.lab-unknown", f"There is no lab `{slug}`.")
    assert found.fix == fix
    assert found.why == f"“The service” counts on it. {LABS_THAT_SHIP}"


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("{scope: 60, level: senior}", []),
        ("{scope: 60}", []),
        ("{}", []),
        (
            "{scope: 60, level: junior}",
            ["It is made for mid, senior and staff engineers, and the role is junior."],
        ),
        (
            "{scope: 90}",
            ["It is made for roles of 30 to 80 % infrastructure, and this one has 90 %."],
        ),
    ],
)
def test_a_lab_fits_some_levels_and_scopes(role: str, why: list[str]) -> None:
    verdict = check(case(LAB.replace("{scope: 60, level: senior}", role)))
    assert [found.why for found in verdict.findings if found.rule == "labs.lab-misfit"] == why


def test_a_lab_beside_the_role_is_replaced_by_one_that_fits() -> None:
    plan = LAB.replace("scope: 60", "scope: 20").replace("[kserve, python]", "[evidently]")
    (found,) = [one for one in check(case(plan)).findings if one.rule == "labs.lab-misfit"]
    assert found.fix == (
        "Take `silent-decay` (45 minutes, 1 of 1 must-haves) and `drift-watch` (90 minutes, 1 of 1 must-haves) instead."
    )


@pytest.mark.parametrize(("minutes", "expected"), [(44, REVIEW), (45, None), (60, None)])
def test_a_lab_is_given_the_time_that_it_was_made_for(minutes: int, expected: Severity | None) -> None:
    plan = LAB.replace("lab: slow-inference", f"lab: slow-inference, minutes: {minutes}")
    assert severity(check, "lab-shortened", plan) is expected


def test_what_a_lab_does_not_look_at_is_not_counted_on() -> None:
    plan = LAB.replace("lab: slow-inference", "lab: slow-inference, assesses: [model-serving, python, networking]")
    (found,) = check(case(plan)).findings
    assert found.what == "`slow-inference` gives no evidence of networking."
    assert found.why == (
        "Its criteria look at model deployment and serving, feature management, Python and observability and incident "
        "response."
    )


def test_a_lab_that_would_test_what_is_untested_is_named() -> None:
    plan = changed("[kubernetes, kserve, python]", "[kubernetes, kserve, python, evidently]")
    (found,) = [one for one in check(case(plan)).findings if one.rule == "labs.must-untested"]
    assert found.fix.startswith("The lab `drift-watch` looks at model monitoring. Give each a place")


def test_where_no_lab_fits_none_is_recommended() -> None:
    plan = "role: {scope: 60, level: principal}\nrequirements: {must: [python]}\nassessment: none"
    (found,) = [one for one in check(case(plan)).findings if one.rule == "labs.no-work-sample"]
    assert found.fix.startswith("No lab that ships fits the scope and level")


@pytest.mark.parametrize(
    ("instrument", "expected"),
    [
        ("{name: Repo, kind: portfolio, graded: raters, raters: 2, rubric: false}", ["Repo"]),
        ("{name: Review, kind: code-review, graded: raters, raters: 2, rubric: false}", ["Review"]),
        ("{name: Review, kind: code-review, graded: raters, raters: 2}", []),
        ("{name: Repo, kind: portfolio, graded: raters, raters: 2, rubric: true}", []),
        ("{name: Lab, kind: lab, graded: automatic, rubric: false}", []),
    ],
)
def test_work_that_people_rate_needs_a_written_rubric(instrument: str, expected: list[str]) -> None:
    found = said(check, "no-rubric", f"assessment: {{instruments: [{instrument}]}}")
    assert [one.what for one in found] == [f"“{name}” is rated without a written rubric." for name in expected]
    assert all(one.severity is REVIEW for one in found)


def test_public_work_without_a_word_on_a_rubric_is_asked_about() -> None:
    plan = "assessment: {instruments: [{kind: portfolio, graded: raters, raters: 2}]}"
    assert asks(check, "no-rubric", plan) == ["assessment.instruments[0].rubric"]


@pytest.mark.parametrize("minutes", [30, 60, 90])
@pytest.mark.parametrize("kind", ["lab", "take-home", "pairing"])
def test_where_nothing_says_what_it_assesses_it_is_asked(kind: str, minutes: int) -> None:
    plan = (
        "requirements: {must: [kubernetes, python]}\n"
        f"assessment: {{instruments: [{{name: A test, kind: {kind}, minutes: {minutes}}}]}}\n"
        "interviews: {rounds: [{minutes: 45}]}\n"
    )
    assert said(check, "must-untested", plan) == []
    assert asks(check, "must-untested", plan)
    stated = plan.replace("minutes: 45", "minutes: 45, assesses: [python]")
    assert said(check, "must-untested", stated)
    assert not asks(check, "must-untested", stated)
