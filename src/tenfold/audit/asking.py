"""Which open question to answer first: the one that changes most of what the ten checks say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tenfold.audit.report import QuestionView, Section
from tenfold.kit.findings import State


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """A field that is asked for, its question, and in how many checks it is missing."""

    field: str
    ask: QuestionView
    checks: int
    effect: float


def questions_by_effect(sections: Iterable[Section]) -> tuple[RankedQuestion, ...]:
    """Every field that is asked for, the one with the most effect first.

    An answer counts for the share of a check's open questions that it settles, and twice where the check says nothing
    else yet: there the verdict itself hangs on it.
    """
    effects: dict[str, float] = {}
    checks: dict[str, int] = {}
    asks: dict[str, QuestionView] = {}
    for section in sections:
        weight = (2 if section.state is State.UNANSWERED else 1) / max(1, len({one.field for one in section.asks}))
        for field, ask in {one.field: one for one in reversed(section.asks)}.items():
            effects[field] = effects.get(field, 0) + weight
            checks[field] = checks.get(field, 0) + 1
            asks.setdefault(field, ask)
    ranked = (RankedQuestion(field, asks[field], checks[field], effect) for field, effect in effects.items())
    return tuple(sorted(ranked, key=lambda one: -one.effect))
