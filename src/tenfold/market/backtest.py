"""How good estimates are: on ads later than those they were made from, beside what a user could pick instead.

Pinball loss is on the log of the range's midpoint at .1 .25 .5 .75 .9. The baseline is a LightGBM quantile
model on title, level, remote ratio and company size; the second one plain quantiles of the cell.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from tenfold.catalogue.titles import read_title
from tenfold.kit.errors import NotEnoughData
from tenfold.market import abroad_fit
from tenfold.market.ads import Ad, Row, distinct, identity
from tenfold.market.fit import fit
from tenfold.market.level_codes import level_of
from tenfold.market.model import QUANTILES, quantile
from tenfold.market.suppression import least_for_median, least_for_quartiles
from tenfold.stats.proportions import wilson

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

# The groups by which pay predictions are judged; they overlap, and other titles are in none.
GROUPS = {
    "mlops": r"mlops|ml ops|(ml|machine learning) (infra|platform)",
    "ml-engineer": r"machine learning engineer|ml engineer",
    "ai-engineer": r"\bai engineer",
    "devops-sre": r"devops|site reliab|\bsre\b|platform engineer",
    "data-engineer": r"data engineer",
    "data-scientist": r"data scien",
    "software": r"software engineer|software developer",
}
BASELINE_FROM_YEAR = 2023
BASELINE_COLUMNS = ("experience_level", "job_title", "remote_ratio", "company_size")
_BASELINE = {
    "objective": "quantile",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_child_samples": 20,
    "verbose": -1,
    "seed": 0,
    "num_threads": 1,
    "deterministic": True,
}
_BASELINE_TREES = 300
_RESAMPLES = 1000
_SEED = 7
MIN_IN_CELL = 20


@dataclass(frozen=True, slots=True)
class Score:
    """How predictions did on one group. `ratio` is pinball over LightGBM's with its 95 % interval; None without it."""

    group: str
    n: int
    pinball: float
    cover80: float
    cover50: float
    median_error: float
    width80: float
    ratio: float | None = None
    ratio_interval: tuple[float, float] | None = None

    @property
    def cover80_sampling_error(self) -> float:
        """Half-width of the 95 % interval of a true 80 % coverage at this n."""
        return 1.96 * float(np.sqrt(0.16 / self.n))


@dataclass(frozen=True, slots=True)
class MedianCheck:
    """A cell's median as estimated and as it was in later ads. `z`: the difference over both standard errors.

    Where the intervals of medians are honest, z is spread with standard deviation 1.
    """

    role: str
    level: str
    n_train: int
    n_test: int
    estimated_usd_year: float
    observed_usd_year: float
    z: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """Scores by name of the predictor (`tenfold`, `lightgbm`, `cells`), each by group; the first group is all.

    `why_no_ratio` says how to get the ratio to LightGBM where the library is not there; else it is empty.
    """

    n_train: int
    n_test: int
    test_from: str
    test_to: str
    scores: dict[str, tuple[Score, ...]]
    medians: tuple[MedianCheck, ...]
    why_no_ratio: str = ""


def backtest(train: Sequence[Ad], test: Sequence[Ad]) -> Backtest:
    """Fits on `train`, scores on the distinct full-time US ads in USD of `test` without a copy in `train`.

    Raises:
        NotEnoughData: nothing to fit on, or nothing left to score on.
    """
    copies = {identity(ad) for ad in train}
    scored = [ad for ad in distinct(test) if ad.in_model and identity(ad) not in copies]
    if not scored:
        raise NotEnoughData("No full-time US ad in USD is left to score on without copies of the training ads.")
    why_no_ratio = why_no_baseline()
    predictors: dict[str, Callable[[Sequence[Ad], Sequence[Row]], Matrix]] = {
        "tenfold": tenfold,
        **({} if why_no_ratio else {"lightgbm": lightgbm_baseline}),
        "cells": cell_quantiles,
    }
    rows = [ad.row for ad in scored]
    predicted = {name: predict(train, rows) for name, predict in predictors.items()}
    return Backtest(
        n_train=len(distinct(ad for ad in train if ad.in_model)),
        n_test=len(scored),
        test_from=min((ad.seen.isoformat() for ad in scored if ad.seen), default="undated"),
        test_to=max((ad.seen.isoformat() for ad in scored if ad.seen), default="undated"),
        scores={name: _scores(scored, values, predicted.get("lightgbm")) for name, values in predicted.items()},
        medians=_medians(train, scored),
        why_no_ratio=why_no_ratio,
    )


