"""The clock of a room that is served: it runs while the candidate is heard of, and every second is accounted for."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from tenfold.labs.session_store import State
from tenfold.labs.sessions import Session

SILENCE_S = 3.0
"""Who was not heard of for so long is cut off: the clock stands from when they last were."""

_LOOK_EVERY_S = 1.0
_HEARTBEAT_S = 10.0


class Heard(Protocol):
    """An attachment, as far as the clock is concerned."""

    heard_at: float
    is_relayed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session's time stands, in seconds. `refunded_s`: given back where a room failed; `away_s`: not charged."""

    used_s: float
    allowed_s: float
    left_s: float
    refunded_s: float
    away_s: float
    is_running: bool


class RoomClock:
    """Follows who is in the room. Its notes are written so often that a kill costs nobody a second."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._visit: int | None = None
        self._heard_at = 0.0
        self._noted_at = 0.0
        self._looked_at = 0.0
        self._seal: int | None = None
        self._watch: sqlite3.Connection | None = None
        self._why = ""
        self._left_s = 0.0
        self._known_at = 0.0

    @property
    def is_running(self) -> bool:
        return self._visit is not None

    def follow(self, candidates: Sequence[Heard], now: float) -> None:
        """Starts, goes on or stops, by when the candidate was last heard of."""
        # A program on this machine is heard of as long as its connection stands; a browser is, when it says so.
        heard = max((one.heard_at if one.is_relayed else now for one in candidates), default=0.0)
        if self._visit is None:
            if candidates and now - heard <= SILENCE_S:
                self._visit = self._session.enter(_moment(max(heard, self._heard_at)))
                self._heard_at = self._noted_at = heard
            return
        if candidates:
            self._heard_at = max(self._heard_at, heard)
        if not candidates or now - self._heard_at > SILENCE_S:
            self._leave()
            return
        self._session.beat(self._visit, _moment(self._heard_at))
        if now - self._noted_at > _HEARTBEAT_S:
            # To the disk for good, which takes a while: in a thread, or a hundred rooms would wait for it.
            loop = asyncio.get_running_loop()
            loop.run_in_executor(None, self._session.heartbeat, self._visit, _moment(self._heard_at))
            self._noted_at = now

    def hear_last(self, at: float) -> None:
        """Of an attachment that goes: until when it counts."""
        self._heard_at = max(self._heard_at, at)

    def _leave(self) -> None:
        visit, self._visit = self._visit, None
        if visit is not None:
            self._session.leave(visit, _moment(self._heard_at))
            self._seal = None

    def stop(self, now: datetime) -> tuple[int | None, datetime]:
        """The room closes or breaks: the visit that was under way, and when the candidate was last heard of."""
        visit = self._visit
        until = _moment(self._heard_at) if self._heard_at else now
        self._leave()
        return visit, until

    def why_closed(self) -> str:
        """“kind:words” where the session is paused, over or handed in. Looks once a second, where something changed."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_EVERY_S:
            self._looked_at = now
            seal = self._version()
            if seal != self._seal:
                self._seal, self._known_at = seal, time.time()
                self._look()
        if not self._why and self.is_running and self._left_s - (time.time() - self._known_at) <= 0:
            clock = self._session.clock()
            return "over:the time is over; your work is saved" if clock.is_over else ""
        return self._why

    def _version(self) -> int:
        """Changes whenever somebody else writes to the session's database; asked without locking or writing."""
        if self._watch is None:
            path = self._session.folder / "session.sqlite"
            self._watch = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        return int(self._watch.execute("pragma data_version").fetchone()[0])

    def close(self) -> None:
        """Lets go of the database."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()

    def look_again(self) -> None:
        """Something changed: `why_closed` looks at once."""
        self._looked_at, self._seal = 0.0, None

    def _look(self) -> None:
        facts = self._session.facts()
        self._left_s = self._session.clock().left_s
        if facts["state"] != State.OPEN:
            self._why = "submitted:the work was handed in"
        elif "paused" in facts:
            self._why = f"paused:{facts['paused']}"
        else:
            self._why = ""

    def standing(self) -> Standing:
        clock = self._session.clock()
        account = self._session.account()
        return Standing(
            used_s=round(clock.used_s, 3),
            allowed_s=clock.allowed_s,
            left_s=round(clock.left_s, 3),
            refunded_s=account.refunded_s,
            away_s=round(account.away_s, 3),
            is_running=self.is_running,
        )


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
