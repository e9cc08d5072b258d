"""Orders of other hiring systems: taken once, answered with where the work stands, and told when that changes.

Nothing of the grade or a verdict leaves before a person has signed: until then a system reads how far it is.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from tenfold.apps.candidates.queries.mailtext import site_url
from tenfold.apps.labroom.models import (
    LabInvitation,
    LabroomEvent,
    PartnerKey,
    PartnerOrder,
    SignedLabVerdict,
    System,
)
from tenfold.apps.labroom.queries.labs import lab_of
from tenfold.apps.labroom.queries.sessions import verdict_of
from tenfold.apps.labroom.services.inviting import invite, send_invitation, withdraw
from tenfold.core.fetching import Fetcher, NotFetched
from tenfold.core.models import HiringTeam, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.core.tokens import hash_of, new_token
from tenfold.kit.errors import UserError

LASTS = timedelta(days=14)
LONGEST_KEY = 170
ASHBY = "https://api.ashbyhq.com/assessment.update"
PAUSES_S = (60, 300, 1_800, 7_200, 43_200, 86_400)
"""Between tries; after the last a day lies between them, for as long as the invitation is kept."""
COMPLETE, CANCELLED = "complete", "cancelled"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an order is for."""

    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where ordered work stands. `verdict`, `points` and `of` only once a person has signed."""

    step: str
    profile_url: str
    verdict: str = ""
    points: float | None = None
    of: float | None = None


@transaction.atomic
def make_key(*, team: HiringTeam, system: str, their_key: str, by: User, now: datetime) -> tuple[PartnerKey, str]:
    """A key for a system, which is shown once.

    Raises:
        NotAllowed: only administrators.
        UserError: no such system, or no key of theirs to answer with.
    """
    require(by, "webhook.manage", team.organisation)
    if system not in System.values:
        raise UserError("There is no such system.", remedy="Choose Greenhouse or Ashby.")
    if not 0 < len(their_key.strip()) <= LONGEST_KEY:
        raise UserError("Results are sent with a key that the other system gives you.", remedy="Paste it.")
    secret = new_token()
    made = PartnerKey.objects.create(
        organisation=team.organisation,
        team=team,
        system=system,
        key_hash=hash_of(secret),
        their_key=their_key.strip(),
        made_by=by,
        made_at=now,
    )
    record(kind=LabroomEvent.PARTNER_KEY_MADE, by=by, of=made, now=now, data={"system": system})
    return made, secret


@transaction.atomic
def remove_key(*, key: PartnerKey, by: User, now: datetime) -> None:
    """It opens nothing any more, and nothing is sent by it; what was ordered stays."""
    require(by, "webhook.manage", key.organisation)
    PartnerKey.objects.filter(pk=key.pk, removed_at=None).update(removed_at=now)
    record(kind=LabroomEvent.PARTNER_KEY_REMOVED, by=by, of=key, now=now, data={"system": key.system})


def key_of(system: str, secret: str, now: datetime) -> PartnerKey | None:
    """The key that a request came with; None where it is none, removed, or its person has left."""
    rows = PartnerKey.objects.select_related("organisation", "team", "made_by")
    found: PartnerKey | None = rows.filter(system=system, key_hash=hash_of(secret), removed_at=None).first()
    if found is None or found.made_by is None or not found.made_by.is_active:
        return None
    PartnerKey.objects.filter(pk=found.pk).update(used_at=now)
    return found


def order(*, key: PartnerKey, lab: str, person: Person, asked: str, reply_to: str, now: datetime) -> PartnerOrder:
    """Invites the person and mails the link; the same request again gives the order that it made.

    Raises:
        UserError: no such lab, no name or address, or an address to answer to that is not https.
        NotAllowed: whoever made the key does not run this team's hiring any more.
    """
    digest = _digest(lab, person, asked)
    held: PartnerOrder | None = PartnerOrder.objects.filter(key=key, asked=digest).first()
    if held is not None:
        return held
    lab_of(lab)
    if reply_to and (urlsplit(reply_to).scheme != "https" or len(reply_to) > 1_000):
        raise UserError("Results are sent to an https address.", remedy="Give one as “url”.")
    by, name = _maker(key), f"{person.first_name} {person.last_name}"
    try:
        with transaction.atomic():
            invitation = invite(team=key.team, lab=lab, lasts=LASTS, by=by, now=now, name=name, email=person.email)
            made = PartnerOrder.objects.create(invitation=invitation, key=key, asked=digest, reply_to=reply_to)
    except IntegrityError:  # the same request, at the same time
        found: PartnerOrder = PartnerOrder.objects.get(key=key, asked=digest)
        return found
    send_invitation(invitation=invitation, by=by, now=now)
    return made


def _maker(key: PartnerKey) -> User:
    if key.made_by is None:
        raise UserError("Whoever made this key has left.", remedy="Make a new one.")
    return key.made_by


def is_ordered(*, key: PartnerKey, lab: str, person: Person, asked: str) -> bool:
    """Whether the same request came before."""
    return PartnerOrder.objects.filter(key=key, asked=_digest(lab, person, asked)).exists()


def _digest(lab: str, person: Person, asked: str) -> str:
    return hashlib.sha256(json.dumps([lab, person.email.casefold(), asked]).encode()).hexdigest()


def cancel(*, found: PartnerOrder, now: datetime) -> None:
    """Withdraws the invitation. Raises UserError where the work is in."""
    if found.invitation.withdrawn_at is None:
        withdraw(invitation=found.invitation, by=_maker(found.key), now=now)


def order_of(key: PartnerKey, pk: str) -> PartnerOrder | None:
    """An order of this very key, by the id of its invitation; None for anything else."""
    rows = PartnerOrder.objects.select_related("invitation__team", "invitation__organisation", "key__made_by")
    return rows.filter(key=key, invitation_id=pk).first() if _is_id(pk) else None


def _is_id(text: str) -> bool:
    return len(text) == 36 and all(one in "0123456789abcdef-" for one in text) and text.count("-") == 4


def progress(invitation: LabInvitation) -> Progress:
    """Where the work stands, as another system may know it."""
    address = site_url() + reverse("lab-session", args=[invitation.pk])
    signed = SignedLabVerdict.objects.filter(invitation=invitation, taken_back_at=None).first()
    if signed is not None:
        grade = verdict_of(invitation)
        points, of = (grade.points, grade.of) if grade else (None, None)
        return Progress(COMPLETE, address, str(signed.get_verdict_display()), points, of)
    steps = (
        (invitation.submitted_at is not None, "in review"),
        (invitation.withdrawn_at is not None, CANCELLED),
        (invitation.begun_at is not None, "started"),
    )
    return Progress(next((words for holds, words in steps if holds), "invited"), address)


def tell_due(now: datetime, *, fetcher: Fetcher | None = None, ashby: str = ASHBY) -> int:
    """Each minute, by a worker: tells systems of what changed, until they take it. Returns how many took it."""
    rows = PartnerOrder.objects.select_related("invitation", "key").filter(
        Q(next_try_at=None) | Q(next_try_at__lte=now), key__removed_at=None, invitation__erased_at=None
    )
    open_ones = rows.exclude(told__in=(CANCELLED, COMPLETE))
    return sum(_tell(one, now, fetcher or Fetcher(timeout_s=15), ashby) for one in open_ones)


def _tell(one: PartnerOrder, now: datetime, fetcher: Fetcher, ashby: str) -> bool:
    stands = progress(one.invitation)
    if stands.step == one.told:
        return False
    pause = timedelta(seconds=PAUSES_S[min(one.tries, len(PAUSES_S) - 1)])
    mine = PartnerOrder.objects.filter(pk=one.pk, tries=one.tries, told=one.told)
    if not mine.update(tries=min(one.tries + 1, 30_000), next_try_at=now + pause):
        return False  # another worker has it
    send = _tell_greenhouse if one.key.system == System.GREENHOUSE else _tell_ashby
    try:
        took = send(one, stands, now, fetcher, ashby)
    except NotFetched:
        took = False
    if took:
        PartnerOrder.objects.filter(pk=one.pk).update(told=stands.step, tries=0, next_try_at=None)
    return took


def _basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def _tell_greenhouse(one: PartnerOrder, stands: Progress, now: datetime, fetcher: Fetcher, ashby: str) -> bool:
    """Only that it is complete: Greenhouse then asks for the rest."""
    del now, ashby
    if stands.step != COMPLETE:
        return True
    return fetcher.post(one.reply_to, b"", _basic(one.key.their_key), method="PATCH") < 300


def _tell_ashby(one: PartnerOrder, stands: Progress, now: datetime, fetcher: Fetcher, ashby: str) -> bool:
    body = {"assessment_id": str(one.invitation_id), "timestamp": int(now.timestamp() * 1000), **ashby_update(stands)}
    headers = {**_basic(one.key.their_key), "Content-Type": "application/json"}
    return fetcher.post(ashby, json.dumps(body).encode(), headers) < 300


def ashby_update(stands: Progress) -> dict[str, Any]:
    """Values as Ashby takes them: each with an identifier, a label and a type. A result means that it is done."""
    told: dict[str, Any] = {
        "assessment_status": _value("status", "Status", "string", stands.step),
        "assessment_profile_url": _value("profile", "Work and reviews", "url", stands.profile_url),
        "metadata": [],
    }
    if stands.step == CANCELLED:
        told["cancelled_reason"] = _value("cancelled", "Cancelled", "string", "The invitation was withdrawn")
    if stands.verdict:
        told["assessment_result"] = _value("verdict", "Verdict", "string", stands.verdict)
    if stands.points is not None and stands.of:
        told["metadata"] = [
            _value("points", f"Automatic grade, of {stands.of:g}", "numeric_score", stands.points),
        ]
    return told


def _value(identifier: str, label: str, kind: str, value: str | float) -> dict[str, Any]:
    return {"identifier": identifier, "label": label, "type": kind, "value": value}
