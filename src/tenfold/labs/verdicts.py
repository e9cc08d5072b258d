"""From criteria to a verdict, by one frozen table of what counts against whom and what is repeated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tenfold.labs.lab import Criterion, CriterionKind, Lab
from tenfold.labs.tenfold_grader.answers import printable


class Outcome(StrEnum):
    """The five verdicts. The last two never cost the candidate anything."""

    PASS = "pass"  # noqa: S105  a verdict, no password
    PARTIAL = "partial"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    INFRA_ERROR = "infra_error"


class GradingEvent(StrEnum):
    """What may happen in a grading, beside criteria met and lost."""

    SERVICE_DID_NOT_START = "service-did-not-start"
    SERVICE_ENDED = "service-ended"
    SERVICE_OUT_OF_MEMORY = "service-out-of-memory"
    SNAPSHOT_TOO_LARGE = "snapshot-too-large"
    REFERENCE_MISBEHAVED = "reference-misbehaved"
    GRADER_FAILED = "grader-failed"
    GRADER_TOO_SLOW = "grader-too-slow"
    GRADER_SAID_NONSENSE = "grader-said-nonsense"
    SANDBOX_FAILED = "sandbox-failed"
    MEASUREMENT_STRADDLES = "measurement-straddles"
    CANDIDATE_BROKE_GRADING = "candidate-broke-grading"


class Fault(StrEnum):
    """Whose account something goes on. What is ours is put to the reference first (see `grading`)."""

    CANDIDATE = "candidate"
    US = "us"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Policy:
    """What follows from a event. `retries`: how often the whole grading is repeated before the outcome stands."""

    fault: Fault
    retries: int
    outcome: Outcome | None  # None: the criteria decide


POLICY: Mapping[GradingEvent, Policy] = MappingProxyType(
    {
        GradingEvent.SERVICE_DID_NOT_START: Policy(Fault.CANDIDATE, 0, None),
        GradingEvent.SERVICE_ENDED: Policy(Fault.CANDIDATE, 0, None),
        GradingEvent.SERVICE_OUT_OF_MEMORY: Policy(Fault.CANDIDATE, 0, None),
        GradingEvent.SNAPSHOT_TOO_LARGE: Policy(Fault.CANDIDATE, 0, None),  # told at submit, before any grading
        GradingEvent.REFERENCE_MISBEHAVED: Policy(Fault.US, 2, Outcome.INFRA_ERROR),
        GradingEvent.GRADER_FAILED: Policy(Fault.US, 2, Outcome.INFRA_ERROR),
        GradingEvent.GRADER_TOO_SLOW: Policy(Fault.US, 1, Outcome.INFRA_ERROR),
        GradingEvent.GRADER_SAID_NONSENSE: Policy(Fault.US, 1, Outcome.INFRA_ERROR),
        GradingEvent.SANDBOX_FAILED: Policy(Fault.US, 2, Outcome.INFRA_ERROR),
        # It broke on this system twice, and not on the reference in its place.
        GradingEvent.CANDIDATE_BROKE_GRADING: Policy(Fault.CANDIDATE, 0, None),
        GradingEvent.MEASUREMENT_STRADDLES: Policy(Fault.NOBODY, 2, Outcome.INCONCLUSIVE),
    }
)


@dataclass(frozen=True, slots=True)
class Graded:
    """One criterion as graded. `share`: what was met; `earned`: points after what it needs is looked at."""

    criterion: str
    kind: str
    points: int
    share: float | None
    earned: float
    evidence: tuple[str, ...]
    measured: Mapping[str, float] = field(default_factory=dict)
    learn: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a grading says, with everything that it rests on."""

    outcome: Outcome
    points: float
    of: int
    criteria: tuple[Graded, ...]
    edition: str
    seed: str
    snapshot: str
    attempts: int
    seconds: float
    versions: Mapping[str, str]
    event: GradingEvent | None = None
    why: str = ""

    @property
    def fault_of(self) -> Fault | None:
        """On whose account lost points, or the want of a verdict, go; None where nothing was lost."""
        if self.outcome is Outcome.INFRA_ERROR:
            return Fault.US
        if self.outcome is Outcome.INCONCLUSIVE:
            return Fault.NOBODY
        return None if self.points == self.of else Fault.CANDIDATE

    @property
    def costs_the_candidate(self) -> bool:
        return self.outcome not in {Outcome.INCONCLUSIVE, Outcome.INFRA_ERROR}

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def same_as(self, other: Verdict) -> bool:
        """The same judgement: outcome, and what each criterion earned."""
        return self.outcome is other.outcome and [one.earned for one in self.criteria] == [
            one.earned for one in other.criteria
        ]


