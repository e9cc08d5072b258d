"""Variance components of ratings by restricted maximum likelihood (REML): crossed, nested, unbalanced, with gaps.

The model is `y = mean + Σ u_k[level] + e`: each random factor k (candidates, interviewers, candidate × question) has
independent normal effects with one variance. Only the cross-products of the design matter, so the number of ratings
does not: the factor with most levels is eliminated as a diagonal block, and the rest is one Cholesky factor (Bates et
al. 2015, Journal of Statistical Software 67:1, give the profiled criterion; checked against lme4 in the tests).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from tenfold.kit.errors import NotEnoughData
from tenfold.stats.threads import single_threaded

Vector = NDArray[np.float64]
Matrix = Any  # a numpy array where the design is small, a scipy.sparse matrix where it is not
DENSE_BELOW = 1_500_000
"""Cells of a cross-product that is kept as a plain array."""
OFF_ZERO = (0.05, 0.15, 0.4)  # standard deviations over the residual’s, tried where a variance ended at zero
LARGEST_RATIO = 1e4
"""Upper bound of a component's standard deviation, in residual standard deviations."""


EXACT = 1e-7
"""Share of the ratings' variance below which the residual is rounding."""


@dataclass(frozen=True, eq=False)
class Factor:
    """One random factor: for each rating the number of its level, from 0 to `n_levels` - 1."""

    name: str
    codes: NDArray[np.intp]
    labels: tuple[Hashable, ...]

    @property
    def n_levels(self) -> int:
        return len(self.labels)

    def indicator(self) -> scipy.sparse.csr_array:
        n = len(self.codes)
        return scipy.sparse.csr_array((np.ones(n), (np.arange(n), self.codes)), shape=(n, self.n_levels))


def factor(name: str, labels: Sequence[Hashable]) -> Factor:
    """A factor from one label a rating; levels are numbered as they are first met."""
    numbers: dict[Hashable, int] = {}
    codes = np.array([numbers.setdefault(label, len(numbers)) for label in labels], dtype=np.intp)
    return Factor(name, codes, tuple(numbers))


def interaction(name: str, *factors: Factor) -> Factor:
    """The factor whose levels are the combinations that occur."""
    return factor(name, list(zip(*(one.codes.tolist() for one in factors), strict=True)))


@dataclass(frozen=True, eq=False)
class Solved:
    """The mixed-model equations at given variance ratios: the log-determinant, the residual squares, a way to solve."""

    log_determinant: float
    residual_squares: float
    diagonal: Vector
    scale: Vector
    cholesky: Any
    coefficients: Vector


class Design:
    """A design's cross-products, ready for many evaluations of the REML criterion.

    Args:
        ratings: n numbers.
        factors: the random factors; one with as many levels as there are ratings cannot be told from the residual.
    """

    def __init__(self, ratings: Sequence[float] | Vector, factors: Sequence[Factor]) -> None:
        y = np.asarray(ratings, dtype=float)
        self.n, self.mean, self.spread = len(y), float(y.mean()), float(y.std()) or 1.0
        y = (y - self.mean) / self.spread
        # The largest factor first: its block is diagonal and costs nothing.
        self.order = tuple(sorted(range(len(factors)), key=lambda at: -factors[at].n_levels))
        self.factors = tuple(factors[at] for at in self.order)
        blocks = [one.indicator() for one in self.factors]
        rest = scipy.sparse.hstack([scipy.sparse.csr_array(np.ones((self.n, 1))), *blocks[1:]], format="csr")
        self.counts = np.asarray(blocks[0].sum(axis=0)).ravel()
        self.crossed = _dense_if_small(blocks[0].T @ rest)
        self.rest = _dense_if_small(rest.T @ rest)
        self.sums, self.rest_sums, self.squares = blocks[0].T @ y, rest.T @ y, float(y @ y)
        self.blocks = np.repeat(
            np.arange(len(self.factors)), [1, *(one.n_levels for one in self.factors[1:])]
        )  # the mean stands where the first factor would
        self.penalty = (self.blocks > 0).astype(float)

    def solve(self, ratios: Vector) -> Solved:
        """The equations where `ratios` are the factors' standard deviations over the residual's, in `order`."""
        first = ratios[0] ** 2
        scale = np.where(self.blocks == 0, 1.0, ratios[self.blocks])
        diagonal = 1.0 + first * self.counts
        weighted = _rows_times(self.crossed, first / diagonal)
        schur = _plain(self.rest - self.crossed.T @ weighted) * np.outer(scale, scale)
        schur[np.diag_indices_from(schur)] += self.penalty
        right = scale * (self.rest_sums - weighted.T @ self.sums)
        lower = scipy.linalg.cho_factor(schur, lower=True, check_finite=False)
        found = scipy.linalg.cho_solve(lower, right, check_finite=False)
        squares = self.squares - float(first * (self.sums**2 / diagonal).sum()) - float(right @ found)
        determinant = float(np.log(diagonal).sum() + 2 * np.log(np.diag(lower[0])).sum())
        return Solved(determinant, max(squares, 1e-12 * self.n), diagonal, scale, lower, found)

    def deviance(self, ratios: Vector) -> float:
        """Minus twice the restricted log-likelihood, but for a constant; the residual variance is profiled out."""
        solved = self.solve(ratios)
        return solved.log_determinant + (self.n - 1) * float(np.log(solved.residual_squares / (self.n - 1)))

    def deviance_at(self, ratios: Vector, residual: float) -> float:
        """The same where the residual variance (in units of the ratings' variance) is given."""
        solved = self.solve(ratios)
        return (
            solved.log_determinant
            + (self.n - 1) * float(np.log(residual))
            + (solved.residual_squares / residual - (self.n - 1))
        )


