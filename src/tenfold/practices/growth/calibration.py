"""A calibration session: how far managers agree on the same evidence, entry by entry, and where to talk.

What is measured is the agreement of judges, never a person. The figure is Krippendorff's alpha, ordinal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.practices.growth.placement import Judgement
from tenfold.stats.agreement import krippendorff_alpha

ORDER = {Judgement.NOT_YET: 0.0, Judgement.PARTLY: 1.0, Judgement.SHOWN: 2.0}
FEWEST_PAIRABLE = 20


@dataclass(frozen=True, slots=True)
class Vote:
    """One judge's view of one case (a pseudonym's evidence) at one entry of the ladder."""

    judge: str
    case: str
    cell: str
    view: Judgement


@dataclass(frozen=True, slots=True)
class ToDiscuss:
    """A case and entry on which judges differ, widest first."""

    case: str
    cell: str
    views: tuple[tuple[str, Judgement], ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """`alpha` is None where there is too little to measure; `why` says so."""

    alpha: float | None
    n_pairable: int
    why: str
    to_discuss: tuple[ToDiscuss, ...]


def calibrate(votes: Sequence[Vote]) -> Calibration:
    """Agreement of the judges, and the cases to talk about first."""
    units = [(vote.case, vote.cell) for vote in votes]
    found = krippendorff_alpha(units, [ORDER[vote.view] for vote in votes])
    enough = found.n_pairable >= FEWEST_PAIRABLE and found.ordinal is not None
    why = "" if enough else f"{found.n_pairable} judgements can be compared; {FEWEST_PAIRABLE} that differ are needed."
    return Calibration(found.ordinal if enough else None, found.n_pairable, why, tuple(_to_discuss(votes)))


def _to_discuss(votes: Sequence[Vote]) -> list[ToDiscuss]:
    by_unit: dict[tuple[str, str], list[Vote]] = defaultdict(list)
    for vote in votes:
        by_unit[vote.case, vote.cell].append(vote)
    found = [
        ToDiscuss(case, cell, tuple(sorted((vote.judge, vote.view) for vote in given)), distance)
        for (case, cell), given in by_unit.items()
        if (distance := int(max(ORDER[v.view] for v in given) - min(ORDER[v.view] for v in given)))
    ]
    return sorted(found, key=lambda each: (-each.distance, each.case, each.cell))
