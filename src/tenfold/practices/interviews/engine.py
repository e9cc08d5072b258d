"""Interview plans, weighed: values in, frozen answers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FRAME_MINUTES = 10
"""Of a round: opening, and the candidate's own questions."""
SOFT = (
    "explaining",
    "requirements-discovery",
    "technical-writing",
    "trade-offs",
    "collaborative-debugging",
    "customer-empathy",
)


@dataclass(frozen=True, slots=True)
class Round:
    """One conversation: competency ids, independent raters (None unanswered)."""

    assesses: tuple[str, ...]
    raters: int | None


def count_raters(rounds: Sequence[Round]) -> Mapping[str, int]:
    """Independent raters per competency, over all rounds; a round that does not say adds none."""
    total: Counter[str] = Counter()
    for round_ in rounds:
        for competency in dict.fromkeys(round_.assesses):
            total[competency] += round_.raters or 0
    return total


def find_unanswered_raters(rounds: Sequence[Round], needed: int) -> tuple[int, ...]:
    """Numbers of the rounds whose raters are unanswered and could bring some competency to what is needed."""
    raters = count_raters(rounds)
    return tuple(
        index
        for index, round_ in enumerate(rounds)
        if round_.raters is None and any(raters[competency] < needed for competency in round_.assesses)
    )


def find_soft_skills(rounds: Sequence[Round]) -> tuple[str, ...]:
    """The collaboration competencies that some round assesses, in the usual order."""
    assessed = {competency for round_ in rounds for competency in round_.assesses}
    return tuple(competency for competency in SOFT if competency in assessed)
