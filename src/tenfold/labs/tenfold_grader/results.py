"""What a grader answers."""

from __future__ import annotations

from dataclasses import dataclass, field


class OurFault(Exception):
    """The reference, the platform or the grader misbehaved: nothing may be concluded about the candidate."""


class SystemGone(ConnectionError):
    """The system under test has ended, and its box with it."""


class OutOfPatience(TimeoutError):
    """The system under test has kept the grading waiting for longer than it may in all."""


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


def weighed(criterion: str, parts: dict[str, str], *, of: int | None = None, **measured: float) -> Result:
    """One criterion made of several probes. `parts`: what was probed → what was wrong with it ("" where it was right).

    All right: met. Otherwise the share of probes that were right, every wrong one as evidence. `of`: how many wrong
    ones leave nothing (default: all of them).
    """
    wrong = [f"{what}: {why}" for what, why in parts.items() if why]
    if not wrong:
        return met(criterion, f"{len(parts)} of {len(parts)} probes were right: {', '.join(parts)}", **measured)
    share = max(0.0, 1 - len(wrong) / (of or len(parts)))
    return partly(criterion, share, *wrong[:6], **measured)
