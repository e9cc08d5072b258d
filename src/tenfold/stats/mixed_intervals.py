"""Intervals for what a mixed model estimates: a ratio of variances, a variance, the effects of single levels.

Ratios and variances have profile-likelihood intervals: all values whose best restricted likelihood is not rejected at
5 %. They respect the bounds (a variance is never negative) and need no symmetry. Designs with many levels, where one
evaluation is dear and the likelihood nearly normal, get the curvature of the criterion instead (`is_large`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from tenfold.stats.mixed_model import LARGEST_RATIO, Design, MixedModel, Solved, Vector, minimise
from tenfold.stats.proportions import Z_95
from tenfold.stats.threads import single_threaded

CUTOFF = Z_95**2
LARGE_FROM = 3e7
"""Multiplications an evaluation takes from which intervals come from the curvature: a profile needs hundreds."""
GRID = 25
LEAST_FREEDOM = 8
MOST_LOG = 60.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval; the ends are None where the data cannot give them."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One level's effect, shrunk towards nothing by what is known of it, in units of the rating."""

    label: object
    value: float
    low: float
    high: float


def is_large(model: MixedModel) -> bool:
    rows, columns = len(model.design.counts), len(model.design.blocks)
    return rows * columns**2 + columns**3 > LARGE_FROM


def ratio_interval(model: MixedModel, signal: str, errors: Sequence[str]) -> Estimate:
    """`signal` over `signal + errors + residual`, each a variance; factors not named are nuisance.

    This is a reliability where `signal` is the subjects and `errors` are what makes one rating differ from another.
    """
    at, among = model.place(signal), [model.place(name) for name in errors]
    value = _ratio(model.ratios, at, among)
    if model.is_exact:
        return Estimate(value, None, None)
    if is_large(model):
        return Estimate(value, *_curve(model, lambda variances: _logit(_share(variances, at, among)), _expit))
    profile = _ratio_profile(model.design, at, among)
    with single_threaded():
        return Estimate(value, *_bounds(profile, model, value, most=1 - 1e-7))


def variance_interval(model: MixedModel, name: str) -> Estimate:
    """A factor's variance, or the `residual`, in squared units of the rating."""
    value = model.variances[name]
    places = len(model.ratios)
    at = places if name == "residual" else model.place(name)
    if model.is_exact:
        return Estimate(value, None, None)
    if is_large(model):
        return Estimate(value, *_curve(model, lambda variances: math.log(variances[at]), math.exp))
    unit = model.design.spread**2
    profile = _variance_profile(model.design, at)
    with single_threaded():
        low, high = _bounds(profile, model, value / unit, most=None)
    return Estimate(value, low * unit, high * unit)


def effects(model: MixedModel, name: str) -> tuple[Effect, ...]:
    """Best linear unbiased predictions of a factor's levels with 95 % intervals, in the order of its labels.

    The factor's own variance is uncertain where it has few levels; the intervals then average over what the
    likelihood leaves open, so an estimate of zero does not claim certainty. The average has a weak prior: levels
    seldom differ by more than twice the residual standard deviation (half-normal), which only matters below about
    six levels, where the likelihood alone would allow any spread. Student's t with a degree of freedom for each level
    but one (`LEAST_FREEDOM` at least) stands in for what the average over this one variance leaves out.
    """
    at = model.place(name)
    with single_threaded():
        points = [model.ratios[at]] if is_large(model) or model.is_exact else _likely(model, at)
        values, spreads = _average(model, at, points)
    labels = model.design.factors[at].labels
    times = float(scipy.special.stdtrit(max(LEAST_FREEDOM, len(labels) - 1), 0.975))
    return tuple(
        Effect(label, float(value), float(value - times * spread), float(value + times * spread))
        for label, value, spread in zip(labels, values, spreads, strict=True)
    )


Profile = Callable[[float, Vector], tuple[float, Vector]]