class NonsenseResults(Exception):
    """A grader's answer that is no answer: a criterion missing, twice, unknown, or a share that is no number."""


def grade_outcome(criteria: Sequence[Criterion], results: Sequence[Mapping[str, Any]]) -> tuple[Graded, ...]:
    """Puts a grader's results to the lab's criteria. Raises `NonsenseResults`."""
    shares = _shares(criteria, results)
    some_behaviour = any(
        (shares[one.id] or 0) > 0 and _needs_met(one, shares) for one in criteria if one.kind is CriterionKind.BEHAVIOUR
    )
    by_id = {str(result["criterion"]): result for result in results}
    done = []
    for one in criteria:
        counts = _needs_met(one, shares)
        if one.kind is CriterionKind.NO_COLLATERAL:
            counts = counts and some_behaviour
        share = shares[one.id]
        done.append(
            Graded(
                criterion=one.id,
                kind=one.kind,
                points=one.points,
                share=share,
                earned=round(one.points * (share or 0), 2) if counts else 0.0,
                evidence=tuple(printable(str(line)[:500], 500) for line in by_id[one.id]["evidence"])
                + (() if counts else (_why_it_does_not_count(one),)),
                measured={key: float(value) for key, value in by_id[one.id]["measured"].items()},
                learn=one.learn,
            )
        )
    return tuple(done)


def observed_results(criteria: Sequence[Criterion], results: Iterable[Mapping[str, Any]]) -> tuple[Graded, ...]:
    """What a grading that came to nothing had seen by then. Nothing is earned by it."""
    by_id = {one.id: one for one in criteria}
    return tuple(
        Graded(
            criterion=one.id,
            kind=one.kind,
            points=one.points,
            share=result.get("share"),
            earned=0.0,
            evidence=tuple(printable(str(line)[:500], 500) for line in result.get("evidence", ())),
        )
        for result in results
        if (one := by_id.get(str(result.get("criterion"))))
    )


def _shares(criteria: Sequence[Criterion], results: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    shares: dict[str, float | None] = {}
    for result in results:
        name, share = str(result.get("criterion")), result.get("share")
        good = share is None or (
            isinstance(share, int | float) and not isinstance(share, bool) and math.isfinite(share) and 0 <= share <= 1
        )
        if name in shares or not good:
            raise NonsenseResults(f"{name}: twice, or a share of {share!r}")
        shares[name] = None if share is None else float(share)
    if missing := {one.id for one in criteria} ^ set(shares):
        raise NonsenseResults(f"criteria missing or unknown: {', '.join(sorted(missing))}")
    return shares


def _needs_met(criterion: Criterion, shares: Mapping[str, float | None]) -> bool:
    return all(shares[need] == 1.0 for need in criterion.needs)


def _why_it_does_not_count(criterion: Criterion) -> str:
    if criterion.kind is CriterionKind.NO_COLLATERAL:
        return "counts once one of the things asked for is done"
    return f"counts only while {', '.join(criterion.needs)} holds"


def outcome_of(lab: Lab, criteria: Sequence[Graded]) -> Outcome:
    """Pass: enough points and nothing broken that worked. Unclear criteria count for nobody until they could matter."""
    points = sum(one.earned for one in criteria)
    unclear = [one for one in criteria if one.share is None]
    possible = points + sum(one.points for one in unclear)
    broken = any(one.kind == CriterionKind.NO_COLLATERAL and one.share not in {1.0, None} for one in criteria)
    if points >= lab.pass_mark and not broken and not any(one.kind == CriterionKind.NO_COLLATERAL for one in unclear):
        return Outcome.PASS
    if unclear and possible >= lab.pass_mark and not broken:
        return Outcome.INCONCLUSIVE
    return Outcome.PARTIAL if points > max(lab.floor, lab.pass_mark / 3) else Outcome.FAIL
