"""`labs doctor`: seven gates that a lab passes before a candidate sees it. Resumable: results are kept line by line.

What was found holds for just this lab, kit, engine and sandbox: `judged_by` is the digest of all that a grading runs.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from tenfold.labs import attacks, grading, harbor, hostile, lab_reader, mutation, variants
from tenfold.labs.conductor import IsDecided
from tenfold.labs.engine_digest import engine_digest
from tenfold.labs.home import Home
from tenfold.labs.lab import LEAST_ALTERNATES, LEAST_MUTANTS, FaultSource, Lab, Trial
from tenfold.labs.verdicts import Outcome, Verdict
from tenfold.sandbox.interface import Sandbox
from tenfold.stats.proportions import clopper_pearson_upper

KILL_RATE = 0.9
MOST_SECONDS = 20.0  # at the median, as on a machine that does nothing else
CALIBRATION_S = 0.15  # of processor time, before and after each grading
LOAD_FACTOR = 4  # spinning processes for each core


@dataclass(frozen=True, slots=True)
class Plan:
    """How many seeds each gate is given."""

    reference: int
    loaded: int
    floor: int
    mutants: int
    alternates: int
    attacks: int
    hostile: int = 1
    generated: int = 200  # how many mutants are made by operators; survivors get `survivor_seeds` more seeds
    survivor_seeds: int = 4
    attacks_together: bool = False


FULL = Plan(reference=20, loaded=5, floor=10, mutants=20, alternates=20, attacks=2)
FAST = Plan(
    reference=3, loaded=0, floor=2, mutants=1, alternates=1, attacks=1, hostile=0, generated=0, attacks_together=True
)


def with_seeds(plan: Plan, seeds: int) -> Plan:
    """The plan with so many seeds for every gate that has any; 0 leaves it as it is."""
    names = ("reference", "loaded", "floor", "mutants", "alternates", "attacks", "hostile")
    chosen: dict[str, Any] = {name: seeds for name in names if seeds and getattr(plan, name)}
    return replace(plan, **chosen)


class GateName(StrEnum):
    """The kinds of gradings, for `doctor --only`."""

    LINT = "lint"
    REFERENCE = "reference"
    FLOOR = "floor"
    MUTANTS = "mutants"
    GENERATED = "generated"
    ALTERNATES = "alternates"
    ATTACKS = "attacks"
    HOSTILE = "hostile"
    LOADED = "loaded"


@dataclass(frozen=True, slots=True)
class Run:
    """One grading that the doctor did."""

    gate: str
    subject: str
    seed: int
    outcome: str
    points: float
    seconds: float
    lost: tuple[str, ...]
    why: str = ""
    held_up: float = 1.0  # how many times as long as on a quiet machine a fixed piece of work took, around the grading

    @property
    def quiet_seconds(self) -> float:
        """What the grading would have taken had other programs not been in its way."""
        return self.seconds / max(1.0, self.held_up)


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate's answer."""

    number: int
    name: str
    passed: bool
    says: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What the doctor found, to be kept beside the lab."""

    lab: str
    edition: str
    date: date
    plan: Plan
    gates: tuple[Gate, ...]
    runs: int
    median_seconds: float
    p95_seconds: float
    quiet_median_seconds: float
    flakes: int
    flake_bound: float
    kill_rate: float | None
    generated_kill_rate: float | None
    generated: int
    sandbox: str
    machine: str
    judged_by: str
    sources: tuple[FaultSource, ...]

    @property
    def passed(self) -> bool:
        return all(gate.passed for gate in self.gates)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "date": self.date.isoformat(), "passed": self.passed}


@dataclass
class Doctor:
    """Examines one lab. `say` is told of each grading as (done, of, what)."""

    home: Home
    sandbox: Sandbox
    lab: Lab
    plan: Plan
    say: Callable[[int, int, str], None] = lambda *_: None
    only: GateName | None = None
    runs: list[Run] = field(default_factory=list)

    def examine(self) -> ReportCard:
        """Runs what has not been run for this edition and plan, then judges."""
        kept = {(run.gate, run.subject, run.seed): run for run in self._runs_on_file()}
        wanted = list(self._planned_runs())
        for number, (gate, subject, seed) in enumerate(wanted):
            if self.only in {None, gate}:
                self._once(kept, gate, subject, seed, at=(number, len(wanted)))
        self._try_survivors_again(kept)
        self.say(len(wanted), len(wanted), "judging")
        return self._card()

    def _once(
        self, kept: Mapping[tuple[str, str, int], Run], gate: str, subject: str, seed: int, *, at: tuple[int, int]
    ) -> None:
        run = kept.get((gate, subject, seed))
        if run is None:
            self.say(*at, f"{gate}: {subject}, seed {seed}")
            run = self._run(gate, subject, seed)
            self._keep(run)
        self.runs.append(run)

    def _try_survivors_again(self, kept: Mapping[tuple[str, str, int], Run]) -> None:
        """A generated mutant that lost nothing on one seed is tried on some more before it counts as alive.

        Those listed as equivalent are not: what is known to behave the same has nothing to show.
        """
        known = mutation.equivalent(self.lab)
        unhurt = [run.subject for run in self._of(GateName.GENERATED) if run.points == self.lab.points]
        alive = [subject for subject in unhurt if known.reason(subject) is None]
        for number, subject in enumerate(alive):
            for seed in range(1, 1 + self.plan.survivor_seeds):
                self._once(kept, GateName.GENERATED, subject, seed, at=(number, len(alive)))
                if self.runs[-1].points < self.lab.points:
                    break

    def _planned_runs(self) -> Iterator[tuple[str, str, int]]:
        plan = self.plan
        yield from (("reference", "reference", seed) for seed in range(plan.reference))
        yield from (("floor", "starter", seed) for seed in range(plan.floor))
        yield from (
            ("mutants", f"mutants/{one.name}", seed) for one in self.lab.mutants for seed in range(plan.mutants)
        )
        yield from (
            ("alternates", f"alternates/{one.name}", seed)
            for one in self.lab.alternates
            for seed in range(plan.alternates)
        )
        stock = (attacks.ALL_AT_ONCE,) if plan.attacks_together else attacks.STOCK
        names = [one.name for one in stock] + [f"attacks/{one.name}" for one in self.lab.attacks]
        yield from (("attacks", name, seed) for name in names for seed in range(plan.attacks))
        replies = hostile.replies(self.lab)
        yield from (("hostile", f"hostile/{one.name}", seed) for one in replies for seed in range(plan.hostile))
        if plan.generated and self.only in {None, GateName.GENERATED}:
            yield from (("generated", name, 0) for name in self._mutant_names(0, plan.generated))
        yield from (("loaded", "reference", seed) for seed in range(plan.loaded))

    def _run(self, gate: str, subject: str, seed: int) -> Run:
        variant = variants.variant(self.home, self.sandbox, self.lab, f"doctor-{seed}")
        stock = {one.name: one for one in (attacks.ALL_AT_ONCE, *attacks.STOCK)}
        if subject in stock:
            submission_tar = attacks.plant(stock[subject], variant.workspace("starter"), self.lab)
        elif gate == GateName.HOSTILE:
            (one,) = (one for one in hostile.replies(self.lab) if subject == f"hostile/{one.name}")
            submission_tar = hostile.plant(one, variant.workspace("reference"), self.lab)
        elif gate == GateName.GENERATED:
            submission_tar = mutation.apply_mutation(variant, subject)
        else:
            submission_tar = variant.workspace(subject)
        before = hold_up()
        with _load() if gate == "loaded" else _nothing():
            verdict = grading.grade(
                self.home, self.sandbox, variant, submission_tar, is_decided=self._decided_by(gate, subject)
            )
        return replace(_as_run(gate, subject, seed, verdict), held_up=round((before + hold_up()) / 2, 2))

    def _decided_by(self, gate: str, subject: str) -> IsDecided | None:
        """When it is known whether a wrong solution loses what it must; the rest of its grading would tell nothing."""
        if gate == GateName.GENERATED:
            return lambda shares: any(share is not None and share < 1 for share in shares.values())
        if gate == GateName.MUTANTS:
            (loses,) = (one.loses for one in self.lab.mutants if subject == f"mutants/{one.name}")
            return lambda shares: set(loses) <= set(shares)
        return None

    def _mutant_names(self, seed: int, count: int) -> list[str]:
        """Names of mutants made by operators over the reference and the alternates."""
        variant = variants.variant(self.home, self.sandbox, self.lab, f"doctor-{seed}")
        bases = ["reference", *(f"alternates/{one.name}" for one in self.lab.alternates)]
        return mutation.names(variant, bases, count)

    # what was found before

    @property
    def _file(self) -> Path:
        return self.home.doctor / f"{self.lab.slug}-{self.lab.digest[:16]}-{engine_digest()[:12]}.jsonl"

    def _runs_on_file(self) -> Iterator[Run]:
        if self._file.is_file():
            for line in self._file.read_text("utf-8").splitlines():
                words = json.loads(line)
                if words["outcome"] != Outcome.INFRA_ERROR:  # our own fault is tried again
                    yield Run(**{**words, "lost": tuple(words["lost"])})

    def _keep(self, run: Run) -> None:
        self.home.doctor.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(run)) + "\n")

    # gates

    def _of(self, gate: str) -> list[Run]:
        return [run for run in self.runs if run.gate == gate]

    def _card(self) -> ReportCard:
        reference = self._of("reference") + self._of("loaded")
        failed = [run for run in reference if run.outcome != Outcome.PASS]
        # The starter is slow on purpose and its tests wait for it; what a grading costs is what right solutions take.
        right = self._of("reference") + self._of("alternates")
        seconds = sorted(run.seconds for run in right) or [0.0]
        quiet_s = statistics.median([run.quiet_seconds for run in self._of("reference")] or [0.0])
        killed = self._kills()
        return ReportCard(
            lab=self.lab.slug,
            edition=self.lab.edition,
            date=date.today(),  # noqa: DTZ011  a day is enough
            plan=self.plan,
            gates=tuple(gate for names, gate in self._gates(reference, quiet_s, killed) if self.only in {None, *names}),
            runs=len(self.runs),
            median_seconds=round(statistics.median(seconds), 1),
            p95_seconds=round(seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))], 1),
            quiet_median_seconds=round(quiet_s, 1),
            flakes=len(failed),
            flake_bound=round(clopper_pearson_upper(len(failed), len(reference)), 4),
            kill_rate=statistics.mean(killed.values()) if killed else None,
            generated_kill_rate=self._generated_kill_rate(),
            generated=len({run.subject for run in self._of(GateName.GENERATED)}),
            sandbox=self.sandbox.name,
            machine=f"{os.cpu_count()} cores, {os.uname().sysname} {os.uname().release}",
            judged_by=engine_digest(),
            sources=self.lab.sources,
        )

    def _gates(
        self, reference: Sequence[Run], quiet_s: float, killed: dict[str, float]
    ) -> tuple[tuple[frozenset[GateName], Gate], ...]:
        """Each gate with the kinds of gradings that it rests on."""
        return (
            (frozenset({GateName.LINT}), self._lint()),
            (frozenset({GateName.REFERENCE, GateName.LOADED}), self._full_marks(reference, quiet_s)),
            (frozenset({GateName.FLOOR}), self._floor()),
            (frozenset({GateName.MUTANTS, GateName.GENERATED}), self._mutants(killed)),
            (frozenset({GateName.ALTERNATES}), self._alternates()),
            (frozenset({GateName.ATTACKS, GateName.HOSTILE}), self._attacks()),
            (frozenset(GateName), self._complete()),
        )

    def _lint(self) -> Gate:
        ours = [str(finding) for finding in lab_reader.findings(self.lab.folder)]
        theirs = harbor.judge(self.home, self.sandbox, self.lab)
        says = f"ours: {len(ours)} findings; {theirs.says}"
        return Gate(1, "lint", not ours and theirs.accepted, says, tuple(ours) + theirs.details)

    def _full_marks(self, reference: Sequence[Run], quiet_s: float) -> Gate:
        """Full marks on every seed, and soon: what other programs on this machine add to the time is taken out."""
        full = sum(run.outcome == Outcome.PASS and run.points == self.lab.points for run in reference)
        loaded = len(self._of("loaded"))
        says = f"{full} of {len(reference)} seeds with full marks ({loaded} of them under {LOAD_FACTOR}× CPU load); "
        says += f"{quiet_s:.0f} s a grading at the median, the wait for other programs taken out"
        passed = bool(reference) and full == len(reference) and quiet_s <= MOST_SECONDS
        return Gate(
            2, "reference solution", passed, says, _tell(run for run in reference if run.points != self.lab.points)
        )

    def _floor(self) -> Gate:
        runs = self._of("floor")
        over = [run for run in runs if run.points > self.lab.floor or run.outcome != Outcome.FAIL]
        says = f"{len(runs) - len(over)} of {len(runs)} starters left as they are get {self.lab.floor} points and fail"
        return Gate(3, "nothing done", bool(runs) and not over, says, _tell(over))

    def _kills(self) -> dict[str, float]:
        """For each mutant, in which share of seeds it lost every criterion that it must."""
        rates = {}
        for mutant in self.lab.mutants:
            runs = [run for run in self._of("mutants") if run.subject == f"mutants/{mutant.name}"]
            if runs:
                rates[mutant.name] = sum(set(mutant.loses) <= set(run.lost) for run in runs) / len(runs)
        return rates

    def _mutants(self, killed: dict[str, float]) -> Gate:
        alive = {name: rate for name, rate in killed.items() if rate < KILL_RATE}
        says = f"{len(killed) - len(alive)} of {len(killed)} mutants lose their criterion in at least 90 % of seeds"
        passed = (len(killed) >= LEAST_MUTANTS or self.only is GateName.GENERATED) and not alive
        details = tuple(f"{name}: {rate:.0%}" for name, rate in alive.items())
        rate = self._generated_kill_rate()
        if rate is not None:
            equivalent, survivors = self._survivors()
            made = len({run.subject for run in self._of(GateName.GENERATED)})
            says += (
                f"; of {made} made by operators {len(equivalent)} are equivalent and {rate:.0%} of the rest lose points"
            )
            details += tuple(f"alive: {name}" for name in survivors)
            details += tuple(f"equivalent: {name} ({why})" for name, why in equivalent.items())
            passed = passed and rate >= KILL_RATE
        return Gate(4, "wrong solutions", passed, says, details)

    def _survivors(self) -> tuple[dict[str, str], list[str]]:
        """Generated mutants that never lost a point: those known to be equivalent, with the reason, and the rest."""
        least: dict[str, float] = {}
        for run in self._of(GateName.GENERATED):
            least[run.subject] = min(run.points, least.get(run.subject, run.points))
        alive = [name for name, points in least.items() if points == self.lab.points]
        known = mutation.equivalent(self.lab)
        reasons = {name: why for name in alive if (why := known.reason(name))}
        return reasons, [name for name in alive if name not in reasons]

    def _generated_kill_rate(self) -> float | None:
        made = {run.subject for run in self._of(GateName.GENERATED)}
        if not made:
            return None
        equivalent, survivors = self._survivors()
        return 1 - len(survivors) / max(1, len(made) - len(equivalent))

    def _alternates(self) -> Gate:
        runs = self._of("alternates")
        short = [run for run in runs if run.points != self.lab.points]
        names = {run.subject for run in runs}
        says = f"{len(names)} other right solutions, {len(runs) - len(short)} of {len(runs)} gradings with full marks"
        return Gate(5, "other right solutions", len(names) >= LEAST_ALTERNATES and not short, says, _tell(short))

    def _attacks(self) -> Gate:
        runs, replies = self._of(GateName.ATTACKS), self._of(GateName.HOSTILE)
        paid = [run for run in runs if run.points > self.lab.floor]
        harmless = {f"hostile/{one.name}" for one in hostile.replies(self.lab) if one.may_pass}
        ours = [
            run
            for run in replies
            if run.outcome in {Outcome.INFRA_ERROR, Outcome.INCONCLUSIVE}
            or (run.outcome == Outcome.PASS and run.subject not in harmless)
        ]
        late = [run for run in replies if run.seconds > 3 * self.lab.grading_timeout_s]
        says = f"{len({run.subject for run in runs})} attacks, {len(runs) - len(paid)} of {len(runs)} at the floor"
        if replies:
            says += (
                f"; {len(replies) - len({*ours, *late})} of {len(replies)} hostile systems judged as the candidate's"
            )
        passed = bool(runs or replies) and not paid and not ours and not late
        return Gate(6, "attacks", passed, says, _tell([*paid, *ours, *late]))

    def _complete(self) -> Gate:
        ours = [run for run in self.runs if run.outcome == Outcome.INFRA_ERROR]
        unsure = [run for run in self.runs if run.outcome == Outcome.INCONCLUSIVE]
        says = f"{len(self.runs)} gradings, {len(ours)} ended by our own fault, {len(unsure)} inconclusive"
        if 0 < self.plan.reference < FULL.reference:
            says += f"; {self.plan.reference} seeds of the {FULL.reference} of a full card"
        return Gate(7, "report card", not ours and len(unsure) <= len(self.runs) * 0.02, says, _tell([*ours, *unsure]))


def trials(lab: Lab) -> tuple[Trial, ...]:
    return lab.mutants + lab.alternates + lab.attacks


def _as_run(gate: str, subject: str, seed: int, verdict: Verdict) -> Run:
    lost = tuple(one.criterion for one in verdict.criteria if one.share != 1.0)
    unclear = [one.criterion for one in verdict.criteria if one.share is None]
    why = verdict.why[-600:] or "; ".join(
        f"{one.criterion}: {one.evidence[0]}" for one in verdict.criteria if one.share != 1.0 and one.evidence
    )
    return Run(
        gate, subject, seed, verdict.outcome, verdict.points, verdict.seconds,
        tuple(name for name in lost if name not in unclear), why[:1500],
    )  # fmt: skip


def _tell(runs: Iterator[Run] | Sequence[Run]) -> tuple[str, ...]:
    return tuple(
        f"{run.subject}, seed {run.seed}: {run.outcome}, {run.points:g} points ({run.why[:300]})" for run in runs
    )[:12]


def hold_up() -> float:
    """How many times as long as its processor time a fixed piece of work takes here and now; 1 on a quiet machine."""
    began, spent = time.monotonic(), time.thread_time()
    while time.thread_time() - spent < CALIBRATION_S:
        sum(range(2000))
    return (time.monotonic() - began) / (time.thread_time() - spent)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _load() -> Iterator[None]:
    """Four busy processes for each core, for as long as the grading takes."""
    count = LOAD_FACTOR * (multiprocessing.cpu_count() or 1)
    spinners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    time.sleep(0.1)
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()
