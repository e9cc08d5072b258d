"""Three zones: a snapshot, the systems under test made from it and from the reference, and the grader beside them.

The grader's answers come over a descriptor that only its box has (`conductor`), and the systems under test are
destroyed before anything is concluded from them. What goes wrong is put to the reference before it is called our fault:
only where the reference in the candidate's place fails as well does a grading end as `infra_error`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import platform
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tenfold import __version__
from tenfold.kit.errors import UserError
from tenfold.labs import grading_queue, variants, verdicts
from tenfold.labs.conductor import Conductor, GradingStopped, IsDecided
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.systems import System
from tenfold.labs.tenfold_grader.answers import printable
from tenfold.labs.variants import Variant
from tenfold.labs.verdicts import POLICY, Fault, GradingEvent, Outcome, Verdict
from tenfold.sandbox import trees
from tenfold.sandbox.interface import Box, BoxSpec, Limits, Sandbox, SandboxError, Tree

AT_ONCE_VARIABLE = "TENFOLD_GRADINGS_AT_ONCE"


def grade(
    home: Home,
    sandbox: Sandbox,
    variant: Variant,
    submission_tar: bytes,
    *,
    timeout_s: float | None = None,
    is_decided: IsDecided | None = None,
    on_position: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Judges a snapshot. Repeats what is not the candidate's fault as often as the policy says; never raises for it.

    Gradings on one host wait for each other, since two at once would disturb each other's latencies; `on_position` is
    told how many come first. `seconds` of the verdict leave out the waiting. `timeout_s`: the lab's own by default.
    `is_decided`: ends the grading once it holds of the shares so far, the rest counting as lost: for those who ask of a
    wrong solution only whether it loses what it must.
    """
    with grading_queue.slot(queue_folder(home), places=at_once(), on_position=on_position):
        began = time.monotonic()
        trial = _Trial(home, sandbox, variant, timeout_s or variant.lab.grading_timeout_s, is_decided)
        verdict = trial.judge(submission_tar)
        return replace(verdict, attempts=trial.attempts, seconds=round(time.monotonic() - began, 2))


class _Trial:
    """Attempts at one grading, until one stands."""

    def __init__(
        self, home: Home, sandbox: Sandbox, variant: Variant, timeout_s: float, is_decided: IsDecided | None
    ) -> None:
        self._home, self._sandbox, self._variant, self._timeout_s = home, sandbox, variant, timeout_s
        self._left = {event: policy.retries for event, policy in POLICY.items()}
        self._is_decided = is_decided
        self._reference_passes: bool | None = None
        self.attempts = 0

    def judge(self, submission_tar: bytes) -> Verdict:
        while True:
            self.attempts += 1
            verdict = self._attempt(submission_tar)
            event = verdict.event
            if event is None or POLICY[event].fault is Fault.CANDIDATE:
                return verdict
            if self._left[event] == 0:
                return verdict
            self._left[event] -= 1
            if POLICY[event].fault is Fault.US and self._is_fine_with_the_reference():
                again = self._attempt(submission_tar)
                self.attempts += 1
                if again.event is None or POLICY[again.event].fault is not Fault.US:
                    return again
                return self._caused_by_the_candidate(again)

    def _is_fine_with_the_reference(self) -> bool:
        """Whether the same grading works with the reference in the candidate's place: asked once."""
        if self._reference_passes is None:
            control = self._attempt(self._variant.workspace("reference"))
            self._reference_passes = control.event is None
        return self._reference_passes

    def _caused_by_the_candidate(self, verdict: Verdict) -> Verdict:
        """What was seen stands, the rest is lost: twice the grading broke on this system and never on the reference."""
        lab = self._variant.lab
        seen = {one.criterion: one for one in verdict.criteria}
        why = f"the system under test keeps this from being checked ({verdict.why[:300]})"
        results = [
            {"criterion": one.id, "share": held.share, "evidence": held.evidence, "measured": held.measured}
            if (held := seen.get(one.id)) and held.share is not None
            else {"criterion": one.id, "share": 0.0, "evidence": (why,), "measured": {}}
            for one in lab.criteria
        ]
        criteria = verdicts.grade_outcome(lab.criteria, results)
        return replace(
            verdict,
            outcome=verdicts.outcome_of(lab, criteria),
            points=round(sum(one.earned for one in criteria), 2),
            criteria=criteria,
            event=GradingEvent.CANDIDATE_BROKE_GRADING,
        )

    def _attempt(self, submission_tar: bytes) -> Verdict:
        lab = self._variant.lab
        provenance = _provenance(self._home, self._sandbox, self._variant, submission_tar)
        try:
            with _boxes(self._home, self._sandbox, self._variant, submission_tar) as (conductor, grader):
                results = conductor.conduct(grader, self._timeout_s, is_decided=self._is_decided)
            criteria = verdicts.grade_outcome(lab.criteria, results)
        except GradingStopped as stopped:
            return _nothing(lab, provenance, stopped.event, stopped.why, stopped.results)
        except verdicts.NonsenseResults as nonsense:
            return _nothing(lab, provenance, GradingEvent.GRADER_SAID_NONSENSE, str(nonsense))
        except (SandboxError, OSError) as error:
            return _nothing(lab, provenance, GradingEvent.SANDBOX_FAILED, str(error))
        outcome = verdicts.outcome_of(lab, criteria)
        return Verdict(
            outcome=outcome,
            points=round(sum(one.earned for one in criteria), 2),
            of=lab.points,
            criteria=criteria,
            event=GradingEvent.MEASUREMENT_STRADDLES if outcome is Outcome.INCONCLUSIVE else None,
            **provenance,
        )


