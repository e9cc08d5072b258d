"""Impact ratios: whole numbers at the boundary, exact tests and strata against other implementations."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from tenfold.stats.impact import Selected, compare, exact_tests, impact, is_below_four_fifths, ratio_interval, stratify


def people(name: str) -> st.SearchStrategy[Selected]:
    return st.integers(1, 60).flatmap(lambda n: st.integers(0, n).map(lambda k: Selected(name, n, k)))


def test_no_table_at_exactly_four_fifths_is_flagged() -> None:
    """All pairs of groups of 5 to 100 whose ratio is exactly 4/5; floating point gets 3,705 of them wrong."""
    tables = [
        (Selected("f", n, 4 * k * n // (5 * m)), Selected("r", m, k))
        for n in range(5, 101)
        for m in range(5, 101)
        for k in range(1, m + 1)
        if 4 * k * n % (5 * m) == 0
    ]
    assert not any(is_below_four_fifths(*table) for table in tables)
    assert sum((f.selected / f.n) / (r.selected / r.n) < 0.8 for f, r in tables) == 3_705
    one_fewer = [(Selected("f", f.n, f.selected - 1), r) for f, r in tables]
    assert all(is_below_four_fifths(*table) for table in one_fewer)


@given(people("a"), people("b"))
def test_flag_and_ratio_are_whole_number_arithmetic(a: Selected, b: Selected) -> None:
    found = {one.group: one for one in impact([a, b])}
    low, high = sorted((a, b), key=lambda one: (one.rate, one.n))
    if high.selected:
        assert found[low.group].flagged == (5 * low.selected * high.n < 4 * high.selected * low.n)
        assert found[high.group].ratio == 1
    else:
        assert all(one.ratio is None and not one.flagged for one in found.values())


@given(people("a"), people("b"))
def test_fisher_matches_scipy(a: Selected, b: Selected) -> None:
    oracle = stats.fisher_exact([[a.selected, a.n - a.selected], [b.selected, b.n - b.selected]]).pvalue
    fisher, mid = exact_tests(a, b)
    assert fisher == pytest.approx(oracle, abs=1e-9)
    assert 0 < mid <= fisher


@given(people("a"), people("b"))
def test_who_is_called_first_changes_nothing(a: Selected, b: Selected) -> None:
    there, back = compare(a, b), compare(b, a)
    assert (there.fisher_p, there.mid_p) == pytest.approx((back.fisher_p, back.mid_p), abs=1e-12)
    if there.ratio and back.ratio:
        assert there.ratio * back.ratio == 1


@given(people("a"), people("b"))
def test_intervals_hold_the_ratio(a: Selected, b: Selected) -> None:
    low, high = ratio_interval(a, b)
    assert 0 <= low < high < math.inf
    if b.selected:
        assert low <= float(a.rate / b.rate) * (1 + 1e-12)


@given(people("a"), people("b"))
def test_selections_short_is_the_least_that_reaches_four_fifths(a: Selected, b: Selected) -> None:
    short = compare(a, b).selections_short
    assert Fraction(a.selected + short, a.n) >= Fraction(4, 5) * b.rate
    assert short == 0 or Fraction(a.selected + short - 1, a.n) < Fraction(4, 5) * b.rate


@given(st.lists(st.tuples(people("f"), people("r")), min_size=1, max_size=6))
@settings(max_examples=50)
def test_mantel_haenszel_matches_statsmodels(pairs: list[tuple[Selected, Selected]]) -> None:
    found = stratify("f", "r", {str(at): list(pair) for at, pair in enumerate(pairs)})
    tables = [[[f.selected, f.n - f.selected], [r.selected, r.n - r.selected]] for f, r in pairs]
    if found.odds_ratio is None or not found.ratio:
        return
    table = StratifiedTable([np.array(one, dtype=float) for one in tables])
    assert found.odds_ratio == pytest.approx(table.oddsratio_pooled, rel=1e-9)
    assert found.ratio == pytest.approx(table.riskratio_pooled, rel=1e-9)


def test_one_stratum_is_the_plain_ratio_with_the_plain_interval() -> None:
    f, r = Selected("f", 40, 10), Selected("r", 50, 25)
    found = stratify("f", "r", {"all": [f, r]})
    assert found.ratio == pytest.approx(0.5)
    assert (found.low, found.high) == pytest.approx(ratio_interval(f, r), rel=0.02)
    assert not found.sign_flips


@given(st.lists(st.tuples(people("f"), people("r")), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_strata_does_not_matter(pairs: list[tuple[Selected, Selected]], random: st.DrawFn) -> None:
    strata = {str(at): list(pair) for at, pair in enumerate(pairs)}
    names = list(strata)
    random.shuffle(names)  # type: ignore[attr-defined]
    before, after = stratify("f", "r", strata), stratify("f", "r", {name: strata[name] for name in names})
    assert (before.ratio, before.low, before.sign_flips) == (after.ratio, after.low, after.sign_flips)


def test_a_stratum_without_one_of_the_groups_says_nothing() -> None:
    pair = [Selected("f", 30, 10), Selected("r", 30, 15)]
    lone = [Selected("f", 200, 1)]
    assert stratify("f", "r", {"a": pair}).ratio == stratify("f", "r", {"a": pair, "b": lone}).ratio


def test_flips_with_one_is_the_guidelines_example() -> None:
    # 29 CFR 1607 questions and answers, number 21: 20 men, 3 hired; 10 women, 1 hired.
    assert compare(Selected("women", 10, 1), Selected("men", 20, 3)).flips_with_one
    assert not compare(Selected("women", 100, 10), Selected("men", 200, 60)).flips_with_one


def test_groups_with_nobody_are_left_out_and_ties_are_all_one() -> None:
    found = impact([Selected("a", 10, 5), Selected("b", 20, 10), Selected("c", 0, 0)])
    assert [(one.group, one.ratio, one.is_reference) for one in found] == [
        ("a", Fraction(1), False),
        ("b", Fraction(1), True),
    ]
    assert impact([]) == ()


rooms = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=8)


@given(rooms)
def test_where_all_are_selected_the_stratified_interval_has_a_width_and_holds_one(sizes: list[tuple[int, int]]) -> None:
    """However the same people are split into strata, the interval is that of all together."""
    strata = {str(at): [Selected("f", f, f), Selected("r", r, r)] for at, (f, r) in enumerate(sizes)}
    found = stratify("f", "r", {**strata, "nobody": [Selected("f", 7, 0), Selected("r", 3, 0)]})
    f, r = (sum(pair[at] for pair in sizes) for at in (0, 1))
    assert found.low is not None
    assert found.high is not None
    assert found.tells_nothing
    assert found.ratio == 1
    assert found.low < 1 < found.high
    assert (found.low, found.high) == ratio_interval(Selected("f", f, f), Selected("r", r, r))


def test_one_who_was_not_selected_tells_something() -> None:
    strata = {"a": [Selected("f", 5, 5), Selected("r", 5, 5)], "b": [Selected("f", 6, 5), Selected("r", 6, 6)]}
    found = stratify("f", "r", strata)
    assert not found.tells_nothing
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.high
