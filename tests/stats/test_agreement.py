"""Intraclass correlations and Krippendorff's alpha against well-kept GPL libraries, used here as oracles only."""

from __future__ import annotations

import warnings

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tenfold.kit.errors import NotEnoughData
from tenfold.stats.agreement import krippendorff_alpha
from tenfold.stats.intraclass import intraclass, reading
from tenfold.stats.mixed_intervals import Estimate

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
CELLS = st.one_of(st.none(), st.integers(1, 5))


def tables(least: int = 2) -> st.SearchStrategy[list[list[int | None]]]:
    return st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=least, max_size=9)
    )


def test_shrout_and_fleiss_1979() -> None:
    found = intraclass(SHROUT_FLEISS)
    values = (
        found.one_way.value,
        found.one_agreement.value,
        found.one_consistency.value,
        found.mean_one_way.value,
        found.mean_agreement.value,
        found.mean_consistency.value,
    )
    assert values == pytest.approx((0.1657, 0.2898, 0.7148, 0.4428, 0.6201, 0.9093), abs=1e-4)


@given(st.integers(0, 10_000), st.integers(3, 12), st.integers(2, 5))
@settings(max_examples=10)
def test_six_forms_and_their_intervals_match_pingouin(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(n, 1)) + rng.normal(size=(1, k)) + rng.normal(size=(n, k))
    long = pd.DataFrame([(i, j, table[i, j]) for i in range(n) for j in range(k)], columns=["s", "r", "y"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        oracle = pingouin.intraclass_corr(long, targets="s", raters="r", ratings="y")
    found = intraclass(table)
    mine = [
        found.one_way,
        found.one_agreement,
        found.one_consistency,
        found.mean_one_way,
        found.mean_agreement,
        found.mean_consistency,
    ]
    assert [one.value for one in mine] == pytest.approx(list(oracle["ICC"]), abs=1e-9)
    interval = oracle["CI95"] if "CI95" in oracle else oracle["CI95%"]
    for one, ends in zip(mine[:3], list(interval)[:3], strict=True):
        if not np.isnan(ends).any():  # where its degrees of freedom are none, the oracle has no interval
            assert (one.low, one.high) == pytest.approx(tuple(ends), abs=0.006)  # it rounds to two decimals


def test_raters_who_agree_wholly_have_a_correlation_of_one() -> None:
    found = intraclass([[1, 1, 1], [2, 2, 2], [4, 4, 4]])
    assert (found.one_agreement.value, found.one_consistency.value) == (1, 1)


@pytest.mark.parametrize("table", [[[1, 2]], [[1], [2]], [[1, 2], [3, float("nan")]], [[2, 2], [2, 2]]])
def test_tables_that_cannot_answer_are_refused(table: list[list[float]]) -> None:
    with pytest.raises(NotEnoughData):
        intraclass(table)


def test_readings_follow_the_interval() -> None:
    assert reading(Estimate(0.8, 0.45, 0.92)) == "poor to excellent"
    assert reading(Estimate(0.8, 0.76, 0.88)) == "good"


@given(tables())
def test_alpha_matches_the_krippendorff_library(table: list[list[int | None]]) -> None:
    pairs = [(unit, cell) for unit, row in enumerate(table) for cell in row if cell is not None]
    found = krippendorff_alpha([unit for unit, _ in pairs], [value for _, value in pairs])
    assume(found.nominal is not None)
    data = np.array([[np.nan if cell is None else cell for cell in row] for row in table], dtype=float).T
    for level in ("nominal", "ordinal", "interval", "ratio"):
        oracle = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
        assert getattr(found, level) == pytest.approx(oracle, abs=1e-9), level


@given(tables(), st.randoms(use_true_random=False))
def test_alpha_does_not_depend_on_order(table: list[list[int | None]], random: st.DrawFn) -> None:
    pairs = [(unit, cell) for unit, row in enumerate(table) for cell in row if cell is not None]
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before = krippendorff_alpha([unit for unit, _ in pairs], [value for _, value in pairs])
    after = krippendorff_alpha([unit for unit, _ in shuffled], [value for _, value in shuffled])
    assert (after.n_pairable, after.n_units) == (before.n_pairable, before.n_units)
    assert (after.ordinal is None) == (before.ordinal is None)
    if before.ordinal is not None:
        assert after.ordinal == pytest.approx(before.ordinal)


def test_alpha_without_pairs_or_without_difference_is_not_a_number() -> None:
    assert krippendorff_alpha([1, 2, 3], [1, 2, 3]).interval is None
    assert krippendorff_alpha([1, 1, 2, 2], [3, 3, 3, 3]).interval is None
