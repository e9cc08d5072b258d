"""The loop: whether what was assessed at hiring shows in evidence six and twelve months later.

A correlation with its interval, how many more hires would be needed to tell, and what selection does to it. Few hires a
year is what companies have: “too few to tell” is the usual answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist, stdev

import numpy as np
import scipy

FEWEST = 10
TELLING_HALF_WIDTH = 0.25
"""An interval no wider than this to either side says more than the published range of validities does."""


class Answer(StrEnum):
    """What the pairs can tell."""

    TOO_FEW = "too few to tell"
    RELATED = "related"
    NOT_SHOWN = "no relation shown"


@dataclass(frozen=True, slots=True)
class ValidityLoop:
    """Rank correlation of assessment and later evidence, with its interval; `corrected` for range restriction.

    `still_needed`: hires missing until the interval is narrow enough to tell.
    """

    answer: Answer
    n: int
    still_needed: int
    correlation: float | None
    low: float | None
    high: float | None
    corrected: float | None = None
    note: str = ""


def close_loop(
    assessed: Sequence[float], shown: Sequence[float], *, all_assessed_sd: float | None = None
) -> ValidityLoop:
    """Agreement between an assessment at hiring and evidence on the same competency later.

    Spearman's correlation with Fisher's interval, variance (1 + r²/2) / (n − 3) (Bonett and Wright 2000). With
    `all_assessed_sd`, the spread among everyone assessed, the correlation is also given corrected for direct range
    restriction (Thorndike's case 2); without it, hires alone understate it, which is stated.

    Raises:
        ValueError: the two lists differ in length.
    """
    if len(assessed) != len(shown):
        raise ValueError("every assessment needs its evidence")
    n = len(assessed)
    if n < FEWEST or len(set(assessed)) < 2 or len(set(shown)) < 2:
        return ValidityLoop(Answer.TOO_FEW, n, max(0, n_needed(0.3) - n), None, None, None)
    r = float(scipy.stats.spearmanr(assessed, shown).statistic)
    low, high = fisher_interval(r, n)
    narrow = (high - low) / 2 <= TELLING_HALF_WIDTH
    answer = Answer.RELATED if low > 0 else Answer.NOT_SHOWN if narrow else Answer.TOO_FEW
    corrected = _correct(r, assessed, all_assessed_sd)
    note = "" if corrected is not None else "Only hires are compared; among all candidates the relation is stronger."
    return ValidityLoop(answer, n, max(0, n_needed(r) - n), r, low, high, corrected, note)


def fisher_interval(r: float, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a rank correlation."""
    bounded = max(-0.9999, min(0.9999, r))
    half = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt((1 + bounded**2 / 2) / (n - 3))
    centre = math.atanh(bounded)
    return math.tanh(centre - half), math.tanh(centre + half)


def n_needed(r: float, half_width: float = TELLING_HALF_WIDTH) -> int:
    """The smallest n at which the interval is no wider than `half_width` to either side."""
    n = FEWEST
    while True:
        low, high = fisher_interval(r, n)
        if (high - low) / 2 <= half_width:
            return n
        n += 1


def _correct(r: float, assessed: Sequence[float], all_assessed_sd: float | None) -> float | None:
    if all_assessed_sd is None:
        return None
    ratio = all_assessed_sd / stdev(assessed)
    return float(np.clip(r * ratio / math.sqrt(1 - r**2 + r**2 * ratio**2), -1, 1))
