"""Fits the pay model to posted ranges: partial pooling, spread by title, calibration out of time.

1. Location: a ridge on the features of `features.py`, each kind with its own penalty (an empirical-Bayes
   shrinkage), ads weighted by age, and a random effect for each month so that a batch of unusual ads moves
   no title.
2. Spread: the same on the log of the absolute residuals: groups that vary more get wider bands.
3. Shape: quantiles of (midpoint - location) / spread, not of the ads fitted but of later ones: the model is
   fitted to what was known before each of the last two windows and tried on the new ads in it (split
   conformal, in time). Only the spread is calibrated so; a drift of the level over two months predicted
   nothing in backtests. Titles of little support are widened first (`support.py`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from tenfold.catalogue.titles import read_title
from tenfold.kit.errors import NotEnoughData
from tenfold.market import abroad_fit
from tenfold.market.ads import POSTED, Ad, distinct, identity
from tenfold.market.aggregates import tables_of
from tenfold.market.features import MONTH_PENALTY, PENALTY, SPREAD_STRENGTH, features_of
from tenfold.market.level_codes import level_of
from tenfold.market.model import GRID, Z95, Cell, Neighbour, PayModel
from tenfold.market.support import HORIZON_DAYS, NO_WIDENING, count_titles, group_of, spelt
from tenfold.market.suppression import is_shown, least_for_median, least_for_quartiles
from tenfold.market.widening import widening

Vector = NDArray[np.float64]

FIRST_YEAR = 2023
HALF_LIFE_MONTHS = 12.0
LEVEL_WINDOW_MONTHS = 12.0
WINDOW_DAYS = 30
WINDOWS = 2
MIN_ADS_TO_FIT = 300
MIN_ADS_TO_CALIBRATE = 200
_DAYS_A_MONTH = 30.4
_SMALLEST_RESIDUAL = 0.03
_PRIOR_COUNTRY_ADS = 20.0
LEVELS_TOLD_APART = ("junior", "mid", "senior", "staff", "principal")
WORKPLACES = {"any": None, "onsite": "0", "remote": "100"}


@dataclass(frozen=True)
class _Fitted:
    """Location and spread before calibration."""

    names: dict[str, int]
    location: Vector
    spread: Vector
    centre: float
    spread_centre: float
    month_effects: Vector
    weights: Vector
    standardised: Vector
    titles: Counter[str]
    widen: tuple[float, ...] = NO_WIDENING

    def place(self, ads: Sequence[Ad]) -> tuple[Vector, Vector]:
        """Location and spread of each ad, the spread widened by its title's support."""
        design = _design(ads, self.names)
        spread = np.exp(self.spread_centre + design @ self.spread)
        wider = np.array([self.widen[group_of(n)] for n in self.support(ads)])
        return self.centre + design @ self.location, spread * wider

    def support(self, ads: Sequence[Ad]) -> list[int]:
        """How many ads of each ad's title are known."""
        return [self.titles[spelt(ad.row.title)] for ad in ads]


def fit(ads: Sequence[Ad], *, made_from: Sequence[str] = (), with_cells: bool = True) -> PayModel:
    """The model of these ads and, where given, own pay (an effect of its own keeps it from moving the market's level).

    Ads outside the US serve only for country offsets.

    Without cells it predicts rows but answers no question; that is what backtests need, and five times as quick.

    Raises:
        NotEnoughData: fewer than 300 distinct full-time US ads in USD since 2023.
    """
    usable = _usable(ads)
    known = distinct(usable)
    posted = [ad for ad in usable if ad.row.basis == POSTED]
    fitted = replace(_fit_known(known), widen=_widening(posted))
    z, calibrated_on = _calibrate(posted, fitted)
    offsets, foreign_sd = _countries(ads, fitted)
    cells, counts = _cells(known, fitted, z) if with_cells else ({}, {})
    model = PayModel(
        centre=fitted.centre,
        spread_centre=fitted.spread_centre,
        effects=_effects(fitted),
        z=tuple(float(value) for value in z),
        country_offsets=offsets,
        foreign_sd=foreign_sd,
        period_sd=_period_sd(fitted),
        n_ads=len(known),
        first=min(_observe(ad) for ad in known),
        last=max(_observe(ad) for ad in known),
        cells=cells,
        counts=counts,
        tables=tables_of([ad for ad in known if ad.row.basis == POSTED]) if with_cells else {},
        made_from=tuple(made_from),
        calibrated_on=calibrated_on,
        supports={title: group_of(n) for title, n in fitted.titles.items() if group_of(n)},
        widen=fitted.widen,
    )
    if not with_cells:
        return model
    recent = [ad for ad in ads if ad.row.work_year >= FIRST_YEAR and ad.row.basis == POSTED]
    return replace(model, countries=abroad_fit.countries(recent, model.us_log_pay, (model.z_five[0], model.z_five[-1])))


