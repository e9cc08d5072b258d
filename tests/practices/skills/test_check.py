"""P3: demands go in; the person who does not exist comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.posting.base_rates import base_rates
from tenfold.practices.skills.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

CORE = ["kubernetes", "kserve", "python", "evidently"]
THIRTEEN = [*CORE, "docker", "mlflow", "terraform", "helm", "feast", "prometheus", "grafana", "linux", "jenkins"]


def musts(*skills: str, role: str = "family: mlops") -> str:
    return f"role: {{{role}}}\nrequirements: {{must: [{', '.join(skills)}], nice: [spark]}}\nteam: none"


def test_four_core_skills_are_a_person_who_exists() -> None:
    verdict = check(case(musts(*CORE)))
    real = base_rates().groups["mlops"]["must_tools"]
    assert verdict.state is State.GOOD
    assert tuple(remark.text for remark in verdict.observations)[:2] == (
        "4 must-have and 1 nice-to-have skills.",
        (
            f"Of {real['n']} real postings for MLOps engineers, half require {real['quantiles'][3]} named tools or "
            f"fewer, nine in ten {real['quantiles'][5]} or fewer."
        ),
    )


@pytest.mark.parametrize(("count", "expected"), [(11, None), (12, None), (13, REVIEW)])
def test_twelve_must_haves_are_the_most(count: int, expected: Severity | None) -> None:
    assert severity(check, "long-list", musts(*THIRTEEN[:count])) is expected


def test_the_must_have_that_fewest_ask_for_is_quoted() -> None:
    assert said(check, "long-list", musts(*THIRTEEN)) == [
        Said(
            "13 must-haves are too many.",
            REVIEW,
            "requirements.must",
            "1 fewer.",
            ("requirements.must[8]: feast",),
        )
    ]


def test_one_list_for_everything() -> None:
    posting = """
        # MLOps Engineer

        We plan parcel routes.

        ## Requirements

        - You must have experience with Kubernetes, Docker, Terraform, Python, MLflow, KServe, Evidently and Airflow.
    """
    assert said(check, "one-list", "", posting) == [
        Said(
            "Required and preferred skills are not separated.",
            REVIEW,
            "requirements.nice",
            evidence=("Kubernetes", "Docker", "Terraform", "Python", "MLflow", "KServe"),
        )
    ]
    assert said(check, "one-list", "", posting.replace(", Evidently and Airflow", " and Evidently")) == []


def test_a_plan_with_must_haves_alone_is_asked_for_the_rest() -> None:
    assert asks(check, "one-list", "requirements: {must: [python]}") == ["requirements.nice"]


def test_what_an_mlops_engineer_needs_on_the_first_day() -> None:
    assert said(check, "core-missing", musts("kubernetes", "python")) == [
        Said(
            "The must-haves leave out model deployment and serving and production monitoring and debugging.",
            REVIEW,
            "requirements.must",
            evidence=("requirements.must[0]: kubernetes", "requirements.must[1]: python"),
        )
    ]


def test_what_the_team_has_need_not_be_asked_for() -> None:
    plan = musts("kubernetes", "python").replace("team: none", "team: [{skills: [kserve, evidently]}]")
    assert said(check, "core-missing", plan) == []
    (found,) = said(check, "core-missing", plan.replace(", evidently", ""))
    assert found.what == "Neither the must-haves nor the team cover production monitoring and debugging."


@pytest.mark.parametrize(
    ("skills", "role", "expected"),
    [
        (["spark"], "family: mlops", None),
        (["spark", "airflow"], "family: mlops", REVIEW),
        (["spark", "airflow"], "family: data-engineer", None),
        (["model-development", "spark"], "family: mlops, scope: 40", REVIEW),
        (["model-development", "spark"], "family: mlops, scope: 39", None),
    ],
)
def test_two_neighbouring_trades_are_one_too_many(skills: list[str], role: str, expected: Severity | None) -> None:
    assert severity(check, "learnable-as-must", musts(*skills, role=role)) is expected


def deep(*skills: str, role: str = "level: senior") -> str:
    listed = ", ".join(f"{{skill: {skill}, depth: deep}}" for skill in skills)
    return f"role: {{{role}}}\nrequirements: {{must: [{listed}]}}"


@pytest.mark.parametrize(
    ("skills", "role", "expected"),
    [
        (["kubernetes", "spark"], "level: senior", None),
        (["kubernetes", "spark", "python"], "level: senior", REVIEW),
        (["kubernetes", "spark", "python"], "level: mid", FIX),
        (["kubernetes", "spark", "python", "model-development"], "level: senior", FIX),
        (["kubernetes", "spark"], "level: senior, people_managed: 2", REVIEW),
        (["kubernetes", "docker", "terraform"], "level: mid", None),
    ],
)
def test_three_deep_trades_are_several_people(skills: list[str], role: str, expected: Severity | None) -> None:
    assert severity(check, "several-people", deep(*skills, role=role)) is expected


def test_the_unicorn_is_told_what_to_drop() -> None:
    assert said(check, "several-people", deep("kubernetes", "spark", role="level: mid, people_managed: 2")) == [
        Said(
            "One person is asked to be an expert in infrastructure, data engineering and leading people.",
            FIX,
            "requirements.must",
            "1 deep demand fewer.",
            ("requirements.must[0]: kubernetes", "requirements.must[1]: spark"),
        )
    ]


@pytest.mark.parametrize(("years", "expected"), [(7, None), (8, None), (9, FIX)])
def test_nobody_has_used_mlflow_for_longer_than_it_exists(years: int, expected: Severity | None) -> None:
    plan = f"requirements: {{must: [{{skill: mlflow, years: {years}}}]}}"
    assert severity(check, "older-than-the-tool", plan) is expected


def test_impossible_years_name_the_years_that_are_possible() -> None:
    assert said(check, "older-than-the-tool", "requirements: {must: [{skill: kubernetes, years: 15}]}") == [
        Said(
            "15 years of Kubernetes are impossible: it came out in 2014.",
            FIX,
            "requirements.must[0]",
            "12 years or fewer.",
            ("requirements.must[0]: kubernetes",),
        )
    ]


@pytest.mark.parametrize(("years", "flips"), [(2, []), (3, ["Fewer than 3 years."]), (4, ["Fewer than 3 years."])])
def test_a_junior_with_three_years_is_none(years: int, flips: list[str]) -> None:
    plan = f"role: {{level: junior}}\nrequirements: {{years_min: {years}}}"
    assert [found.flips for found in said(check, "years-against-level", plan)] == flips
    assert said(check, "years-against-level", plan.replace("junior", "mid")) == []


@pytest.mark.parametrize(
    ("degree", "expected"),
    [("required", REVIEW), ("required-or-equivalent", None), ("preferred", None), ('"no"', None)],
)
def test_a_degree_without_an_equivalent(degree: str, expected: Severity | None) -> None:
    assert severity(check, "degree-only", f"requirements: {{degree: {degree}}}") is expected


def test_a_degree_in_the_posting_is_quoted() -> None:
    posting = """
        # MLOps Engineer

        We plan parcel routes.

        ## Requirements

        - A bachelor's degree in computer science is required.
    """
    (found,) = said(check, "degree-only", "", posting)
    assert found.what == "A degree is required, with no equivalent accepted."
    assert len(found.evidence) == 1
    assert found.evidence[0] in posting
    assert said(check, "degree-only", "", posting.replace(" is required", " or equivalent experience")) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("kubernetes, kserve, python", "kubernetes, kserve, python", REVIEW),
        ("kubernetes, kserve", "kubernetes, kserve", None),
        ("kubernetes, kserve, python", "kubernetes", None),
    ],
)
def test_more_than_half_covered_twice_is_a_hire_for_nothing(first: str, second: str, expected: Severity | None) -> None:
    plan = musts(*CORE).replace("team: none", f"team: [{{skills: [{first}]}}, {{skills: [{second}]}}]")
    assert severity(check, "team-covers-it", plan) is expected


def test_an_empty_plan_is_asked_for_its_team() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert asks(check, "team-unknown") == ["team"]
