"""The good plan passes all ten; one change to it makes exactly one rule speak. The table covers every rule."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tenfold.audit.registry import all_rules
from tenfold.audit.run import Audit, audit
from tenfold.checking.role_setup import RoleSetup, SetUpLab, SetUpRound
from tenfold.checking.team_figures import TeamFigure, TeamFigures, TeamShare
from tenfold.kit.findings import State
from tenfold.market.company_bands import CompanyBand, OwnBands
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.reading import read

GOOD = Path(__file__).parents[2] / "examples" / "good_plan.yaml"
TODAY = date(2026, 11, 22)
ABSENT = object()

Change = tuple[str, Any]
"""A path into the plan and its new value; in `posting`, a pair of old and new words."""


def words(old: str, new: str) -> Change:
    return ("posting", (old, new))


WHOLE = SetUpRound("All of it", 60, (("model-monitoring", 2), ("model-serving", 1), ("python", 1)), raters=2)
SHORT = SetUpRound("Some of it", 60, (("model-serving", 1),), raters=2)
SET_UP = RoleSetup(kit_number=1, rounds=(WHOLE,), labs=(SetUpLab("slow-inference"),))
BAND = CompanyBand("mlops", "senior", 150_000.0, 195_000.0, "USD", "US-CO", date(2026, 1, 1))
PAGED = TeamFigure(40, 38, 42, 900, "pages.csv", "2026-11-01")
FEW = TeamShare(1, 5, "our records", "2026-11-01")
_POSTING = str(load_plan(GOOD.read_text()).plan.posting)
DUTIES = _POSTING[_POSTING.index("- Build one") : _POSTING.index("## What you bring")]
VAGUE_DUTIES = """- Design and build scalable systems with the data scientists of the whole company
- Support models, features and experiments in close contact with many stakeholders
- Continuously improve our platform for model deployment and monitoring, and bring best practices to it
- Drive innovation and excellence

"""

MOSTLY_VAGUE_DUTIES = """- Build one serving platform on KServe and move four forecasting models to it from cron jobs.
- Give every production model an entry in the MLflow registry, and a rollback that takes one command.
- Monitor drift and feature freshness with Evidently, and alert before dispatchers notice.
- Help various teams as needed
- Bring best practices to everything we do
- Own problems from start to finish with cross-functional teams
- Design and build scalable systems
- Work with data scientists and other stakeholders
- Support robust and innovative models and experiments
- Be part of the continuous improvement of our platform

"""

ML_ENGINEERS_WORK = """# Senior MLOps Engineer

Denver, CO. Hybrid.

## What you will do

- Train and tune PyTorch ranking models on 2 years of parcel data, and own their offline evaluation.
- Design features for 40 regions of travel times and run experiments on each new model architecture.
- Improve the volume model in PyTorch week by week: error analysis, hyperparameter search, new loss functions.
- Build a deep learning prototype with scikit-learn baselines each quarter and present it to the research group.

## What you bring

- 5 years of experience in machine learning, deep learning and statistics.
- PyTorch, scikit-learn and Python for model development.

## Nice to have

- A public talk or paper.

## Pay

Base pay on hire: $172,000 to $206,000 a year, a target bonus of 10 % and RSUs.

## Benefits

- Health, dental and vision insurance

