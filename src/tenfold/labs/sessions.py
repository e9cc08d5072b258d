"""One candidate's work on one variant: a folder with SQLite and files, no Django.

    session.sqlite   state, clock, snapshots, verdicts        events.jsonl   what happened, hash-chained
    recordings/      asciicast of every terminal              snapshots/     tars named by their SHA-256

Every verb may be killed at any moment: files are renamed into place before the database names them, and what the
database says is what holds. An event that a crash kept from being written is written at the next opening.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import secrets
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from tenfold.kit import hashchain
from tenfold.kit.errors import UserError
from tenfold.labs import environments, grading, lab_reader, registry, variants
from tenfold.labs.clock import HEARTBEAT_S, Allowance, Clock, Interval, clock
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.variants import Variant
from tenfold.labs.verdicts import Outcome, Verdict
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.interface import (
    Box,
    BoxGone,
    BoxSpec,
    Sandbox,
    SandboxUnavailable,
    SnapshotTooLarge,
    Tree,
)

KEEP_S = 2 * 3600.0
SETTLING_IN_MINUTES = 2.0  # given back with a failure of ours: to read where one was, and start things again
MOST_SETTLING_IN = 2  # so often; after that what was not saved is still given back, and nothing for settling in
LONGEST_SILENCE_S = 300.0  # who was not heard of for longer was away (the machine slept), and is not charged for it
_SCHEMA = """
create table if not exists fact (key text primary key, value text not null);
create table if not exists visit (id integer primary key, began_at text not null, last_seen_at text not null, ended
integer not null default 0); create table if not exists snapshot (id integer primary key, hash text not null, kind text
not null, at text not null, size integer not null); create table if not exists verdict (
    id integer primary key, snapshot text not null, edition text not null, again integer not null, at text not null,
    body text not null, noted integer not null default 0, unique (snapshot, edition, again)
);
create table if not exists hint (id integer primary key, at text not null);
create table if not exists absence (id integer primary key, began_at text not null, ended_at text not null);
"""


_EDITION_OF_SCHEMA = 2


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings a session that an older version began to this schema."""
    (edition,) = connection.execute("pragma user_version").fetchone()
    if edition >= _EDITION_OF_SCHEMA:
        return
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    if "stay" in tables and "visit" not in tables:
        connection.execute("alter table stay rename to visit")
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"pragma user_version = {_EDITION_OF_SCHEMA}")


