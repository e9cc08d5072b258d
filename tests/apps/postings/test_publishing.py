"""Publishing is guarded: a reason where checks say fix, rules of the organisation, and what candidates are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.plans.services import approve
from tenfold.apps.postings.models import PublishedPosting
from tenfold.apps.postings.services import checks_to_fix, publish, set_rules
from tenfold.core.models import AuditEntry
from tenfold.core.permissions import NotAllowed
from tenfold.kit.errors import UserError
from tenfold.posting.public_page import page_html
from tests.company import GOOD_PLAN, NOW, Company
from tests.factories.candidates import role_in_team

FAULTY = GOOD_PLAN.replace("max: 206,000", "max: 120,000").replace("min: 172,000", "min: 110,000")


def test_a_plan_that_needs_fixes_is_published_only_with_a_reason_which_is_shown_and_kept(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan(FAULTY)
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    assert "Pay" in checks_to_fix(plan, NOW, by=company.administrator)
    assert "Pay" not in checks_to_fix(plan, NOW, by=company["recruiter"])
    with pytest.raises(UserError, match="say"):
        publish(plan=plan, by=company["recruiter"], now=NOW)
    client = signed_in("recruiter")
    address = reverse("publish-posting", args=[plan.pk])
    assert "Reason for publishing it as it is" in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    assert client.post(address, {"why": "The budget is fixed until June"}).status_code == 302
    entry = AuditEntry.objects.filter(kind="posting.published").latest("n")
    assert entry.data["why"] == "The budget is fixed until June"
    page = signed_in("hiring-manager").get(reverse("plan", args=[plan.pk])).content.decode()
    assert "The budget is fixed until June" in page


def test_rules_of_the_organisation_stop_publishing_whatever_the_reason(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan(FAULTY)
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    with pytest.raises(NotAllowed):
        set_rules(organisation=company.organisation, by=company["recruiter"], now=NOW, no_fixes=True)
    client = signed_in("administrator")
    assert client.post(reverse("publishing-rules"), {"no_fixes": "on", "pay_range": "on"}).status_code == 302
    assert "No check that says “Fix”" in client.get(reverse("publish-posting", args=[plan.pk])).content.decode()
    with pytest.raises(UserError, match="does not publish without"):
        publish(plan=plan, by=company.administrator, now=NOW, why="Because")
    assert not PublishedPosting.objects.exists()


def test_a_sound_plan_is_published_and_says_whom_to_ask_for_accommodations(company: Company) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    every = {"pay_range": True, "accommodations": True, "no_fixes": True}
    set_rules(organisation=company.organisation, by=company.administrator, now=NOW, **every)
    posting = publish(plan=plan, by=company["recruiter"], now=NOW)
    page = Client().get(reverse("job", args=[posting.pk]))
    assert posting.accommodations
    assert posting.why == ""
    assert "Whom to ask for accommodations</h2>" in page.content.decode() or page.status_code == 410


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("jobs@harbour-parcel.example", "mailto:jobs@harbour-parcel.example?subject=Application%3A%20"),
        ("https://harbour-parcel.example/jobs/7?from=a@b", "https://harbour-parcel.example/jobs/7?from=a@b"),
    ],
)
def test_a_job_page_leads_to_an_address_while_no_role_is_open(
    given: str, link: str, company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    signed_in("recruiter").post(reverse("publish-posting", args=[plan.pk]), {"apply_to": f" {given} "})
    PublishedPosting.objects.update(last_date=None)
    job = Client().get(reverse("job", args=[PublishedPosting.objects.get().pk])).content.decode()
    assert f'<a href="{link}' in job
    role_in_team(company, plan)
    job = Client().get(reverse("job", args=[PublishedPosting.objects.get().pk])).content.decode()
    assert (link in job, reverse("apply", args=[PublishedPosting.objects.get().pk]) in job) == (False, True)


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "http://x.example", "https://", "name", "a@b", "x" * 301])
def test_nothing_else_is_a_place_to_apply(wrong: str, company: Company) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    with pytest.raises(UserError, match="no address to apply to"):
        publish(plan=plan, by=company.administrator, now=NOW, apply_to=wrong)
    assert not PublishedPosting.objects.exists()


@pytest.mark.parametrize("sign", ["•", "▪", "–", "·", "●"])
def test_pasted_bullets_become_a_list_on_the_job_page(sign: str) -> None:
    text = f"What you do\n{sign} Run it\n{sign} Fix it\nThen go home.\n\n- A list of Markdown\n"
    html = page_html(text, "Job")
    assert html.count("<li>") == 3
    assert "<li>Run it</li>" in html
    assert sign not in html