def _ratio(ratios: Vector, at: int, among: Sequence[int]) -> float:
    signal = float(ratios[at] ** 2)
    return signal / (signal + 1 + float(sum(ratios[one] ** 2 for one in among)))


def _ratio_profile(design: Design, at: int, among: Sequence[int]) -> Profile:
    others = [place for place in range(len(design.factors)) if place != at]

    def whole(free: Vector, value: float) -> Vector:
        ratios = np.zeros(len(design.factors))
        ratios[others] = free
        error = 1 + float(sum(ratios[one] ** 2 for one in among))
        ratios[at] = min(LARGEST_RATIO, math.sqrt(value / (1 - value) * error))
        return ratios

    def profile(value: float, start: Vector) -> tuple[float, Vector]:
        begin = start[others] if len(start) == len(design.factors) else start
        free, deviance = minimise(lambda free: design.deviance(whole(free, value)), begin)
        return deviance, free

    return profile


def _variance_profile(design: Design, at: int) -> Profile:
    """Free are the log of the residual variance (unless it is the one asked for) and the other factors' ratios."""
    places = range(len(design.factors))
    others = [place for place in places if place != at]
    is_residual = at == len(design.factors)

    def deviance(free: Vector, value: float) -> float:
        residual = value if is_residual else math.exp(min(free[0], MOST_LOG) - 20)
        ratios = np.zeros(len(places))
        ratios[others] = free if is_residual else free[1:]
        if not is_residual:
            ratios[at] = min(LARGEST_RATIO, math.sqrt(value / residual))
        return design.deviance_at(ratios, residual)

    def profile(value: float, start: Vector) -> tuple[float, Vector]:
        begin = start
        if len(start) == len(places):  # the model's own ratios
            solved = design.solve(start)
            shifted = [math.log(solved.residual_squares / (design.n - 1)) + 20]
            begin = np.array(start[others] if is_residual else [*shifted, *start[others]])
        free, found = minimise(lambda free: deviance(free, max(value, 1e-12)), begin)
        return found, free

    return profile


def _bounds(profile: Profile, model: MixedModel, value: float, *, most: float | None) -> tuple[float, float]:
    """Both ends of the profile interval around `value`; `most` is where the parameter ends, if it does."""
    least = model.deviance

    def excess(at: float) -> float:
        return profile(at, model.ratios)[0] - least - CUTOFF

    low = 0.0
    if value >= 1e-9 and excess(0.0) > 0:
        low = float(scipy.optimize.brentq(excess, 0.0, value, xtol=1e-5, rtol=1e-5))
    top = most if most is not None else max(value, 1e-6) * 2
    while most is None and excess(top) < 0:
        top *= 2
    if excess(top) < 0:
        return low, 1.0
    return low, float(scipy.optimize.brentq(excess, value, top, xtol=1e-5, rtol=1e-5))


def _share(variances: Vector, at: int, among: Sequence[int]) -> float:
    return float(variances[at] / (variances[at] + variances[-1] + sum(variances[one] for one in among)))


def _curve(model: MixedModel, link: Callable[[Vector], float], back: Callable[[float], float]) -> tuple[float, float]:
    """An interval from the second derivatives of the criterion in the logs of the variances (the delta method)."""
    residual = model.solved.residual_squares / (model.design.n - 1)
    variances = np.append(model.ratios**2 * residual, residual)
    positive = np.flatnonzero(variances > 0)

    def whole(logs: Vector) -> Vector:
        filled = np.zeros(len(variances))
        filled[positive] = np.exp(logs)
        return filled

    def deviance(logs: Vector) -> float:
        filled = whole(logs)
        return model.design.deviance_at(np.sqrt(filled[:-1] / filled[-1]), float(filled[-1]))

    def link_logs(logs: Vector) -> float:
        filled = whole(logs)
        filled[:-1] *= model.design.spread**2
        filled[-1] *= model.design.spread**2
        return link(filled)

    centre = np.log(variances[positive])
    with single_threaded():
        covariance = 2 * np.linalg.inv(_hessian(deviance, centre))
    slope = scipy.optimize.approx_fprime(centre, link_logs, 1e-5)
    half = Z_95 * math.sqrt(max(0.0, float(slope @ covariance @ slope)))
    middle = link_logs(centre)
    return back(middle - half), back(middle + half)