@dataclass(frozen=True, slots=True)
class RollingOrigin:
    """Scores on one group over several origins, each ad predicted once by a model that knew only earlier ads."""

    group: str
    origins: tuple[date, ...]
    score: Score
    cover80_interval: tuple[float, float]
    cover50_interval: tuple[float, float]


def rolling_origin(ads: Sequence[Ad], *, group: str = "mlops", origins: Sequence[date] = ()) -> RollingOrigin:
    """One group's ads, predicted month by month: for groups of which a single split holds too few.

    Raises:
        NotEnoughData: no ad of the group after the first origin.
    """
    origins = tuple(origins) or _origins(ads)
    truths: list[float] = []
    ours: list[Matrix] = []
    theirs: list[Matrix] = []
    has_baseline = not why_no_baseline()
    for start, end in zip(origins, (*origins[1:], date.max), strict=True):
        train = [ad for ad in ads if ad.seen is not None and ad.seen <= start]
        copies = {identity(ad) for ad in train}
        later = [ad for ad in ads if ad.seen is not None and start < ad.seen <= end and ad.in_model]
        held = [ad for ad in distinct(later) if in_group(ad.row.title, group) and identity(ad) not in copies]
        if held:
            rows = [ad.row for ad in held]
            truths += [ad.log_midpoint for ad in held]
            ours.append(tenfold(train, rows))
            if has_baseline:
                theirs.append(lightgbm_baseline(train, rows))
    if not truths:
        raise NotEnoughData(f"No ad of {group} comes after {origins[0]}.")
    y, predicted = np.array(truths), np.vstack(ours)
    score = _score(group, y, predicted, _losses(y, predicted), _losses(y, np.vstack(theirs)) if theirs else None)
    return RollingOrigin(
        group=group,
        origins=tuple(origins),
        score=score,
        cover80_interval=wilson(score.cover80 * len(y), len(y)),
        cover50_interval=wilson(score.cover50 * len(y), len(y)),
    )


@dataclass(frozen=True, slots=True)
class AbroadBacktest:
    """Scores on later ads of a country in its own currency; `cells` are plain quantiles of what was known of each cell.

    `answered` is the number of ads whose role and level would have been answered.
    """

    country: str
    currency: str
    n_train: int
    answered: int
    score: Score
    cells: Score
    cover80_interval: tuple[float, float]


def backtest_abroad(train: Sequence[Ad], test: Sequence[Ad], country: str) -> AbroadBacktest:
    """Fits a country on `train`, scores on the distinct full-time ads of `test` without a copy in `train`.

    Raises:
        NotEnoughData: its currency is not sound in `train`, or nothing is left to score on.
    """
    model = fit(train)
    pay = model.countries.get(country)
    if pay is None or not pay.spread:
        raise NotEnoughData(f"Too few ads of {country} are tagged with its own currency to fit on.")
    known = [ad for ad in distinct(train) if _is_own(ad, country, pay.currency) and ad.log_local is not None]
    copies = {identity(ad) for ad in known}
    held = [ad for ad in distinct(test) if _is_own(ad, country, pay.currency) and identity(ad) not in copies]
    if not held:
        raise NotEnoughData(f"No later ad of {country} in {pay.currency} is left to score on.")
    y, rows = np.array([ad.log_local for ad in held], dtype=float), [ad.row for ad in held]
    ours = abroad_fit.predict(pay, known, rows, model.us_log_pay, model.z_five)
    plain = np.array([_cell_quantiles_abroad(known, row) for row in rows])
    score = _score(country, y, ours, _losses(y, ours), None)
    return AbroadBacktest(
        country=country,
        currency=pay.currency,
        n_train=len(known),
        answered=sum(abroad_fit.key_of(row) in pay.cells for row in rows),
        score=score,
        cells=_score("cells", y, plain, _losses(y, plain), None),
        cover80_interval=wilson(score.cover80 * len(y), len(y)),
    )


