"""What a must-have costs: tried out beside the plan, and kept as a version where it convinces."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.plan.yaml_io import load_plan
from tenfold.practices.scope.engine import asked_share
from tenfold.practices.skills.pool import Respondents
from tenfold.practices.skills.survey import load_respondents, load_survey, save_respondents
from tests.company import Company

EXAMPLE = Path(__file__).parents[3] / "src/tenfold/web/example/plans/rescue.yaml"
RESCUE = re.sub(r"\nposting: \|\n(?:  .*\n|\n)+", "\n", EXAMPLE.read_text(encoding="utf-8"))
SURVEY = """ResponseId,YearsCodePro,Country,DevType,ConvertedCompYearly,LanguageHaveWorkedWith,ToolsTechHaveWorkedWith
""" + "\n".join(
    f"{n},5,Germany,Developer,,Python,{'Kubernetes;Terraform' if n % 2 else 'Kubernetes'}" for n in range(40)
)


@pytest.fixture
def manager(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("hiring-manager")


@pytest.fixture
def respondents(tmp_path: Path) -> Respondents:
    (tmp_path / "survey.csv").write_text(SURVEY)
    return load_survey(tmp_path / "survey.csv")


def test_moving_what_can_be_learnt_takes_findings_away(company: Company, manager: Client) -> None:
    plan = company.plan(RESCUE)
    sent = {"base": "1", "view": "what-if", "move:must.2": "nice", "move:must.3": "nice"}
    page = manager.post(reverse("check-plan", args=[plan.pk]), sent).content.decode()
    assert "2 must-haves fewer" in page
    assert "No longer found" in page
    assert "unknown" in page, "no survey is imported"
    assert plan.versions.count() == 1


def test_what_convinces_is_saved_as_a_version_that_says_what_was_moved(company: Company, manager: Client) -> None:
    plan = company.plan(RESCUE)
    sent = {"base": "1", "view": "what-if", "do": "save", "move:must.2": "nice", "move:must.4": "out"}
    assert manager.post(reverse("plan-what-if", args=[plan.pk]), sent).status_code == 302
    plan.refresh_from_db()
    version = plan.latest()
    assert (version.number, version.why) == (2, "What if: PyTorch as a nice-to-have and Python left out")
    requirements = load_plan(version.text).plan.requirements
    assert [(item.skill, str(item.depth)) for item in requirements.nice or []] == [("pytorch", "deep")]
    assert "python" not in [item.skill for item in requirements.must or []]


def test_what_is_tried_goes_along_into_the_form_unsaved(company: Company, manager: Client) -> None:
    plan = company.plan(RESCUE)
    sent = {"base": "1", "view": "what-if", "do": "form", "move:must.2": "nice"}
    page = manager.post(reverse("plan-what-if", args=[plan.pk]), sent).content.decode()
    assert re.search(r'name="requirements.nice.0.skill"\s+value="pytorch"', page)
    assert plan.versions.count() == 1


def test_with_a_survey_the_pool_is_counted_with_its_interval(
    company: Company, manager: Client, respondents: Respondents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenfold.apps.plans.presenters.what_if.survey", lambda: respondents)
    plan = company.plan("tenfold_plan: 1\nrequirements:\n  must: [kubernetes, terraform]\n")
    sent = {"base": "1", "view": "what-if", "move:must.1": "nice"}
    page = manager.post(reverse("check-plan", args=[plan.pk]), sent).content.decode()
    assert "20 of 40" in page
    assert "91–100 %" in page
    assert "the pool is 2.0 times what it was" in page


ASKING = """tenfold_plan: 1
role: {title: Senior MLOps Engineer, family: mlops, places: [US-CO]}
requirements: {years_min: 8}
pay: {min: 150000, max: 180000}
posting: |
  # Senior MLOps Engineer

  Denver, CO

  ## Requirements

  - 8+ years of experience in platform engineering
  - Kubernetes
  - Terraform
"""


def test_the_postings_own_demands_are_tried_with_the_checks_before_and_after(company: Company, manager: Client) -> None:
    plan = company.plan(ASKING)
    shown = manager.get(reverse("plan-what-if", args=[plan.pk])).content.decode()
    assert "Say in the posting: “Base pay: 150,000–180,000 USD a year”" in shown
    number = re.search(r'name="ask:drop" value="(\d+)"> Terraform', shown)
    assert number is not None
    sent = {"base": "1", "view": "what-if", "ask:pay": "1", "ask:years": "3", "ask:drop": number[1]}
    page = manager.post(reverse("check-plan", args=[plan.pk]), sent).content.decode()
    for told in ("<del>Terraform</del>", "<ins>3+ years of experience", "<ins>Base pay: 150,000", "No longer found"):
        assert told in page, told
    assert plan.versions.count() == 1


def test_fields_left_as_they_are_change_nothing(company: Company, manager: Client) -> None:
    plan = company.plan(ASKING)
    sent = {"base": "1", "view": "what-if", "ask:title": "Senior MLOps Engineer", "ask:years": "8"}
    page = manager.post(reverse("check-plan", args=[plan.pk]), sent).content.decode()
    assert "Nothing is changed yet" in page


def test_a_tried_posting_goes_along_unsaved_and_who_sees_no_pay_is_offered_none(
    company: Company, manager: Client, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan(ASKING)
    sent = {"base": "1", "view": "what-if", "do": "posting", "ask:title": "MLOps Engineer", "ask:years": "8"}
    page = manager.post(reverse("plan-what-if", args=[plan.pk]), sent).content.decode()
    assert "# MLOps Engineer" in page
    assert plan.versions.count() == 1
    assert "ask:pay" not in signed_in("recruiter").get(reverse("plan-what-if", args=[plan.pk])).content.decode()


def test_a_survey_is_kept_as_it_was_read(respondents: Respondents, tmp_path: Path) -> None:
    save_respondents(respondents, tmp_path / "kept.json")
    assert load_respondents(tmp_path / "kept.json") == respondents


def test_who_sees_no_pay_sees_no_offer_placed(company: Company, signed_in: Callable[[str], Client]) -> None:
    plan = company.plan(RESCUE)
    page = signed_in("recruiter").get(reverse("plan-what-if", args=[plan.pk])).content.decode()
    assert "Your offer lies above" not in page


@pytest.mark.parametrize(
    ("groups", "share"),
    [
        (["infrastructure", "infrastructure", "ml", "data"], 50.0),
        (["infrastructure", "ml-operations", "ml-operations", "software"], pytest.approx(66.67, abs=0.01)),
        (["infrastructure", "software", "people", "ml"], None),
    ],
)
def test_the_split_counts_ml_operations_half_to_either_side(groups: list[str], share: float | None) -> None:
    assert asked_share(groups) == share
