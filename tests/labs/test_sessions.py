"""From start to verdict, with what may go wrong on the way."""

import contextlib
import errno
import json
import os
import shutil
import sqlite3
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tenfold.kit import hashchain
from tenfold.kit.errors import UserError
from tenfold.labs import environments, erasure, grading, harbor, lab, lab_reader, session_clock, sessions, variants
from tenfold.labs.home import Home
from tenfold.labs.sessions import Session, State
from tenfold.labs.verdicts import GradingEvent, Outcome, Verdict
from tenfold.sandbox import boxes
from tenfold.sandbox.client import RunnerSandbox
from tests.labs import crashes, toy
from tests.sandboxes import needs_bwrap, needs_root

pytestmark = [needs_bwrap, needs_root]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MEND = ["/bin/sh", "-c", "sed -i 's/FACTOR = 1/FACTOR = 2/' service.py"]


@pytest.fixture(scope="module")
def home(runner: RunnerSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home beside the tests' runner, with the toy's environment built."""
    root = runner.path.parent
    place = Home(root)
    environments.build(
        environments.environment_named(_labs(tmp_path_factory), "tiny"), root / "environments", lambda _: None
    )
    yield place
    shutil.rmtree(place.sessions, ignore_errors=True)


def _labs(factory: pytest.TempPathFactory) -> Path:
    return toy.write(factory.mktemp("labs")).parent


@pytest.fixture(scope="module")
def toy_lab(home: Home, tmp_path_factory: pytest.TempPathFactory) -> lab.Lab:
    return lab_reader.read(_labs(tmp_path_factory) / "toy")


@pytest.fixture
def session(home: Home, runner: RunnerSandbox, toy_lab: lab.Lab) -> Session:
    name = f"c-{time.monotonic_ns()}"
    return sessions.start(home, runner, toy_lab, candidate=name, attempt=1, now=NOON)


def test_work_is_handed_in_graded_once_and_kept(
    home: Home, runner: RunnerSandbox, session: Session, tmp_path: Path
) -> None:
    box = session.open_box(home, runner, NOON)
    box.exec(MEND)
    name = session.submit(box, NOON)
    box.destroy()
    verdict = session.grade(home, runner, NOON)
    assert (verdict.outcome, verdict.points, verdict.snapshot) == (Outcome.PASS, 80, name)
    assert session.grade(home, runner, NOON) == verdict
    again = session.grade(home, runner, NOON, again=True)
    assert again.same_as(verdict)
    assert session.state is State.GRADED
    assert [one.kind for one in session.events()] == ["start", "box", "snapshot", "submit", "verdict", "verdict"]
    with zipfile.ZipFile(session.evidence(tmp_path / "evidence.zip")) as bundle:
        assert f"snapshots/{name}.tar" in bundle.namelist()
        assert json.loads(bundle.read("session.json"))["head"] == hashchain.verify(session.folder / "events.jsonl")
        assert json.loads(bundle.read("verdicts/001.json"))["outcome"] == "pass"
        assert str(home.root) not in bundle.read("session.json").decode()


def test_a_session_keeps_the_edition_of_the_lab_that_it_began_with(
    home: Home, runner: RunnerSandbox, tmp_path: Path
) -> None:
    folder = toy.write(tmp_path)
    began = lab_reader.read(folder)
    session = sessions.start(home, runner, began, candidate="c-9", attempt=1, now=NOON)
    task = folder / "instruction.md"
    task.write_text(task.read_text() + "\nAnother task as well.\n")
    assert lab_reader.read(folder).edition != began.edition
    assert session.lab.edition == began.edition
    assert "Another task" not in session.variant(home, runner).instruction


def test_after_a_disconnect_the_room_is_as_it_was(home: Home, runner: RunnerSandbox, session: Session) -> None:
    box = session.open_box(home, runner, NOON)
    box.exec(["/bin/sh", "-c", "echo half > work"])
    box._lease.close()  # type: ignore[attr-defined]  # the window is closed
    again = session.open_box(home, runner, NOON)
    assert again.id == box.id
    assert again.exec(["/bin/cat", "work"]).stdout == b"half\n"
    again.destroy()


def test_after_the_room_is_gone_the_last_snapshot_is_there(home: Home, runner: RunnerSandbox, session: Session) -> None:
    box = session.open_box(home, runner, NOON)
    box.exec(["/bin/sh", "-c", "echo saved > work"])
    session.take_snapshot(box, "interval", NOON)
    box.destroy()
    again = session.open_box(home, runner, NOON)
    assert again.id != box.id
    assert again.exec(["/bin/cat", "work"]).stdout == b"saved\n"
    again.destroy()


def test_the_clock_runs_in_the_room_only(session: Session) -> None:
    visit = session.enter(NOON)
    session.heartbeat(visit, NOON + timedelta(minutes=4))
    assert session.clock().used_s == 240  # cut off here: what was not noted does not count
    later = NOON + timedelta(minutes=60)
    session.leave(session.enter(later), later + timedelta(minutes=5))
    assert session.clock().left_s == 60
    session.extend(10, "fire drill", "i-2", later)
    assert session.clock().left_s == 660


def test_two_candidates_get_different_variants_and_one_gets_the_same_again(home: Home, toy_lab: lab.Lab) -> None:
    seeds = [
        variants.seed_for(home, toy_lab, who, attempt) for who, attempt in (("a", 1), ("b", 1), ("a", 2), ("a", 1))
    ]
    assert len(set(seeds)) == 3
    assert seeds[0] == seeds[3]
    assert (home.keys / "seed.key").stat().st_mode & 0o077 == 0


def test_nothing_can_be_handed_in_before_there_is_work(session: Session) -> None:
    with pytest.raises(UserError, match="no work yet"):
        session.submit(None, NOON)


def test_a_changed_snapshot_is_found(home: Home, runner: RunnerSandbox, session: Session) -> None:
    box = session.open_box(home, runner, NOON)
    name = session.submit(box, NOON)
    box.destroy()
    path = session.folder / "snapshots" / f"{name}.tar"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(UserError, match="was changed"):
        session.grade(home, runner, NOON)


def test_hints_are_given_in_order_and_noted(session: Session) -> None:
    assert session.hint(NOON) == "look at FACTOR"
    assert session.hint(NOON) is None
    assert [one.kind for one in session.events()][1:] == ["hint"]


def test_verdicts_of_a_queue_equal_those_alone(home: Home, runner: RunnerSandbox, toy_lab: lab.Lab) -> None:
    variant = variants.variant(home, runner, toy_lab, "queue")
    subjects = ["reference", "starter", "mutants/m0", "alternates/a1"]
    alone = {name: grading.grade(home, runner, variant, variant.workspace(name)) for name in subjects}
    together: dict[str, Verdict] = {}

    def work(name: str) -> None:
        together[name] = grading.grade(home, runner, variant, variant.workspace(name))

    threads = [threading.Thread(target=work, args=(name,)) for name in subjects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [alone[name].points for name in subjects] == [100, 0, 20, 100]
    assert all(together[name].same_as(alone[name]) for name in subjects)


@pytest.mark.parametrize("at_once", ["1", "2"])
def test_many_waiting_are_graded_as_each_would_be_alone(
    home: Home, runner: RunnerSandbox, toy_lab: lab.Lab, monkeypatch: pytest.MonkeyPatch, at_once: str
) -> None:
    """Eight in a queue, half of them mended; the benchmark labs_gradings does it with thirty of a lab that ships."""
    monkeypatch.setenv(grading.AT_ONCE_VARIABLE, at_once)
    waiting = []
    for number in range(8):
        one = sessions.start(home, runner, toy_lab, candidate=f"q{at_once}-{number}", attempt=1, now=NOON)
        box = one.open_box(home, runner, NOON)
        if number % 2:
            box.exec(MEND)
        one.submit(box, NOON)
        box.destroy()
        waiting.append(one)
    verdicts = dict(sessions.grade_many(home, runner, waiting))
    assert [verdicts[one].points for one in waiting] == [0, 80] * 4
    for one in waiting[:2]:
        assert one.grade(home, runner, NOON, again=True).same_as(verdicts[one])
    assert all(one.state is State.GRADED for one in waiting)


def test_a_number_of_gradings_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(grading.AT_ONCE_VARIABLE, "many")
    with pytest.raises(UserError, match="many"):
        grading.at_once()


def test_a_session_is_erased_whole_while_its_room_still_writes(home: Home, session: Session) -> None:
    until = time.monotonic() + 1

    def write() -> None:
        n = 0
        with contextlib.suppress(FileNotFoundError):
            while time.monotonic() < until:
                (session.folder / f"late-{(n := n + 1)}").write_text("still here")

    writer = threading.Thread(target=write)
    writer.start()
    assert erasure.erase_session(home, session.id)
    writer.join()
    assert not session.folder.exists()


def test_a_pause_stops_the_clock_and_closes_the_room(home: Home, runner: RunnerSandbox, session: Session) -> None:
    box = session.open_box(home, runner, NOON)
    visit = session.enter(NOON)
    session.heartbeat(visit, NOON + 295 * SECOND)
    session.pause("fire drill", "interviewer-2", NOON + 300 * SECOND)
    session.heartbeat(visit, NOON + 900 * SECOND)
    session.leave(visit, NOON + 900 * SECOND)
    assert session.clock().used_s == 300
    with pytest.raises(UserError, match="fire drill"):
        session.must_be_enterable()
    with pytest.raises(UserError, match="paused already"):
        session.pause("again", "x", NOON + 901 * SECOND)
    session.resume("interviewer-2", NOON + 1000 * SECOND)
    session.must_be_enterable()
    with pytest.raises(UserError, match="not paused"):
        session.resume("x", NOON + 1001 * SECOND)
    again = session.enter(NOON + 1200 * SECOND)
    session.leave(again, NOON + 1260 * SECOND)
    assert session.clock().used_s == 360
    assert [one.kind for one in session.events()][-5:] == ["enter", "pause", "resume", "enter", "leave"]
    box.destroy()


def test_an_accommodation_given_later_multiplies_and_keeps_no_reason(session: Session) -> None:
    session.accommodate(1.5, "coordinator-1", NOON)
    session.extend(10, "fire drill", "interviewer-2", NOON)
    assert session.clock().allowed_s == (10 * 1.5 + 10) * 60
    assert set(session.events()[-2].data) == {"factor", "by"}
    with pytest.raises(UserError, match="accommodation"):
        session.accommodate(0.5, "x", NOON)


def test_time_in_a_room_that_failed_is_given_back_once(home: Home, runner: RunnerSandbox, session: Session) -> None:
    box = session.open_box(home, runner, NOON)
    visit = session.enter(NOON)
    session.take_snapshot(box, "interval", NOON + 60 * SECOND)
    session.take_snapshot(box, "interval", NOON + 120 * SECOND)  # nothing has changed, and it is saved all the same
    session.heartbeat(visit, NOON + 180 * SECOND)
    box.destroy()  # as when its runner is killed
    assert session.room_failed(visit, "gone", NOON + 180 * SECOND) == 1 + session_clock.SETTLING_IN_MINUTES
    again = session.open_box(home, runner, NOON + 400 * SECOND)
    refunds = [one.data["minutes"] for one in session.events() if one.kind == "refund"]
    assert refunds == [3.0]
    assert session.clock().allowed_s == 13 * 60
    again.destroy()


def test_work_that_nobody_could_save_is_given_back_when_the_candidate_returns(
    home: Home, runner: RunnerSandbox, session: Session
) -> None:
    box = session.open_box(home, runner, NOON)
    visit = session.enter(NOON)
    session.heartbeat(visit, NOON + 90 * SECOND)
    box.destroy()  # and the command line was killed with it
    session.open_box(home, runner, NOON + 400 * SECOND).destroy()
    assert session.clock().allowed_s == 10 * 60 + 90 + session_clock.SETTLING_IN_MINUTES * 60


def test_a_room_that_closed_while_nobody_was_in_it_gives_nothing_back(
    home: Home, runner: RunnerSandbox, session: Session
) -> None:
    box = session.open_box(home, runner, NOON)
    visit = session.enter(NOON)
    session.take_snapshot(box, "left", NOON + 60 * SECOND)
    session.leave(visit, NOON + 60 * SECOND)
    box.destroy()
    session.open_box(home, runner, NOON + 9000 * SECOND).destroy()
    assert session.clock().allowed_s == 600


def test_a_candidate_who_uses_up_the_memory_keeps_the_room_and_gets_no_time_for_it(
    home: Home, runner: RunnerSandbox, session: Session
) -> None:
    box = session.open_box(home, runner, NOON)
    bomb = ["python3", "-c", "x = []\nwhile True: x.append(bytearray(b'1' * 1_000_000))"]
    assert box.exec(bomb, timeout_s=30).returncode == 137
    assert box.exec(["/bin/echo", "here"]).stdout == b"here\n"
    assert (box.usage().oom_kills or 0) >= 1
    box.destroy()


def test_a_grader_that_fails_is_our_fault_and_is_tried_again(
    home: Home, runner: RunnerSandbox, toy_lab: lab.Lab, tmp_path: Path
) -> None:
    broken = toy.write(tmp_path)
    (broken / "lab/grader/grade.py").write_text("def grade(room):\n    raise KeyError('oops')\n")
    variant = variants.variant(home, runner, lab_reader.read(broken), "x")
    verdict = grading.grade(home, runner, variant, variant.workspace("reference"))
    assert (verdict.outcome, verdict.event, verdict.attempts) == (Outcome.INFRA_ERROR, GradingEvent.GRADER_FAILED, 3)
    assert not verdict.costs_the_candidate
    assert "oops" in verdict.why


def test_a_service_that_floods_and_dies_is_a_lost_criterion_not_an_error(
    home: Home, runner: RunnerSandbox, toy_lab: lab.Lab
) -> None:
    variant = variants.variant(home, runner, toy_lab, "flood")
    flood = b"import sys\nfor _ in range(20000): print('x' * 5000)\nsys.exit(1)\n"
    from tenfold.labs.attacks import Files

    files = Files.of(variant.workspace("starter"))
    files.held["service.py"] = flood
    verdict = grading.grade(home, runner, variant, files.tar())
    assert verdict.outcome is Outcome.FAIL
    assert verdict.event is None


def test_a_variant_is_exported_whole_or_not_at_all(
    home: Home, runner: RunnerSandbox, toy_lab: lab.Lab, tmp_path: Path
) -> None:
    variant = variants.variant(home, runner, toy_lab, "export")
    out = harbor.build(variant, tmp_path / "task")
    assert {path.name for path in out.iterdir()} == {"task.toml", "instruction.md", "environment", "tests", "solution"}
    assert "@@" not in (out / "environment/workspace/service.py").read_text()
    with pytest.raises(UserError, match="exists already"):
        harbor.build(variant, tmp_path / "task")
    assert [path.name for path in tmp_path.iterdir()] == ["task"]


def test_a_value_that_holds_a_placeholder_is_found_before_a_candidate_sees_it(
    home: Home, runner: RunnerSandbox, tmp_path: Path
) -> None:
    cyclic = toy.write(tmp_path)
    (cyclic / "lab/variant.py").write_text(
        "def make(rng):\n    return {'name': '@@name@@'}\ndef inject(workspace, parameters):\n    pass\n"
    )
    with pytest.raises(UserError, match="@@name@@ is left") as caught:
        variants.variant(home, runner, lab_reader.read(cyclic), "x")
    assert caught.value.place is not None
    assert (caught.value.place.file, caught.value.place.line) == ("toy: alternates/a0/service.py", 6)


def test_killing_anything_at_any_moment_loses_nothing() -> None:
    report = crashes.run(4, seed=3)
    assert report.broken == []
    assert report.left_behind == ""
    assert sum(report.outcomes.values()) == 4


def test_without_bubblewrap_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UserError, match="bubblewrap") as caught:
        boxes.bwrap_path()
    assert "apt-get install bubblewrap" in caught.value.remedy


def test_an_accommodation_must_be_one(home: Home, runner: RunnerSandbox, toy_lab: lab.Lab) -> None:
    with pytest.raises(UserError, match="accommodation"):
        sessions.start(home, runner, toy_lab, candidate="x", attempt=1, now=NOON, accommodation=0.5)


def test_starting_twice_goes_on_with_the_session_there_is(home: Home, runner: RunnerSandbox, toy_lab: lab.Lab) -> None:
    first = sessions.start(home, runner, toy_lab, candidate="twice", attempt=1, now=NOON)
    visit = first.enter(NOON)
    first.leave(visit, NOON + timedelta(minutes=3))
    again = sessions.start(home, runner, toy_lab, candidate="twice", attempt=1, now=NOON + timedelta(minutes=4))
    assert (again.id, again.clock().used_s) == (first.id, 180)
    other = sessions.start(home, runner, toy_lab, candidate="twice", attempt=2, now=NOON)
    assert (other.id != first.id, other.clock().used_s) == (True, 0)


def test_an_attempt_that_was_handed_in_is_not_begun_again(home: Home, runner: RunnerSandbox, toy_lab: lab.Lab) -> None:
    session = sessions.start(home, runner, toy_lab, candidate="over", attempt=1, now=NOON)
    box = session.open_box(home, runner, NOON)
    session.submit(box, NOON)
    box.destroy()
    with pytest.raises(UserError, match="handed in attempt 1"):
        sessions.start(home, runner, toy_lab, candidate="over", attempt=1, now=NOON)


def test_a_machine_that_slept_is_not_charged(session: Session) -> None:
    visit = session.enter(NOON)
    for at in (10, 20, 30, 3630, 3640):  # an hour's sleep after half a minute of work
        session.heartbeat(visit, NOON + at * SECOND)
    session.leave(visit, NOON + 3650 * SECOND)
    assert session.clock().used_s == 50
    assert [one.kind for one in session.events()].count("absent") == 1


def test_a_room_that_ends_again_and_again_gains_no_minutes(session: Session) -> None:
    given = []
    for number in range(4):
        session._set(box=f"box-{number}", saved_at=(NOON + number * SECOND).isoformat())
        visit = session.enter(NOON + number * SECOND)
        given.append(session.room_failed(visit, "it ended", NOON + number * SECOND))
    assert given == [session_clock.SETTLING_IN_MINUTES] * session_clock.MOST_SETTLING_IN + [0.0, 0.0]


def test_a_session_of_an_older_version_is_read(session: Session) -> None:
    session.leave(session.enter(NOON), NOON + 30 * SECOND)
    with sqlite3.connect(session.folder / "session.sqlite") as database:
        database.execute("alter table visit rename to stay")
        database.execute("drop table absence")
        database.execute("pragma user_version = 0")
    assert session.clock().used_s == 30
    words = {"outcome": "fail", "points": 0, "of": 1, "criteria": [], "edition": "", "seed": "", "snapshot": "",
             "attempts": 1, "seconds": 0.0, "versions": {}, "happening": "service-ended", "why": ""}  # fmt: skip
    assert sessions.verdict_from(words).event is GradingEvent.SERVICE_ENDED


def test_a_full_disk_is_told_in_words(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"the disk of .* is full"):
        session._save(b"work", "interval", NOON)
