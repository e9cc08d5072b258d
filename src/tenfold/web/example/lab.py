"""The example's lab: a script works in a real room as an applicant would, and two colleagues review what it did."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from asgiref.sync import async_to_sync
from django.db import transaction

from tenfold.apps.candidates.models import Application, StageKind
from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.queries.changes import files_in
from tenfold.apps.labroom.queries.rubric import rubric_for
from tenfold.apps.labroom.queries.sessions import sandbox_here
from tenfold.apps.labroom.services.inviting import give_consent, invite
from tenfold.apps.labroom.services.reviewing import ask_reviews, submit_review
from tenfold.apps.labroom.services.submitting import submit
from tenfold.apps.labroom.services.working import begin
from tenfold.core.models import Organisation, User
from tenfold.kit.errors import UserError
from tenfold.labs import home, rooms, sessions
from tenfold.labs.rooms import Connection, Output, RoomError
from tenfold.labs.sessions import Session

LAB = "slow-inference"
BEFORE = (
    "ls",
    "head -30 README.md",
    "python platform/platform_server.py >/tmp/platform.log 2>&1 &",
    "python serve.py >/tmp/serve.log 2>&1 &",
    "sleep 6; python load.py",
    "cat service/features.py",
    "cat service/scoring.py",
)
"""What is typed before anything is changed: look, start, measure, read."""
AFTER = ("kill %2; sleep 2", "python serve.py >/tmp/serve.log 2>&1 &", "sleep 6; python load.py", "kill %1 %2; sleep 1")
PROMPT = b"$ "
NOTES = "Measured with load.py before and after each change. I would watch latency, look-ups a request and memory."
REVIEWS = {"jonas": (2, 3, 2), "teodor": (3, 2, 2)}
"""Ratings of each reviewer, scale after scale: they agree on most."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file as it is saved from the editor."""

    path: str
    content: bytes


def make_lab_session() -> LabInvitation:
    """An applicant of the example has done a lab and two colleagues have reviewed it; the one that is there already.

    Takes about a minute and a half: the room, what is typed in it and the work are real; only the person is invented.

    Raises:
        UserError: there is no example company, nobody in it waits for a lab, or no room can be made here.
    """
    group = Organisation.objects.filter(is_example=True).first()
    if group is None:
        raise UserError("There is no example company here.", remedy="`tenfold web demo` makes one.")
    there = LabInvitation.objects.filter(organisation=group, submitted_at__isnull=False).of_people().first()
    return there or _make(group)


def _make(group: Organisation) -> LabInvitation:
    team = {one.email.split("@")[0]: one for one in User.objects.filter(is_example=True)}
    invitation = _invite_someone(group, team["priya"])
    session = begin(invitation=invitation, now=sessions.utc_now())
    async_to_sync(_work)(session, list(_changes(session)))
    submit(invitation=invitation, now=sessions.utc_now())
    _review(invitation, team)
    return invitation


@transaction.atomic
def _invite_someone(group: Organisation, by: User) -> LabInvitation:
    now = sessions.utc_now()
    at_lab = Application.objects.filter(role__organisation=group, stage__kind=StageKind.LAB, lab_invitations=None)
    rows = at_lab.visible_to(by).select_related("role__team", "candidate").order_by("pk")
    found = next((one for one in rows if one.is_open), None)
    if found is None:
        raise UserError("Nobody in the example company waits for a lab.")
    made = invite(team=found.role.team, lab=LAB, lasts=timedelta(days=7), by=by, now=now, application=found)
    give_consent(invitation=made, now=now)
    made.refresh_from_db()
    return made


def _changes(session: Session) -> Iterator[Change]:
    """All but one of the files that the reference solution changes, and a diagnosis with all but one of the causes."""
    with sandbox_here() as sandbox:
        variant = session.variant(home.home(), sandbox)
    starter, reference = (files_in(variant.workspace(name)) for name in ("starter", "reference"))
    mended = [path for path in sorted(reference) if path.endswith(".py") and reference[path] != starter.get(path)]
    yield from (Change(path, reference[path]) for path in mended[:-1])
    causes = variant.parameters["faults"][: max(1, len(mended) - 1)] or ["none"]
    quoted = ", ".join(f'"{one}"' for one in causes)
    text = starter["diagnosis.toml"].decode().replace("causes = []", f"causes = [{quoted}]")
    yield Change("diagnosis.toml", text.replace('notes = ""', f'notes = "{NOTES}"').encode())


async def _work(session: Session, changes: Iterable[Change]) -> None:
    connection = await rooms.attach(session, role=rooms.Role.DRIVER, size=(100, 30), is_relayed=False)
    typist = _Typist(connection)
    try:
        for line in BEFORE:
            await typist.run(line)
        for change in changes:
            await _save(session, change)
        for line in AFTER:
            await typist.run(line)
    finally:
        await typist.leave()


async def _save(session: Session, change: Change) -> None:
    """From the editor, with a few saves on the way, as people do."""
    files = rooms.files(session)
    held = await files.read(change.path)
    lines = change.content.splitlines(keepends=True)
    version = held.version
    for _, end in pairwise((0, len(lines) // 2, len(lines))):
        rest = held.content.splitlines(keepends=True)[end:] if end < len(lines) else []
        version = await files.write(change.path, b"".join([*lines[:end], *rest]), version=version)
        await asyncio.sleep(2)


class _Typist:
    """Types at a person's pace, and waits for the prompt."""

    PACE_S = 0.05
    READING_S = 1.5
    LONGEST_S = 60.0

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at = connection.accepted
        self._said = b""
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for frame in self._connection:
            if isinstance(frame, Output):
                self._said = (self._said + frame.data)[-len(PROMPT) :]
                await self._connection.acknowledge(frame.end)

    async def run(self, line: str) -> None:
        await self._until_prompt()
        for letter in line:
            await self._type(letter)
            await asyncio.sleep(self.PACE_S)
        self._said = b""
        await self._type("\r")
        await self._until_prompt()
        await asyncio.sleep(self.READING_S)

    async def _type(self, letter: str) -> None:
        await self._connection.send_input(self._at, letter.encode())
        self._at += len(letter)

    async def _until_prompt(self) -> None:
        until = time.monotonic() + self.LONGEST_S
        while self._said != PROMPT and time.monotonic() < until:
            await asyncio.sleep(0.1)

    async def leave(self) -> None:
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError, RoomError):
            await self._reading
        await self._connection.close()


def _review(invitation: LabInvitation, team: dict[str, User]) -> None:
    """Two colleagues, blind to each other; what they say is made of the rubric's own descriptions."""
    people = [team[login] for login in REVIEWS]
    asked = ask_reviews(invitation=invitation, reviewers=people, by=team["priya"], now=sessions.utc_now())
    scales = rubric_for(invitation)
    for review, given in zip(asked, REVIEWS.values(), strict=True):
        ratings = {
            scale.id: {"rating": rating, "evidence": f"Invented note: {scale.anchors[rating]}"}
            for scale, rating in zip(scales, given, strict=False)
        }
        submit_review(review=review, ratings=ratings, by=review.reviewer, now=sessions.utc_now())