def queue_folder(home: Home) -> Path:
    return home.root / "gradings"


def at_once() -> int:
    """How many gradings this host takes at a time. Raises `UserError` where the variable is no such number."""
    named = os.environ.get(AT_ONCE_VARIABLE, "1")
    if not named.isdigit() or not 1 <= int(named) <= 64:
        raise UserError(f"{AT_ONCE_VARIABLE} is {named!r}", remedy="a number from 1 to 64; one for each three cores")
    return int(named)


def _nothing(
    lab: Lab,
    provenance: dict[str, Any],
    event: GradingEvent,
    why: str,
    results: Mapping[str, Mapping[str, Any]] | None = None,
) -> Verdict:
    """No verdict. What had been seen by then is kept with it, and counts for nothing yet."""
    return Verdict(
        outcome=POLICY[event].outcome or Outcome.INFRA_ERROR,
        points=0,
        of=lab.points,
        criteria=verdicts.observed_results(lab.criteria, (results or {}).values()),
        event=event,
        why=printable(why, 2000),
        **provenance,
    )


def _provenance(home: Home, sandbox: Sandbox, variant: Variant, submission_tar: bytes) -> dict[str, Any]:
    return {
        "edition": variant.lab.edition,
        "seed": variant.seed,
        "snapshot": snapshot_name(submission_tar),
        "attempts": 1,
        "seconds": 0.0,
        "versions": {
            "tenfold": __version__,
            "environment": variants.environment_of(home, variant.lab),
            "sandbox": sandbox.name,
            "kernel": platform.release(),
            "python": platform.python_version(),
        },
    }


def snapshot_name(tar: bytes) -> str:
    return hashlib.sha256(tar).hexdigest()


@contextlib.contextmanager
def _boxes(home: Home, sandbox: Sandbox, variant: Variant, submission_tar: bytes) -> Iterator[tuple[Conductor, Box]]:
    """The systems under test and the grader, each in a box. All end before anything is concluded from them."""
    lab = variant.lab
    environment = variants.environment_of(home, lab)
    submissions = {"candidate": submission_tar, "reference": variant.workspace("reference")}
    with contextlib.ExitStack() as stack:

        def box(limits: Limits, *given: Tree) -> Box:
            made = sandbox.create(BoxSpec(limits=limits, environment=environment, trees=given))
            stack.callback(made.destroy)
            return made

        systems = {which: System(box(lab.limits, Tree("/workspace", tar)), lab) for which, tar in submissions.items()}
        for system in systems.values():
            stack.callback(system.close)
        grader = box(Limits(memory_mb=1024, disk_mb=128, cpus=2), variants.kit_tree(), _grader_tree(lab))
        yield Conductor(variant, submissions, systems), grader


def _grader_tree(lab: Lab) -> Tree:
    """The grader and nothing else of the lab: no reference, no mutants, no variant."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in trees.files_in(trees.tar_of(lab.folder / "lab/grader")):
            if "__pycache__" not in name:
                info = tarfile.TarInfo(f"lab/grader/{name}")
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return Tree("/opt/lab", out.getvalue())