def _usable(ads: Sequence[Ad]) -> list[Ad]:
    usable = [ad for ad in ads if ad.in_model and ad.row.work_year >= FIRST_YEAR]
    if len(distinct(usable)) < MIN_ADS_TO_FIT:
        raise NotEnoughData(
            f"A fit needs {MIN_ADS_TO_FIT} distinct full-time US ads in USD since {FIRST_YEAR}; "
            f"there are {len(distinct(usable))}.",
            remedy="Add ads, or use the model shipped with Tenfold (leave --model out).",
        )
    return usable


def _observe(ad: Ad) -> date:
    return ad.seen or date(ad.row.work_year, 7, 1)


def _ages_months(ads: Sequence[Ad]) -> Vector:
    days = np.array([_observe(ad).toordinal() for ad in ads], dtype=float)
    ages: Vector = (days.max() - days) / _DAYS_A_MONTH
    return ages


def _fit_known(ads: Sequence[Ad]) -> _Fitted:
    y = np.array([ad.log_midpoint for ad in ads])
    ages = _ages_months(ads)
    weights = 0.5 ** (ages / HALF_LIFE_MONTHS)
    names, penalties = _vocabulary(ads)
    design = _design(ads, names)
    months = ages.astype(int)
    by_month = scipy.sparse.csr_matrix((np.ones(len(ads)), (np.arange(len(ads)), months)))
    both = scipy.sparse.hstack([design, by_month]).tocsr()
    centre = float(np.average(y, weights=weights))
    ridge = np.concatenate([penalties, np.full(by_month.shape[1], MONTH_PENALTY)])
    solution = _ridge(both, ridge, y - centre, weights)
    location, month_effects = solution[: len(names)], solution[len(names) :]
    residuals = y - centre - both @ solution
    log_size = np.log(np.abs(residuals) + _SMALLEST_RESIDUAL)
    spread_centre = float(np.average(log_size, weights=weights))
    spread = _ridge(design, penalties * SPREAD_STRENGTH, log_size - spread_centre, weights)
    size = np.exp(spread_centre + design @ spread)
    return _Fitted(
        names=names,
        location=location,
        spread=spread,
        centre=centre + _present_level(months, month_effects),
        spread_centre=spread_centre,
        month_effects=month_effects[np.unique(months)],
        weights=weights,
        standardised=residuals / size,
        titles=count_titles(ads),
    )


def _present_level(months: NDArray[np.int64], effects: Vector) -> float:
    """The months' effects, recent and full months counting most."""
    counts = np.bincount(months, minlength=len(effects)) * np.exp(-np.arange(len(effects)) / LEVEL_WINDOW_MONTHS)
    return float(np.average(effects, weights=counts))


def _period_sd(fitted: _Fitted) -> float:
    return float(np.std(fitted.month_effects))


def _vocabulary(ads: Sequence[Ad]) -> tuple[dict[str, int], Vector]:
    names: dict[str, int] = {}
    penalties: list[float] = []
    for ad in ads:
        for name, kind in _features(ad):
            if name not in names:
                names[name] = len(names)
                penalties.append(PENALTY[kind])
    return names, np.array(penalties)


def _features(ad: Ad) -> list[tuple[str, str]]:
    return list(features_of(ad.row.title, ad.row.level_code, ad.row.remote_ratio, ad.row.size, ad.row.basis))


