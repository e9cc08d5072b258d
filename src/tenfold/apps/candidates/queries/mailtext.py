"""Mail texts with gaps: which gaps there are, and the text with every one of them filled, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from tenfold.apps.candidates.models import Application, MailTemplate
from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import join

GAP = re.compile(r"\{([^{}]*)\}")
VARIABLES = {
    "first_name": "The candidate's first name",
    "name": "The candidate's whole name",
    "role": "The role's title",
    "company": "The employer's name",
    "stage": "The stage where the application is",
    "status_page": "Link to the candidate's own page",
    "sender": "Who writes",
}
_OWN_LINK = re.compile(r"\S*/candidate/[^\s/]+/\S*")
OWN_LINK_WORDS = "[the link to their own page]"
SALT = "candidates.status"


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail as it will be read."""

    to: str
    subject: str
    body: str


def check_text(text: str, *, field: str) -> None:
    """Raises UserError where a text has a gap that nothing fills or that its field may not hold, or half a brace."""
    unknown = [name for name in GAP.findall(text) if name not in VARIABLES]
    if unknown:
        raise UserError(
            f"There is nothing to put into {{{unknown[0]}}}.",
            remedy=f"Known: {', '.join('{' + name + '}' for name in VARIABLES)}.",
            place=Place(field=field),
        )
    if field == "subject" and "status_page" in GAP.findall(text):
        raise UserError(
            "The link to the candidate's own page cannot stand in a subject, which others see.",
            remedy="Put {status_page} into the text.",
            place=Place(field=field),
        )
    if "{" in GAP.sub("", text) or "}" in GAP.sub("", text):
        raise UserError("A curly brace is missing its partner.", remedy="Write {role}.", place=Place(field=field))


def values_for(application: Application, *, sender: str) -> dict[str, str]:
    """What fills the gaps for one application; what is not known is empty."""
    candidate, role = application.candidate, application.role
    return {
        "first_name": candidate.first_name,
        "name": candidate.name,
        "role": role.title,
        "company": role.employer or role.organisation.name,
        "stage": application.stage.name,
        "status_page": status_link(application),
        "sender": sender,
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text without gaps.

    Raises:
        UserError: a gap has no value; then nothing is sent.
    """
    missing = sorted({name for name in GAP.findall(text) if not values.get(name, "").strip()})
    if missing:
        raise UserError(
            f"This mail lacks {join([name.replace('_', ' ') for name in missing])}.",
            remedy="Fill it in on the person's card, or remove the placeholder from the text. Nothing was sent.",
        )
    return GAP.sub(lambda found: values[found[1]], text)


def fill_template(application: Application, template: MailTemplate, *, sender: str) -> MailText:
    """Exactly what this person would get.

    Raises:
        UserError: a gap has no value, or the person has no address.
    """
    return written_from(application, subject=template.subject, body=template.body, sender=sender)


def written_from(application: Application, *, subject: str, body: str, sender: str) -> MailText:
    """As `written`, from texts that are not kept as a template."""
    check_text(subject, field="subject")
    check_text(body, field="body")
    values = values_for(application, sender=sender)
    return MailText(
        to=address_of(application), subject=" ".join(fill(subject, values).split()), body=fill(body, values)
    )


def address_of(application: Application) -> str:
    """Raises UserError where the person has no e-mail address."""
    addresses = sorted(application.candidate.emails.all(), key=lambda one: not one.is_primary)
    if not addresses:
        raise UserError("This person has no e-mail address.", remedy="Add one on their card.")
    return str(addresses[0].address)


def status_link(application: Application) -> str:
    """The signed link to the candidate's own page."""
    return site_url() + reverse("candidate-status", args=[status_token(application)])


def hide_own_link(text: str) -> str:
    """A mail as colleagues see it: whoever holds the candidate's link acts as the candidate."""
    return _OWN_LINK.sub(OWN_LINK_WORDS, text)


def status_token(application: Application) -> str:
    return signing.dumps({"a": str(application.pk), "v": application.link_version}, salt=SALT)


def opened_by(token: str) -> Application | None:
    """The application that a link opens; None where it was changed, replaced, or the person was erased."""
    try:
        held = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found = Application.objects.select_related("role__organisation", "role__team", "candidate", "stage")
    return found.filter(pk=held["a"], link_version=held["v"], candidate__erased_at=None).first()


def site_url() -> str:
    return settings.SITE_URL or "http://localhost:8000"
