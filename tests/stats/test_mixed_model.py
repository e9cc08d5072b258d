"""Variance components against a second implementation, known truth, and what must not change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from tenfold.kit.errors import NotEnoughData
from tenfold.stats import mixed_intervals, mixed_model
from tenfold.stats.mixed_model import Factor, factor, fit, interaction

Design = tuple[list[float], list[Factor]]


def unbalanced(seed: int, subjects: int = 12, raters: int = 6, each: int = 3) -> Design:
    """Each subject rated by a few raters drawn at random."""
    rng = np.random.default_rng(seed)
    high, lenient = rng.normal(0, 1, subjects), rng.normal(0, 0.5, raters)
    rows = [(i, int(j)) for i in range(subjects) for j in rng.choice(raters, each, replace=False)]
    values = [float(high[i] + lenient[j] + rng.normal()) for i, j in rows]
    return values, [factor("subject", [i for i, _ in rows]), factor("rater", [j for _, j in rows])]


def textbook_deviance(values: list[float], factors: list[Factor], variances: list[float]) -> float:
    """Minus twice the restricted log-likelihood, from the whole covariance matrix; constants as in `Design`."""
    y, ones = np.array(values), np.ones((len(values), 1))
    covariance = variances[-1] * np.eye(len(y))
    for one, variance in zip(factors, variances, strict=False):
        indicator = one.indicator().toarray()
        covariance += variance * indicator @ indicator.T
    inverse = np.linalg.inv(covariance)
    information = ones.T @ inverse @ ones
    mean = float((ones.T @ inverse @ y)[0] / information[0, 0])
    return float(np.linalg.slogdet(covariance)[1] + np.log(information[0, 0]) + (y - mean) @ inverse @ (y - mean))


@pytest.mark.parametrize("seed", range(8))
def test_no_other_variances_are_likelier_by_the_textbook(seed: int) -> None:
    values, factors = unbalanced(seed)
    found = fit(values, factors)
    mine = [found.variances[one.name] for one in factors] + [found.residual]
    best = optimize.minimize(
        lambda logs: textbook_deviance(values, factors, list(np.exp(logs))),
        np.log(np.maximum(mine, 1e-3)),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000},
    )
    assert textbook_deviance(values, factors, mine) <= best.fun + 1e-5


@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 30))
@settings(max_examples=15)
def test_another_scale_moves_variances_by_its_square(seed: int, shift: float, times: float) -> None:
    values, factors = unbalanced(seed)
    plain, moved = fit(values, factors), fit([shift + times * value for value in values], factors)
    expected = {name: variance * times**2 for name, variance in plain.variances.items()}
    assert moved.variances == pytest.approx(expected, rel=1e-3, abs=1e-4 * times**2)


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_ratings_and_of_factors_does_not_matter(seed: int, random: st.DrawFn) -> None:
    values, factors = unbalanced(seed)
    order = list(range(len(values)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = [factor(one.name, [one.codes[i] for i in order]) for one in reversed(factors)]
    other = fit([values[i] for i in order], shuffled)
    assert other.variances == pytest.approx(dict(fit(values, factors).variances), rel=1e-3, abs=1e-4)


def test_large_designs_take_the_sparse_path_to_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    values, factors = unbalanced(3)
    dense = fit(values, factors)
    monkeypatch.setattr(mixed_model, "DENSE_BELOW", 0)
    assert fit(values, factors).variances == pytest.approx(dict(dense.variances), rel=1e-5, abs=1e-6)


def test_curvature_and_profile_agree_where_there_is_much_data(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fit(*unbalanced(5, subjects=200, raters=40, each=5))
    profile = mixed_intervals.ratio_interval(found, "subject", ["rater"])
    monkeypatch.setattr(mixed_intervals, "LARGE_FROM", 0)
    curved = mixed_intervals.ratio_interval(found, "subject", ["rater"])
    assert (curved.low, curved.high) == pytest.approx((profile.low, profile.high), abs=0.01)


@pytest.mark.parametrize("name", ["subject", "rater"])
def test_predicted_effects_match_the_whole_matrix(name: str) -> None:
    values, factors = unbalanced(4)
    found = fit(values, factors)
    y, ones = np.array(values), np.ones((len(values), 1))
    indicators = {one.name: one.indicator().toarray() for one in factors}
    covariance = found.residual * np.eye(len(y))
    for one in factors:
        covariance += found.variances[one.name] * indicators[one.name] @ indicators[one.name].T
    inverse = np.linalg.inv(covariance)
    adjusted = inverse - inverse @ ones @ np.linalg.inv(ones.T @ inverse @ ones) @ ones.T @ inverse
    variance, indicator = found.variances[name], indicators[name]
    mean, error = mixed_intervals._predict(found.design, found.solved, found.ratios, found.place(name))
    assert mean == pytest.approx(variance * indicator.T @ adjusted @ y, abs=1e-9)
    expected = variance - np.diag(variance**2 * indicator.T @ adjusted @ indicator)
    assert error == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", ["subject", "rater", "residual"])
def test_intervals_hold_the_estimate(name: str) -> None:
    found = mixed_intervals.variance_interval(fit(*unbalanced(7)), name)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high < math.inf


def test_effects_of_a_factor_estimated_at_nothing_claim_no_certainty() -> None:
    rng = np.random.default_rng(0)
    subjects, raters = [i for i in range(20) for _ in range(3)], [j for _ in range(20) for j in range(3)]
    values = [float(v) for v in rng.normal(size=60)]
    means = np.bincount(raters, values) / 20
    values = [value - means[j] for value, j in zip(values, raters, strict=True)]
    found = fit(values, [factor("subject", subjects), factor("rater", raters)])
    assert found.variances["rater"] == 0
    assert all(one.high - one.low > 0.1 for one in mixed_intervals.effects(found, "rater"))


def test_ratings_that_never_differ_are_refused_in_words() -> None:
    with pytest.raises(NotEnoughData, match="All ratings are the same"):
        fit([3.0] * 8, [factor("subject", [1, 1, 2, 2, 3, 3, 4, 4])])


def test_an_interaction_has_only_levels_that_occur() -> None:
    assert interaction("both", factor("a", "xxyy"), factor("b", "1112")).n_levels == 3