class State(StrEnum):
    """Where a session stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    GRADED = "graded"


@dataclass(frozen=True, slots=True)
class Taken:
    """One snapshot."""

    hash: str
    kind: str
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Session:
    """A session's folder. Values are read from it when asked for; nothing is held."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    # what holds

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.folder / "session.sqlite", timeout=20, isolation_level=None)
        try:
            connection.executescript("pragma journal_mode=wal; pragma synchronous=full;")
            connection.execute("begin immediate")
            _migrate(connection)
            yield connection
            connection.execute("commit")
        finally:
            connection.close()

    def facts(self) -> dict[str, str]:
        with self._database() as database:
            return dict(database.execute("select key, value from fact"))

    def _set(self, **facts: str) -> None:
        with self._database() as database:
            database.executemany("insert or replace into fact values (?, ?)", facts.items())

    def note(self, kind: str, now: datetime, **data: Any) -> None:
        """Adds an event to the chained log."""
        hashchain.append(self.folder / "events.jsonl", kind, data, at=now)

    @property
    def state(self) -> State:
        return State(self.facts()["state"])

    @property
    def lab(self) -> Lab:
        facts = self.facts()
        return lab_reader.read(Path(facts["labs"]) / facts["lab"])

    def variant(self, home: Home, sandbox: Sandbox) -> Variant:
        return variants.variant(home, sandbox, self.lab, self.facts()["seed"])

    # the clock

    def clock(self) -> Clock:
        facts = self.facts()
        allowance = Allowance(int(facts["minutes"]), float(facts["accommodation"]), float(facts["extension_minutes"]))
        return clock(self._visits(), allowance)

    def _visits(self) -> list[Interval]:
        """Stays in the room, without what was found to be absence."""
        with self._database() as database:
            rows = database.execute("select began_at, last_seen_at from visit").fetchall()
            gaps = database.execute("select began_at, ended_at from absence").fetchall()
        visits = [Interval(*map(datetime.fromisoformat, row)) for row in rows]
        for gap in (Interval(*map(datetime.fromisoformat, row)) for row in gaps):
            visits = [part for visit in visits for part in visit.without(gap)]
        return visits

    def must_be_enterable(self) -> None:
        """Raises `UserError` where the session is handed in, paused, or out of time."""
        if self.state is not State.OPEN:
            raise UserError(f"session {self.id} has been submitted", remedy="start another attempt")
        if (why := self.paused()) is not None:
            raise UserError(f"session {self.id} is paused: {why}", remedy=f"tenfold labs resume {self.id} --by …")
        if self.clock().is_over:
            raise UserError("the time is over", remedy=f"tenfold labs submit {self.id}")

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

    def room_failed(self, visit: int, why: str, now: datetime) -> float:
        """The room failed under somebody: their visit ends and time is given back. Returns the minutes."""
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
        minutes = round(self._unsaved_s() / 60 + settling_in, 1)
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

    # the room

    def open_box(self, home: Home, sandbox: Sandbox, now: datetime) -> Box:
        """The candidate's room: the one that is still there, else a new one from the last that was saved."""
        facts = self.facts()
        if facts["state"] != State.OPEN:
            raise UserError(f"session {self.id} has been submitted", remedy="start another attempt")
        if (kept := self.room(sandbox, now)) is not None:
            self.note("box", now, box=kept.id, how="found again")
            return kept
        lab = self.lab
        start = self._last_work() or self.variant(home, sandbox).workspace("starter")
        box = sandbox.create(
            BoxSpec(
                limits=lab.limits,
                environment=variants.environment_of(home, lab),
                trees=(Tree("/workspace", start),),
                keep_s=KEEP_S,
                label=f"session {self.id}",
            )
        )
        self._set(box=box.id)
        self.note("box", now, box=box.id, how="made", sandbox=sandbox.name, holds=sorted(sandbox.holds))
        return box

    def room(self, sandbox: Sandbox, now: datetime) -> Box | None:
        """The room that is still there. Where it failed, what can be rescued of it is saved and time given back."""
        facts = self.facts()
        if facts["state"] != State.OPEN:
            return None
        name = facts.get("box", "")
        kept = self._kept_box(sandbox, name)
        if kept is not None and not isinstance(kept, bytes):
            return kept
        if isinstance(kept, bytes):
            self._save(kept, "rescued", now)
            self._give_back("the room ended with its runner; the work was rescued", now)
        elif name and self._unsaved_s() > 0:
            self._give_back("the room was gone, and with it what had not been saved", now)
        return None

    @staticmethod
    def _kept_box(sandbox: Sandbox, box: str) -> Box | bytes | None:
        if not box or not isinstance(sandbox, RunnerSandbox):
            return None
        try:
            return sandbox.adopt(box)
        except BoxGone:
            pass
        try:
            return sandbox.rescued(box)
        except BoxGone:
            return None

    def _last_work(self) -> bytes | None:
        taken = self.snapshots()
        return self.snapshot_bytes(taken[-1].hash) if taken else None

    # snapshots

    def snapshots(self) -> list[Taken]:
        with self._database() as database:
            rows = database.execute("select hash, kind, at, size from snapshot order by id").fetchall()
        return [Taken(name, kind, datetime.fromisoformat(at), size) for name, kind, at, size in rows]

    def snapshot_bytes(self, name: str) -> bytes:
        """Raises `UserError` when there is none or it is not what its name says."""
        path = self.folder / "snapshots" / f"{name}.tar"
        if not path.is_file():
            raise UserError(f"session {self.id} has no snapshot {name}")
        content = path.read_bytes()
        if grading.snapshot_name(content) != name:
            raise UserError(f"snapshot {name} was changed after it was taken")
        return content

    def take_snapshot(self, box: Box, kind: str, now: datetime) -> str:
        """Saves the workspace. Raises `UserError` when it holds more than may be handed in."""
        with tempfile.TemporaryFile() as out:
            try:
                info = box.snapshot(out)
            except SnapshotTooLarge as error:
                raise UserError(f"the workspace cannot be saved: {error}", remedy="remove what is not needed") from None
            out.seek(0)
            return self._save(out.read(), kind, now, left_out=list(info.left_out))

    def _save(self, content: bytes, kind: str, now: datetime, **noted: Any) -> str:
        name = grading.snapshot_name(content)
        write_durably(self.folder / "snapshots" / f"{name}.tar", content)
        with self._database() as database:
            database.execute("insert or replace into fact values ('saved_at', ?)", (now.isoformat(),))
            last = database.execute("select hash, kind from snapshot order by id desc limit 1").fetchone()
            if last == (name, kind):
                return name
            database.execute(
                "insert into snapshot (hash, kind, at, size) values (?, ?, ?, ?)",
                (name, kind, now.isoformat(), len(content)),
            )
        self.note("snapshot", now, hash=name, of=kind, size=len(content), **noted)
        return name

    # handing in and grading

    def submit(self, box: Box | None, now: datetime) -> str:
        """Hands in what the room holds now, or what was saved last where there is none. Repeating changes nothing."""
        facts = self.facts()
        if "submitted" in facts:
            return facts["submitted"]
        if box is not None:
            name = self.take_snapshot(box, "submit", now)
        elif taken := self.snapshots():
            name = taken[-1].hash
        else:
            raise UserError(f"session {self.id} holds no work yet", remedy="start it first")
        self._set(state=State.SUBMITTED, submitted=name)
        self.note("submit", now, hash=name, clock=asdict(self.clock()))
        return name

    def verdict(self, snapshot: str | None = None) -> Verdict | None:
        """The verdict that counts: the first on a snapshot that was not our own failure."""
        name = snapshot or self.facts().get("submitted")
        with self._database() as database:
            rows = database.execute("select body from verdict where snapshot = ? order by id", (name,)).fetchall()
        verdicts = [verdict_from(json.loads(row[0])) for row in rows]
        return next((one for one in verdicts if one.outcome is not Outcome.INFRA_ERROR), None)

    def grade(
        self,
        home: Home,
        sandbox: Sandbox,
        now: datetime,
        *,
        again: bool = False,
        snapshot: str = "",
        on_position: Callable[[int], None] = lambda _: None,
    ) -> Verdict:
        """Judges what was handed in, once; a second call gives the same verdict. `again` judges anew, beside the first.

        `on_position` is told how many gradings come first.

        An `infra_error` counts for nothing and costs nothing: the next call tries anew.
        """
        name = snapshot or self.facts().get("submitted")
        if not name:
            raise UserError(f"session {self.id} has not been submitted", remedy=f"tenfold labs submit {self.id}")
        with self._alone("grade"):
            self._note_what_a_crash_kept()
            if not again and (held := self.verdict(name)):
                return held
            submission_tar = self.snapshot_bytes(name)
            verdict = grading.grade(home, sandbox, self.variant(home, sandbox), submission_tar, on_position=on_position)
            with self._database() as database:
                (count,) = database.execute("select count(*) from verdict where snapshot = ?", (name,)).fetchone()
                database.execute(
                    "insert into verdict (snapshot, edition, again, at, body) values (?, ?, ?, ?, ?)",
                    (name, verdict.edition, count, now.isoformat(), json.dumps(verdict.to_dict())),
                )
                if name == self._fact(database, "submitted") and verdict.outcome is not Outcome.INFRA_ERROR:
                    database.execute("update fact set value = ? where key = 'state'", (State.GRADED,))
            self._note_what_a_crash_kept()
        return verdict

    @staticmethod
    def _fact(database: sqlite3.Connection, key: str) -> str | None:
        row = database.execute("select value from fact where key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _note_what_a_crash_kept(self) -> None:
        with self._database() as database:
            rows = database.execute("select id, at, body from verdict where not noted order by id").fetchall()
        for number, at, body in rows:
            words = json.loads(body)
            noted = {entry.data.get("verdict") for entry in self.events() if entry.kind == "verdict"}
            if number not in noted:
                moment = datetime.fromisoformat(at)
                kept = {key: words[key] for key in ("outcome", "points", "snapshot", "edition", "attempts")}
                self.note("verdict", moment, verdict=number, **kept)
            with self._database() as database:
                database.execute("update verdict set noted = 1 where id = ?", (number,))

    @contextlib.contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        with (self.folder / f"{what}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # the rest

    def hint(self, now: datetime) -> str | None:
        """The next hint, None when all were given. Each is noted."""
        hints = self.lab.hints
        with self._database() as database:
            (given,) = database.execute("select count(*) from hint").fetchone()
            if given >= len(hints):
                return None
            database.execute("insert into hint (at) values (?)", (now.isoformat(),))
        self.note("hint", now, number=given + 1)
        return str(hints[given])

    def events(self) -> list[hashchain.Entry]:
        path = self.folder / "events.jsonl"
        return list(hashchain.read(path)) if path.exists() else []

    def recordings(self) -> list[Path]:
        return sorted((self.folder / "recordings").glob("*.cast"))

    def next_recording(self) -> Path:
        for number in range(1, 10_000):
            path = self.folder / "recordings" / f"{number:03}.cast"
            with contextlib.suppress(FileExistsError):
                path.touch(mode=0o600, exist_ok=False)
                return path
        raise UserError(f"session {self.id} has too many recordings")

    def evidence(self, out: Path) -> Path:
        """Everything that a verdict rests on, in one zip: events, snapshots, recordings, verdicts, seed, versions."""
        with self._database() as database:
            rows = database.execute("select id, at, body from verdict order by id").fetchall()
        part = out.with_name(f".{out.name}.part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
            for path in [
                self.folder / "events.jsonl",
                *self.recordings(),
                *sorted((self.folder / "snapshots").glob("*.tar")),
            ]:
                bundle.write(path, path.relative_to(self.folder))
            for number, at, body in rows:
                words = {"verdict": number, "at": at, **json.loads(body)}
                bundle.writestr(f"verdicts/{number:03}.json", json.dumps(words, indent=1))
            about = {
                **{name: value for name, value in self.facts().items() if name != "labs"},
                "clock": asdict(self.clock()),
                "head": hashchain.verify(self.folder / "events.jsonl"),
            }
            bundle.writestr("session.json", json.dumps(about, indent=1))
        part.rename(out)
        return out


def write_durably(path: Path, content: bytes) -> None:
    """Whole and on disk, or not there."""
    if path.exists():
        return
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).rename(path)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        free_mb = shutil.disk_usage(path.parent).free // 1_000_000
        raise UserError(
            f"the work could not be saved: the disk of {path.parent} is full ({free_mb} MB free, "
            f"{len(content) // 1_000_000 + 1} are needed)",
            remedy="tell whoever runs this; nothing is lost as long as the room stands",
        ) from error
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def verdict_from(words: Mapping[str, Any]) -> Verdict:
    """A verdict as it was stored."""
    from tenfold.labs.verdicts import Graded, GradingEvent  # noqa: PLC0415  used here only

    words = dict(words)
    words.setdefault("event", words.pop("happening", None))  # as it was called until 2026-11
    criteria = tuple(Graded(**{**one, "evidence": tuple(one["evidence"])}) for one in words["criteria"])
    event = GradingEvent(words["event"]) if words["event"] else None
    return Verdict(**{**words, "outcome": Outcome(words["outcome"]), "criteria": criteria, "event": event})


def start(
    home: Home,
    sandbox: Sandbox,
    lab: Lab,
    *,
    candidate: str,
    attempt: int,
    now: datetime,
    accommodation: float = 1.0,
) -> Session:
    """A session with a variant of its own: the candidate's at this attempt, if it is open already, else a new one.

    So starting twice gives no fresh minutes. Raises `UserError` when the lab cannot be made, or that attempt is over.
    """
    must_be_an_accommodation(accommodation)
    if (held := _of_attempt(home, lab, candidate, attempt)) is not None:
        if held.state is not State.OPEN:
            raise UserError(
                f"{candidate} has handed in attempt {attempt} of {lab.slug} ({held.id})",
                remedy=f"--attempt {attempt + 1} begins another, with another variant",
            )
        return held
    seed = variants.seed_for(home, lab, candidate, attempt)
    variants.variant(home, sandbox, lab, seed)
    home.sessions.mkdir(parents=True, exist_ok=True, mode=0o700)
    session = Session(home.sessions / f"{lab.slug}-{secrets.token_hex(5)}")
    part = Session(home.sessions / f".{session.id}.part")
    for folder in (part.folder, part.folder / "snapshots", part.folder / "recordings"):
        folder.mkdir(mode=0o700)
    facts = {
        "state": State.OPEN,
        "lab": lab.slug,
        "labs": str(_kept_edition(home, lab)),
        "edition": lab.edition,
        "candidate": candidate,
        "attempt": str(attempt),
        "seed": seed,
        "minutes": str(lab.minutes),
        "accommodation": str(accommodation),
        "extension_minutes": "0",
        "started_at": now.isoformat(),
    }
    with contextlib.closing(sqlite3.connect(part.folder / "session.sqlite")) as database:
        database.executescript(_SCHEMA)
        database.executemany("insert into fact values (?, ?)", facts.items())
        database.commit()
    part.note("start", now, lab=lab.edition, candidate=candidate, attempt=attempt, accommodation=accommodation)
    part.folder.rename(session.folder)
    return session


def _of_attempt(home: Home, lab: Lab, candidate: str, attempt: int) -> Session | None:
    wanted = {"lab": lab.slug, "candidate": candidate, "attempt": str(attempt)}
    for one in all_sessions(home):
        if one.id.startswith(lab.slug) and wanted.items() <= one.facts().items():
            return one
    return None


def _kept_edition(home: Home, lab: Lab) -> Path:
    """A folder with the lab as it is now, and the environment it names; made once an edition, whole or not at all."""
    environment = environments.named(lab.folder.parent, lab.environment)
    kept = home.editions / f"{lab.digest[:16]}-{environment.key}"
    if not kept.exists():
        home.editions.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = Path(tempfile.mkdtemp(dir=home.editions, prefix=".part-"))
        shutil.copytree(lab.folder, part / lab.slug, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(environment.folder, part / "environments" / environment.name)
        try:
            part.rename(kept)
        except OSError:  # another session was first
            shutil.rmtree(part)
    return kept


def must_be_an_accommodation(factor: float) -> None:
    if not 1 <= factor <= 5:
        raise UserError("an accommodation is a factor from 1 to 5")


def all_sessions(home: Home) -> list[Session]:
    if not home.sessions.is_dir():
        return []
    return [Session(path) for path in sorted(home.sessions.iterdir()) if not path.name.startswith(".")]


def find(home: Home, name: str) -> Session:
    """By id or a beginning of one. Raises `UserError` when there is none, or more than one."""
    found = [session for session in all_sessions(home) if session.id == name] or [
        session for session in all_sessions(home) if session.id.startswith(name)
    ]
    if len(found) != 1:
        what = "there is no session" if not found else f"{len(found)} sessions begin with"
        raise UserError(f"{what} {name}", remedy="tenfold labs list --sessions")
    return found[0]


def grade_many(home: Home, sandbox: Sandbox, found: Sequence[Session]) -> Iterator[tuple[Session, Verdict]]:
    """Grades several, each as soon as the host has a place for it."""
    with ThreadPoolExecutor(grading.at_once()) as pool:
        started = {pool.submit(one.grade, home, sandbox, utc_now()): one for one in found}
        for done in as_completed(started):
            yield started[done], done.result()


def utc_now() -> datetime:
    return datetime.now(UTC)


def lab_named(slug: str) -> Lab:
    """A lab that ships, or one in a folder of the reader's own. Raises `UserError`."""
    folder = Path(slug)
    if "/" in slug or (folder / "task.toml").is_file():
        return lab_reader.read(folder.resolve())
    shipped = registry.labs_folder()
    if not (shipped / slug / "task.toml").is_file():
        names = ", ".join(sorted(path.parent.name for path in shipped.glob("*/task.toml")))
        raise UserError(f"there is no lab {slug}", remedy=f"one of: {names}; or a folder")
    return lab_reader.read(shipped / slug)


__all__ = ["SandboxUnavailable", "Session", "State", "Taken", "all_sessions", "find", "lab_named", "start", "utc_now"]
