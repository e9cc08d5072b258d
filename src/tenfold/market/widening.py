"""Calibration by support: titles of which few ads are known get wider bands, by what later ads of such titles needed.

The model is fitted to what was known three months before the last ads and tried on the new ads since. For each group
of titles by the number of ads then known, the band of 80 % is scaled so that it would have held 80 % of them, shrunk
towards no scaling where few ads say so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenfold.market.support import FROM_ADS, group_of

Vector = NDArray[np.float64]
_PRIOR_ADS = 20.0
_BAND = (0.1, 0.9)


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
