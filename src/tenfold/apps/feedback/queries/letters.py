"""A letter as it reads, and whether it waits, has gone out or was taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from tenfold.apps.candidates.models import Application, ApplicationState, MailState, OutgoingMail
from tenfold.apps.feedback.models import FeedbackLetter
from tenfold.core.models import AuditEntry, Organisation, User
from tenfold.core.seals import hash_of_content
from tenfold.core.todo import ToDo

LEFT_LYING = timedelta(days=30)


def mail_of(letter: FeedbackLetter) -> OutgoingMail | None:
    """The mail of the last approval, unless it was taken back: then the letter is a draft again."""
    found: OutgoingMail | None = (
        OutgoingMail.objects.filter(pk=letter.mail_id).exclude(state=MailState.TAKEN_BACK).first()
        if letter.mail_id
        else None
    )
    return found


def can_be_taken_back(letter: FeedbackLetter) -> bool:
    mail = mail_of(letter)
    return mail is not None and mail.state == MailState.HELD


def open_letter(application: Application, *, now: datetime) -> FeedbackLetter | None:
    """What the candidate's page shows: approved, and its half hour is over."""
    letter = FeedbackLetter.objects.filter(application=application, opens_at__lte=now).first()
    return letter if letter is not None and mail_of(letter) is not None else None


def letter_text(sent: dict[str, Any]) -> str:
    """The letter under the greeting, as the mail has it."""
    parts = [f"{one['name']}\n{one['text']}" for one in sent["points"]]
    notices = [f"{one['title']}\n{one['text']}\n{one['cited']}" for one in sent["notices"]]
    return "\n\n".join(part for part in [*parts, sent["closing"], *notices] if part.strip())


def hash_of_letter(letter: FeedbackLetter) -> str:
    return hash_of_content([str(letter.application_id), letter.sent, letter.approved_name])


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the letter as it is now; None where it was approved anew since, or the person was erased."""
    letter = FeedbackLetter.objects.filter(pk=entry.of_id).first()
    if letter is not None:
        return hash_of_letter(letter) if letter.edits == entry.data.get("edits") else None
    person = Application.objects.filter(pk=entry.data.get("application")).select_related("candidate").first()
    return "" if person is not None and person.candidate.erased_at is None else None


def letter_titles(user: User, ids: Collection[str]) -> dict[str, str]:
    rows = FeedbackLetter.objects.visible_to(user).filter(pk__in=[one for one in ids if len(one) == 36])
    return {str(pk): f"Feedback, {title}" for pk, title in rows.values_list("pk", "application__role__title")}


def todo(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    """Drafts of people whose application is closed and who have heard nothing of it yet."""
    rows = FeedbackLetter.objects.visible_to(user).filter(
        application__role__organisation=organisation, drafted_at__gt=now - LEFT_LYING
    )
    rows = rows.exclude(application__state=ApplicationState.OPEN)
    for one in rows.select_related("application__candidate", "application__role")[:20]:
        if mail_of(one) is None:
            title = f"{one.application.candidate}, {one.application.role.title}"
            yield ToDo("Feedback to finish", title, reverse("feedback", args=[one.application_id]))
