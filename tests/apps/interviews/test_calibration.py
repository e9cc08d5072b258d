"""Who watches decides nothing; leniency is told from eight shared candidates on; practice is one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import Application, MeetingState, RejectionReason
from tenfold.apps.candidates.services.meetings import cancel_meeting, set_meeting
from tenfold.apps.candidates.services.moves import reject_applications
from tenfold.apps.decisions.queries import debrief
from tenfold.apps.interviews.models import OwnQuestions, Part, PracticeScorecard, Scorecard
from tenfold.apps.interviews.queries import kit_content
from tenfold.apps.interviews.queries.calibration import calibration, own_watching
from tenfold.apps.interviews.services import ask_scorecards, make_kit
from tenfold.apps.interviews.services.practice import save_practice
from tenfold.apps.interviews.services.questions import save_questions
from tenfold.apps.interviews.services.reminders import remind_of_late
from tenfold.core.evidence import InstrumentEvidence, register_evidence
from tenfold.core.models import AuditEntry
from tenfold.core.models.only_added import RowChanged
from tenfold.core.permissions import NotAllowed
from tenfold.kit.errors import UserError
from tenfold.practices.interviews.practice import practice_interview
from tenfold.practices.interviews.questions import is_generic, is_same_behaviour
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.interviews import asked, handed_in, join_team, kit_of
from tests.practices.interviews.test_questions import OWN

LATER = NOW + timedelta(days=3)


def panel_of(company: Company, people: int, *, lenient: int = 0) -> list[Application]:
    """So many decided candidates, each rated by two; the analyst rates `lenient` higher."""
    role = role_of(company)
    round_ = kit_of(company, role).rounds.all()[0]
    pair = (join_team(company, role, "people-analyst"), company["interviewer"])
    made = [application_to(role, n) for n in range(people)]
    for n, one in enumerate(made):
        high, low = asked(company, one, round_, *pair)
        handed_in(high, min(4, 1 + n % 2 + lenient))
        handed_in(low, 1 + (n // 2) % 2)
    reject_applications(applications=made, reason=RejectionReason.OTHER_CHOSEN, by=company["recruiter"], now=NOW)
    return made


@pytest.mark.parametrize(("people", "is_told"), [(7, False), (16, True)])
def test_leniency_is_told_from_eight_shared_candidates_on(people: int, is_told: bool, company: Company) -> None:
    panel_of(company, people, lenient=2)
    found = {str(one.interviewer): one for one in calibration(company.organisation).lines}
    high = found[str(company["people-analyst"])]
    assert (high.effect is not None, high.n_shared) == (is_told, people)
    if high.effect is not None:
        assert high.effect.value > 0 > found[str(company["interviewer"])].effect.value  # type: ignore[union-attr]
    else:
        assert "too few to tell" in high.says


def test_open_applications_are_in_no_calibration(company: Company) -> None:
    role = role_of(company)
    (card,) = asked(company, application_to(role), kit_of(company, role).rounds.all()[0], company["interviewer"])
    handed_in(card)
    assert calibration(company.organisation).lines == ()


def test_interviewers_see_their_own_line_alone(company: Company, signed_in: Callable[[str], Client]) -> None:
    panel_of(company, 3)
    page = signed_in("interviewer").get(reverse("interview-calibration")).content.decode()
    table = page.partition("<tbody>")[2]
    assert str(company["people-analyst"]) not in table
    assert (
        str(company["people-analyst"]) in signed_in("recruiter").get(reverse("interview-calibration")).content.decode()
    )


def test_who_watches_is_in_no_debrief_no_file_and_learns_how_far_off_they_were(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    role = role_of(company)
    application, round_ = application_to(role), kit_of(company, role).rounds.all()[0]
    watcher = join_team(company, role, "people-analyst")
    (card,) = asked(company, application, round_, company["interviewer"])
    (watching,) = ask_scorecards(
        application=application,
        round_=round_,
        interviewers=[watcher],
        by=company["recruiter"],
        now=NOW,
        part=Part.SHADOW,
    )
    handed_in(watching, 4, "Quokka words of somebody who watched")
    assert not debrief(application, company["recruiter"]).competencies
    handed_in(card, 2)
    told = signed_in("recruiter").get(reverse("debrief", args=[application.pk])).content.decode()
    told += signed_in("recruiter").get(reverse("export-ratings", args=[role.pk])).content.decode()
    assert "Quokka" not in told
    assert str(watcher) not in told.partition("<main")[2]
    gap = own_watching(watcher)
    assert gap is not None
    assert (gap.n, gap.mean_gap) == (len(round_.questions), 2.0)
    assert own_watching(company["interviewer"]) is None


def late_panel(company: Company, *, starts: timedelta, cancelled: bool = False) -> Scorecard:
    role = role_of(company)
    application, round_ = application_to(role), kit_of(company, role).rounds.all()[0]
    meeting = set_meeting(
        application=application,
        title="Talk",
        starts_at=NOW + starts,
        minutes=60,
        place="",
        panel=[company["interviewer"]],
        by=company["recruiter"],
        now=NOW,
    )
    (card,) = asked(company, application, round_, company["interviewer"])
    if cancelled:
        cancel_meeting(meeting=meeting, by=company["recruiter"], now=NOW)
        assert meeting.state == MeetingState.CANCELLED or not meeting.has_taken_place(LATER)
    return card


def test_a_late_scorecard_is_asked_for_once(
    company: Company, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    card = late_panel(company, starts=timedelta(hours=2))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert [remind_of_late(NOW + timedelta(hours=3)), remind_of_late(LATER), remind_of_late(LATER)] == [0, 1, 0]
    sent = [one for one in mail.outbox if one.to == [company["interviewer"].email]]
    assert [one.subject for one in sent] == ["Your scorecard is waiting"]
    assert str(card.application.candidate) not in str(sent[0].body)
    assert AuditEntry.objects.filter(kind="scorecard.reminded").count() == 1


@pytest.mark.parametrize(
    ("starts", "cancelled"),
    [(timedelta(hours=2), True), (timedelta(days=9), False)],
    ids=["cancelled", "still to come"],
)
def test_nobody_is_reminded_of_an_interview_that_did_not_take_place(
    company: Company, starts: timedelta, cancelled: bool
) -> None:
    late_panel(company, starts=starts, cancelled=cancelled)
    assert remind_of_late(LATER) == 0


def test_nobody_is_reminded_of_what_is_in_or_never_had_a_meeting(company: Company) -> None:
    handed_in(late_panel(company, starts=timedelta(hours=2)))
    role = role_of(company)
    asked(company, application_to(role, 5), kit_of(company, role).rounds.all()[0], company["interviewer"])
    assert remind_of_late(LATER) == 0


def test_practice_is_compared_and_nobody_elses_business(company: Company, signed_in: Callable[[str], Client]) -> None:
    client, page = signed_in("interviewer"), reverse("interview-practice")
    assert client.post(page, {}).status_code == 422
    given = {one.id: "1" for one in practice_interview().answers}
    assert client.post(page, given).status_code == 302
    told = client.get(page).content.decode()
    assert all(f"known: {one.known}" in told for one in practice_interview().answers)
    for role in company.people:
        assert PracticeScorecard.objects.visible_to(company[role]).exists() == (role == "interviewer")
    assert "known:" not in signed_in("administrator").get(page).content.decode()
    assert not AuditEntry.objects.filter(kind__contains="practice").exists()


def test_the_invented_interview_keeps_the_library_s_rules() -> None:
    for one in practice_interview().answers:
        assert not any(is_generic(anchor) for anchor in one.anchors)
        assert not any(is_same_behaviour(one.anchors[a], one.anchors[b]) for a in range(4) for b in range(a + 1, 4))
        assert one.known in (1, 2, 3, 4)


def test_practice_rates_every_answer(company: Company) -> None:
    with pytest.raises(UserError, match="no rating"):
        save_practice(ratings={}, by=company["interviewer"], now=NOW)


def test_own_questions_are_versions_that_new_kits_use_and_old_kits_do_not(company: Company) -> None:
    role = role_of(company)
    before = make_kit(role=role, by=company["recruiter"], now=NOW)
    asked_first = before.content["rounds"][0]["questions"][0]
    own = (
        OWN.replace('competency = "service-operations"', f'competency = "{asked_first["competency"]}"')
        .replace('type = "situational"', f'type = "{asked_first["type"]}"')
        .replace('levels = "mid-senior"', 'levels = "senior"')
    )
    save_questions(organisation=company.organisation, text=own, by=company["recruiter"], now=NOW)
    after = make_kit(role=role, by=company["recruiter"], now=LATER)
    assert "own-pager" in str(after.content)
    before.refresh_from_db()
    assert "own-pager" not in str(before.content)
    save_questions(organisation=company.organisation, text="", by=company["recruiter"], now=LATER)
    assert "own-pager" not in str(kit_content(role, now=LATER))
    assert [one.number for one in OwnQuestions.objects.all()] == [2, 1]
    with pytest.raises(RowChanged):
        OwnQuestions.objects.all()[0].delete()


def test_own_questions_that_only_grade_are_refused_and_nothing_is_saved(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    page = reverse("own-questions")
    bad = OWN.replace("anchors = [", 'anchors = [\n  "Shows a very good and deep understanding.",', 1)
    refused = signed_in("recruiter").post(page, {"text": bad})
    assert refused.status_code == 422
    assert "grades instead of describing" in refused.content.decode()
    assert not OwnQuestions.objects.exists()
    with pytest.raises(NotAllowed):
        save_questions(organisation=company.organisation, text=OWN, by=company["interviewer"], now=NOW)


def test_public_work_is_rated_only_where_it_was_offered(company: Company) -> None:
    role = role_of(company)
    application, kit = application_to(role), kit_of(company, role)
    round_ = next(one for one in kit.rounds.all() if one.is_optional)
    with pytest.raises(UserError, match="only where the candidate offers"):
        asked(company, application, round_, company["interviewer"])
    (card,) = ask_scorecards(
        application=application,
        round_=round_,
        interviewers=[company["interviewer"]],
        by=company["recruiter"],
        now=NOW,
        was_offered=True,
    )
    assert handed_in(card).number == 1
    assert round_.name not in str(kit.content["candidate_preview"])


def test_what_labs_found_stands_beside_what_interviewers_said(
    company: Company, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[str], Client]
) -> None:
    monkeypatch.setattr("tenfold.core.evidence._SOURCES", {})
    role = role_of(company)
    application, round_ = application_to(role), kit_of(company, role).rounds.all()[0]
    (card,) = asked(company, application, round_, company["interviewer"])
    handed_in(card)
    competency = round_.questions[0]["competency"]
    found = InstrumentEvidence(competency, "Broken rollout", "Rolls back", "met in 4 of 5 checks", "/replay/1/")
    other = InstrumentEvidence("customer-empathy", "Drift watch", "Tells the user", "not met")
    register_evidence("labs", lambda pk, _: [found, other] if pk == application.pk else [])
    told = debrief(application, company["recruiter"]).competencies
    assert [one.measured for one in told if one.ratings and one.measured] == [(found,)]
    assert told[-1].measured == (other,)
    page = signed_in("recruiter").get(reverse("debrief", args=[application.pk])).content.decode()
    assert "met in 4 of 5 checks" in page
    assert "/replay/1/" in page