@dataclass(frozen=True, eq=False)
class MixedModel:
    """A fitted model. `variances` are in squared units of the rating, by factor, with `residual` last."""

    design: Design
    ratios: Vector
    deviance: float

    @cached_property
    def solved(self) -> Solved:
        return self.design.solve(self.ratios)

    @cached_property
    def residual(self) -> float:
        """Residual variance."""
        return self.solved.residual_squares / (self.design.n - 1) * self.design.spread**2

    @cached_property
    def variances(self) -> Mapping[str, float]:
        by_place = dict(zip(self.design.order, range(len(self.ratios)), strict=True))
        found = {
            self.design.factors[by_place[at]].name: float(self.ratios[by_place[at]] ** 2) * self.residual
            for at in sorted(by_place)
        }
        return {**found, "residual": self.residual}

    @property
    def is_exact(self) -> bool:
        """Whether the factors explain the ratings wholly: nothing is left from which an interval could be had."""
        return self.solved.residual_squares / (self.design.n - 1) < EXACT

    @property
    def mean(self) -> float:
        """The generalised least squares mean."""
        return self.design.mean + self.design.spread * float(self.solved.coefficients[0])

    def place(self, name: str) -> int:
        """Where the factor stands among the design's."""
        return next(at for at, one in enumerate(self.design.factors) if one.name == name)


def fit(ratings: Sequence[float] | Vector, factors: Sequence[Factor]) -> MixedModel:
    """The REML estimate. Variances that the data put at zero are exactly zero.

    Raises:
        NotEnoughData: fewer than three ratings, or ratings that never differ.
    """
    if len(ratings) < 3 or not factors:
        raise NotEnoughData("Variance components need at least three ratings.")
    design = Design(ratings, factors)
    if design.squares == 0:
        raise NotEnoughData("All ratings are the same, so there is no variance to divide.")
    starts = [np.ones(len(factors))]
    if design.n * len(factors) < 2_000:  # cheap, and a second start finds the other of two local minima
        starts.append(np.full(len(factors), 0.2))
    with single_threaded():
        found = [minimise(design.deviance, start, rough=len(starts) == 1) for start in starts]
        ratios, deviance = _leave_false_zeros(design, *min(found, key=lambda one: one[1]), rough=len(starts) == 1)
        ratios = _without_traces(design, ratios, deviance)
        return MixedModel(design, ratios, design.deviance(ratios))


def minimise(objective: Any, start: Vector, *, rough: bool = False) -> tuple[Vector, float]:
    """The least value within bounds, from `start`; `rough` stops earlier, where each evaluation is dear."""
    if not len(start):
        return start, float(objective(start))
    found = scipy.optimize.minimize(
        objective,
        start,
        method="L-BFGS-B",
        jac="2-point" if rough else "3-point",
        bounds=[(0.0, LARGEST_RATIO)] * len(start),
        options={"ftol": 1e-10 if rough else 1e-13, "gtol": 1e-7, "maxiter": 200},
    )
    return np.asarray(found.x), float(found.fun)


def _leave_false_zeros(design: Design, ratios: Vector, deviance: float, *, rough: bool) -> tuple[Vector, float]:
    """Goes on where a zero is not the least: in standard deviations every zero is flat, and a search may end there."""
    for at in np.flatnonzero(ratios < OFF_ZERO[0]):
        for tried in OFF_ZERO:
            start = ratios.copy()
            start[at] = tried
            if design.deviance(start) < deviance - 1e-7:
                ratios, deviance = min(
                    (minimise(design.deviance, start, rough=rough), (ratios, deviance)), key=_by_value
                )
                break
    return ratios, deviance


def _by_value(found: tuple[Vector, float]) -> float:
    return found[1]


def _without_traces(design: Design, ratios: Vector, deviance: float) -> Vector:
    """Sets to zero what contributes nothing: the criterion is flat there, and an optimiser stops a little short."""
    for at in np.flatnonzero((ratios > 0) & (ratios < 0.05)):
        without = ratios.copy()
        without[at] = 0.0
        if design.deviance(without) <= deviance + 1e-7:
            ratios = without
    return ratios


def _dense_if_small(matrix: Any) -> Matrix:
    return matrix.toarray() if matrix.shape[0] * matrix.shape[1] <= DENSE_BELOW else matrix.tocsr()


def _rows_times(matrix: Matrix, weights: Vector) -> Matrix:
    return (
        scipy.sparse.diags_array(weights, format="csr") @ matrix
        if scipy.sparse.issparse(matrix)
        else matrix * weights[:, None]
    )


def _plain(matrix: Matrix) -> NDArray[np.float64]:
    plain: NDArray[np.float64] = matrix.toarray() if scipy.sparse.issparse(matrix) else matrix
    return plain
