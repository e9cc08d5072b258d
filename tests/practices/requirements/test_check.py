"""P1: is it MLOps that is asked for, and with tools that live?"""

from __future__ import annotations

import pytest

from tenfold.kit.findings import Severity, State
from tenfold.practices.requirements.check import check
from tests.practices.examples import FIX, REVIEW, Said, asks, case, said, severity

DEVOPS_TOOLS = ["kubernetes", "terraform", "prometheus", "jenkins", "docker", "helm", "ansible", "grafana", "nginx"]
MLOPS_TOOLS = ["mlflow", "kserve", "evidently", "feast"]


def plan(*skills: str, family: str = "mlops", nice: str = "") -> str:
    return f"role: {{family: {family}}}\nrequirements: {{must: [{', '.join(skills)}], nice: [{nice}]}}"


def test_a_devops_list_under_an_mlops_title_is_wrong() -> None:
    assert said(check, "devops-only", plan("kubernetes", "terraform", "prometheus", "jenkins")) == [
        Said(
            "This asks for a DevOps engineer, not an MLOps engineer.",
            FIX,
            "requirements.must",
            "2 more ML-operations must-haves.",
            (
                "requirements.must[0]: kubernetes",
                "requirements.must[1]: terraform",
                "requirements.must[2]: prometheus",
                "requirements.must[3]: jenkins",
            ),
        )
    ]


@pytest.mark.parametrize(
    ("mlops", "devops", "expected"),
    [
        (1, 6, FIX),  # 14 %
        (1, 5, REVIEW),  # 17 %
        (2, 5, REVIEW),  # 29 %
        (3, 7, None),  # 30 %
        (3, 6, None),  # 33 %
    ],
)
def test_the_share_steps_from_wrong_to_look_again_to_silence(
    mlops: int, devops: int, expected: Severity | None
) -> None:
    written = plan(*MLOPS_TOOLS[:mlops], *DEVOPS_TOOLS[:devops])
    assert severity(check, "devops-only", written) is expected


def test_what_flips_it_does() -> None:
    (found,) = said(check, "devops-only", plan("mlflow", *DEVOPS_TOOLS[:5]))
    assert found.flips == "2 more ML-operations must-haves."
    assert severity(check, "devops-only", plan("mlflow", "kserve", *DEVOPS_TOOLS[:5])) is REVIEW
    assert severity(check, "devops-only", plan("mlflow", "kserve", "feast", *DEVOPS_TOOLS[:5])) is None


def test_a_devops_role_may_ask_for_devops() -> None:
    assert check(case(plan(*DEVOPS_TOOLS, family="devops"))).state is State.GOOD


def test_three_tools_are_too_few_for_a_share() -> None:
    assert said(check, "devops-only", plan("kubernetes", "terraform", "jenkins")) == []


def test_one_area_is_a_tool_and_not_a_trade() -> None:
    (found,) = said(check, "few-areas", plan("kserve", "bentoml", "kubernetes"))
    assert (found.what, found.severity, found.field, found.flips, found.evidence) == (
        "Only one of the six ML-operations areas is named: model serving.",
        REVIEW,
        "requirements.must",
        "Naming 2 areas.",
        ("requirements.must[0]: kserve", "requirements.must[1]: bentoml", "requirements.must[2]: kubernetes"),
    )


@pytest.mark.parametrize(
    ("skills", "expected"),
    [(["python"], REVIEW), (["kserve"], REVIEW), (["kserve", "mlflow"], None)],
)
def test_two_areas_are_enough(skills: list[str], expected: Severity | None) -> None:
    assert severity(check, "few-areas", plan(*skills)) is expected


@pytest.mark.parametrize(
    ("skill", "what"),
    [
        ("kserve", []),
        ("kfserving", ["KFServing has another name now."]),
        ("torchserve", ["TorchServe is no longer maintained."]),
    ],
)
def test_a_project_that_has_ended_is_told(skill: str, what: list[str]) -> None:
    assert [found.what for found in said(check, "dead-skill", plan(skill))] == what


def test_a_dead_name_is_quoted_from_the_posting() -> None:
    posting = """
        # MLOps Engineer

        We plan parcel routes.

        ## Requirements

        - You have run KFServing in production.
    """
    (found,) = said(check, "dead-skill", "", posting)
    assert (found.severity, found.field, found.evidence) == (REVIEW, "posting", ("KFServing",))


def test_a_retired_certificate_is_quoted() -> None:
    posting = """
        # MLOps Engineer

        We plan parcel routes.

        ## Requirements

        - AWS Certified Machine Learning - Specialty
    """
    (found,) = said(check, "retired-certification", "", posting)
    assert (found.severity, found.field) == (REVIEW, "posting")
    assert found.what.endswith("was retired on 31 March 2026.")
    assert found.evidence[0].startswith("AWS Certified Machine Learning")


@pytest.mark.parametrize(
    ("assesses", "what"),
    [
        ("container-orchestration", ["No interview covers ML operations."]),
        ("container-orchestration, model-monitoring", []),
    ],
)
def test_one_round_on_models_is_enough(assesses: str, what: list[str]) -> None:
    written = f"{plan('mlflow')}\ninterviews: {{rounds: [{{assesses: [{assesses}]}}]}}"
    assert [found.what for found in said(check, "interviews-generic", written)] == what


def test_the_plan_and_the_posting_require_the_same() -> None:
    posting = """
        # MLOps Engineer

        We plan parcel routes.

        ## Requirements

        - You must have experience with Kubernetes and Terraform.
    """
    assert said(check, "posting-differs", plan("kubernetes", "mlflow"), posting) == [
        Said(
            "The posting does not mention MLflow, which the plan requires.",
            REVIEW,
            "posting",
            evidence=("requirements.must[1]: mlflow",),
        ),
        Said(
            "The posting requires Terraform; the plan does not.",
            REVIEW,
            "posting",
            evidence=("Terraform",),
        ),
    ]
    assert said(check, "posting-differs", plan("kubernetes", "terraform"), posting) == []


def test_an_empty_plan_is_asked_and_not_judged() -> None:
    verdict = check(case())
    assert (verdict.findings, verdict.state) == ((), State.UNANSWERED)
    assert asks(check, "none-given") == ["requirements.must"]


@pytest.mark.parametrize("row", ["PyTorch, TensorFlow or Theano", "Theano, TensorFlow or PyTorch", "PyTorch/Theano"])
def test_an_ended_tool_beside_living_ones_is_left_out(row: str) -> None:
    posting = f"# ML engineer\n\n## Requirements\n\n* Experience with one or more frameworks ({row})\n"
    (found,) = [one for one in check(case(posting=posting)).findings if one.rule.endswith(".dead-skill")]
    assert found.fix.startswith("Leave Theano out; the posting also names ")
    assert [quote.text for quote in found.evidence] == ["Theano"]
