"""Fits pay outside the US, by country, from ads in the country's own currency.

Ads of a country count where they are full-time and tagged with its own currency. Where fewer than two thirds of its
ads are, the tags are not to be trusted (Canada, Australia: figures that look local, tagged USD): it is not answered.

    log local pay = a + b x (log US pay of the same words and level) + effect of role and level + rest

The pattern of titles and levels is borrowed from US ads, `b` is shrunk towards 1, and the effect of each role and level
towards nothing. The spread is that of each ad about what the others of its country say, shrunk towards that of all
countries: twenty ads say little of how far apart ads lie.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tenfold.catalogue.titles import read_title
from tenfold.law.places import currency_of, is_place
from tenfold.market.abroad import AbroadCell, CountryPay
from tenfold.market.ads import Ad, Row, distinct
from tenfold.market.level_codes import level_of
from tenfold.market.suppression import least_for_deciles, least_for_median

Matrix = NDArray[np.float64]
Locate = Callable[[Row], float]
_PRIOR_ADS, _PRIOR_SLOPE, _PRIOR_SPREAD_ADS = 10.0, 5.0, 50.0


@dataclass(frozen=True)
class Fit:
    """A country's line and effects. `effects`: by role and level, the sum of residuals and their number."""

    intercept: float
    slope: float
    spread: float
    effects: dict[str, tuple[float, int]]


def countries(ads: Sequence[Ad], locate: Locate, z: tuple[float, float]) -> dict[str, CountryPay]:
    """All countries outside the US with ads enough to say something of; `z` are the model's p10 and p90 of one spread.

    `locate` is the log US pay of a row.
    """
    held: dict[str, list[Ad]] = defaultdict(list)
    for ad in distinct(ads):
        if ad.row.country != "US" and ad.row.employment == "FT" and is_place(ad.row.country):
            held[ad.row.country].append(ad)
    shapes = [_shape(country, found) for country, found in sorted(held.items())]
    known = [(shape, own) for shape, own in shapes if shape.n >= least_for_deciles()]
    fits = {shape.country: fit_country(own, locate, z) for shape, own in known if _is_answered(shape)}
    common = _common_spread([(shape.n_own, fits[shape.country].spread) for shape, _ in known if _is_answered(shape)])
    return {
        shape.country: _answer(shape, own, fits[shape.country], locate, common) if shape.country in fits else shape
        for shape, own in known
    }


def _shape(country: str, ads: Sequence[Ad]) -> tuple[CountryPay, list[Ad]]:
    """A country's counts, and its ads in its own currency."""
    currency = currency_of(country) or ""
    own = [ad for ad in ads if ad.currency == currency and ad.log_local is not None]
    return CountryPay(country, currency, len(ads), len(own)), own


def _is_answered(shape: CountryPay) -> bool:
    return shape.is_sound and shape.n_own >= least_for_deciles()


def _common_spread(spreads: Sequence[tuple[int, float]]) -> float:
    whole = sum(n for n, _ in spreads)
    return math.sqrt(sum(n * spread**2 for n, spread in spreads) / whole) if whole else 0.0


def _answer(shape: CountryPay, own: Sequence[Ad], fitted: Fit, locate: Locate, common: float) -> CountryPay:
    n = shape.n_own
    spread = math.sqrt((n * fitted.spread**2 + _PRIOR_SPREAD_ADS * common**2) / (n + _PRIOR_SPREAD_ADS))
    cells: dict[str, list[Ad]] = defaultdict(list)
    for ad in own:
        if key := key_of(ad.row):
            cells[key].append(ad)
    return replace(
        shape,
        intercept=fitted.intercept,
        slope=fitted.slope,
        spread=spread,
        cells={
            key: _cell(key, found, replace(fitted, spread=spread), locate, n)
            for key, found in sorted(cells.items())
            if len(found) >= least_for_median()
        },
    )


def key_of(row: Row) -> str:
    """`role:level` of a row; "" where either is not known."""
    role, level = read_title(row.title).role, level_of(row.title, row.level_code)
    return f"{role}:{level}" if role != "other" and level else ""


def fit_country(ads: Sequence[Ad], locate: Locate, z: tuple[float, float]) -> Fit:
    """The country's line on US pay, its effects, and the spread about what the *other* ads of the country say."""
    x = np.array([locate(ad.row) for ad in ads])
    y = np.array([ad.log_local for ad in ads], dtype=float)
    centred = x - x.mean()
    noise = float(np.var(y))
    slope = float((centred @ (y - y.mean()) + _PRIOR_SLOPE * noise) / (centred @ centred + _PRIOR_SLOPE * noise))
    intercept = float(y.mean() - slope * x.mean())
    residuals = y - intercept - slope * x
    effects: dict[str, tuple[float, int]] = {}
    for ad, residual in zip(ads, residuals, strict=True):
        total, n = effects.get(key_of(ad.row), (0.0, 0))
        effects[key_of(ad.row)] = (total + float(residual), n + 1)
    effects.pop("", None)
    left = np.array([_left_out(ad, r, effects) for ad, r in zip(ads, residuals, strict=True)])
    low, high = np.quantile(left, (0.1, 0.9))
    return Fit(intercept, slope, float((high - low) / (z[1] - z[0])), effects)


def _left_out(ad: Ad, residual: float, effects: Mapping[str, tuple[float, int]]) -> float:
    total, n = effects.get(key_of(ad.row), (0.0, 0))
    return float(residual) - ((total - residual) / (n - 1 + _PRIOR_ADS) if n else 0.0)


def _cell(key: str, ads: Sequence[Ad], fitted: Fit, locate: Locate, n_country: int) -> AbroadCell:
    total, n = fitted.effects[key]
    line = fitted.intercept + fitted.slope * float(np.mean([locate(ad.row) for ad in ads]))
    seen = [ad.seen or date(ad.row.work_year, 7, 1) for ad in ads]
    return AbroadCell(
        n=n,
        location=line + total / (n + _PRIOR_ADS),
        sd_log=fitted.spread * math.sqrt(1 / (n + _PRIOR_ADS) + 1 / n_country),
        own_share=n / (n + _PRIOR_ADS),
        first=min(seen),
        last=max(seen),
    )


def predict(pay: CountryPay, train: Sequence[Ad], rows: Sequence[Row], locate: Locate, z: Sequence[float]) -> Matrix:
    """Log quantiles of the local midpoint, a row each: for backtests. `train` are the country's own ads."""
    fitted = fit_country(train, locate, (z[0], z[-1]))
    effects = [fitted.effects.get(key_of(row), (0.0, 0)) for row in rows]
    middles = np.array([fitted.intercept + fitted.slope * locate(row) for row in rows])
    middles += np.array([total / (n + _PRIOR_ADS) for total, n in effects])
    result: Matrix = middles[:, None] + pay.spread * (np.array(z) - z[len(z) // 2])[None, :]
    return result
