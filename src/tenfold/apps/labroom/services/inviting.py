"""Invitations: made, sent, renewed, withdrawn; consent and accommodations; who sits in."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from anymail.exceptions import AnymailError
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.queries.mailtext import MailText, address_of
from tenfold.apps.candidates.services.mail import hold
from tenfold.apps.candidates.services.privacy import ask_accommodation
from tenfold.apps.labroom.models import LabInvitation, LabPartner, LabroomEvent, Part
from tenfold.apps.labroom.queries.consent import consent_record
from tenfold.apps.labroom.queries.labs import lab_of, title_of
from tenfold.apps.labroom.queries.links import lab_link
from tenfold.core.models import HiringTeam, TeamMember, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import Place, UserError

LEAST_DAYS, MOST_DAYS = 1, 60
TRIED = timedelta(days=14)
"""How long a colleague's own try is kept."""
log = structlog.get_logger(__name__)


@transaction.atomic
def invite(
    *,
    team: HiringTeam,
    lab: str,
    lasts: timedelta,
    by: User,
    now: datetime,
    application: Application | None = None,
    name: str = "",
    email: str = "",
) -> LabInvitation:
    """Invites an applicant, or somebody by name and address alone, to one lab.

    Inviting the same person to the same lab again is another attempt, with another variant.

    Raises:
        NotAllowed: the user does not run the team's hiring.
        UserError: no such lab, a link for too short or too long, a closed application, or an address that is none.
    """
    require(by, "lab.invite", application or team)
    lab_of(lab)
    if not timedelta(days=LEAST_DAYS) <= lasts <= timedelta(days=MOST_DAYS):
        raise UserError(f"A link is open for {LEAST_DAYS} to {MOST_DAYS} days.", place=Place(field="days"))
    if application is not None:
        if not application.is_open or application.role.team_id != team.pk:
            raise UserError("Only open applications of the team’s roles are invited.", remedy="Reload the page.")
        name = email = ""
    else:
        name, email = _contact(name, email)
    invitation = LabInvitation.objects.create(
        organisation_id=team.organisation_id,
        team=team,
        application=application,
        name=name,
        email=email,
        lab=lab,
        attempt=_next_attempt(application, lab),
        invited_by=by,
        invited_at=now,
        expires_at=now + lasts,
    )
    record(kind=LabroomEvent.INVITED, by=by, of=invitation, now=now, data=_data(invitation))
    return invitation


def _contact(name: str, email: str) -> tuple[str, str]:
    name, email = " ".join(name.split())[:120], email.strip()[:254]
    if not name:
        raise UserError("The person needs a name.", remedy="Fill it in.", place=Place(field="name"))
    try:
        validate_email(email)
    except ValidationError:
        raise UserError("This is not an e-mail address.", remedy="Check it.", place=Place(field="email")) from None
    return name, email


def _next_attempt(application: Application | None, lab: str) -> int:
    if application is None:
        return 1
    return LabInvitation.objects.filter(application=application, lab=lab).count() + 1


def mail_text(invitation: LabInvitation, *, sender: str) -> MailText:
    """The mail with the link, exactly as it goes out. Raises UserError where there is no address."""
    application, title = invitation.application, title_of(invitation.lab)
    company = application.role.employer if application else ""
    company = company or invitation.organisation.name
    lab = lab_of(invitation.lab)
    body = (
        f"Hello {invitation.person},\n\n"
        f"{company} invites you to a work sample: {title}, {lab.minutes} minutes on real tools, in your browser. There "
        "is nothing to install.\n\n"
        f"{lab_link(invitation)}\n\n"
        f"The link is yours alone and open until {invitation.expires_at:%-d %B %Y}. It first explains what is recorded "
        "and how it is graded, offers a practice room that does not count, and tells you how to ask for more time or "
        f"another format.\n\n{sender}\n"
    )
    to = address_of(application) if application else invitation.email
    return MailText(to=to, subject=f"{company}: a work sample, “{title}”", body=body)


def send_invitation(*, invitation: LabInvitation, by: User, now: datetime) -> bool:
    """Mails the link; whether it is on its way. An applicant's mail waits a minute in the outbox like every other.

    Raises:
        NotAllowed, or UserError where the person has no address.
    """
    require(by, "lab.arrange", invitation)
    text = mail_text(invitation, sender=str(by))
    if invitation.application is not None:
        after = now + timedelta(minutes=1)
        hold(application=invitation.application, text=text, by=by, now=now, after=after)
        return True
    try:
        return bool(send_mail(text.subject, text.body, None, [text.to]))
    except (SMTPException, AnymailError, OSError) as error:
        log.warning("an invitation was not sent", reason=type(error).__name__)
        return False


