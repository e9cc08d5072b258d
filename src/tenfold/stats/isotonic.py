"""The nearest sequence that never falls: weighted least squares, by scipy's pool-adjacent-violators."""

from __future__ import annotations

from collections.abc import Sequence

import scipy


def isotonic(values: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """`values` moved as little as possible (weighted squares) so that none is below the one before it.

    Args:
        values: in the order in which they should rise.
        weights: positive, one a value; equal where absent.
    """
    if not len(values):
        return []
    return [float(value) for value in scipy.optimize.isotonic_regression(values, weights=weights).x]
