"""Mail: texts kept, mails held, taken back, sent; answers put into their threads."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import getaddresses
from importlib.resources import files
from smtplib import SMTPException

import structlog
import tomli
from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    CandidateEmail,
    CandidateEvent,
    IncomingMail,
    MailState,
    MailTemplate,
    OutgoingMail,
    TemplateKind,
)
from tenfold.apps.candidates.models.encryption import blind
from tenfold.apps.candidates.queries.contact import email_index
from tenfold.apps.candidates.queries.mailtext import MailText, check_text, fill_template, written_from
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

HOLD = timedelta(minutes=30)
"""How long a rejection waits: time to notice a mistake."""
MAX_TRIES = 5
MAX_TEXT = 100_000
log = structlog.get_logger(__name__)


@transaction.atomic
def add_default_templates(*, organisation: Organisation, by: User, now: datetime) -> None:
    """Texts to begin with: one of each kind of which an organisation has none."""
    there = set(MailTemplate.objects.filter(organisation=organisation).values_list("kind", flat=True))
    texts = tomli.loads((files("tenfold.apps.candidates") / "data" / "mail_texts.toml").read_text("utf-8"))
    for kind, text in texts.items():
        if kind in there:
            continue
        MailTemplate.objects.create(
            organisation=organisation,
            name=text["name"],
            kind=TemplateKind(kind),
            subject=text["subject"],
            body=text["body"].strip(),
            saved_by=by,
            saved_at=now,
        )


@transaction.atomic
def save_template(
    *,
    organisation: Organisation,
    template: MailTemplate | None,
    name: str,
    kind: TemplateKind,
    subject: str,
    body: str,
    by: User,
    now: datetime,
) -> MailTemplate:
    """Keeps a text.

    Raises:
        NotAllowed: only editors change texts.
        UserError: a gap that nothing fills, an empty text, or a name that is taken.
    """
    require(by, "mail-template.edit", organisation)
    if not (name.strip() and subject.strip() and body.strip()):
        raise UserError("A template needs a name, a subject and a text.", remedy="Fill in all three.")
    check_text(subject, field="subject")
    check_text(body, field="body")
    row = template or MailTemplate(organisation=organisation)
    same = MailTemplate.objects.filter(organisation=organisation, name=name.strip()).exclude(pk=row.pk)
    if same.exists():
        raise UserError(f"There is a text “{name.strip()}” already.", remedy="Choose another name.")
    row.name, row.kind, row.subject, row.body = name.strip(), kind, subject.strip(), body.strip()
    row.saved_by, row.saved_at = by, now
    row.save()
    record(kind=CandidateEvent.TEMPLATE_SAVED, by=by, of=row, now=now, data={"name": row.name})
    return row


@transaction.atomic
def write_mail(*, application: Application, subject: str, body: str, by: User, now: datetime) -> OutgoingMail:
    """A mail to a candidate; it waits a minute, in which it can be taken back.

    Raises:
        NotAllowed: the user does not run this role's hiring.
        UserError: a gap has no value, the person has no address, or a text is empty.
    """
    require(by, "application.work", application)
    if not (subject.strip() and body.strip()):
        raise UserError("A mail needs a subject and a text.", remedy="Fill in both.")
    text = written_from(application, subject=subject, body=body, sender=str(by))
    return hold(application=application, text=text, by=by, now=now, after=now + timedelta(minutes=1))


def hold_from_template(
    *,
    application: Application,
    template: MailTemplate,
    by: User | None,
    now: datetime,
    after: datetime,
    move: ApplicationMove | None = None,
) -> OutgoingMail:
    """Raises UserError where the text cannot be filled for this person; then nothing is held."""
    text = fill_template(application, template, sender=str(by) if by else application.role.employer)
    return hold(application=application, text=text, by=by, now=now, after=after, move=move)


def hold(
    *,
    application: Application,
    text: MailText,
    by: User | None,
    now: datetime,
    after: datetime,
    move: ApplicationMove | None = None,
    calendar: str = "",
    method: str = "",
    to_user: User | None = None,
) -> OutgoingMail:
    """Puts a finished mail into the outbox."""
    mail = OutgoingMail.objects.create(
        application=application,
        move=move,
        to_user=to_user,
        to_address=text.to,
        subject=text.subject[:300],
        body=text.body,
        calendar=calendar,
        calendar_method=method,
        send_after=after,
        message_id=f"<{uuid.uuid4()}@{_domain()}>",
        written_by=by,
        written_at=now,
    )
    data = {"application": str(application.pk), "role": str(application.role_id)}
    record(kind=CandidateEvent.MAIL_HELD, by=by or "tenfold", of=mail, now=now, data=data)
    return mail


@transaction.atomic
def take_back(*, mail: OutgoingMail, by: User, now: datetime) -> None:
    """Raises NotAllowed, or UserError where it has been sent."""
    require(by, "application.work", mail)
    if not _take_back([mail], by=by, now=now):
        raise UserError("This mail has been sent already.", remedy="Write another one.")


def take_back_of_move(move: ApplicationMove, *, by: User, now: datetime) -> tuple[int, int]:
    """How many waiting mails of a move were taken back, and how many had been sent."""
    mails = list(OutgoingMail.objects.filter(move=move).exclude(state=MailState.TAKEN_BACK))
    taken = _take_back(mails, by=by, now=now)
    return taken, len(mails) - taken


def stop_mails(mails: Sequence[OutgoingMail], *, now: datetime) -> int:
    """Takes back what still waits, because something happened that makes it pointless."""
    return _take_back(mails, by="tenfold", now=now)


def _take_back(mails: Sequence[OutgoingMail], *, by: User | str, now: datetime) -> int:
    """Only what still waits changes its state, whatever a sender does at the same moment."""
    taken = 0
    for mail in mails:
        if OutgoingMail.objects.filter(pk=mail.pk, state=MailState.HELD).update(state=MailState.TAKEN_BACK):
            taken += 1
            data = {"application": str(mail.application_id)}
            record(kind=CandidateEvent.MAIL_TAKEN_BACK, by=by, of=mail, now=now, data=data)
    return taken


# Sending ------------------------------------------------------------------------------------------------------


def send_due(now: datetime) -> int:
    """Sends what has waited long enough; several workers at once send each mail once."""
    due = OutgoingMail.objects.filter(state=MailState.HELD, send_after__lte=now).order_by("send_after")
    return sum(_send(pk, now) for pk in list(due.values_list("pk", flat=True)[:200]))


def _send(pk: uuid.UUID, now: datetime) -> bool:
    """One mail, which is ours once its state says so."""
    if not OutgoingMail.objects.filter(pk=pk, state=MailState.HELD).update(state=MailState.SENDING):
        return False
    mail = OutgoingMail.objects.select_related("application__role").get(pk=pk)
    try:
        message = message_of(mail)
        message.send()
    except (SMTPException, AnymailError, OSError) as error:
        _note_failure(mail, type(error).__name__, now)
        return False
    _end(mail, MailState.SENT, CandidateEvent.MAIL_SENT, now, sent_at=now, problem="", service_id=_service_id(message))
    return True


def _service_id(message: EmailMultiAlternatives) -> str:
    """What a mail service calls this mail; its later notices name it so."""
    status = getattr(message, "anymail_status", None)
    return str(getattr(status, "message_id", "") or "")[:200]


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The mail as it goes out: plain text, and the calendar part by which a calendar offers to accept."""
    headers = {"Message-ID": mail.message_id}
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body,
        to=[mail.to_address],
        headers=headers,
        reply_to=[reply_address(mail.application)] if settings.REPLY_DOMAIN else None,
    )
    if mail.calendar:
        message.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
    return message