def _design(ads: Sequence[Ad], names: dict[str, int]) -> scipy.sparse.csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    for index, ad in enumerate(ads):
        found = [names[name] for name, _ in _features(ad) if name in names]
        rows.extend([index] * len(found))
        columns.extend(found)
    return scipy.sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(ads), len(names)))


def _ridge(design: scipy.sparse.csr_matrix, penalties: Vector, y: Vector, weights: Vector) -> Vector:
    normal = design.T @ scipy.sparse.diags(weights) @ design + scipy.sparse.diags(penalties)
    solution, _ = scipy.sparse.linalg.cg(normal, design.T @ (weights * y), rtol=1e-8, maxiter=500)
    return np.asarray(solution)


def _widening(ads: Sequence[Ad]) -> tuple[float, ...]:
    """By what bands are widened for titles of little support (`support.py`); by nothing where too few ads say so."""
    last = max(_observe(ad) for ad in ads)
    tried = _try_penalty(ads, after=last - timedelta(days=HORIZON_DAYS), until=last)
    if tried is None or len(tried.standardised) < MIN_ADS_TO_CALIBRATE:
        return NO_WIDENING
    return widening(tried.standardised, tried.support)


def _calibrate(ads: Sequence[Ad], fitted: _Fitted) -> tuple[Vector, int]:
    """Standardised quantiles at GRID from ads after a fit, and how many ads gave them."""
    last = max(_observe(ad) for ad in ads)
    tried: list[Vector] = []
    for window in range(WINDOWS):
        end = last - timedelta(days=WINDOW_DAYS * window)
        found = _try_penalty(ads, after=end - timedelta(days=WINDOW_DAYS), until=end)
        if found is not None:
            wider = np.array([fitted.widen[group_of(n)] for n in found.support])
            tried.append(found.standardised / wider)
    pooled = np.concatenate(tried) if tried else np.empty(0)
    if len(pooled) < MIN_ADS_TO_CALIBRATE:
        return _weighted_quantiles(fitted.standardised, fitted.weights), 0
    grid = np.quantile(pooled, GRID)
    inside = float(_weighted_quantiles(fitted.standardised, fitted.weights, (0.5,))[0])
    return grid + inside, len(pooled)


@dataclass(frozen=True)
class _Tried:
    """New ads of a window: residuals about their median in units of spread, and how many ads of a title were known."""

    standardised: Vector
    support: list[int]


def _try_penalty(ads: Sequence[Ad], *, after: date, until: date) -> _Tried | None:
    """A window's new ads by what was known before it; None where that was too little."""
    known = [ad for ad in ads if _observe(ad) <= after]
    if len(distinct(known)) < MIN_ADS_TO_FIT:
        return None
    copies = {identity(ad) for ad in known}
    later = [ad for ad in distinct(ad for ad in ads if after < _observe(ad) <= until) if identity(ad) not in copies]
    if not later:
        return None
    fitted = _fit_known(distinct(known))
    location, spread = fitted.place(later)
    z = (np.array([ad.log_midpoint for ad in later]) - location) / spread
    return _Tried(z - np.median(z), fitted.support(later))


def _weighted_quantiles(values: Vector, weights: Vector, probabilities: Sequence[float] = GRID) -> Vector:
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(probabilities, cumulated / weights.sum(), values[order])


def _effects(fitted: _Fitted) -> dict[str, tuple[float, float]]:
    pairs = {name: (float(fitted.location[i]), float(fitted.spread[i])) for name, i in fitted.names.items()}
    return {name: pair for name, pair in pairs.items() if max(map(abs, pair)) >= 0.00005}


