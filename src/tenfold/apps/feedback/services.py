"""Feedback drafted, edited, approved and taken back. Nothing goes to anybody that a named person has not approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    MailTemplate,
    MoveKind,
    OutgoingMail,
    RoleTask,
    TemplateKind,
)
from tenfold.apps.candidates.queries.mailtext import MailText, fill_template
from tenfold.apps.candidates.services.duties import complete_task
from tenfold.apps.candidates.services.mail import HOLD, add_default_templates, hold
from tenfold.apps.candidates.services.mail import take_back as take_back_mail
from tenfold.apps.decisions.models import Verdict
from tenfold.apps.decisions.queries import owes_scorecard
from tenfold.apps.feedback.models import FeedbackEvent, FeedbackLetter
from tenfold.apps.feedback.queries.drafting import CLOSING, decision_told, draft_points, list_editor_notes
from tenfold.apps.feedback.queries.letters import can_be_taken_back, hash_of_letter, letter_text, mail_of
from tenfold.apps.feedback.queries.notices import OutcomeLaw, outcome_law, render_chosen
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

LONGEST = 5_000
Points = Sequence[Mapping[str, Any]]
Notices = Mapping[str, Mapping[str, Any]]


@transaction.atomic
def draft_feedback(*, application: Application, by: User, now: datetime) -> FeedbackLetter:
    """A draft from the evidence, to be edited.

    Raises:
        NotAllowed: the user does not decide in this role.
        UserError: no decision stands, the user owes a scorecard, nothing is handed in, or there is a draft.
    """
    require(by, "feedback.write", application)
    held = Application.objects.select_for_update(of=("self",)).select_related("role__team").get(pk=application.pk)
    if owes_scorecard(held, by):
        raise UserError("You have not submitted your own scorecard.", remedy="Submit it first; then read the others’.")
    if decision_told(held) is None:
        raise UserError("Feedback follows a signed decision.", remedy="Sign the decision in the debrief first.")
    if FeedbackLetter.objects.filter(application=held).exists():
        raise UserError("There is a draft already.", remedy="Reload the page.")
    points: Any = draft_points(held, by)
    if not points:
        raise UserError("No scorecard is in.", remedy="Feedback is drafted from the evidence in scorecards.")
    add_default_templates(organisation=held.role.organisation, by=by, now=now)
    letter = FeedbackLetter.objects.create(
        application=held, points=points, closing=CLOSING, drafted_by=by, drafted_at=now
    )
    record(kind=FeedbackEvent.DRAFTED, by=by, of=letter, now=now, data=_data(letter))
    return letter


@transaction.atomic
def edit_feedback(
    *, letter: FeedbackLetter, points: Points, closing: str, notices: Notices, by: User, now: datetime
) -> FeedbackLetter:
    """What is said of each competency, and whether; the competencies stay. Raises UserError once it is approved."""
    require(by, "feedback.write", letter)
    held = _draft(letter)
    given = {one["name"]: one for one in points}
    held.points = [_edit_point(one, given.get(one["name"], one)) for one in held.points]
    held.closing, held.notices, held.edits = closing.strip()[:LONGEST], dict(notices), held.edits + 1
    held.save(update_fields=["points", "closing", "notices", "edits"])
    record(kind=FeedbackEvent.EDITED, by=by, of=held, now=now, data=_data(held))
    return held


def _edit_point(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    text = str(given["text"]).replace("\r\n", "\n").strip()[:LONGEST]
    return {"name": before["name"], "text": text, "included": bool(given["included"]) and bool(text)}


@transaction.atomic
def approve_feedback(*, letter: FeedbackLetter, edits: int, by: User, now: datetime) -> OutgoingMail:
    """In the user's own name; the mail waits half an hour, and the candidate's page opens with it.

    Raises:
        NotAllowed: the user does not decide in this role.
        UserError: somebody edited it since it was read, it is approved already, the outcome was not told yet, something
            bars it, a notice that the law asks for lacks a value, or the mail cannot be written.
    """
    require(by, "feedback.write", letter)
    held = _draft(letter)
    if held.edits != edits:
        raise UserError("Somebody edited it since.", remedy="Reload the page and read it first.")
    application = held.application
    if application.is_open:
        raise UserError("The application is open.", remedy="Tell the outcome first; feedback does not replace it.")
    for remark in list_editor_notes(held.points, held.closing, application):
        if remark.is_bar:
            raise UserError(remark.says, remedy="Edit the draft; nothing was sent.")
    law = law_for(application, now=now)
    held.sent = _finish_letter(held, law)
    held.approved_by, held.approved_name, held.approved_at = by, str(by)[:120], now
    mail = _hold_mail(held, by=by, now=now)
    held.mail_id, held.opens_at = mail.pk, mail.send_after
    held.save(update_fields=["sent", "approved_by", "approved_name", "approved_at", "mail_id", "opens_at"])
    _complete_tasks(held, law, by=by, now=now)
    data = {**_data(held), KEY: hash_of_letter(held)}
    record(kind=FeedbackEvent.APPROVED, by=by, of=held, now=now, data=data)
    return mail


@transaction.atomic
def take_back_feedback(*, letter: FeedbackLetter, by: User, now: datetime) -> None:
    """It is a draft again, and the candidate learns nothing of it. Raises UserError where it has gone out."""
    require(by, "feedback.write", letter)
    held = FeedbackLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    mail = mail_of(held)
    if mail is None or not can_be_taken_back(held):
        raise UserError("Nothing waits any more.", remedy="Write another mail.")
    take_back_mail(mail=mail, by=by, now=now)
    record(kind=FeedbackEvent.TAKEN_BACK, by=by, of=held, now=now, data=_data(held))


def law_for(application: Application, *, now: datetime) -> OutcomeLaw:
    """What the law asks after a decision against somebody; nothing where they were chosen."""
    decision = decision_told(application)
    if decision is None or decision.verdict != Verdict.STOP:
        return OutcomeLaw((), (), (), ())
    return outcome_law(application, now=now)


def _draft(letter: FeedbackLetter) -> FeedbackLetter:
    """The letter, locked; raises UserError where it waits or has gone out."""
    rows = FeedbackLetter.objects.select_for_update(of=("self",)).select_related(
        "application__role__team", "application__role__organisation", "application__candidate", "application__stage"
    )
    held: FeedbackLetter = rows.get(pk=letter.pk)
    if mail_of(held) is not None:
        raise UserError("This feedback is approved.", remedy="Take it back first, while it waits.")
    return held


def _finish_letter(letter: FeedbackLetter, law: OutcomeLaw) -> dict[str, Any]:
    notices = render_chosen(law, letter.notices)
    return {
        "points": [{"name": one["name"], "text": one["text"]} for one in letter.points if one["included"]],
        "closing": letter.closing,
        "notices": [{"id": one.template, "title": one.title, "text": one.text, "cited": one.cited} for one in notices],
    }


def preview_mail(letter: FeedbackLetter, *, sender: str, now: datetime) -> MailText:
    """Exactly what this person would get; raises UserError where something is missing."""
    text = _finish_letter(letter, law_for(letter.application, now=now))
    template = MailTemplate.objects.filter(
        organisation=letter.application.role.organisation, kind=TemplateKind.FEEDBACK
    ).earliest("saved_at")
    filled = fill_template(letter.application, template, sender=sender)
    return MailText(to=filled.to, subject=filled.subject, body=f"{filled.body.rstrip()}\n\n{letter_text(text)}\n")


def _hold_mail(letter: FeedbackLetter, *, by: User, now: datetime) -> OutgoingMail:
    """Held with the rejection, where there is one: taken back with it, too."""
    application = letter.application
    move = ApplicationMove.objects.filter(application=application, undone_by=None).order_by("number").last()
    text = preview_mail(letter, sender=str(by), now=now)
    is_rejection = move is not None and move.kind == MoveKind.REJECTED
    return hold(
        application=application, text=text, by=by, now=now, after=now + HOLD, move=move if is_rejection else None
    )


def _complete_tasks(letter: FeedbackLetter, law: OutcomeLaw, *, by: User, now: datetime) -> None:
    """The law's tasks on this application that the notices in the letter fulfil."""
    ids = {one["id"] for one in letter.sent["notices"]}
    served = [duty.id for one in law.drafts if one.id in ids for duty in one.duties]
    tasks = RoleTask.objects.filter(application=letter.application, duty_id__in=served, done_at=None)
    for task in tasks.select_related("role__team", "role__organisation"):
        complete_task(task=task, by=by, now=now)


def _data(letter: FeedbackLetter) -> dict[str, Any]:
    return {
        "application": str(letter.application_id),
        "role": str(letter.application.role_id),
        "edits": letter.edits,
    }


def export_person(person_id: str) -> list[dict[str, Any]]:
    """Feedback that has gone out; evidence in drafts is exported with its scorecards."""
    rows = FeedbackLetter.objects.filter(application__candidate__pk=person_id).exclude(approved_at=None)
    sent = [one for one in rows if (mail := mail_of(one)) is not None and mail.sent_at is not None]
    return [{"approved_at": one.approved_at.isoformat(), **one.sent} for one in sent if one.approved_at]


def erase_person(person_id: str, now: datetime) -> int:
    """Removes every letter; that there was one stays in the trail, by id."""
    del now
    return int(FeedbackLetter.objects.filter(application__candidate__pk=person_id).delete()[0])