def reply_address(application: Application) -> str:
    """An address of ours that leads an answer to its application. It says nothing of the person."""
    mark = blind(str(application.pk), kind="reply")[:20]
    return f"reply+{application.pk.hex}.{mark}@{settings.REPLY_DOMAIN}"


def _note_failure(mail: OutgoingMail, problem: str, now: datetime) -> None:
    """Tried again with growing pauses, and given up after a day; what went wrong is kept without addresses."""
    tries = mail.tries + 1
    if tries >= MAX_TRIES:
        _end(mail, MailState.FAILED, CandidateEvent.MAIL_FAILED, now, tries=tries, problem=problem[:200])
        return
    later = now + timedelta(minutes=5 * 4**tries)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=MailState.HELD, tries=tries, problem=problem[:200], send_after=later
    )


@transaction.atomic
def _end(mail: OutgoingMail, state: MailState, kind: CandidateEvent, now: datetime, **values: object) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, **values)
    data = {"application": str(mail.application_id)}
    record(kind=kind, by="tenfold", of=mail, now=now, data=data)


@transaction.atomic
def note_delivery(*, message_id: str, is_delivered: bool, problem: str, now: datetime) -> bool:
    """What a mail service says became of a mail."""
    mail = (
        OutgoingMail.objects.filter(Q(service_id=message_id) | Q(message_id=message_id)).first() if message_id else None
    )
    if mail is None:
        return False
    state = MailState.DELIVERED if is_delivered else MailState.BOUNCED
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, problem="" if is_delivered else problem[:200])
    if not is_delivered:
        index = email_index(mail.to_address)
        CandidateEmail.objects.filter(candidate=mail.application.candidate_id, index=index).update(bounced_at=now)
        data = {"application": str(mail.application_id)}
        record(kind=CandidateEvent.MAIL_FAILED, by="tenfold", of=mail, now=now, data=data)
    return True


# Answers ------------------------------------------------------------------------------------------------------


@transaction.atomic
def receive(
    *,
    sender: str,
    recipients: Sequence[str],
    subject: str,
    text: str,
    message_id: str,
    references: str,
    now: datetime,
) -> IncomingMail | None:
    """Puts an answer into its thread: by what it answers, else by our address that it went to.

    None where it belongs to nothing here; then nothing is kept of it.
    """
    answered = OutgoingMail.objects.filter(message_id__in=re.findall(r"<[^<>\s]+>", references)[-50:]).first()
    application = answered.application if answered else _by_address(recipients)
    if application is None or application.candidate.erased_at is not None:
        return None
    index = blind(message_id or f"{sender}{subject}{text}"[:2_000], kind="message")
    known: IncomingMail | None = IncomingMail.objects.filter(application=application, message_index=index).first()
    if known:
        return known
    mail: IncomingMail = IncomingMail.objects.create(
        application=application,
        answers=answered,
        from_address=sender[:320],
        subject=subject[:300],
        text=text[:MAX_TEXT],
        message_index=index,
        received_at=now,
    )
    data = {"application": str(application.pk), "role": str(application.role_id)}
    record(kind=CandidateEvent.MAIL_RECEIVED, by="tenfold", of=mail, now=now, data=data)
    return mail


def _by_address(recipients: Sequence[str]) -> Application | None:
    for _, address in getaddresses(list(recipients)):
        found = re.match(r"reply\+([0-9a-f]{32})\.([0-9a-f]{20})@", address, re.IGNORECASE)
        if found is None:
            continue
        application = Application.objects.filter(pk=uuid.UUID(found[1])).first()
        if application and reply_address(application).partition("@")[0] == address.lower().partition("@")[0]:
            return application
    return None


def _domain() -> str:
    return settings.REPLY_DOMAIN or settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
