"""Feedback comes from the evidence, names nobody and no grade, and goes only when a person approved what they read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.candidates.models import (
    Application,
    MailState,
    MailTemplate,
    OpenRole,
    OutgoingMail,
    RejectionReason,
    RoleTask,
    TemplateKind,
)
from tenfold.apps.candidates.queries.mailtext import status_token
from tenfold.apps.candidates.services.duties import refresh_application_tasks
from tenfold.apps.candidates.services.mail import send_due
from tenfold.apps.candidates.services.moves import hire, reject_applications, undo_move
from tenfold.apps.decisions.models import Verdict
from tenfold.apps.decisions.services import sign, take_back
from tenfold.apps.feedback.models import FeedbackLetter
from tenfold.apps.feedback.queries.letters import mail_of, open_letter
from tenfold.apps.feedback.queries.notices import outcome_law
from tenfold.apps.feedback.services import (
    approve_feedback,
    draft_feedback,
    edit_feedback,
    take_back_feedback,
)
from tenfold.apps.interviews.models import InterviewRound
from tenfold.core.models import AuditEntry, User
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import erase_person, export_person
from tenfold.core.services.trail import verify_trail
from tenfold.core.todo import todo_for
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.interviews import asked, handed_in, join_team, kit_of
from tests.factories.offers import REASONS

OPEN = NOW + timedelta(minutes=31)
EVIDENCE = "said who decides on a rollback before touching anything"


def judged(
    company: Company, role: OpenRole, *, verdict: Verdict = Verdict.STOP, words: str = EVIDENCE, ratings: Any = (2, 4)
) -> Application:
    """Rated by two, decided on, and told the outcome."""
    application = application_to(role)
    round_ = InterviewRound.objects.filter(kit__role=role)[0]
    people = (company["people-analyst"], company["interviewer"])
    for card, rating in zip(asked(company, application, round_, *people), ratings, strict=True):
        handed_in(card, rating, words)
    by = company["recruiter"]
    sign(application=application, verdict=verdict, reasons=REASONS, by=by, now=NOW)
    if verdict == Verdict.STOP:
        template = MailTemplate.objects.get(organisation=company.organisation, kind=TemplateKind.REJECTION)
        reason = RejectionReason.INTERVIEW
        reject_applications(applications=[application], reason=reason, template=template, by=by, now=NOW)
    application.refresh_from_db()
    return application


@pytest.fixture
def role(company: Company) -> OpenRole:
    role = role_of(company, places=["US-WY"])
    kit_of(company, role)
    join_team(company, role, "people-analyst")
    return role


@pytest.fixture
def letter(company: Company, role: OpenRole) -> FeedbackLetter:
    return draft_feedback(application=judged(company, role), by=company["recruiter"], now=NOW)


def edited(
    company: Company, letter: FeedbackLetter, text: str = "You named who decides.", **more: Any
) -> FeedbackLetter:
    points = [{"name": one["name"], "text": text, "included": True} for one in letter.points]
    given = {"points": points, "closing": "", "notices": {}, **more}
    return edit_feedback(letter=letter, by=company["recruiter"], now=NOW, **given)


def approved(company: Company, letter: FeedbackLetter) -> OutgoingMail:
    letter.refresh_from_db()
    return approve_feedback(letter=letter, edits=letter.edits, by=company["recruiter"], now=NOW)


# Drafted -------------------------------------------------------------------------------------------------------


def test_a_draft_quotes_the_evidence_and_neither_grades_nor_questions_nor_names(
    company: Company, letter: FeedbackLetter
) -> None:
    text = "\n".join(one["text"] for one in letter.points)
    assert "Said who decides on a rollback" in text
    assert not re.search(r"\d", text)
    kit = InterviewRound.objects.filter(kit__role=letter.application.role)[0]
    for question in kit.questions:
        assert question["text"][:40] not in text
        assert not any(anchor[:40] in text for anchor in question["anchors"].values())
    for person in User.objects.all():
        assert str(person) not in text


def test_competencies_stand_by_name_whatever_was_rated(company: Company, role: OpenRole) -> None:
    names = []
    for n, ratings in enumerate(((1, 1), (4, 4), (1, 4))):
        application = application_to(role, n)
        round_ = InterviewRound.objects.filter(kit__role=role)[0]
        people = (company["people-analyst"], company["interviewer"])
        for card, rating in zip(asked(company, application, round_, *people), ratings, strict=True):
            handed_in(card, rating)
        by = company["recruiter"]
        sign(application=application, verdict=Verdict.STOP, reasons=REASONS, by=by, now=NOW)
        made = draft_feedback(application=application, by=by, now=NOW)
        names.append([one["name"] for one in made.points])
    assert names[0] == names[1] == names[2] == sorted(names[0])


@pytest.mark.parametrize(
    ("ratings", "lead"),
    [((4, 4), "went well"), ((2, 2), "Some of what"), ((1, 1), "missed"), ((1, 4), "differently")],
)
def test_a_lead_says_how_it_went_and_where_interviewers_differed(
    ratings: tuple[int, int], lead: str, company: Company, role: OpenRole
) -> None:
    made = draft_feedback(application=judged(company, role, ratings=ratings), by=company["recruiter"], now=NOW)
    assert all(lead in one["text"] for one in made.points)


def test_a_draft_needs_a_decision_that_stands(company: Company, role: OpenRole) -> None:
    application, by = application_to(role), company["recruiter"]
    with pytest.raises(UserError, match="signed decision"):
        draft_feedback(application=application, by=by, now=NOW)
    round_ = InterviewRound.objects.filter(kit__role=role)[0]
    (card,) = asked(company, application, round_, company["interviewer"])
    handed_in(card)
    decision = sign(application=application, verdict=Verdict.MORE, reasons=REASONS, by=by, now=NOW)
    with pytest.raises(UserError, match="signed decision"):
        draft_feedback(application=application, by=by, now=NOW)
    take_back(decision=decision, why="Enough seen", by=by, now=NOW)
    sign(application=application, verdict=Verdict.STOP, reasons=REASONS, by=by, now=NOW)
    with pytest.raises(NotAllowed):
        draft_feedback(application=application, by=company["interviewer"], now=NOW)
    draft_feedback(application=application, by=by, now=NOW)
    with pytest.raises(UserError, match="already"):
        draft_feedback(application=application, by=by, now=NOW)


# Approved, waiting, out ----------------------------------------------------------------------------------------


def test_nothing_goes_without_a_named_person_and_then_waits_half_an_hour(
    company: Company, letter: FeedbackLetter
) -> None:
    before = OutgoingMail.objects.count()
    send_due(NOW + timedelta(days=30))
    assert OutgoingMail.objects.count() == before
    edited(company, letter)
    mail = approved(company, letter)
    letter.refresh_from_db()
    assert (mail.state, mail.send_after) == (MailState.HELD, NOW + timedelta(minutes=30))
    assert letter.approved_name == str(company["recruiter"])
    assert "You named who decides." in mail.body
    assert [open_letter(letter.application, now=at) is None for at in (NOW, OPEN)] == [True, False]


def test_what_was_edited_since_it_was_read_is_not_approved(company: Company, letter: FeedbackLetter) -> None:
    edited(company, letter)
    with pytest.raises(UserError, match="edited it since"):
        approve_feedback(letter=letter, edits=0, by=company["recruiter"], now=NOW)
    with pytest.raises(NotAllowed):
        approve_feedback(letter=letter, edits=1, by=company["interviewer"], now=NOW)


def test_a_taken_back_letter_is_a_draft_again(company: Company, letter: FeedbackLetter) -> None:
    mail = approved(company, letter)
    with pytest.raises(UserError, match="approved"):
        edited(company, letter)
    take_back_feedback(letter=letter, by=company["recruiter"], now=NOW)
    mail.refresh_from_db()
    letter.refresh_from_db()
    assert (mail.state, mail_of(letter), open_letter(letter.application, now=OPEN)) == (
        MailState.TAKEN_BACK,
        None,
        None,
    )
    edited(company, letter)
    approved(company, letter)
    verify_trail()


def test_a_rejection_that_is_taken_back_takes_its_feedback_back(company: Company, letter: FeedbackLetter) -> None:
    mail = approved(company, letter)
    move = letter.application.moves.latest("number")
    undo_move(move=move, by=company["recruiter"], now=NOW)
    mail.refresh_from_db()
    assert mail.state == MailState.TAKEN_BACK
    assert open_letter(letter.application, now=OPEN) is None


def test_feedback_does_not_replace_telling_the_outcome(company: Company, role: OpenRole) -> None:
    application, by = judged(company, role, verdict=Verdict.OFFER), company["recruiter"]
    letter = draft_feedback(application=application, by=by, now=NOW)
    with pytest.raises(UserError, match="open"):
        approved(company, letter)
    hire(application=application, by=by, now=NOW)
    approved(company, letter)


def test_a_letter_that_names_an_interviewer_or_says_nothing_does_not_go(
    company: Company, letter: FeedbackLetter
) -> None:
    User.objects.filter(pk=company["interviewer"].pk).update(name="Quentin Marsh")
    edited(company, letter, "As quentin marsh said, the plan was thin.")
    with pytest.raises(UserError, match="Quentin Marsh"):
        approved(company, letter)
    points = [{"name": one["name"], "text": "x", "included": False} for one in letter.points]
    edit_feedback(letter=letter, points=points, closing="", notices={}, by=company["recruiter"], now=NOW)
    with pytest.raises(UserError, match="nothing in it"):
        approved(company, letter)


def test_the_candidate_reads_it_on_their_page_once_it_is_out(
    company: Company, letter: FeedbackLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(company, letter)
    approved(company, letter)
    address = reverse("candidate-status", args=[status_token(letter.application)])
    from django.utils import timezone

    seen = []
    for at in (NOW + timedelta(minutes=29), OPEN):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        seen.append("You named who decides." in Client().get(address).content.decode())
    assert seen == [False, True]


def test_who_may_decide_finds_what_is_left_to_finish(company: Company, letter: FeedbackLetter) -> None:
    def kinds(person: str) -> set[str]:
        return {one.kind for one in todo_for(company[person], company.organisation, now=NOW)}

    assert "Feedback to finish" in kinds("recruiter")
    assert "Feedback to finish" not in kinds("interviewer")
    approved(company, letter)
    assert "Feedback to finish" not in kinds("recruiter")


def test_the_page_drafts_saves_and_sends(company: Company, role: OpenRole, signed_in: Callable[[str], Client]) -> None:
    application = judged(company, role)
    client, address = signed_in("recruiter"), reverse("feedback", args=[application.pk])
    client.post(address, {"do": "draft"})
    letter = FeedbackLetter.objects.get()
    page = client.get(address)
    assert page.headers["Cache-Control"] == "no-store" or "no-store" in page.headers["Cache-Control"]
    assert "Said who decides" in page.content.decode()
    sent = {f"text:{n}": "You named who decides." for n, _ in enumerate(letter.points)} | {"included:0": "on"}
    client.post(address, {"do": "save", "closing": "Thank you.", **sent})
    letter.refresh_from_db()
    assert [one["included"] for one in letter.points] == [True, *[False] * (len(letter.points) - 1)]
    assert client.post(address, {"do": "approve", "edits": "0"}).status_code == 422
    assert client.post(address, {"do": "approve", "edits": str(letter.edits)}).status_code == 302
    client.post(address, {"do": "take-back"})
    letter.refresh_from_db()
    assert mail_of(letter) is None


def test_whoever_owes_a_scorecard_sees_no_draft(
    company: Company, role: OpenRole, signed_in: Callable[[str], Client]
) -> None:
    application, lead = application_to(role), company["hiring-manager"]
    round_ = InterviewRound.objects.filter(kit__role=role)[0]
    owed, card = asked(company, application, round_, lead, company["interviewer"])
    handed_in(card, 3, "Quokka words of evidence")
    sign(application=application, verdict=Verdict.STOP, reasons=REASONS, by=company["recruiter"], now=NOW)
    with pytest.raises(UserError, match="own scorecard"):
        draft_feedback(application=application, by=lead, now=NOW)
    made = draft_feedback(application=application, by=company["recruiter"], now=NOW)
    client, address = signed_in("hiring-manager"), reverse("feedback", args=[application.pk])
    assert "Quokka" not in client.get(address).content.decode()
    client.post(address, {"do": "approve", "edits": "0"})
    assert mail_of(made) is None
    handed_in(owed)
    assert "Quokka" in client.get(address).content.decode()


# The law -------------------------------------------------------------------------------------------------------


def law_of(role: OpenRole, application: Application, *places: str, tool: bool | None = True) -> Any:
    OpenRole.objects.filter(pk=role.pk).update(places=list(places), uses_automated_tool=tool)
    found = Application.objects.select_related("role__organisation").get(pk=application.pk)
    return outcome_law(found, now=NOW)


def test_not_in_our_table_and_nothing_asked_are_two_answers(company: Company, role: OpenRole) -> None:
    application = judged(company, role)
    unknown, silent = (law_of(role, application, place) for place in ("US-WY", "US-IL"))
    assert (unknown.drafts, unknown.not_in_table) == (
        (),
        ("Wyoming is not in our table on automated tools in hiring.",),
    )
    assert unknown.silent == ()
    assert (silent.drafts, silent.not_in_table, silent.silent) == ((), (), ("Illinois, United States",))


def test_a_text_that_may_be_owed_says_its_conditions_and_is_chosen_by_a_person(
    company: Company, role: OpenRole, letter: FeedbackLetter
) -> None:
    law = law_of(role, letter.application, "DE")
    assert {one.id for one in law.drafts} == {"eu-ai-act", "eu-automated"}
    assert not any(one.is_sure for one in law.drafts)
    assert all(duty.conditions or not duty.evidence.may_decide for one in law.drafts for duty in one.duties)
    assert law_of(role, letter.application, "DE", tool=False).drafts == ()
    law_of(role, letter.application, "DE")
    mail = approved(company, letter)
    assert "high-risk" not in mail.body
    take_back_feedback(letter=letter, by=company["recruiter"], now=NOW)
    chosen = {"eu-ai-act": {"included": True, "values": {"tool": "Ranker"}}}
    edited(company, letter, notices=chosen)
    with pytest.raises(UserError, match="purpose"):
        approved(company, letter)
    chosen["eu-ai-act"]["values"] = {"tool": "Ranker", "purpose": "order code samples"}
    edited(company, letter, notices=chosen)
    assert "uses Ranker, an AI system" in approved(company, letter).body


def test_a_notice_that_went_out_completes_the_laws_task(company: Company, role: OpenRole) -> None:
    application = judged(company, role)
    OpenRole.objects.filter(pk=role.pk).update(places=["DE"], uses_automated_tool=True)
    fresh = Application.objects.select_related("role__team", "role__organisation").get(pk=application.pk)
    refresh_application_tasks(fresh, now=NOW)
    task = RoleTask.objects.get(application=application, duty_id="EU-AI-ACT-HIGH-RISK/explanation")
    letter = draft_feedback(application=fresh, by=company["recruiter"], now=NOW)
    values = {"tool": "Ranker", "purpose": "order code samples"}
    edited(company, letter, notices={"eu-ai-act": {"included": True, "values": values}})
    approved(company, letter)
    task.refresh_from_db()
    assert task.done_by == company["recruiter"]


def test_whoever_was_chosen_gets_no_notice_of_an_adverse_outcome(company: Company, role: OpenRole) -> None:
    OpenRole.objects.filter(pk=role.pk).update(places=["DE"], uses_automated_tool=True)
    role.refresh_from_db()
    application = judged(company, role, verdict=Verdict.OFFER)
    letter = draft_feedback(application=application, by=company["recruiter"], now=NOW)
    chosen = {"eu-ai-act": {"included": True, "values": {"tool": "T", "purpose": "P"}}}
    edited(company, letter, notices=chosen)
    hire(application=application, by=company["recruiter"], now=NOW)
    assert "AI system" not in approved(company, letter).body


# Trail, one's data ---------------------------------------------------------------------------------------------


def test_what_went_out_is_exported_and_everything_is_erased(company: Company, letter: FeedbackLetter) -> None:
    person = str(letter.application.candidate_id)
    edited(company, letter)
    approved(company, letter)
    assert export_person(person)["feedback"] == [], "until it is out it can be taken back"
    send_due(OPEN)
    (given,) = export_person(person)["feedback"]
    assert given["points"][0]["text"] == "You named who decides."
    assert "You named" not in str(list(AuditEntry.objects.values_list("data", flat=True)))
    verify_trail()
    erase_person(person, now=OPEN)
    assert not FeedbackLetter.objects.exists()
    verify_trail()
