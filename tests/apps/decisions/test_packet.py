"""A decision packet holds what lay before the one who signed, and is as blind as scorecards are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import Application
from tenfold.apps.decisions.models import Decision
from tenfold.apps.decisions.services import export_person, sign, take_back
from tenfold.apps.interviews.models import Scorecard
from tenfold.apps.interviews.services import submit
from tenfold.apps.plans.presenters import pdf
from tenfold.core.services.trail import verify_trail
from tenfold.kit.hashchain import ChainBroken
from tests.apps.decisions.test_debrief import REASONS, rated_person, role
from tests.company import NOW, Company
from tests.factories.interviews import said
from tests.web.api_client import program_of

__all__ = ["role"]
LATER = NOW + timedelta(days=2)
WORDS = "They drew the rollback and named who decides"


@pytest.fixture
def application(company: Company, role: object) -> Application:
    return rated_person(company, role, 1, 4, 2)  # type: ignore[arg-type]


@pytest.fixture
def decision(company: Company, application: Application) -> Decision:
    return sign(application=application, verdict="offer", reasons=REASONS, by=company["hiring-manager"], now=NOW)


def page(company: Company, person: str, decision: Decision, form: str = "") -> tuple[int, str, str]:
    client = Client()
    client.force_login(company[person])
    response = client.get(reverse("decision-packet", args=[decision.pk]) + form)
    return response.status_code, response.content.decode(errors="replace"), response.headers.get("Content-Type", "")


def test_it_is_kept_as_it_was_when_signed(company: Company, application: Application, decision: Decision) -> None:
    (one,) = Scorecard.objects.filter(application=application, interviewer=company["interviewer"])
    changed = said(one.round, 4, "Second thoughts on a quiet evening")
    submit(scorecard=one, ratings=changed, by=company["interviewer"], now=LATER, why="Read my notes again")
    status, shown, _ = page(company, "hiring-manager", decision)
    assert status == 200
    assert "Interviewers are 2 apart" in shown
    assert WORDS in shown
    assert "Second thoughts" not in shown
    assert REASONS in shown
    assert "on 2 scorecards. All that were asked for were in." in " ".join(shown.split())


def test_page_file_and_api_say_the_same(company: Company, application: Application, decision: Decision) -> None:
    (told,) = program_of(company, "hiring-manager").get(f"/applications/{application.pk}/decisions")["decisions"]
    assert (told["verdict"], told["signed_by"], told["stands"]) == ("offer", str(company["hiring-manager"]), True)
    assert told["packet"]["competencies"][0]["apart"] == 2
    _, html, media_type = page(company, "hiring-manager", decision, "?as=html")
    assert media_type.startswith("text/html")
    for text in (REASONS, WORDS, told["hash"], str(application.candidate)):
        assert text in html
    assert "<script" not in html


@pytest.mark.skipif(not pdf.is_available(), reason="WeasyPrint or Pango is not here")
def test_it_is_a_pdf_where_one_can_be_drawn(company: Company, decision: Decision) -> None:
    _, content, media_type = page(company, "hiring-manager", decision, "?as=pdf")
    assert media_type == "application/pdf"
    assert content.startswith("%PDF")


def test_taking_it_back_leaves_it_to_be_read(company: Company, decision: Decision) -> None:
    take_back(decision=decision, why="The other finalist withdrew", by=company["hiring-manager"], now=LATER)
    _, shown, _ = page(company, "hiring-manager", decision)
    assert "The other finalist withdrew" in shown
    assert WORDS in shown
    verify_trail()


def test_a_packet_that_was_changed_is_found(company: Company, decision: Decision) -> None:
    verify_trail()
    decision.packet["competencies"][0]["ratings"][0]["rating"] = 1
    Decision.objects.filter(pk=decision.pk).update(packet=decision.packet)
    with pytest.raises(ChainBroken, match="changed since"):
        verify_trail()


def test_whoever_owes_a_scorecard_gets_none_of_it(
    company: Company, application: Application, decision: Decision
) -> None:
    round_ = Scorecard.objects.filter(application=application)[0].round
    owed = Scorecard.objects.create(
        application=application, round=round_, interviewer=company["recruiter"], asked_at=NOW
    )
    told = program_of(company, "recruiter").get(f"/applications/{application.pk}/decisions")
    assert told == {"waiting_for_your_own": True, "decisions": []}
    assert [page(company, "recruiter", decision, form)[0] for form in ("", "?as=html", "?as=pdf")] == [404] * 3
    assert page(company, "interviewer", decision)[0] == 404
    owed.delete()
    assert page(company, "recruiter", decision)[0] == 200


def test_the_candidates_copy_tells_reasons_once_nobody_writes_any_more(
    company: Company, application: Application, decision: Decision
) -> None:
    """Their link stands in mails that colleagues read."""
    round_ = Scorecard.objects.filter(application=application)[0].round
    owed = Scorecard.objects.create(
        application=application, round=round_, interviewer=company["recruiter"], asked_at=NOW
    )
    assert REASONS not in str(export_person(str(application.candidate_id)))
    owed.delete()
    assert REASONS in str(export_person(str(application.candidate_id)))
    assert decision.stands
