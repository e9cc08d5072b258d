"""One candidate's work on one variant: a folder with SQLite and files, no Django.

    session.sqlite   state, clock, snapshots, verdicts        events.jsonl   what happened, hash-chained
    recordings/      asciicast of every terminal              snapshots/     tars named by their SHA-256

Every verb may be killed at any moment: files are renamed into place before the database names them, and what the
database says is what holds. An event that a crash kept from being written is written at the next opening.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenfold.kit import hashchain
from tenfold.kit.errors import UserError
from tenfold.labs import environments, grading, lab_reader, registry, variants
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.session_clock import SessionClock, must_be_an_accommodation
from tenfold.labs.session_store import SCHEMA, State, verdict_from, write_durably
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
_RECORDING_SUFFIXES = {".raw", ".index", ".json", ".jsonl", ".cast"}


@dataclass(frozen=True, slots=True)
class Taken:
    """One snapshot."""

    hash: str
    kind: str
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Session(SessionClock):
    """A session's folder, with the lab, the room, the work and its grading."""

    @property
    def lab(self) -> Lab:
        facts = self.facts()
        return lab_reader.read(Path(facts["labs"]) / facts["lab"])

    def variant(self, home: Home, sandbox: Sandbox) -> Variant:
        return variants.variant(home, sandbox, self.lab, self.facts()["seed"])

    def open_box(
        self, home: Home, sandbox: Sandbox, now: datetime, *, make: Callable[[BoxSpec], Box] | None = None
    ) -> Box:
        """The candidate's room: the one that is still there, else a new one from the last that was saved.

        `make`: in place of the sandbox's own `create`, to take one that waits already.
        """
        facts = self.facts()
        if facts["state"] != State.OPEN:
            raise UserError(f"session {self.id} has been submitted", remedy="start another attempt")
        if (kept := self.room(sandbox, now)) is not None:
            self.note("box", now, box=kept.id, how="found again")
            return kept
        lab = self.lab
        start = self._last_work() or variants.variant(home, sandbox, lab, facts["seed"]).workspace("starter")
        box = (make or sandbox.create)(
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

    def forget_box(self) -> None:
        """The room was saved and ended on purpose: that it is not there is no failure of ours."""
        self._set(box="")

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
            return sandbox.rescue(box)
        except BoxGone:
            return None

    def _last_work(self) -> bytes | None:
        taken = self.snapshots()
        return self.snapshot_bytes(taken[-1].hash) if taken else None

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

    def save_tree(self, tar: bytes, kind: str, now: datetime, **noted: Any) -> str:
        """Saves work that came another way than through a room, as the newest snapshot; returns its hash."""
        return self._save(tar, kind, now, **noted)

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
        """Judges what was handed in, on this machine. `on_position` is told how many gradings come first."""

        def judge(submission_tar: bytes) -> Verdict:
            return grading.grade(home, sandbox, self.variant(home, sandbox), submission_tar, on_position=on_position)

        return self.grade_by(judge, now, again=again, snapshot=snapshot)

    def grade_by(
        self, judge: Callable[[bytes], Verdict], now: datetime, *, again: bool = False, snapshot: str = ""
    ) -> Verdict:
        """Has what was handed in judged, once; a second call gives the same verdict. `again`: anew, beside the first.

        An `infra_error` counts for nothing and costs nothing: the next call tries anew.
        """
        name = snapshot or self.facts().get("submitted")
        if not name:
            raise UserError(f"session {self.id} has not been submitted", remedy=f"tenfold labs submit {self.id}")
        with self.alone("grade"):
            self._note_what_a_crash_kept()
            if not again and (held := self.verdict(name)):
                return held
            verdict = judge(self.snapshot_bytes(name))
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

    def recordings(self) -> list[Path]:
        """Raw recordings, and asciicasts of sessions that an older version recorded."""
        folder = self.folder / "recordings"
        return sorted([*folder.glob("*.raw"), *folder.glob("*.cast")])

    def next_recording(self) -> Path:
        for number in range(1, 10_000):
            path = self.folder / "recordings" / f"{number:03}.raw"
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
                *sorted(path for path in (self.folder / "recordings").iterdir() if path.suffix in _RECORDING_SUFFIXES),
                *sorted((self.folder / "snapshots").glob("*.tar")),
                *sorted((self.folder / "edits").glob("*")),
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
        database.executescript(SCHEMA)
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
    environment = environments.environment_named(lab.folder.parent, lab.environment)
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


__all__ = [
    "SandboxUnavailable", "Session", "State", "Taken", "all_sessions", "find", "lab_named", "start", "utc_now",
    "verdict_from",
]  # fmt: skip
