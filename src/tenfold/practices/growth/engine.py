"""Ladders, weighed: values in, frozen answers out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

YEARS = re.compile(r"\b\d+\s*\+?\s*(?:-\s*\d+\s*)?(?:years?|yrs?)\b", re.IGNORECASE)
ADJECTIVES = re.compile(
    r"\b(?:excellent|outstanding|strong|great|deep|expert|good|solid|exceptional|advanced) "
    r"(?:understanding|knowledge|skills?|grasp|communicator|command)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a ladder; `rank` counts from 0 (junior)."""

    level: str
    rank: int
    scope: str = ""
    behaviours: int = 0
    years: float | None = None


@dataclass(frozen=True, slots=True)
class LadderReading:
    """What a ladder lacks for someone hired at a level. Levels by id."""

    own_missing: bool
    next_missing: bool
    thin: tuple[str, ...]
    same_scope: tuple[tuple[str, str], ...]
    by_years: tuple[str, ...]


def read_ladder(steps: Sequence[Step], *, hired_rank: int, top_rank: int, behaviours_needed: float) -> LadderReading:
    """Looks at the hire's own step and the next one; a hire at the top needs no next one."""
    ranked = {step.rank: step for step in sorted(steps, key=lambda step: step.rank)}
    relevant = [ranked[rank] for rank in (hired_rank, hired_rank + 1) if rank in ranked]
    ordered = list(ranked.values())
    pairs = pairwise(ordered)
    return LadderReading(
        own_missing=hired_rank not in ranked,
        next_missing=hired_rank < top_rank and hired_rank + 1 not in ranked,
        thin=tuple(step.level for step in relevant if not step.scope or step.behaviours < behaviours_needed),
        same_scope=tuple((low.level, high.level) for low, high in pairs if low.scope and _same(low, high)),
        by_years=tuple(step.level for step in ordered if step.years is not None),
    )


def unseen_words(behaviour: str) -> str | None:
    """Words in a behaviour that nobody can see: praise of knowledge, or years; None where there are none."""
    found = YEARS.search(behaviour) or ADJECTIVES.search(behaviour)
    return found[0] if found else None


def _same(low: Step, high: Step) -> bool:
    return low.scope.casefold().strip(" .") == high.scope.casefold().strip(" .")
