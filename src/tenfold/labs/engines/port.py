"""What the lab room asks of whatever holds rooms and grades work, on one machine or on many.

An engine says where a room is and whose it is; bytes of terminals never pass through it (see `tenfold.labs.rooms`).
`tests/labs/engines/conformance.py` is what every engine must pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tenfold.kit.errors import UserError
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Verdict


class NoOtherHost(UserError):
    """There is no other host that could take the room; it stays where it is."""


class Phase(StrEnum):
    """Where a session stands, as an engine sees it."""

    OPEN = "open"  # begun, and no host holds a room for it
    HELD = "held"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    GRADED = "graded"


@dataclass(frozen=True, slots=True)
class Standing:
    """A session's phase and who holds its room. `attempt` grows with every new holder and never goes back.

    `host` is "" where none holds it, `saved` the hash of the newest snapshot that is known, "" before the first.
    """

    session: str
    phase: Phase
    host: str = ""
    attempt: int = 0
    saved: str = ""


@dataclass(frozen=True, slots=True)
class HostState:
    """A machine that holds rooms. `slots`: how many at most, None where nobody set a number. `is_cordoned`: no new."""

    name: str
    holds: tuple[str, ...]
    slots: int | None = None
    is_cordoned: bool = False


class Engine(Protocol):
    """Safe to ask twice: who asks again gets what is, and nothing is done a second time."""

    @property
    def name(self) -> str: ...

    async def hold(self, session: Session) -> Standing:
        """Sees to it that one host holds the room: the one that does already, else one with a free slot.

        Raises:
            UserError: there is no room, and the session is submitted, paused or out of time, or no host takes new ones.
            RoomError: it failed, which is our fault.
        """

    async def state(self, session: Session) -> Standing:
        """How it stands; changes nothing."""

    async def move(self, session: Session) -> Standing:
        """Saves the room and has another host hold it. Raises `NoOtherHost`; then the room is where it was."""

    async def cordon(self, host: str) -> None:
        """From now on this host takes no new rooms; those that it holds stay. Raises `UserError` for no such host."""

    async def uncordon(self, host: str) -> None:
        """This host takes new rooms again. Harmless where it does."""

    async def drain(self, host: str) -> tuple[str, ...]:
        """Cordons a host, saves its rooms and lets them go; returns the sessions that it held.

        Where there are other hosts they take the rooms; else the next `hold` goes on from what was saved.
        """

    async def submit(self, session: Session) -> str:
        """Hands in what the room holds now, or what was saved last where there is none; ends the room.

        Returns the snapshot's hash, which is then in the session's folder on this machine.
        """

    async def grade(
        self, session: Session, *, again: bool = False, on_position: Callable[[int], None] = lambda _: None
    ) -> Verdict:
        """Judges what was handed in, once for a snapshot and an edition of the lab; `again` anew, beside the first.

        `on_position` is told how many gradings come first.
        """

    async def hosts(self) -> tuple[HostState, ...]:
        """The machines that hold rooms, by name."""