@transaction.atomic
def renew_link(*, invitation: LabInvitation, lasts: timedelta, by: User, now: datetime) -> LabInvitation:
    """A new link; the old one no longer opens anything."""
    require(by, "lab.arrange", invitation)
    if not timedelta(days=LEAST_DAYS) <= lasts <= timedelta(days=MOST_DAYS):
        raise UserError(f"A link is open for {LEAST_DAYS} to {MOST_DAYS} days.", place=Place(field="days"))
    held = LabInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    held.link_version, held.expires_at, held.withdrawn_at = held.link_version + 1, now + lasts, None
    held.save(update_fields=["link_version", "expires_at", "withdrawn_at"])
    record(kind=LabroomEvent.LINK_RENEWED, by=by, of=held, now=now, data=_data(held))
    return held


@transaction.atomic
def withdraw(*, invitation: LabInvitation, by: User, now: datetime) -> None:
    """Closes the link. What was handed in stays. Raises UserError where it is withdrawn or handed in."""
    require(by, "lab.arrange", invitation)
    held = LabInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if held.withdrawn_at is not None or held.submitted_at is not None:
        raise UserError("This invitation cannot be withdrawn any more.", remedy="Reload the page.")
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    record(kind=LabroomEvent.WITHDRAWN, by=by, of=held, now=now, data=_data(held))


@transaction.atomic
def give_consent(*, invitation: LabInvitation, now: datetime) -> None:
    """Keeps that the person agreed, and to what, word for word."""
    held = LabInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if held.consented_at is not None and held.begun_at is not None:
        return
    lab = lab_of(held.lab)
    held.consent = consent_record(lab, with_application=held.application_id is not None)
    held.consented_at = now
    held.save(update_fields=["consent", "consented_at"])
    record(kind=LabroomEvent.CONSENTED, by="candidate", of=held, now=now, data=_data(held))


@transaction.atomic
def ask_for_accommodation(*, invitation: LabInvitation, text: str, now: datetime) -> None:
    """Goes to those who arrange it, and to nobody who reviews. Raises UserError for an empty text."""
    if invitation.application is not None:
        ask_accommodation(application=invitation.application, text=text, now=now)
        return
    if not text.strip():
        raise UserError("Say what would help you.", remedy="A few words are enough.")
    LabInvitation.objects.filter(pk=invitation.pk).update(
        accommodation=text.strip()[:2_000], accommodation_asked_at=now
    )


@transaction.atomic
def set_partner(*, invitation: LabInvitation, user: User, part: str, by: User, now: datetime) -> LabPartner:
    """Lets a colleague of the hiring team sit in, or changes their part; it counts at once, in open rooms too.

    Raises:
        UserError: no such part, somebody outside the team, or somebody who reviews this session.
    """
    require(by, "lab.arrange", invitation)
    if part not in Part.values:
        raise UserError("There is no such part.", remedy="Choose observer, navigator or driver.")
    if not TeamMember.objects.filter(team=invitation.team, member__user=user).exists():
        raise UserError(f"{user} is not in the hiring team.", remedy="Add them on the page “Team” first.")
    found, _ = LabPartner.objects.update_or_create(
        invitation=invitation, user=user, defaults={"part": part, "set_at": now}
    )
    data = _data(invitation, who=str(user.pk), part=part)
    record(kind=LabroomEvent.PARTNER_SET, by=by, of=invitation, now=now, data=data)
    return found


@transaction.atomic
def remove_partner(*, invitation: LabInvitation, user: User, by: User, now: datetime) -> None:
    require(by, "lab.arrange", invitation)
    if LabPartner.objects.filter(invitation=invitation, user=user).delete()[0]:
        data = _data(invitation, who=str(user.pk))
        record(kind=LabroomEvent.PARTNER_REMOVED, by=by, of=invitation, now=now, data=data)


def _data(invitation: LabInvitation, **more: str) -> dict[str, str]:
    role = str(invitation.application.role_id) if invitation.application else ""
    application = str(invitation.application_id) if invitation.application_id else ""
    return {"lab": invitation.lab, "application": application, "role": role, **more}
