"""Debriefs are as blind as scorecards and put nobody in order; decisions are signed, reasoned and taken back openly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import Application, ApplicationMove, OpenRole
from tenfold.apps.decisions.models import Decision, Verdict
from tenfold.apps.decisions.queries import debrief
from tenfold.apps.decisions.services import sign, take_back
from tenfold.apps.interviews.models import InterviewRound, Scorecard
from tenfold.apps.interviews.services import submit
from tenfold.core.models import AuditEntry, TeamRole
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import erase_person
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.interviews import asked, handed_in, join_team, kit_of, said

REASONS = "They ran the rollback themselves and named its price"


@pytest.fixture
def role(company: Company) -> OpenRole:
    role = role_of(company)
    kit_of(company, role)
    join_team(company, role, "people-analyst")
    return role


@pytest.fixture
def round_(role: OpenRole) -> InterviewRound:
    found: InterviewRound = InterviewRound.objects.filter(kit__role=role)[0]
    return found


def rated_person(company: Company, role: OpenRole, n: int, *ratings: int) -> Application:
    """Somebody whom the analyst and the interviewer rated, each all questions alike."""
    application = application_to(role, n, now=NOW + timedelta(minutes=n))
    round_ = InterviewRound.objects.filter(kit__role=role)[0]
    people = (company["people-analyst"], company["interviewer"])
    for card, rating in zip(asked(company, application, round_, *people), ratings, strict=False):
        handed_in(card, rating)
    return application


def test_where_interviewers_differ_comes_first(company: Company, role: OpenRole, round_: InterviewRound) -> None:
    application = application_to(role)
    one, other = asked(company, application, round_, company["people-analyst"], company["interviewer"])
    names = list(dict.fromkeys(question["competency"] for question in round_.questions))
    torn = names[-1]
    given = said(round_, 2)
    for question in round_.questions:
        if question["competency"] == torn:
            given[question["id"]] = {"rating": 4, "evidence": "Wrote the alert before the fix"}
    handed_in(one, 2)
    submit(scorecard=other, ratings=given, by=company["interviewer"], now=NOW)
    found = debrief(application, company["recruiter"]).competencies
    assert [one.spread for one in found] == [2, *[0] * (len(names) - 1)]
    assert {line.rated.question["competency"] for line in found[0].ratings} == {torn}


def test_first_ratings_count_and_later_ones_are_shown(company: Company, role: OpenRole, round_: InterviewRound) -> None:
    application = rated_person(company, role, 0, 4, 2)
    card = Scorecard.objects.get(application=application, interviewer=company["interviewer"])
    submit(scorecard=card, ratings=said(round_, 4), by=company["interviewer"], now=NOW, why="Talked it over")
    found = debrief(application, company["recruiter"])
    assert found.competencies[0].spread == 2
    lines = [line for line in found.competencies[0].ratings if line.interviewer == str(company["interviewer"])]
    assert {(line.first, line.rated.rating) for line in lines} == {(2, 4)}


def test_a_combination_needs_others_and_says_so(company: Company, role: OpenRole) -> None:
    application = rated_person(company, role, 0, 3, 3)
    found = debrief(application, company["recruiter"])
    assert found.combined is None
    assert found.refused
    assert found.reliability is not None
    assert 0 < found.reliability.value < found.reliability.with_one_more < 1


@pytest.mark.parametrize("shift", [0, 1])
def test_no_page_and_no_file_puts_people_in_the_order_of_their_ratings(
    shift: int, company: Company, role: OpenRole, signed_in: Callable[[str], Client]
) -> None:
    """The same people with all ratings turned round stand in the same order everywhere."""
    ratings = [(4, 4), (1, 1), (3, 2), (2, 3)]
    turned = ratings if shift == 0 else [(5 - one, 5 - other) for one, other in ratings]
    people = [rated_person(company, role, n, *given) for n, given in enumerate(turned)]
    client = signed_in("recruiter")
    for address in (reverse("role", args=[role.pk]), reverse("candidates") + "?q=a"):
        page = client.get(address).content.decode()
        order = list(dict.fromkeys(re.findall(r"/hiring/applications/([0-9a-f-]{36})/", page)))
        told = [str(one.pk) for one in people if str(one.pk) in order]
        assert sorted(order) == sorted(told)
        assert order in (told, told[::-1]), address  # by the day on which they applied, whatever they were rated
    file = client.get(reverse("export-ratings", args=[role.pk])).content.decode().splitlines()[1:]
    assert list(dict.fromkeys(line.split(",")[0] for line in file)) == [str(one.pk)[:8] for one in people]
    for one in people:
        page = client.get(reverse("debrief", args=[one.pk])).content.decode()
        others = [other for other in people if other.pk != one.pk]
        assert not any(str(other.pk) in page or str(other.candidate) in page for other in others)
        assert "95 % band" in page


def test_whoever_owes_a_scorecard_reads_no_debrief_and_no_decision(
    company: Company, role: OpenRole, round_: InterviewRound, signed_in: Callable[[str], Client]
) -> None:
    application = application_to(role)
    lead = join_team(company, role, "hiring-manager", TeamRole.LEAD)
    card, own = asked(company, application, round_, company["people-analyst"], lead)
    handed_in(card, 4, "Quokka words of evidence")
    sign(
        application=application, verdict=Verdict.OFFER, reasons=f"Quokka: {REASONS}", by=company.administrator, now=NOW
    )
    client, address = signed_in("hiring-manager"), reverse("debrief", args=[application.pk])
    assert "Quokka" not in client.get(address).content.decode()
    with pytest.raises(UserError, match="own scorecard"):
        sign(application=application, verdict=Verdict.STOP, reasons=REASONS, by=lead, now=NOW)
    handed_in(own, 2)
    assert client.get(address).content.decode().count("Quokka") == len(round_.questions) + 1


def test_a_decision_is_signed_with_reasons_moves_nobody_and_is_taken_back_with_a_trace(
    company: Company, role: OpenRole
) -> None:
    application, by = rated_person(company, role, 0, 1, 1), company["recruiter"]
    moves = ApplicationMove.objects.count()
    with pytest.raises(UserError, match="reasons"):
        sign(application=application, verdict=Verdict.STOP, reasons="Too weak", by=by, now=NOW)
    with pytest.raises(NotAllowed):
        sign(application=application, verdict=Verdict.STOP, reasons=REASONS, by=company["interviewer"], now=NOW)
    decision = sign(application=application, verdict=Verdict.STOP, reasons=REASONS, by=by, now=NOW)
    assert (decision.signed_name, decision.scorecards, decision.owed) == (str(by), 2, 0)
    assert ApplicationMove.objects.count() == moves
    application.refresh_from_db()
    assert application.is_open
    with pytest.raises(UserError, match="stands already"):
        sign(application=application, verdict=Verdict.OFFER, reasons=REASONS, by=by, now=NOW)
    with pytest.raises(UserError, match="why"):
        take_back(decision=decision, why=" ", by=by, now=NOW)
    take_back(decision=decision, why="A reference came in", by=by, now=NOW)
    sign(application=application, verdict=Verdict.OFFER, reasons=REASONS, by=by, now=NOW)
    assert Decision.objects.filter(application=application).count() == 2
    kinds = AuditEntry.objects.filter(kind__startswith="decision.").order_by("n").values_list("kind", flat=True)
    assert list(kinds) == ["decision.signed", "decision.taken-back", "decision.signed"]
    assert REASONS not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_no_decision_without_evidence(company: Company, role: OpenRole) -> None:
    with pytest.raises(UserError, match="No scorecard"):
        sign(application=application_to(role), verdict=Verdict.OFFER, reasons=REASONS, by=company["recruiter"], now=NOW)


def test_a_changed_decision_is_found_and_an_erased_one_is_no_fault(company: Company, role: OpenRole) -> None:
    application = rated_person(company, role, 0, 3, 3)
    decision = sign(application=application, verdict=Verdict.OFFER, reasons=REASONS, by=company["recruiter"], now=NOW)
    Decision.objects.filter(pk=decision.pk).update(verdict=Verdict.STOP)
    with pytest.raises(Exception, match=r".") as found:
        verify_trail()
    assert type(found.value).__name__ == "ChainBroken"
    Decision.objects.filter(pk=decision.pk).update(verdict=Verdict.OFFER)
    verify_trail()
    erase_person(str(application.candidate_id), now=NOW)
    verify_trail()
    assert not Decision.objects.exists()
