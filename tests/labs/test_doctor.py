"""What the doctor concludes from gradings, and when a grading is over: nothing here needs a room."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tenfold.labs import conductor, doctor, lab_reader
from tenfold.labs.cli.authoring import _keep
from tenfold.labs.doctor import Gate, ReportCard, Run
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.sandbox.interface import Sandbox
from tests.labs import toy

CARD = ReportCard(
    lab="toy", edition="toy@1.0.0+abc", date=date(2026, 11, 27), plan=doctor.FAST,
    gates=(Gate(1, "lint", True, "fine"),),
    runs=9, median_seconds=4.0, p95_seconds=5.0, quiet_median_seconds=2.0, flakes=0, flake_bound=0.6, kill_rate=1.0,
    generated_kill_rate=None, generated=0, sandbox="none", machine="none", judged_by="d", sources=(),
)  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return lab_reader.read(toy.write(tmp_path / "labs"))


def examined(lab: Lab, tmp_path: Path, *runs: Run) -> ReportCard:
    one = doctor.Doctor(Home(tmp_path), cast("Sandbox", SimpleNamespace(name="none")), lab, doctor.FAST)
    one.runs = list(runs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "tenfold.labs.harbor.judge", lambda *_: SimpleNamespace(says="not asked", accepted=True, details=())
        )
        return one._card()


def run_of(seed: int, seconds: float, held_up: float) -> Run:
    return Run("reference", "reference", seed, "pass", 100, seconds, (), "", held_up)


@pytest.mark.parametrize("held_up", [1.0, 2.0, 4.0, 9.0])
def test_the_verdict_on_the_time_is_the_same_on_a_machine_that_others_use(
    lab: Lab, tmp_path: Path, held_up: float
) -> None:
    """The same two gradings, on machines that are held up differently: one lab is quick enough, one is not anywhere."""
    quick = examined(lab, tmp_path, *(run_of(seed, 15 * held_up, held_up) for seed in range(3)))
    slow = examined(lab, tmp_path, *(run_of(seed, 25 * held_up, held_up) for seed in range(3)))
    (by_quick,), (by_slow,) = ([gate for gate in card.gates if gate.number == 2] for card in (quick, slow))
    assert by_quick.passed
    assert not by_slow.passed
    assert (quick.quiet_median_seconds, slow.quiet_median_seconds) == (15, 25)


def test_what_points_are_lost_is_no_matter_of_time(lab: Lab, tmp_path: Path) -> None:
    card = examined(lab, tmp_path, replace(run_of(0, 3, 1), points=90, lost=("works",)))
    assert not next(gate for gate in card.gates if gate.number == 2).passed


def test_work_takes_longer_where_others_work() -> None:
    stop = threading.Event()
    threads = [threading.Thread(target=_spin, args=(stop,), daemon=True) for _ in range(3)]
    alone = min(doctor.hold_up() for _ in range(3))
    for one in threads:
        one.start()
    try:
        beside = doctor.hold_up()
    finally:
        stop.set()
    assert alone >= 1
    assert beside > 1.8, "three more threads of one interpreter share its time"


def _spin(stop: threading.Event) -> None:
    until = time.monotonic() + 10
    while not stop.is_set() and time.monotonic() < until:
        sum(range(500))


@pytest.mark.parametrize(("passed", "whole"), [(False, True), (True, False), (False, False)])
def test_a_card_with_failed_or_missing_gates_is_not_kept(tmp_path: Path, passed: bool, whole: bool) -> None:
    card = replace(CARD, gates=(*CARD.gates, Gate(2, "reference solution", passed, "seen")))
    says = _keep(tmp_path / "gates.toml", card, whole=whole)
    assert not (tmp_path / "gates.toml").exists()
    assert "not written" in says


def test_a_card_of_passing_is_kept(tmp_path: Path) -> None:
    assert "was written" in _keep(tmp_path / "gates.toml", CARD, whole=True)
    assert "quiet_median_seconds = 2.0" in (tmp_path / "gates.toml").read_text("utf-8")


def graded(lab: Lab, is_decided: conductor.IsDecided, *results: dict[str, Any]) -> dict[str, Any]:
    """What a conductor holds after results have come in, until it wants no more."""
    one = conductor.Conductor(cast("Any", SimpleNamespace(lab=lab)), {}, {})
    one._is_decided = is_decided
    for result in results:
        if not one._is_finished:
            one._take(result)
    return {name: (held["share"], one._is_finished) for name, held in one._results.items()}


def test_a_grading_ends_once_something_is_lost_and_the_rest_counts_as_lost(lab: Lab) -> None:
    names = [one.id for one in lab.criteria]
    results = [
        {"criterion": name, "share": share, "evidence": []} for name, share in zip(names, (1.0, 0.0), strict=False)
    ]
    held = graded(lab, lambda shares: any(share is not None and share < 1 for share in shares.values()), *results)
    assert held[names[0]][0] == 1
    assert {share for share, _ in held.values()} == {1.0, 0.0}
    assert set(held) == set(names)
    assert all(finished for _, finished in held.values())


def test_a_grading_of_which_nothing_is_decided_goes_on(lab: Lab) -> None:
    (first, *_) = [one.id for one in lab.criteria]
    held = graded(lab, lambda shares: set(shares) >= {"another"}, {"criterion": first, "share": 0.0, "evidence": []})
    assert held == {first: (0.0, False)}


@pytest.mark.parametrize(("name", "passes"), [("many-files", True), ("wrong-types", False)])
def test_full_marks_are_a_mistake_only_where_the_answers_were_broken(
    lab: Lab, tmp_path: Path, name: str, passes: bool
) -> None:
    card = examined(lab, tmp_path, Run("hostile", f"hostile/{name}", 0, "pass", 100, 3, ()))
    assert next(gate for gate in card.gates if gate.number == 6).passed is passes
