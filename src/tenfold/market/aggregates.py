"""Aggregate tables of ads: pay by role, level and year; premiums between roles; growth within cells; midpoints.

Small cells are suppressed here, before anything is stored: a median needs five ads, quartiles eight,
deciles twenty (the house rules `market.min_ads_*`). Counts below five are not given either, and no
total is given from which one suppressed count could be worked out: rows carry no totals at all.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.catalogue.titles import read_title
from tenfold.market.ads import Ad
from tenfold.market.level_codes import level_of
from tenfold.market.suppression import is_shown, least_for_deciles, least_for_median, least_for_quartiles
from tenfold.stats.proportions import Z_95

_RESAMPLES = 2000
_SEED = 20250119
PREMIUM_FROM_YEAR = 2024
Values = NDArray[np.float64]


def tables_of(ads: Sequence[Ad]) -> dict[str, Any]:
    """`years`, `premiums` and `growth` as plain values for JSON. `ads` are distinct and of one market."""
    cells: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for ad in ads:
        role, level = read_title(ad.row.title).role, level_of(ad.row.title, ad.row.level_code)
        if role != "other" and level is not None:
            cells[role, level, ad.row.work_year].append(math.exp(ad.log_midpoint))
    return {
        "years": _years(cells),
        "premiums": _premiums(cells),
        "regressions": _regressions(ads),
        "growth": _growth(ads),
        "midpoints": _midpoints(cells),
    }


def summary(values: Values) -> dict[str, float | int]:
    """Number and quantiles that this many ads may show; empty where there are too few to show anything."""
    n = len(values)
    if n < least_for_median():
        return {}
    allowed: list[tuple[str, float]] = [("p50", 0.5)]
    if n >= least_for_quartiles():
        allowed += [("p25", 0.25), ("p75", 0.75)]
    if n >= least_for_deciles():
        allowed += [("p10", 0.1), ("p90", 0.9)]
    low, high = median_interval(values)
    rounded = {name: round(float(np.quantile(values, p)), -2) for name, p in allowed}
    return {"n": n, **rounded, "low": round(low, -2), "high": round(high, -2)}


def median_interval(values: Values) -> tuple[float, float]:
    """A distribution-free 95 % interval for the median from order statistics (93.75 % at n = 5)."""
    ordered = np.sort(values)
    n = len(ordered)
    reach, below = 0, 0.0
    for k in range(n // 2):
        below += math.comb(n, k) / 2**n if n < 1000 else 0.0
        if below > 0.025:
            break
        reach = k
    if n >= 1000:
        reach = int(n / 2 - 0.98 * math.sqrt(n))
    return float(ordered[reach]), float(ordered[n - 1 - reach])


def _years(cells: dict[tuple[str, str, int], list[float]]) -> list[dict[str, Any]]:
    wholes: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for (role, level, year), values in cells.items():
        wholes[role, level][year] = len(values)
    return [
        {"role": role, "level": level, "year": year, **summary(np.array(values))}
        for (role, level, year), values in sorted(cells.items())
        if year in is_shown(wholes[role, level])
    ]


def _premiums(cells: dict[tuple[str, str, int], list[float]]) -> list[dict[str, Any]]:
    """Ratio of medians between two roles at equal level, with a bootstrap interval."""
    recent: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (role, level, year), values in cells.items():
        if year >= PREMIUM_FROM_YEAR:
            recent[role, level] += values
    rng = np.random.default_rng(_SEED)
    rows = []
    for (role, level), values in sorted(recent.items()):
        for (other, same), others in sorted(recent.items()):
            if other != role and same == level and min(len(values), len(others)) >= least_for_quartiles():
                point, low, high = _ratio(np.array(values), np.array(others), rng)
                rows.append(
                    {"role": role, "over": other, "level": level, "ratio": point, "low": low, "high": high}
                    | {"n": len(values), "n_over": len(others), "from_year": PREMIUM_FROM_YEAR}
                )
    return rows


COMPARED = (("mlops", "devops"), ("mlops", "data-engineer"), ("mlops", "ml-engineer"))
"""Pairs of roles whose premium is also measured by regression."""


def _regressions(ads: Sequence[Ad]) -> list[dict[str, Any]]:
    """Premiums at equal level by least squares on the log midpoint, with errors robust to unequal spread (HC1)."""
    recent = [ad for ad in ads if ad.row.work_year >= PREMIUM_FROM_YEAR and _level(ad) is not None]
    rows = []
    for role, over in COMPARED:
        both = [ad for ad in recent if read_title(ad.row.title).role in (role, over)]
        own = sum(read_title(ad.row.title).role == role for ad in both)
        if min(own, len(both) - own) < least_for_quartiles():
            continue
        for controls, keys in _CONTROLS.items():
            ratio, low, high = _premium_by_regression(both, role, keys)
            rows.append(
                {"role": role, "over": over, "controls": controls, "ratio": ratio, "low": low, "high": high}
                | {"n": own, "n_over": len(both) - own, "from_year": PREMIUM_FROM_YEAR}
            )
    return rows


def _level(ad: Ad) -> str | None:
    return level_of(ad.row.title, ad.row.level_code)


_CONTROLS: dict[str, tuple[Callable[[Ad], str], ...]] = {
    "level": (lambda ad: str(_level(ad)),),
    "level, workplace and year": (
        lambda ad: str(_level(ad)),
        lambda ad: ad.row.remote_ratio,
        lambda ad: str(ad.row.work_year),
    ),
}


def _premium_by_regression(
    ads: Sequence[Ad], role: str, controls: Sequence[Callable[[Ad], str]]
) -> tuple[float, float, float]:
    columns = [np.array([read_title(ad.row.title).role == role for ad in ads], dtype=float), np.ones(len(ads))]
    for control in controls:
        said = [control(ad) for ad in ads]
        columns += [np.array([word == each for word in said], dtype=float) for each in sorted(set(said))[1:]]
    design, y = np.column_stack(columns), np.array([ad.log_midpoint for ad in ads])
    inverse = np.linalg.pinv(design.T @ design)
    effects = inverse @ design.T @ y
    left = y - design @ effects
    meat = design.T @ (design * (left**2)[:, None])
    error = math.sqrt((inverse @ meat @ inverse)[0, 0] * len(y) / (len(y) - design.shape[1]))
    point = float(effects[0])
    low, high = (math.exp(point + sign * Z_95 * error) for sign in (-1, 1))
    return round(math.exp(point), 4), round(low, 4), round(high, 4)


def _midpoints(cells: dict[tuple[str, str, int], list[float]]) -> list[dict[str, Any]]:
    """All midpoints of a role and level since 2023, in hundreds of USD with their number: for raw counts."""
    held: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (role, level, _), values in cells.items():
        if role in COUNTED:
            held[role, level] += values
    sizes: dict[str, dict[str, int]] = defaultdict(dict)
    for (role, level), values in held.items():
        sizes[role][level] = len(values)
    return [
        {"role": role, "level": level, "n": len(values), "hundreds": sorted(Counter(map(_hundreds, values)).items())}
        for (role, level), values in sorted(held.items())
        if level in is_shown(sizes[role], whole_is_shown=False)
    ]


COUNTED = ("mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops")


def _hundreds(usd_year: float) -> int:
    return round(usd_year / 100)


def _ratio(values: Values, others: Values, rng: np.random.Generator) -> tuple[float, float, float]:
    tops, bottoms = _resampled_medians(values, rng), _resampled_medians(others, rng)
    low, high = np.quantile(tops / bottoms, (0.025, 0.975))
    return round(float(np.median(values) / np.median(others)), 4), round(float(low), 4), round(float(high), 4)


def _resampled_medians(values: Values, rng: np.random.Generator) -> Values:
    if len(values) > 400:  # the median of a large sample is normal: no need to draw it
        centre, (low, high) = float(np.median(values)), median_interval(values)
        return rng.normal(centre, (high - low) / 3.92, _RESAMPLES)
    result: Values = np.median(rng.choice(values, (_RESAMPLES, len(values))), axis=1)
    return result


def _growth(ads: Sequence[Ad]) -> list[dict[str, Any]]:
    """Change from year to year within title, level and workplace: all roles together, and each role."""
    rows = []
    for group in ("all", "mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops"):
        chosen = [ad for ad in ads if group in ("all", read_title(ad.row.title).role)]
        for year in sorted({ad.row.work_year for ad in chosen}):
            change = _change(chosen, year)
            if change:
                rows.append({"group": group, "from": year, "to": year + 1, **change})
    return rows


def _change(ads: Sequence[Ad], year: int) -> dict[str, Any]:
    before: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    after: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for ad in ads:
        side = {year: before, year + 1: after}.get(ad.row.work_year)
        if side is not None:
            side[ad.row.title, ad.row.level_code, ad.row.remote_ratio].append(ad.log_midpoint)
    both = [key for key in before if key in after]
    changes = np.array([np.mean(after[key]) - np.mean(before[key]) for key in both])
    weights = np.array([1 / (1 / len(before[key]) + 1 / len(after[key])) for key in both])
    n = len([ad for key in both for ad in (*before[key], *after[key])])
    if len(both) < least_for_median() or weights.sum() < least_for_deciles():
        return {}
    point = float(np.average(changes, weights=weights))
    rng = np.random.default_rng(_SEED)
    draws = rng.integers(0, len(both), (_RESAMPLES, len(both)))
    resampled = (changes[draws] * weights[draws]).sum(axis=1) / weights[draws].sum(axis=1)
    low, high = np.quantile(resampled, (0.025, 0.975))
    return {
        "percent": round(100 * math.expm1(point), 1),
        "low": round(100 * math.expm1(low), 1),
        "high": round(100 * math.expm1(high), 1),
        "cells": len(both),
        "n": n,
    }