def _hessian(function: Callable[[Vector], float], centre: Vector, step: float = 0.03) -> Vector:
    size = len(centre)
    units = np.eye(size) * step
    middle = function(centre)
    ahead = [function(centre + unit) for unit in units]
    behind = [function(centre - unit) for unit in units]
    found = np.diag([(a - 2 * middle + b) / step**2 for a, b in zip(ahead, behind, strict=True)])
    for i in range(size):
        for j in range(i):
            both = function(centre + units[i] + units[j])
            found[i, j] = found[j, i] = (both - ahead[i] - ahead[j] + middle) / step**2
    return found


def _logit(share: float) -> float:
    return math.log(share / (1 - share)) if 0 < share < 1 else math.copysign(40.0, share - 0.5)


def _expit(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _likely(model: MixedModel, at: int) -> Vector:
    """Standard deviations of the factor, in residual ones, that likelihood and prior leave open.

    By the likelihood alone two levels that differ leave nearly every spread open, and a grid over all of them would
    have a single point where the weight is: nothing at all.
    """

    def weigh(point: float) -> float:
        return model.design.deviance(_with(model.ratios, at, point)) + point**2

    start = max(model.ratios[at], 0.1)
    found = scipy.optimize.minimize_scalar(weigh, bounds=(0.0, 2 * start), method="bounded", options={"xatol": 1e-3})
    least, top = min(float(found.fun), weigh(0.0)), max(float(found.x), 0.1) * 2
    while top < LARGEST_RATIO and weigh(top) - least < 12:
        top *= 1.5
    return np.linspace(0, top, GRID)


def _with(ratios: Vector, at: int, value: float) -> Vector:
    changed = ratios.copy()
    changed[at] = value
    return changed


def _average(model: MixedModel, at: int, points: Sequence[float] | Vector) -> tuple[Vector, Vector]:
    """Mean and spread of each level's effect over the points, each weighted by its likelihood."""
    weights, means, squares = [], [], []
    for point in points:
        ratios = _with(model.ratios, at, float(point))
        solved = model.design.solve(ratios)
        weights.append(-0.5 * (model.design.deviance(ratios) + point**2))
        mean, variance = _predict(model.design, solved, ratios, at)
        means.append(mean)
        squares.append(variance + mean**2)
    likely = np.exp(np.array(weights) - max(weights))
    share = likely / likely.sum()
    mean = share @ np.array(means)
    return mean, np.sqrt(np.maximum(0.0, share @ np.array(squares) - mean**2))


def _predict(design: Design, solved: Solved, ratios: Vector, at: int) -> tuple[Vector, Vector]:
    """Each level's predicted effect and the variance of its error, in units of the rating."""
    inverse = scipy.linalg.cho_solve(solved.cholesky, np.eye(len(solved.scale)), check_finite=False)
    rest = solved.scale * solved.coefficients
    if at:
        mine = design.blocks == at
        mean, variance = rest[mine], (solved.scale**2 * np.diag(inverse))[mine]
    else:
        first = ratios[0] ** 2
        mean = first * (design.sums - design.crossed @ rest) / solved.diagonal
        spread = (solved.scale[:, None] * inverse) * solved.scale  # error covariance of the dense block
        through = np.asarray((design.crossed @ spread) * _plain_rows(design)).sum(axis=1)
        variance = first / solved.diagonal + (first / solved.diagonal) ** 2 * through
    residual = solved.residual_squares / (design.n - 1)
    return mean * design.spread, variance * residual * design.spread**2


def _plain_rows(design: Design) -> Vector:
    found: Vector = design.crossed if isinstance(design.crossed, np.ndarray) else design.crossed.toarray()
    return found
