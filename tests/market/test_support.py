"""Titles of little support get the width that later ads of such titles needed."""

from __future__ import annotations

import numpy as np
import pytest

from tenfold.market.support import FROM_ADS, NO_WIDENING, count_titles, group_of, spelt
from tenfold.market.widening import widening
from tests.market.adverts import ad


def test_titles_are_counted_as_the_model_spells_them() -> None:
    twice = [
        ad(title, "SE", 1e5, 1.2e5, seen=None) for title in ("Sr. ML Engineer", "Senior Machine Learning Engineer")
    ]
    assert count_titles(twice) == {spelt("senior machine learning engineer"): 2}


@pytest.mark.parametrize(("known", "group"), [(0, 0), (4, 0), (5, 1), (99, 2), (100, 3), (10_000, 5)])
def test_a_group_begins_at_its_number_of_ads(known: int, group: int) -> None:
    assert group_of(known) == group


def test_a_group_that_varies_twice_as_much_is_widened_twice() -> None:
    rng = np.random.default_rng(1)
    support = [0] * 1_000 + [600] * 9_000
    z = np.concatenate([rng.normal(0, 2, 1_000), rng.normal(0, 1, 9_000)])
    factors = widening(z, support)
    whole = np.quantile(z, 0.9) / np.quantile(z[1_000:], 0.9)
    assert factors[0] * whole == pytest.approx(2, rel=0.1)
    assert factors[group_of(600)] * whole == pytest.approx(1, rel=0.05)


def test_few_ads_widen_little_and_none_widen_nothing() -> None:
    rng = np.random.default_rng(2)
    z = np.concatenate([[6.0, -6.0], rng.normal(0, 1, 5_000)])
    factors = widening(z, [0, 0] + [600] * 5_000)
    assert 1 < factors[0] < 2
    assert factors[1] == 1
    assert len(factors) == len(NO_WIDENING) == len(FROM_ADS)


def test_equal_titles_are_widened_alike_whatever_is_tried() -> None:
    factors = widening(np.random.default_rng(3).normal(0, 1, 20_000), [10] * 10_000 + [1_000] * 10_000)
    assert factors[1] == pytest.approx(factors[4], abs=0.05)