def _countries(ads: Sequence[Ad], fitted: _Fitted) -> tuple[dict[str, float], float]:
    """Median log distance of other countries' ads from a US ad of the same words; "" is any other country."""
    foreign = [ad for ad in distinct(ads) if ad.row.country != "US" and ad.row.work_year >= FIRST_YEAR]
    if not foreign:
        return {"": 0.0}, math.exp(fitted.spread_centre)
    residuals = np.array([ad.log_midpoint for ad in foreign]) - fitted.place(foreign)[0]
    overall = float(np.median(residuals))
    by_country: dict[str, list[float]] = defaultdict(list)
    for ad, residual in zip(foreign, residuals, strict=True):
        by_country[ad.row.country].append(float(residual))
    offsets = {"": overall}
    for country, values in by_country.items():
        share = len(values) / (len(values) + _PRIOR_COUNTRY_ADS)
        offsets[country] = share * float(np.median(values)) + (1 - share) * overall
    left = [abs(r - offsets[ad.row.country]) for ad, r in zip(foreign, residuals, strict=True)]
    return offsets, float(np.median(left))


def _cells(ads: Sequence[Ad], fitted: _Fitted, z: Vector) -> tuple[dict[tuple[str, str, str], Cell], dict[str, int]]:
    roles = [read_title(ad.row.title).role for ad in ads]
    levels = [level_of(ad.row.title, ad.row.level_code) for ad in ads]
    members: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, (ad, role, level) in enumerate(zip(ads, roles, levels, strict=True)):
        if role == "other" or level is None:
            continue
        members[role, level, "any"].append(index)
        for workplace, ratio in WORKPLACES.items():
            if ratio == ad.row.remote_ratio:
                members[role, level, workplace].append(index)
    ground = _FitContext(ads, roles, levels, fitted, z, _Smoother(ads, fitted))
    cells = {key: _cell(key, members[key], ground) for key in sorted(_shown_cells(members))}
    counts = {f"{role}:{level}": cell.n_raw for (role, level, workplace), cell in cells.items() if workplace == "any"}
    return _monotone(cells), counts


def _shown_cells(members: dict[tuple[str, str, str], list[int]]) -> set[tuple[str, str, str]]:
    """Cells of five ads or more, and workplaces only where no smaller one follows from them."""
    kept = set()
    for role, level, workplace in members:
        if workplace == "any" and len(members[role, level, "any"]) >= least_for_median():
            split = {name: len(members.get((role, level, name), ())) for name in ("onsite", "remote")}
            other = len(members[role, level, "any"]) - sum(split.values())
            kept |= {(role, level, name) for name in is_shown(split | {"other": other}) - {"other"}}
            kept.add((role, level, "any"))
    return kept


class _Smoother:
    """Whose ads an estimate rests on: the posterior of the location given spread and penalties."""

    def __init__(self, ads: Sequence[Ad], fitted: _Fitted) -> None:
        self.design = _design(ads, fitted.names)
        penalties = _vocabulary(ads)[1]
        self.weights = fitted.weights
        normal = (self.design.T @ scipy.sparse.diags(self.weights) @ self.design).toarray()
        normal[np.diag_indices_from(normal)] += penalties
        self._factor = scipy.linalg.cho_factor(normal, overwrite_a=True, check_finite=False)

    def variance_and_weights(self, features: Vector) -> tuple[float, Vector]:
        """Posterior variance in units of one ad's variance, and every ad's weight in the estimate."""
        solved = scipy.linalg.cho_solve(self._factor, features, check_finite=False)
        return float(features @ solved), self.weights * (self.design @ solved)


@dataclass(frozen=True)
class _FitContext:
    """What every cell is worked out from."""

    ads: Sequence[Ad]
    roles: Sequence[str]
    levels: Sequence[str | None]
    fitted: _Fitted
    z: Vector
    smoother: _Smoother


def _cell(key: tuple[str, str, str], indices: Sequence[int], ground: _FitContext) -> Cell:
    role, level, workplace = key
    own = [_as_posted(ground.ads[index]) for index in indices]
    shares = ground.fitted.weights[indices] / ground.fitted.weights[indices].sum()
    locations, spreads = ground.fitted.place(own)
    mean_features = np.asarray(_design(own, ground.fitted.names).T @ shares).ravel()
    variance, weights = ground.smoother.variance_and_weights(mean_features)
    one_sd = (float(np.interp(0.841, GRID, ground.z)) - float(np.interp(0.159, GRID, ground.z))) / 2
    own_share, neighbours = _lenders(role, level, np.abs(weights), ground)
    return Cell(
        role=role,
        level=level,
        workplace=workplace,
        n_raw=len(own),
        n_effective=1 / variance,
        median_sd_log=float(shares @ spreads) * one_sd * math.sqrt(variance),
        first=min(_observe(ad) for ad in own),
        last=max(_observe(ad) for ad in own),
        quantiles_log=tuple(_mixture(locations, spreads, shares, ground.z)),
        own_share=own_share,
        neighbours=neighbours,
        n_own=sum(ground.ads[index].row.basis != POSTED for index in indices),
    )


