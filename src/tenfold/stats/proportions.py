"""Intervals of a share and of a ratio of two shares. Standard library only: importing this costs nothing."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054
"""97.5 % quantile of the standard normal distribution: two-sided 95 % intervals."""


def wilson(count: float, n: float, z: float = Z_95) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927).

    Args:
        count: successes, 0 to n; a fraction is allowed where observations carry weights.
        n: observations; none at all leaves every share possible.
        z: quantile of the normal distribution for another level.
    """
    if not n:
        return 0.0, 1.0
    share = count / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(max(0.0, share * (1 - share)) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def clopper_pearson_upper(failures: int, n: int, alpha: float = 0.05) -> float:
    """One-sided upper bound on a rate of failures (Clopper and Pearson 1934); about 3/n where none was seen."""
    if not n:
        return 1.0
    low, high = failures / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        seen = sum(math.comb(n, k) * middle**k * (1 - middle) ** (n - k) for k in range(failures + 1))
        low, high = (middle, high) if seen > alpha else (low, middle)
    return high
