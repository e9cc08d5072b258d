"""What a grader answers."""

from __future__ import annotations

from dataclasses import dataclass, field


class OurFault(Exception):
    """The reference, the platform or the grader misbehaved: nothing may be concluded about the candidate."""


@dataclass(frozen=True)
class Result:
    """One criterion's outcome. `share` (0 to 1) is what was met; None where the measurement does not decide."""

    criterion: str
    share: float | None
    evidence: tuple[str, ...]
    measured: dict[str, float] = field(default_factory=dict)


def met(criterion: str, *evidence: str, **measured: float) -> Result:
    return Result(criterion, 1.0, evidence, measured)


def lost(criterion: str, *evidence: str, **measured: float) -> Result:
    return Result(criterion, 0.0, evidence, measured)


def partly(criterion: str, share: float, *evidence: str, **measured: float) -> Result:
    return Result(criterion, min(1.0, max(0.0, share)), evidence, measured)


def unclear(criterion: str, *evidence: str, **measured: float) -> Result:
    return Result(criterion, None, evidence, measured)