def _as_posted(ad: Ad) -> Ad:
    """The ad as if posted: what a job pays on the market, whoever's pay it was learnt from."""
    return ad if ad.row.basis == POSTED else replace(ad, row=replace(ad.row, basis=POSTED))


def _lenders(role: str, level: str, weights: Vector, ground: _FitContext) -> tuple[float, tuple[Neighbour, ...]]:
    """The share of an estimate's weight from its own cell, and the roles that lend most."""
    whole, own = float(weights.sum()), 0.0
    weight_of: dict[str, float] = defaultdict(float)
    for weight, lender, at in zip(weights, ground.roles, ground.levels, strict=True):
        weight_of[lender] += float(weight)
        own += float(weight) if (lender, at) == (role, level) else 0.0
    most = sorted(weight_of.items(), key=lambda item: -item[1])[:4]
    return own / whole, tuple(Neighbour(name, weight / whole) for name, weight in most)


def _mixture(locations: Vector, spreads: Vector, shares: Vector, z: Vector) -> list[float]:
    """Quantiles at GRID of the mixture of the titles' distributions."""
    parts: dict[tuple[float, float], float] = defaultdict(float)
    for location, spread, share in zip(locations, spreads, shares, strict=True):
        parts[round(float(location), 5), round(float(spread), 5)] += float(share)
    lowest = min(location + spread * z[0] for location, spread in parts)
    highest = max(location + spread * z[-1] for location, spread in parts)
    at = np.linspace(lowest, highest, 2001)
    below = np.zeros_like(at)
    for (location, spread), share in parts.items():
        below += share * np.interp((at - location) / spread, z, GRID)
    return [float(value) for value in np.interp(GRID, np.maximum.accumulate(below), at)]


def _monotone(cells: dict[tuple[str, str, str], Cell]) -> dict[tuple[str, str, str], Cell]:
    """Levels of a role in rising order: neighbours out of order meet at their weighted mean, unless the data insist."""
    result = dict(cells)
    for role, workplace in {(role, workplace) for role, _, workplace in cells}:
        held = [cells[role, level, workplace] for level in LEVELS_TOLD_APART if (role, level, workplace) in cells]
        for run in _runs(held):
            medians = [cell.median_log for cell in run]
            raised = rising_levels(medians, [cell.n_effective for cell in run])
            for cell, old, new in zip(run, medians, raised, strict=True):
                result[role, cell.level, workplace] = _move(cell, new - old)
    return result


def _runs(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The cells, parted where the data insist that the next level is paid less."""
    runs: list[list[Cell]] = []
    for cell in cells:
        if runs and not _falls_for_sure(runs[-1][-1], cell):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


def _falls_for_sure(lower: Cell, upper: Cell) -> bool:
    """Both cells hold enough ads, and the medians fall by more than their joint 95 % error."""
    error = Z95 * math.hypot(lower.median_sd_log, upper.median_sd_log)
    enough = min(lower.n_raw, upper.n_raw) >= least_for_quartiles()
    return enough and lower.median_log - upper.median_log > error


def rising_levels(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest non-falling sequence in weighted squares (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, wa, na), (b, wb, nb) = pools[-2], pools[-1]
            pools[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    return [value for value, _, count in pools for _ in range(count)]


def _move(cell: Cell, by: float) -> Cell:
    if not by:
        return cell
    fields: dict[str, Any] = {name: getattr(cell, name) for name in Cell.__slots__}
    return Cell(**fields | {"quantiles_log": tuple(value + by for value in cell.quantiles_log)})
