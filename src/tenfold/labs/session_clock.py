"""A session's clock: who was in the room when, what was granted, and what is given back where we failed."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenfold.kit.errors import UserError
from tenfold.labs.clock import HEARTBEAT_S, Allowance, Clock, Interval, clock
from tenfold.labs.session_store import SessionStore, State

SETTLING_IN_MINUTES = 2.0  # given back with a failure of ours: to read where one was, and start things again
MOST_SETTLING_IN = 2  # so often; after that what was not saved is still given back, and nothing for settling in
LONGEST_SILENCE_S = 300.0  # who was not heard of for longer was away (the machine slept), and is not charged for it


_BEAT_BYTES = 64


@dataclass(frozen=True, slots=True)
class Account:
    """Seconds given back where a room failed, and seconds away, which were never charged."""

    refunded_s: float
    away_s: float


@dataclass(frozen=True, slots=True)
class SessionClock(SessionStore):
    """The clock runs while somebody is in the room."""

    def clock(self) -> Clock:
        facts = self.facts()
        allowance = Allowance(int(facts["minutes"]), float(facts["accommodation"]), float(facts["extension_minutes"]))
        return clock(self._visits(), allowance)

    def _visits(self) -> list[Interval]:
        """Stays in the room, without what was found to be absence."""
        with self._database() as database:
            rows = self._rows_of_visits(database)
            gaps = database.execute("select began_at, ended_at from absence").fetchall()
        visits = [Interval(*map(datetime.fromisoformat, row)) for row in rows]
        for gap in (Interval(*map(datetime.fromisoformat, row)) for row in gaps):
            visits = [part for visit in visits for part in visit.without(gap)]
        return visits

    def _rows_of_visits(self, database: sqlite3.Connection) -> list[tuple[str, str]]:
        """Begin and end of each; of the one under way, up to the last beat."""
        rows = database.execute("select id, began_at, last_seen_at, ended from visit order by id").fetchall()
        beat_of, beat_at = self._beat()
        return [
            (began, max(seen, beat_at, key=datetime.fromisoformat) if number == beat_of and not ended else seen)
            for number, began, seen, ended in rows
        ]

    def beat(self, visit: int, now: datetime) -> None:
        """Someone is there: so cheap that it can be noted twice a second. It outlives our process, not the machine."""
        text = f"{visit} {now.isoformat()}".ljust(_BEAT_BYTES).encode("ascii")
        fd = os.open(self.folder / "beat", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(fd, text, 0)
        finally:
            os.close(fd)

    def _beat(self) -> tuple[int, str]:
        try:
            number, at = (self.folder / "beat").read_text("ascii").split()
            datetime.fromisoformat(at)
            return int(number), at
        except (OSError, ValueError):
            return 0, ""

    def end_visits(self) -> None:
        """After a crash: visits that nobody ended are over since the last that was heard of whoever was in."""
        beat_of, beat_at = self._beat()
        with self._database() as database:
            rows = database.execute("select id, last_seen_at from visit where not ended").fetchall()
        for number, seen in rows:
            last = max(seen, beat_at, key=datetime.fromisoformat) if number == beat_of else seen
            self.leave(number, datetime.fromisoformat(last))

    def account(self) -> Account:
        """What was given back, and how long the candidate was away between their first visit and their last."""
        visits = self._visits()
        refunded = sum(entry.data["minutes"] * 60 for entry in self.events() if entry.kind == "refund")
        if not visits:
            return Account(refunded, 0.0)
        span = max(one.last_seen_at for one in visits) - min(one.began_at for one in visits)
        return Account(round(refunded, 3), max(0.0, span.total_seconds() - clock(visits, Allowance(0)).used_s))

    def enter(self, now: datetime) -> int:
        """Someone comes into the room; the clock runs. Returns the visit's number."""
        with self._database() as database:
            row = database.execute(
                "insert into visit (began_at, last_seen_at) values (?, ?) returning id", (now.isoformat(),) * 2
            ).fetchone()
        self.note("enter", now, visit=row[0])
        return int(row[0])

    def heartbeat(self, visit: int, now: datetime) -> None:
        """Someone is still there. After a long silence the time in between does not count: nobody could work in it."""
        with self._database() as database:
            row = database.execute("select last_seen_at from visit where id = ? and not ended", (visit,)).fetchone()
            if row is None:
                return
            silence_s = (now - datetime.fromisoformat(row[0])).total_seconds()
            if silence_s > LONGEST_SILENCE_S:
                database.execute("insert into absence (began_at, ended_at) values (?, ?)", (row[0], now.isoformat()))
            database.execute("update visit set last_seen_at = ? where id = ?", (now.isoformat(), visit))
        if silence_s > LONGEST_SILENCE_S:
            self.note("absent", now, visit=visit, seconds=round(silence_s))

    def leave(self, visit: int, now: datetime) -> None:
        """They go out; the clock stands. Repeating changes nothing."""
        with self._database() as database:
            left = database.execute(
                "update visit set last_seen_at = ?, ended = 1 where id = ? and not ended", (now.isoformat(), visit)
            ).rowcount
        if left:
            self.note("leave", now, visit=visit, used_s=round(self.clock().used_s))

    def extend(self, minutes: float, reason: str, by: str, now: datetime) -> None:
        """More time."""
        self._add_minutes(minutes)
        self.note("extend", now, minutes=minutes, reason=reason, by=by)

    def _add_minutes(self, minutes: float) -> None:
        with self._database() as database:
            database.execute(
                "update fact set value = cast(value as real) + ? where key = 'extension_minutes'", (minutes,)
            )

    def accommodate(self, factor: float, by: str, now: datetime) -> None:
        """Another time factor. Raises `UserError` for one that would take time away from what everybody has."""
        must_be_an_accommodation(factor)
        self._set(accommodation=str(factor))
        self.note("accommodate", now, factor=factor, by=by)

    def pause(self, reason: str, by: str, now: datetime) -> None:
        """The clock stands from now on, whoever is in the room goes out. Raises `UserError` where it is paused."""
        if self.state is not State.OPEN or self.paused() is not None:
            raise UserError(f"session {self.id} is {'paused' if self.paused() is not None else self.state} already")
        with self._database() as database:
            database.execute("insert or replace into fact values ('paused', ?)", (reason,))
            # Someone in the room was last seen up to a beat ago; they are charged until now and not a second more.
            recent = (now - timedelta(seconds=3 * HEARTBEAT_S)).isoformat()
            database.execute(
                "update visit set last_seen_at = ? where not ended and last_seen_at > ?", (now.isoformat(), recent)
            )
            database.execute("update visit set ended = 1")
        self.note("pause", now, reason=reason, by=by, used_s=round(self.clock().used_s))

    def resume(self, by: str, now: datetime) -> None:
        """Raises `UserError` where it is not paused."""
        with self._database() as database:
            if not database.execute("delete from fact where key = 'paused'").rowcount:
                raise UserError(f"session {self.id} is not paused")
        self.note("resume", now, by=by)

    def paused(self) -> str | None:
        """Why it is paused, if it is."""
        return self.facts().get("paused")

    def must_be_enterable(self) -> None:
        """Raises `UserError` where the session is handed in, paused, or out of time."""
        if self.state is not State.OPEN:
            raise UserError(f"session {self.id} has been submitted", remedy="start another attempt")
        if (why := self.paused()) is not None:
            raise UserError(f"session {self.id} is paused: {why}", remedy=f"tenfold labs resume {self.id} --by …")
        if self.clock().is_over:
            raise UserError("the time is over", remedy=f"tenfold labs submit {self.id}")

    def room_failed(self, visit: int | None, why: str, now: datetime) -> float:
        """The room failed, perhaps under somebody: their visit ends and time is given back. Returns the minutes."""
        if visit is not None:
            self.leave(visit, now)
        return self._give_back(why, now)

    def _give_back(self, why: str, now: datetime) -> float:
        """What was worked since the last save is lost with the room, and settling in again takes a moment too.

        Once for each room; returns the minutes.
        """
        facts = self.facts()
        if facts.get("refunded") == facts.get("box", ""):
            return 0.0
        given = sum(entry.kind == "refund" for entry in self.events())
        settling_in = SETTLING_IN_MINUTES if given < MOST_SETTLING_IN else 0.0
        minutes = round(self._unsaved_s() / 60 + settling_in, 4)
        self._add_minutes(minutes)
        self._set(refunded=facts.get("box", ""))
        self.note("refund", now, minutes=minutes, reason="the room failed", detail=why[:500])
        return minutes

    def _unsaved_s(self) -> float:
        """Seconds in the room since the work was last saved."""
        saved_at = self.facts().get("saved_at")
        visits = self._visits()
        since = [one.after(datetime.fromisoformat(saved_at)) for one in visits] if saved_at else visits
        return clock(since, Allowance(0)).used_s


def must_be_an_accommodation(factor: float) -> None:
    if not 1 <= factor <= 5:
        raise UserError("an accommodation is a factor from 1 to 5")