Apply by 15 January 2027.
"""

LONG_LIST = [
    *("kubernetes", "docker", "python", "mlflow", "kserve", "evidently", "github-actions", "terraform", "helm"),
    *("feast", "prometheus", "grafana", "linux"),
]
LONG_LIST_ASSESSED = [
    *("experiment-tracking", "delivery-automation", "model-monitoring", "infrastructure-code"),
    *("feature-management", "service-operations", "linux-systems", "container-orchestration"),
]

CHANGES: dict[str, list[Change]] = {
    # P1
    "requirements.none-given": [
        ("requirements.must", ABSENT),
        ("requirements.nice", ABSENT),
        ("posting", ABSENT),
        ("role.family", "devops"),
    ],
    "requirements.devops-only": [
        (
            "requirements.must",
            ["kubernetes", "docker", "python", "helm", "jenkins", "terraform", "model-serving", "prometheus"],
        ),
        (
            "assessment.instruments[1].assesses",
            [
                "delivery-automation",
                "infrastructure-code",
                "service-operations",
                "model-monitoring",
                "container-orchestration",
            ],
        ),
        ("requirements.nice", ["ansible", "istio", "vault", "argo-cd"]),
        ("posting", ABSENT),
    ],
    "requirements.few-areas": [
        ("requirements.must", ["kubernetes", "python", "kserve", "mlserver", "prometheus", "triton"]),
        ("assessment.instruments[1].assesses", ["service-operations", "model-monitoring", "container-orchestration"]),
        ("requirements.nice", ["bentoml"]),
        ("posting", ABSENT),
    ],
    "requirements.dead-skill": [("requirements.nice[0]", "kfserving"), ("posting", ABSENT)],
    "requirements.retired-certification": [
        words("- Feast or another", "- AWS Certified Machine Learning - Specialty\n  - Feast or another")
    ],
    "requirements.interviews-generic": [
        ("interviews.rounds[0].assesses", ["collaborative-debugging", "requirements-discovery"]),
    ],
    "requirements.posting-differs": [words("Kubernetes and Docker in", "Kubernetes in")],
    # P2
    "pay.unstated": [("pay.min", ABSENT)],
    "pay.below-market": [
        ("pay.min", 105_000),
        ("pay.max", 120_000),
        words("$172,000 to $206,000", "$105,000 to $120,000"),
    ],
    "pay.other-currency": [("pay.currency", "EUR"), words("$172,000 to $206,000", "€172,000 to €206,000")],
    "pay.other-level": [
        ("role.family", "ml-engineer"),
        ("role.level", "junior"),
        ("requirements.years_min", ABSENT),
        ("pay.min", 200_000),
        ("growth.ladder[3]", {"level": "junior", "scope": "Tasks", "behaviours": ["Runs a pipeline", "Asks early"]}),
        words("# Senior MLOps Engineer", "# Junior ML Engineer (MLOps)"),
        words("- 5 years of experience running", "- Experience in running"),
        ("assessment.instruments[0].lab", ABSENT),
        words("$172,000 to $206,000", "$200,000 to $206,000"),
    ],
    "pay.not-placed": [
        ("role.level", "staff"),
        words("# Senior MLOps Engineer", "# Staff MLOps Engineer"),
        (
            "growth.ladder[3]",
            {"level": "principal", "scope": "The company", "behaviours": ["Sets risk", "Decides to buy"]},
        ),
    ],
    "pay.wrong-benchmark": [("pay.benchmark_role", "devops")],
    "pay.old-benchmark": [("pay.benchmark_date", "2024-05-01")],
    "pay.scope-underpaid": [
        ("role.scope", 35),
        ("role.archetype", "pipelines-and-tracking"),
        ("pay.min", 150_000),
        ("pay.max", 180_000),
        ("posting", ABSENT),
    ],
    "pay.rescue-unpaid": [
        ("situation.inherits_technical_debt", True),
        ("role.rescue_statement", "The pipelines fail weekly; you may rebuild them."),
        ("pay.min", 160_000),
        ("pay.max", 190_000),
        words("$172,000 to $206,000", "$160,000 to $190,000"),
    ],
    "pay.law-wants-more": [
        words("Base pay on hire: $172,000 to $206,000 a year. On top", "We pay well. On top"),
    ],
    "pay.law-not-in-table": [("company.jurisdictions", ["US-CO", "US-GA"])],
    "pay.wide-range": [("pay.min", 110_000), ("pay.max", 270_000), ("posting", ABSENT)],
    "pay.posting-differs": [("pay.max", 210_000)],
    "pay.stated-twice": [
        words("vest over four years.", "vest over four years.\n\nBase salary: $40,000 to $45,000 a year.")
    ],
    "pay.asks-pay-history": [("pay.asks_pay_history", True), ("posting", ABSENT)],
    "pay.equity-without-terms": [("pay.equity", {"instrument": "rsu"})],
    "pay.outside-own-band": [("bands", OwnBands((BAND,)))],
    # P3
    "skills.one-list": [
        words("- CI/CD with GitHub Actions.", "- CI/CD with GitHub Actions, Helm and Linux."),
        ("requirements.must[7]", "helm"),
        ("requirements.must[8]", "linux"),
        ("assessment.instruments[1].assesses[4]", "linux-systems"),
        words("## Nice to have", "## Tools"),
        words("- Feast or another feature store", "- Feast, a feature store"),
    ],
    "skills.long-list": [
        (
            "requirements.must",
            LONG_LIST,
        ),
        (
            "assessment.instruments[1].assesses",
            LONG_LIST_ASSESSED,
        ),
        ("posting", ABSENT),
    ],
    "skills.rare-pair": [
        ("role.family", "devops"),
        ("pay.benchmark_role", "devops"),
        ("posting", ABSENT),
        ("requirements.must[7]", "terraform"),
        ("requirements.must[8]", "pytorch"),
        ("assessment.instruments[1].assesses[4]", "infrastructure-code"),
        ("assessment.instruments[1].assesses[5]", "ml-frameworks"),
    ],
    "skills.core-missing": [
        ("requirements.must", ["kubernetes", "docker", "python", "mlflow", "kserve", "github-actions"]),
        ("requirements.nice", ["feast", "evidently"]),
        ("posting", ABSENT),
    ],
    "skills.learnable-as-must": [
        ("requirements.must[7]", "spark"),
        ("requirements.must[8]", "airflow"),
        ("requirements.must[9]", "kafka"),
        ("assessment.instruments[1].assesses[4]", "data-pipelines"),
        ("assessment.instruments[1].assesses[5]", "data-storage"),
        ("posting", ABSENT),
    ],
    "skills.several-people": [
        ("requirements.must[0].depth", "deep"),
        ("requirements.must[4]", {"skill": "kserve", "depth": "deep"}),
        ("requirements.must[2].depth", "deep"),
        ("role.people_managed", 3),
    ],
    "skills.older-than-the-tool": [("requirements.must[3]", {"skill": "mlflow", "years": 12})],
    "skills.gendered-title": [("company.jurisdictions", ["US-CO", "DE"])],
    "skills.years-against-level": [
        ("role.level", "junior"),
        ("growth.ladder[3]", {"level": "junior", "scope": "Tasks", "behaviours": ["Runs a pipeline", "Asks early"]}),
        ("role.family", "ml-engineer"),
        words("# Senior MLOps Engineer", "# Junior ML Engineer (MLOps)"),
        ("assessment.instruments[0].lab", ABSENT),
    ],
    "skills.degree-only": [("requirements.degree", "required")],
    "skills.shuts-out": [words("- Python that others maintain.", "- You are a Python ninja.")],
    "skills.team-unknown": [("team", ABSENT)],
    "skills.team-covers-it": [
        ("team[0].skills", ["mlflow", "kserve", "evidently", "python", "kubernetes"]),
        ("team[1].skills", ["mlflow", "kserve", "evidently", "python", "kubernetes"]),
    ],
    # P4
    "scope.undeclared": [("role.scope", ABSENT)],
    "scope.title-differs": [
        ("posting", ML_ENGINEERS_WORK),
        (
            "requirements.must",
            ["python", "pytorch", "scikit-learn", "model-serving", "experiment-tracking", "service-operations"],
        ),
        ("requirements.nice", ABSENT),
        ("role.scope", 15),
        ("role.archetype", ABSENT),
        ("assessment.instruments[0].lab", ABSENT),
        ("assessment.instruments[0].assesses", ["ml-frameworks", "model-development"]),
        (
            "assessment.instruments[1].assesses",
            ["python", "model-serving", "experiment-tracking", "service-operations"],
        ),
    ],
    "scope.split-differs": [("role.scope", 75)],
    "scope.no-real-work": [words(DUTIES, VAGUE_DUTIES)],
    "scope.vague-duties": [words(DUTIES, MOSTLY_VAGUE_DUTIES), ("role.scope", 45)],
    "scope.contradicts-itself": [words("# Senior MLOps Engineer", "# Senior / Staff MLOps Engineer")],
    "scope.archetype-misfit": [("role.scope", 45), ("role.archetype", "infrastructure"), ("posting", ABSENT)],
    "scope.level-differs": [words("# Senior MLOps Engineer", "# Staff MLOps Engineer")],
    "scope.workplace-differs": [("role.workplace", "onsite")],
    # P5
    "labs.no-work-sample": [("assessment.instruments", ABSENT)],
    "labs.whiteboard": [
        ("assessment.instruments[2]", {"name": "Trees", "kind": "whiteboard", "minutes": 20, "graded": "automatic"})
    ],
    "labs.too-long": [("assessment.instruments[1].minutes", 120)],
    "labs.process-too-long": [("interviews.rounds[0].minutes", 160)],
    "labs.must-untested": [("assessment.instruments[1].assesses", ["experiment-tracking", "model-monitoring"])],
    "labs.must-overtested": [
        ("interviews.rounds[1].assesses[3]", "model-monitoring"),
        ("interviews.rounds[1].minutes", 50),
    ],
    "labs.one-grader": [("assessment.instruments[1].raters", 1)],
    "labs.no-rubric": [("assessment.instruments[1].rubric", False)],
    "labs.scope-misfit": [
        ("role.scope", 15),
        ("role.archetype", ABSENT),
        ("posting", ABSENT),
        ("assessment.instruments[0].lab", ABSENT),
        ("assessment.instruments[0].assesses", ["model-serving", "python", "container-orchestration", "networking"]),
    ],
    "labs.lab-unknown": [("assessment.instruments[0].lab", "slow-inferense")],
    "labs.lab-misfit": [("role.scope", 85), ("role.archetype", ABSENT), ("posting", ABSENT)],
    "labs.lab-shortened": [("assessment.instruments[0].minutes", 30)],
    "labs.lab-overclaimed": [("assessment.instruments[0].assesses[2]", "networking")],
    "labs.no-accommodations": [("assessment.accommodations", "none")],
    "labs.must-not-set-up": [
        ("assessment.instruments[1].assesses[2]", "delivery-automation"),
        ("setup", RoleSetup(kit_number=1, labs=(SetUpLab("slow-inference"),), rounds=(SHORT,))),
    ],
    "labs.lab-not-used": [("setup", RoleSetup(kit_number=1, rounds=(WHOLE,)))],
    # P6
    "timing.too-early": [("situation.ml_engineers", 1), ("situation.data_scientists", 0)],
    "timing.no-sign": [
        ("situation.models_near_production", 0),
        ("situation.manual_share", 10),
        ("situation.reproducibility_pain", "no"),
        ("situation.tracking_pain", "no"),
        ("situation.models_planned_12_months", 1),
    ],
    "timing.unanswered": [("situation.ml_engineers", ABSENT), ("situation.data_scientists", ABSENT)],
    "timing.rescue-unsaid": [("situation.manual_share", 55)],
    "timing.start-in-the-past": [("role.start_by", "2026-02-01")],
    # P7
    "alignment.no-line": [("reporting.line", ABSENT)],
    "alignment.two-lines": [("reporting.other_lines", ["Head of platform"])],
    "alignment.line-misfit": [("reporting.line", "ml-platform-team")],
    "alignment.no-charter": [("decision_rights", "none")],
    "alignment.charter-gap": [("decision_rights[2].decision", "office-plants")],
    "alignment.committee": [("decision_rights[2].accountable", ["Head of ML", "Platform lead"])],
    "alignment.no-authority": [
        ("decision_rights[0].accountable", "Platform lead"),
        ("decision_rights[1].accountable", "Platform lead"),
    ],
    "alignment.incentives-missing": [("incentives[0].metrics", ["deployment-velocity", "model-uptime"])],
    "alignment.incentives-untied": [("incentives[0].tied_to", ABSENT), ("incentives[1].tied_to", ABSENT)],
    "alignment.incentives-conflict": [
        ("incentives[1].metrics", ["deployment-velocity"]),
        ("incentives[2]", {"team": "Platform team", "metrics": ["reliability"], "tied_to": ["okr"]}),
    ],
    # P8
    "interviews.no-plan": [("interviews", ABSENT)],
    "interviews.unstructured": [("interviews.rounds[0].kind", "unstructured")],
    "interviews.no-anchors": [("interviews.rounds[0].anchored", False)],
    "interviews.soft-skills-unassessed": [
        ("interviews.rounds[0].assesses", ["model-monitoring", "collaborative-debugging"]),
        ("interviews.rounds[1].assesses", ["explaining"]),
    ],
    "interviews.one-rater": [("interviews.rounds[0].raters", 1)],
    "interviews.scorecards-shared": [("interviews.scorecards_before_debrief", False)],
    "interviews.no-decision-rule": [("interviews.decision_rule", "none")],
    "interviews.no-decider": [("interviews.decided_by", ABSENT)],
    "interviews.automatic-rejection": [("interviews.automatic_rejection", True)],
    "interviews.format-untold": [("interviews.format_told_beforehand", False)],
    "interviews.no-feedback": [("interviews.feedback_within_days", "none")],
    "interviews.too-many-rounds": [
        (
            f"interviews.rounds[{number}]",
            {
                "name": f"Round {number}",
                "kind": "structured",
                "minutes": 10,
                "raters": 2,
                "anchored": True,
                "assesses": ["mentoring"],
            },
        )
        for number in (2, 3, 4)
    ],
    "interviews.round-too-full": [("interviews.rounds[1].minutes", 30)],
    "interviews.kit-missing": [("setup", RoleSetup(labs=(SetUpLab("slow-inference"),)))],
    "interviews.kit-outdated": [("setup", replace(SET_UP, plan_version=1, approved_version=2))],
    "interviews.panel-short": [("setup", replace(SET_UP, rounds=(replace(WHOLE, raters=1),)))],
    # P9
    "growth.no-ladder": [("growth.ladder", "none")],
    "growth.step-missing": [("growth.ladder[2]", ABSENT)],
    "growth.thin-step": [("growth.ladder[2].behaviours", ["Leads"])],
    "growth.same-scope": [("growth.ladder[2].scope", "The platform that one team's models run on")],
    "growth.ladder-by-years": [("growth.ladder[1].years", 6)],
    "growth.unseen-behaviour": [
        ("growth.ladder[2].behaviours", ["Has excellent knowledge of Kubernetes", "Owns the platform's error budget"])
    ],
    "growth.no-learning": [("growth.learning_budget", "none"), ("growth.learning_time", "none")],
    "growth.no-wider-scope": [("growth.widening_scope", "none")],
    "growth.no-review": [("growth.promotion_review_months", 24)],
    "growth.few-placed": [("setup", replace(SET_UP, team=TeamFigures(placed=FEW)))],
    # P10
    "retention.no-pay-review": [("retention.pay_review_months", 24)],
    "retention.pay-review-without-data": [("retention.pay_review_source", ABSENT)],
    "retention.impact-invisible": [("retention.impact_metrics", "none")],
    "retention.help-desk": [("retention.helpdesk_share", 60)],
    "retention.thin-rotation": [("on_call.people", 1)],
    "retention.around-the-clock": [
        words("Share a business-hours on-call rotation of six", "Share a 24/7 on-call rotation of six"),
    ],
    "retention.too-many-pages": [("on_call.pages_per_shift", 5)],
    "retention.no-one-on-ones": [("retention.one_on_ones_weeks", 8)],
    "retention.one-on-ones-about-status": [("retention.one_on_one_topics", ["status", "growth"])],
    "retention.no-backfill": [("retention.backfill_plan", "none")],
    "retention.personal-risk-scores": [("retention.individual_risk_scores", True)],
    "retention.measured-otherwise": [("setup", replace(SET_UP, team=TeamFigures(pages_per_shift=PAGED)))],
    "retention.talks-behind": [("setup", replace(SET_UP, team=TeamFigures(one_on_ones_on_time=FEW)))],
}


def test_the_good_plan_passes_all_ten() -> None:
    judged = audited(good())
    assert {finding.rule for finding in judged.findings} | {question.rule for question in judged.questions} == set()
    assert set(judged.states.values()) == {State.GOOD}


def test_every_rule_has_its_change() -> None:
    assert list(CHANGES) == [rule.id for rule in all_rules()]


@pytest.mark.parametrize("rule", CHANGES)
def test_one_change_makes_one_rule_speak(rule: str) -> None:
    judged = audited(changed(good(), CHANGES[rule]))
    spoke = {finding.rule for finding in judged.findings} | {question.rule for question in judged.questions}
    assert spoke == {rule}


@cache
def _good() -> dict[str, Any]:
    return load_plan(GOOD.read_text()).plan.model_dump(mode="json", exclude_none=True)


def good() -> dict[str, Any]:
    return copy.deepcopy(_good())


def audited(document: dict[str, Any]) -> Audit:
    setup, bands = document.pop("setup", None), document.pop("bands", None)
    plan = HiringPlan.model_validate(document)
    return audit(plan, reading=read(plan.posting) if plan.posting else None, as_of=TODAY, setup=setup, bands=bands)


def changed(document: dict[str, Any], changes: list[Change]) -> dict[str, Any]:
    for path, value in changes:
        if path == "posting" and isinstance(value, tuple):
            old, new = value
            assert old in document["posting"], old
            document["posting"] = document["posting"].replace(old, new)
        else:
            put(document, path, value)
    return document


def put(document: Any, path: str, value: Any) -> None:
    steps = [int(step) if step.isdigit() else step for step in path.replace("]", "").replace("[", ".").split(".")]
    for step in steps[:-1]:
        document = document[step]
    last = steps[-1]
    if value is ABSENT:
        del document[last]
    elif isinstance(document, list) and last == len(document):
        document.append(value)
    else:
        document[last] = value
