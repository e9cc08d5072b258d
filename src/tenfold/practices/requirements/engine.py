"""How much of what is asked for is ML-operations: values in, frozen answers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from tenfold.catalogue.model import Area


@dataclass(frozen=True, slots=True)
class AreaDemand:
    """One thing asked for: its area, and how strongly (must 1, nice ½, context ¼)."""

    area: Area
    weight: float


@dataclass(frozen=True, slots=True)
class MlopsShare:
    """Percent of ML-operations against generic infrastructure; None where too little is named.

    `n` counts the asks on either side, `weight` adds up how strongly they are asked; `areas` are the ML-operations
    areas present, `missing` the others.
    """

    percent: float | None
    n: int
    weight: float
    areas: tuple[str, ...]
    missing: tuple[str, ...]


def must_haves_missing(share: MlopsShare, percent: float) -> int:
    """The fewest further must-haves on ML-operations that bring a share to this many percent (below 100)."""
    if share.percent is None or share.percent >= percent:
        return 0
    wanting = share.weight * (percent - share.percent) / (100 - percent)
    return ceil(round(wanting, 9))


def mlops_share(asks: Sequence[AreaDemand], all_areas: Sequence[str], *, enough: float) -> MlopsShare:
    """Weighs the asks. Serving counts for ML-operations here (it counts for infrastructure in the scope, P4)."""
    mlops = [ask for ask in asks if ask.area.mlops]
    generic = [ask for ask in asks if ask.area.group == "infrastructure"]
    total = sum(ask.weight for ask in (*mlops, *generic))
    present = {ask.area.id for ask in mlops}
    counted = len(mlops) + len(generic)
    return MlopsShare(
        percent=100 * sum(ask.weight for ask in mlops) / total if total and counted >= enough else None,
        n=counted,
        weight=total,
        areas=tuple(area for area in all_areas if area in present),
        missing=tuple(area for area in all_areas if area not in present),
    )
