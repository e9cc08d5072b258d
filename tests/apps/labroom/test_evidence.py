"""What a lab found reaches the debrief, beside what interviewers said, once nobody judges it blind."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.decisions.queries import debrief
from tenfold.apps.labroom.models import LabInvitation
from tenfold.catalogue.store import catalogue
from tenfold.core.evidence import evidence_of
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.labs import agreed, asked_reviews, graded, handed_in_review, invited, submitted


@pytest.fixture
def lab(company: Company) -> LabInvitation:
    made = submitted(agreed(invited(company, application_to(role_of(company)))))
    return graded(made, {"latency": 0.5, "memory": 0.0})


def test_nothing_of_a_lab_is_told_while_somebody_is_blind(company: Company, lab: LabInvitation) -> None:
    application = lab.application
    assert application is not None
    reviews = asked_reviews(company, lab, company["interviewer"], company["hiring-manager"])
    for one in reviews:
        assert list(evidence_of(application.pk, company["recruiter"])) == []
        handed_in_review(one)
    assert list(evidence_of(application.pk, company["recruiter"])) != []


def test_criteria_and_reviews_stand_by_their_competency(company: Company, lab: LabInvitation) -> None:
    application = lab.application
    assert application is not None
    for number, one in enumerate(asked_reviews(company, lab, company["interviewer"], company["hiring-manager"])):
        handed_in_review(one, rating=2 + number)
    told = debrief(application, company["recruiter"]).competencies
    said = {found.criterion: found.says for one in told for found in one.measured}
    assert said["median time of a request, as a ratio to a healthy service measured in turns"].startswith("partly met")
    assert said["memory over hundreds of different requests"].startswith("not met, 0 of 10 points")
    people = said["How did they find the faults?"]
    assert f"{company['interviewer'].name} 2" in people
    assert f"{company['hiring-manager'].name} 3" in people
    by = {one.name: {found.criterion for found in one.measured} for one in told}
    serving = by[catalogue().competencies["model-serving"].name]
    assert "What did they leave alone, and what would they watch in production?" in serving


def test_the_page_leads_to_the_lab_only_for_whoever_may_open_it(company: Company, lab: LabInvitation) -> None:
    application = lab.application
    assert application is not None
    for one in asked_reviews(company, lab, company["interviewer"], company["hiring-manager"]):
        handed_in_review(one)
    address = reverse("lab-session", args=[lab.pk])
    client = Client()
    client.force_login(company["recruiter"])
    assert address in client.get(reverse("debrief", args=[application.pk])).content.decode()
    strangers = list(evidence_of(application.pk, company["people-analyst"]))
    assert {one.url for one in strangers} == {""}


def test_what_was_erased_or_graded_by_our_own_fault_tells_nothing(company: Company, lab: LabInvitation) -> None:
    application = lab.application
    assert application is not None
    for one in asked_reviews(company, lab, company["interviewer"], company["hiring-manager"]):
        handed_in_review(one)
    LabInvitation.objects.filter(pk=lab.pk).update(erased_at=NOW)
    assert list(evidence_of(application.pk, company["recruiter"])) == []
