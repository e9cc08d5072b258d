"""Figures about few people, such that no chosen sequence of questions works out one of them.

A rule per answer (a least count, a rounded total) is beaten by many answers: a threshold that is moved, the same sum
with and without one person. So the values themselves are replaced once, before anything is asked: people are put in
blocks of at least `LEAST`, in the order of their values, and each gets the block's mean on a coarse grid. Every answer
is then a function of those few values, and all answers together tell no more than they do. Statistics offices call this
microaggregation; the grid is for two versions of one list, whose exact means would differ by one person's share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

LEAST = 5
"""People who share one value at the least."""
GRID = 1.05
"""Each step of the grid is 5 % above the one below. A block's mean is off by up to 2.5 %, and so a difference of two
such sums over five people or more by up to a quarter of one person's value."""


def block_means(values: Sequence[float], *, least: int = LEAST) -> list[float]:
    """Values in the same order, each that of its block; equal values may share a block or not, by their order.

    Fewer than `least` values are one block, which the caller must not show.

    Raises:
        ValueError: a value is nothing or below.
    """
    order = sorted(range(len(values)), key=lambda place: values[place])
    shown = [0.0] * len(values)
    for block in _blocks(order, least):
        mean = on_grid(sum(values[place] for place in block) / len(block))
        for place in block:
            shown[place] = mean
    return shown


def on_grid(value: float) -> float:
    """The nearest step of the grid, in the order of ratios.

    Raises:
        ValueError: the value is nothing or below.
    """
    if value <= 0:
        raise ValueError(f"{value} lies on no grid of ratios")
    return float(GRID ** round(math.log(value, GRID)))


def _blocks(order: Sequence[int], least: int) -> list[Sequence[int]]:
    """As many blocks as there can be, of equal size but for what is left over, which the highest take."""
    count = max(1, len(order) // least)
    ends = [place * least for place in range(count)] + [len(order)]
    return [order[low:high] for low, high in pairwise(ends)] if order else []
