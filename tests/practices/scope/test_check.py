"""P4: a declared job and a described one go in; where they part comes out."""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.posting.model import Share
from tenfold.practices.scope.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

CLUSTERS = """
    # Senior MLOps Engineer

    Denver, CO. Hybrid.

    ## What you will do

    - Run Kubernetes clusters and Terraform modules for all teams
    - Maintain CI/CD pipelines in Jenkins and the Docker build fleet
    - Keep networking, DNS and firewalls in order and watch cloud costs
    - Answer on-call pages with Prometheus and Grafana

    ## What you bring

    - Kubernetes, Terraform, Prometheus and Linux
"""
RESEARCH = """
    # MLOps Engineer

    We forecast parcels.

    ## What you will do

    - Train and tune PyTorch ranking models on 2 years of parcel data, and own their offline evaluation.
    - Design features for 40 regions of travel times and run experiments on each new model architecture.
    - Improve the volume model in PyTorch week by week: error analysis, hyperparameter search, new loss functions.

    ## What you bring

    - PyTorch, scikit-learn and statistics
"""


def described(posting: str) -> Share:
    reading = case("", posting).reading
    assert reading is not None
    assert reading.infra_share is not None
    return reading.infra_share


def test_a_share_inside_what_the_posting_describes_is_silent() -> None:
    share = described(CLUSTERS)
    for declared in (share.low, share.value, share.high):
        assert said(check, "split-differs", f"role: {{scope: {declared}}}", CLUSTERS) == []


def test_ml_heavy_in_the_plan_and_clusters_in_the_posting_are_two_jobs() -> None:
    share = described(CLUSTERS)
    (found,) = said(check, "split-differs", "role: {scope: ml-heavy}", CLUSTERS)
    assert (found.what, found.severity, found.field, found.flips) == (
        "The plan says ML-heavy; the posting describes more infrastructure.",
        FIX,
        "role.scope",
        f"A declared share between {share.low} and {share.high} %.",
    )
    assert found.evidence[0] == "role.scope: 30"
    assert all(words in CLUSTERS for words in found.evidence[1:])


@pytest.mark.parametrize(
    ("beyond", "expected"),
    [(-0.5, None), (0, REVIEW), (0.5, REVIEW)],
)
def test_the_distance_at_which_somebody_should_look_again(beyond: float, expected: Severity | None) -> None:
    share = described(CLUSTERS)
    declared = share.low - 1
    most = share.value - declared
    plan = f"role: {{scope: {declared}}}"
    assert severity(check, "split-differs", plan, CLUSTERS, scope__distance=most - beyond) is expected


@pytest.mark.parametrize(("factor", "expected"), [(0.49, FIX), (0.5, FIX), (0.51, REVIEW)])
def test_twice_the_distance_is_wrong(factor: float, expected: Severity) -> None:
    share = described(CLUSTERS)
    declared = share.low - 1
    plan = f"role: {{scope: {declared}}}"
    most = factor * (share.value - declared)
    assert severity(check, "split-differs", plan, CLUSTERS, scope__distance=most) is expected


def test_a_title_for_another_trade_is_quoted() -> None:
    (found,) = said(check, "title-differs", "role: {family: devops}", RESEARCH, scope__certain=0.1)
    assert (found.what, found.severity, found.field) == (
        "The title says MLOps engineer; the text describes an ML engineer's job.",
        REVIEW,
        "role.title",
    )
    assert found.evidence[0] == "MLOps Engineer"
    assert all(words in RESEARCH for words in found.evidence)


def test_a_neighbouring_title_deserves_a_second_look_only() -> None:
    assert severity(check, "title-differs", "role: {family: mlops}", RESEARCH, scope__certain=0.1) is REVIEW


def test_the_title_is_held_against_the_text_only_from_a_chance_on() -> None:
    reading = case("", RESEARCH).reading
    assert reading is not None
    chance = reading.family.chance
    plan = "role: {family: mlops}"
    assert severity(check, "title-differs", plan, RESEARCH, scope__certain=chance - 0.001) is REVIEW
    assert severity(check, "title-differs", plan, RESEARCH, scope__certain=chance) is REVIEW
    assert severity(check, "title-differs", plan, RESEARCH, scope__certain=chance + 0.001) is None


VAGUE = """
    # Senior MLOps Engineer

    ## What you will do

    - Design and build scalable systems in a fast-paced environment
    - Work closely with many stakeholders across the whole company to deliver value
    - Continuously improve our platform and bring best practices to everything we do
"""


def test_duties_that_all_name_nothing() -> None:
    (found,) = said(check, "no-real-work", "", VAGUE)
    assert (found.what, found.severity, found.field) == (
        "None of the 3 duties names a tool, a figure, a product or a project.",
        REVIEW,
        "role.projects",
    )
    assert all(words in VAGUE for words in found.evidence)


