"""Calibration by support: titles of which few ads are known get wider bands, by what later ads of such titles needed.

The model is fitted to what was known three months before the last ads and tried on the new ads since. For each group
of titles by the number of ads then known, the band of 80 % is scaled so that it would have held 80 % of them, shrunk
towards no scaling where few ads say so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tenfold.market.ads import Ad
from tenfold.market.features import words_of

Vector = NDArray[np.float64]

FROM_ADS = (0, 5, 20, 100, 500, 2000)
"""Groups of titles begin at so many known ads."""
NO_WIDENING = (1.0,) * len(FROM_ADS)
HORIZON_DAYS = 90
_PRIOR_ADS = 20.0
_BAND = (0.1, 0.9)


def spelt(title: str) -> str:
    """The title as the model knows it: words in order, short forms spelt out."""
    return " ".join(words_of(title))


def count_titles(ads: Iterable[Ad]) -> Counter[str]:
    """Ads by title; `ads` are distinct."""
    return Counter(spelt(ad.row.title) for ad in ads)


def group_of(ads: int) -> int:
    """The index in FROM_ADS of a title of which so many ads are known."""
    return bisect_right(FROM_ADS, ads) - 1


def widening(standardised: Vector, support: Sequence[int]) -> tuple[float, ...]:
    """By what the bands of each group must be widened; `standardised` are residuals of later ads about their median."""
    low, high = np.quantile(standardised, _BAND)
    reach = np.where(standardised > 0, standardised / high, standardised / low)
    groups = np.array([group_of(ads) for ads in support])
    return tuple(_factor(reach[groups == group]) for group in range(len(FROM_ADS)))


def _factor(reach: Vector) -> float:
    if len(reach) == 0:
        return 1.0
    needed = float(np.quantile(reach, _BAND[1] - _BAND[0]))
    return (len(reach) * needed + _PRIOR_ADS) / (len(reach) + _PRIOR_ADS)