def _is_own(ad: Ad, country: str, currency: str) -> bool:
    is_recent = ad.row.work_year >= BASELINE_FROM_YEAR
    return is_recent and (ad.row.country, ad.row.employment, ad.currency) == (country, "FT", currency)


def _cell_quantiles_abroad(known: Sequence[Ad], row: Row) -> Vector:
    """Quantiles of the same role and level, else of the level, else of the country; each from five ads on."""
    own = [ad for ad in known if abroad_fit.key_of(row) and abroad_fit.key_of(ad.row) == abroad_fit.key_of(row)]
    same_level = [ad for ad in known if ad.row.level_code == row.level_code]
    found = next((each for each in (own, same_level) if len(each) >= least_for_median()), known)
    quantiles: Vector = np.quantile([ad.log_local or 0.0 for ad in found], QUANTILES)
    return quantiles


def in_group(title: str, group: str) -> bool:
    return re.search(GROUPS[group], title, re.IGNORECASE) is not None


def _origins(ads: Sequence[Ad]) -> tuple[date, ...]:
    """Each sixty days from when a third of the ads were known."""
    seen = sorted(ad.seen for ad in ads if ad.seen is not None)
    if not seen:
        raise NotEnoughData("Rolling origins need dated ads (a column first_snapshot).")
    start, last = seen[len(seen) // 6], seen[-1]
    found = []
    while start < last - timedelta(days=14):
        found.append(start)
        start += timedelta(days=60)
    return tuple(found)


def tenfold(train: Sequence[Ad], rows: Sequence[Row]) -> Matrix:
    """Our predictions: log quantiles, a row each."""
    logs: Matrix = np.log(np.array(fit(train, with_cells=False).predict_all(rows)))
    return logs


def lightgbm_baseline(train: Sequence[Ad], rows: Sequence[Row]) -> Matrix:
    """Log quantiles of a LightGBM model on title, level, remote ratio and company size as categories."""
    lightgbm = _lightgbm()
    known = distinct(ad for ad in train if ad.in_model and ad.row.work_year >= BASELINE_FROM_YEAR)
    seen: NDArray[np.str_] = np.array([_categories(ad.row) for ad in known])
    asked: NDArray[np.str_] = np.array([_categories(row) for row in rows])
    coded, wanted = np.empty(seen.shape), np.empty(asked.shape)
    for column in range(len(BASELINE_COLUMNS)):
        codes = {value: code for code, value in enumerate(dict.fromkeys(seen[:, column]))}
        coded[:, column] = [codes[value] for value in seen[:, column]]
        wanted[:, column] = [codes.get(value, -1) for value in asked[:, column]]
    y = np.array([ad.log_midpoint for ad in known])
    predicted = []
    for probability in QUANTILES:
        data = lightgbm.Dataset(coded, y, categorical_feature=list(range(len(BASELINE_COLUMNS))))
        booster = lightgbm.train(_BASELINE | {"alpha": probability}, data, _BASELINE_TREES)
        predicted.append(booster.predict(wanted))
    return np.array(predicted).T


def _lightgbm() -> ModuleType:
    return import_module("lightgbm")


def why_no_baseline() -> str:
    """How to get the baseline where it is not installed, or does not load for want of OpenMP; empty where it does."""
    try:
        _lightgbm()
    except ImportError:
        return "No ratio to LightGBM: it is not installed. Install the extra: pip install 'tenfold[benchmark]'"
    except OSError as error:
        return (
            f"No ratio to LightGBM: it does not load here ({error}). Install OpenMP: on Debian `apt-get install "
            "libgomp1`, on macOS `brew install libomp`."
        )
    return ""


def cell_quantiles(train: Sequence[Ad], rows: Sequence[Row]) -> Matrix:
    """Log quantiles of the narrowest cell with twenty ads: title, level, remote; title, level; level; all."""
    known = distinct(ad for ad in train if ad.in_model and ad.row.work_year >= BASELINE_FROM_YEAR)
    cells: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for ad in known:
        for key in _nest(ad.row):
            cells[key].append(ad.log_midpoint)
    quantiles = {key: np.quantile(values, QUANTILES) for key, values in cells.items() if len(values) >= MIN_IN_CELL}
    return np.array([next(quantiles[key] for key in _nest(row) if key in quantiles) for row in rows])


def _medians(train: Sequence[Ad], later: Sequence[Ad]) -> tuple[MedianCheck, ...]:
    model = fit(train)
    observed: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for ad in later:
        level = level_of(ad.row.title, ad.row.level_code)
        if level is not None:
            observed[read_title(ad.row.title).role, level, "any"].append(ad.log_midpoint)
    checks = []
    for key, logs in sorted(observed.items()):
        cell = model.cells.get(key)
        if cell is not None and len(logs) >= least_for_quartiles():
            middle, seen = quantile(cell.quantiles_log, 0.5), float(np.median(logs))
            error = np.hypot(cell.median_sd_log, model.period_sd)
            own = np.sqrt(np.pi / 2) * np.std(logs) / np.sqrt(len(logs))
            z = float((seen - middle) / np.hypot(error, own))
            pay = (float(np.exp(middle)), float(np.exp(seen)))
            checks.append(MedianCheck(cell.role, cell.level, cell.n_raw, len(logs), *pay, z))
    return tuple(checks)


def _nest(row: Row) -> tuple[tuple[str, ...], ...]:
    return (row.title, row.level_code, row.remote_ratio), (row.title, row.level_code), (row.level_code,), ()


def _categories(row: Row) -> tuple[str, str, str, str]:
    return row.level_code, row.title, row.remote_ratio, row.size


def _losses(y: Vector, predicted: Matrix) -> Vector:
    below = y[:, None] - predicted
    probabilities = np.array(QUANTILES)
    losses: Vector = np.maximum(probabilities * below, (probabilities - 1) * below).mean(axis=1)
    return losses


def _scores(ads: Sequence[Ad], predicted: Matrix, baseline: Matrix | None) -> tuple[Score, ...]:
    y = np.array([ad.log_midpoint for ad in ads])
    ours, theirs = _losses(y, predicted), _losses(y, baseline) if baseline is not None else None
    groups: dict[str, NDArray[np.bool_]] = {"all": np.ones(len(ads), dtype=bool)}
    groups |= {group: np.array([in_group(ad.row.title, group) for ad in ads]) for group in GROUPS}
    groups |= {
        f"level {code}": np.array([ad.row.level_code == code for ad in ads]) for code in ("EN", "MI", "SE", "EX")
    }
    groups |= {
        "place remote": np.array([ad.row.remote_ratio == "100" for ad in ads]),
        "place on site": np.array([ad.row.remote_ratio != "100" for ad in ads]),
    }
    return tuple(
        _score(g, y[i], predicted[i], ours[i], theirs[i] if theirs is not None else None)
        for g, i in groups.items()
        if i.any()
    )


def _score(group: str, y: Vector, predicted: Matrix, ours: Vector, theirs: Vector | None) -> Score:
    return Score(
        group=group,
        n=len(y),
        pinball=float(ours.mean()),
        cover80=float(((predicted[:, 0] <= y) & (y <= predicted[:, 4])).mean()),
        cover50=float(((predicted[:, 1] <= y) & (y <= predicted[:, 3])).mean()),
        median_error=float(np.median(np.abs(np.expm1(predicted[:, 2] - y)))),
        width80=float(np.median(np.exp(predicted[:, 4] - predicted[:, 0]))),
        ratio=float(ours.mean() / theirs.mean()) if theirs is not None else None,
        ratio_interval=_ratio_interval(ours, theirs) if theirs is not None else None,
    )


def _ratio_interval(ours: Vector, theirs: Vector) -> tuple[float, float]:
    """95 % by a paired bootstrap over ads."""
    draws = np.random.default_rng(_SEED).integers(0, len(ours), (_RESAMPLES, len(ours)))
    low, high = np.quantile(ours[draws].mean(axis=1) / theirs[draws].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)
