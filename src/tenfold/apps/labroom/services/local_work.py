"""A lab done with one's own tools: the session's repository is fetched and pushed to, a tag hands in.

From the first fetch on the clock runs until the work is in: nobody can see when somebody works on their own machine. A
worker keeps it, minute by minute, so that what is charged does not hang on a page that is open.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlsplit

from asgiref.sync import async_to_sync
from django.core import signing
from django.db import transaction
from django.urls import reverse

from tenfold.apps.candidates.queries.mailtext import site_url
from tenfold.apps.labroom.models import LabInvitation, LabroomEvent
from tenfold.apps.labroom.queries.links import invitation_of
from tenfold.apps.labroom.queries.sessions import sandbox_here, session_of
from tenfold.apps.labroom.services.plain import note_presence
from tenfold.apps.labroom.services.submitting import submit
from tenfold.apps.labroom.services.working import begin
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.labs import engines, home, rooms
from tenfold.labs.repository import Repository
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session, State

SALT = "labroom.repository"


def can_be_fetched() -> bool:
    """Whether labs can be done with one’s own tools here. On several machines they are done in the browser."""
    return not engines.is_shared(home.home())


def repository_key(invitation: LabInvitation) -> str:
    """What git gives as password: as good as the invitation’s link, and gone with it."""
    return signing.dumps({"i": str(invitation.pk), "v": invitation.link_version}, salt=SALT)


def clone_command(invitation: LabInvitation) -> str:
    """What a candidate types to fetch their work; the key stands in the address."""
    address = urlsplit(site_url() + reverse("lab-git-refs", args=[invitation.pk]).removesuffix("/info/refs"))
    key = quote(repository_key(invitation), safe="")
    return f"git clone {address.scheme}://candidate:{key}@{address.netloc}{address.path} {invitation.lab}"


def invitation_of_key(pk: str, key: str) -> LabInvitation | None:
    """The invitation that a key opens; None where it is another’s, or the link was renewed since."""
    try:
        held = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        return None
    return invitation_of(held) if held["i"] == pk else None


def advertise(invitation: LabInvitation, service: str, *, protocol: str, now: datetime) -> bytes:
    """The first answer of a fetch or push, over the newest work. The first fetch of all begins the attempt.

    Raises:
        UserError: no consent yet, it is handed in, paused or over, or for a push somebody is in the room.
    """
    session = _enter(invitation, now)
    with session.alone("repository"):
        _save_room(session, closes=service == "receive-pack")
        repository = Repository(session)
        with sandbox_here() as sandbox:
            starter = session.variant(home.home(), sandbox).workspace("starter")
        repository.bring_up_to_date(starter, now)
        return repository.advertise(service, protocol)


def fetch(invitation: LabInvitation, body: bytes, *, protocol: str, now: datetime) -> bytes:
    """Answers a fetch. Raises UserError."""
    session = _enter(invitation, now)
    return Repository(session).send(body, protocol)


def push(invitation: LabInvitation, body: bytes, *, protocol: str, now: datetime) -> bytes:
    """Takes a push, saves it, and hands in where the tag `submit` came with it.

    Raises:
        UserError: as for `advertise`, or the push cannot be kept.
    """
    session = _enter(invitation, now)
    with session.alone("repository"):
        _must_be_closed(session)
        received = Repository(session).receive(body, now, protocol)
        if received.is_submission:
            submit(invitation=invitation, now=now)
    return received.answer


def _enter(invitation: LabInvitation, now: datetime) -> Session:
    if invitation.submitted_at is not None:
        raise UserError("This work is handed in.", remedy="It cannot be changed any more.")
    if not can_be_fetched():
        raise UserError("This lab is done in the browser.", remedy="Open it from your page.")
    session = begin(invitation=invitation, now=now)
    if session.paused() is not None:
        raise UserError("Your session is paused.", remedy="Ask whoever invited you to go on.")
    if session.clock().is_over:
        raise UserError("Your time is over. What you pushed last is saved.", remedy="Submit it on your page.")
    session.must_be_enterable()
    _note_local(invitation, now)
    note_presence(invitation, session, now)
    return session


@transaction.atomic
def _note_local(invitation: LabInvitation, now: datetime) -> None:
    if LabInvitation.objects.filter(pk=invitation.pk, local_since=None).update(local_since=now):
        data = {"lab": invitation.lab, "application": str(invitation.application_id or "")}
        record(kind=LabroomEvent.LOCAL_BEGUN, by="candidate", of=invitation, now=now, data=data)


def _is_room_open(session: Session) -> bool:
    return (home.home().rooms / "open" / session.id).exists()


def _save_room(session: Session, *, closes: bool) -> None:
    if not _is_room_open(session):
        return
    try:
        async_to_sync(rooms.close_room if closes else rooms.save)(session)
    except UserError as error:
        if closes:
            raise UserError(
                "Your room is open in a browser.", remedy="Close its pages, fetch what you did there, and push again."
            ) from error
    except RoomError as error:
        raise UserError("The room does not answer, which is our fault.", remedy="Try again in a minute.") from error


def _must_be_closed(session: Session) -> None:
    if _is_room_open(session):
        raise UserError("Your room was opened in a browser meanwhile.", remedy="Close its pages, and push again.")


def keep_clocks(now: datetime) -> None:
    """Each minute, by a worker: whoever works on their own machine is charged until their work is in."""
    rows = LabInvitation.objects.filter(local_since__isnull=False, submitted_at=None, withdrawn_at=None, erased_at=None)
    for one in rows:
        session = session_of(one)
        if session is not None and _runs(session):
            note_presence(one, session, now)


def _runs(session: Session) -> bool:
    return session.state is State.OPEN and session.paused() is None and not session.clock().is_over