def test_one_concrete_duty_is_enough_to_say_nothing() -> None:
    concrete = "    - Move 12 forecasting models from cron jobs to KServe, each with a rollback of one command\n"
    assert said(check, "no-real-work", "", VAGUE + concrete) == []


def test_duties_with_projects_of_this_company() -> None:
    duties = """
    ## What you will do

    - Migrate four forecasting models from cron jobs to one KServe platform with canary releases.
    - Deploy the travel-time model in 40 regions, each with a rollback that takes one command.
    - Build retraining pipelines in GitHub Actions that compare each candidate with the model in production.
    - Monitor drift of 40 travel-time features with Evidently and alert before dispatchers notice.
"""
    start, end = CLUSTERS.index("    ## What you will do"), CLUSTERS.index("    ## What you bring")
    assert said(check, "no-real-work", "", CLUSTERS[:start] + duties + CLUSTERS[end:]) == []


def test_a_plan_that_knows_the_projects_mends_the_posting() -> None:
    (found,) = said(check, "no-real-work", "role: {projects: [Move four models to one platform]}", VAGUE)
    assert found.field == "posting"


@pytest.mark.parametrize(
    ("archetype", "share", "flips"),
    [
        ("infrastructure", 54.9, ["A share between 55 and 100 %."]),
        ("infrastructure", 55, []),
        ("pipelines-and-tracking", 65, []),
        ("pipelines-and-tracking", 65.1, ["A share between 20 and 65 %."]),
        ("platform-owner", 35, []),
        ("platform-owner", 75.1, ["A share between 35 and 75 %."]),
    ],
)
def test_archetype_and_split_describe_the_same_job(archetype: str, share: float, flips: list[str]) -> None:
    found = said(check, "archetype-misfit", f"role: {{archetype: {archetype}, scope: {share}}}")
    assert [each.flips for each in found] == flips


def test_another_level_in_the_posting_is_wrong() -> None:
    (found,) = said(check, "level-differs", "role: {level: mid}", CLUSTERS)
    assert (found.what, found.severity, found.evidence) == (
        "The plan hires at mid, the posting at senior.",
        FIX,
        ("role.level: mid", "Senior"),
    )
    assert said(check, "level-differs", "role: {level: senior}", CLUSTERS) == []
    assert said(check, "level-differs", "role: {level: mid}", RESEARCH) == []


def test_another_workplace_in_the_posting_is_wrong() -> None:
    assert said(check, "workplace-differs", "role: {workplace: remote}", CLUSTERS) == [
        Said(
            "The plan says remote, the posting says hybrid.",
            FIX,
            "role.workplace",
            evidence=("role.workplace: remote", "Hybrid"),
        )
    ]
    assert said(check, "workplace-differs", "role: {workplace: hybrid}", CLUSTERS) == []


def test_an_empty_plan_is_asked_and_not_judged() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert asks(check, "undeclared") == ["role.family", "role.scope"]
    assert asks(check, "no-real-work") == ["role.projects"]


def test_the_question_about_scope_says_what_the_posting_reads_as() -> None:
    (question,) = [each for each in check(case("", CLUSTERS)).questions if each.field == "role.scope"]
    share = described(CLUSTERS).value
    assert question.ask.endswith(f"The posting reads as about {share}/{100 - share}.")


CONCRETE = """\
- Build one serving platform on KServe and move four forecasting models to it from cron jobs.
- Give every production model an entry in the MLflow registry, and a rollback that takes one command.
- Monitor drift and feature freshness with Evidently, and alert before dispatchers notice.
"""
EMPTY = """\
- Help various teams as needed
- Bring best practices to everything we do
- Own problems from start to finish with cross-functional teams
- Design and build scalable systems
- Work with data scientists and other stakeholders
- Be part of the continuous improvement of our platform
"""


@pytest.mark.parametrize(("empty", "expected"), [(6, REVIEW), (4, None)])
def test_duties_that_could_stand_anywhere(empty: int, expected: Severity | None) -> None:
    duties = CONCRETE + "".join(EMPTY.splitlines(keepends=True)[:empty])
    posting = f"# Senior MLOps Engineer\n\n## What you will do\n\n{duties}"
    assert severity(check, "vague-duties", posting=posting, scope__vague_share=60) is expected


@pytest.mark.parametrize(
    ("title", "line", "expected"),
    [
        ("Senior / Staff MLOps Engineer", "You run models.", REVIEW),
        ("Senior MLOps Engineer", "This job is fully remote. You are three days a week in the office.", FIX),
        ("Senior MLOps Engineer", "This job is not fully remote. You are three days a week in the office.", None),
        ("Senior MLOps Engineer", "Fully remote, or three days a week in the office if you like.", None),
        ("Senior MLOps Engineer", "You run models.", None),
    ],
)
def test_a_posting_that_says_two_things(title: str, line: str, expected: Severity | None) -> None:
    assert severity(check, "contradicts-itself", posting=f"# {title}\n\n## About the role\n\n{line}\n") is expected
