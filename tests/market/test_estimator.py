"""The estimator on made-up ads whose truth is known."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.errors import NotEnoughData, UserError
from tenfold.market.ads import Ad, Row, distinct
from tenfold.market.backtest import backtest, rolling_origin
from tenfold.market.benchmark import PayEstimate, PayQuestion, estimate
from tenfold.market.fit import _runs, fit, rising_levels
from tenfold.market.model import GRID, Cell, PayModel, from_json, probability_below, quantile, to_json
from tenfold.practices.pay.presenters import backtest_in_words
from tests.market.adverts import LEVELS, TITLES, ad, ads


@pytest.fixture(scope="module", autouse=True)
def model() -> PayModel:
    """Fitted once, and before the clock of any property test runs."""
    return _shared_model()


def test_the_median_is_the_truth_within_its_error(model: PayModel) -> None:
    for title, pay in TITLES.items():
        for code, factor in LEVELS.items():
            p50 = model.predict(Row(title, code, "0", "M", "US", "FT", 2024))[2]
            assert math.log(p50 / (pay * factor)) == pytest.approx(0, abs=0.08)


def test_the_bands_hold_what_they_promise_on_ads_drawn_anew(model: PayModel) -> None:
    fresh = ads(3000, seed=2)
    inside = [model.predict(one.row)[0] <= math.exp(one.log_midpoint) <= model.predict(one.row)[4] for one in fresh]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.03)


def test_an_unknown_title_is_answered_from_its_words(model: PayModel) -> None:
    known, unknown = (
        model.predict(Row(title, "SE", "0", "M", "US", "FT", 2024))[2]
        for title in ("Machine Learning Engineer", "Machine Learning Wizard")
    )
    nothing = model.predict(Row("Wizard", "SE", "0", "M", "US", "FT", 2024))[2]
    assert nothing < unknown < known


def test_a_cell_says_its_n_and_borrows_more_when_it_is_small(model: PayModel) -> None:
    few = [one for one in ads() if one.row.title != "MLOps Engineer"] + ads(90, seed=3)
    small = fit(few).cells["mlops", "senior", "any"]
    large = model.cells["mlops", "senior", "any"]
    assert small.n_raw < 20 < large.n_raw
    assert small.own_share < large.own_share
    assert small.median_sd_log > large.median_sd_log


def test_copies_are_counted_once() -> None:
    once = ads(400)
    assert len(distinct(once + once)) == len(distinct(once))
    assert fit(once + once).n_ads == fit(once).n_ads


def test_too_few_ads_are_refused_not_guessed() -> None:
    with pytest.raises(NotEnoughData, match="A fit needs 300"):
        fit(ads(100))


def test_a_model_survives_its_file(model: PayModel) -> None:
    again = from_json(to_json(model))
    assert to_json(again) == to_json(model)
    row = Row("MLOps Engineer", "SE", "100", "M", "US", "FT", 2024)
    assert again.predict(row) == pytest.approx(model.predict(row), rel=2e-3)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":1}', '{"format":99}', "not json"])
def test_what_is_no_model_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError, match="model"):
        from_json(text)


def test_foreign_and_part_time_rows_are_labelled_as_not_answered(model: PayModel) -> None:
    abroad = Row("MLOps Engineer", "SE", "0", "M", "DE", "FT", 2024)
    assert model.label_of(abroad, "mlops", "senior").startswith("not answered: outside the US (DE)")
    part_time = Row("MLOps Engineer", "SE", "0", "M", "US", "PT", 2024)
    assert model.label_of(part_time, "mlops", "senior").startswith("not answered: not full-time (PT)")


words = st.text(alphabet="abc MLOpsEngineerData", max_size=30).filter(str.strip)


@given(words, st.sampled_from(["EN", "MI", "SE", "EX"]), st.sampled_from(["0", "50", "100"]), st.sampled_from("SML"))
def test_percentiles_are_ordered_whatever_is_asked(title: str, code: str, remote: str, size: str) -> None:
    five = _shared_model().predict(Row(title, code, remote, size, "US", "FT", 2024))
    assert list(five) == sorted(five)
    assert all(value > 0 for value in five)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_quantile_and_percentile_undo_each_other(a: float, b: float) -> None:
    values = _shared_model().cells["mlops", "senior", "any"].quantiles_log
    assert probability_below(values, quantile(values, a)) == pytest.approx(a, abs=1e-6)
    low, high = sorted((a, b))
    assert quantile(values, low) <= quantile(values, high)


@given(st.lists(st.tuples(st.floats(1, 100), st.floats(0.1, 10)), min_size=1, max_size=6))
def test_levels_are_made_to_rise_and_keep_their_mean(pairs: list[tuple[float, float]]) -> None:
    values, weights = [v for v, _ in pairs], [w for _, w in pairs]
    raised = rising_levels(values, weights)
    assert raised == sorted(raised)
    assert np.average(raised, weights=weights) == pytest.approx(np.average(values, weights=weights))
    if values == sorted(values):
        assert raised == pytest.approx(values)


def test_cells_rise_with_level() -> None:
    model = _shared_model()
    for role in ("mlops", "ml-engineer", "devops", "data-engineer"):
        medians = [
            model.cells[role, level, "any"].quantiles_log[GRID.index(0.5)]
            for level in ("junior", "mid", "senior")
            if (role, level, "any") in model.cells
        ]
        assert medians == sorted(medians)


def test_levels_out_of_order_meet_unless_the_data_insist() -> None:
    mid = replace(_shared_model().cells["mlops", "mid", "any"], n_raw=200, median_sd_log=0.02)
    slightly_lower = _paid(replace(mid, level="senior"), -0.03)
    plainly_lower = _paid(replace(mid, level="senior"), -0.30)
    few = replace(plainly_lower, n_raw=6)
    assert [len(run) for run in _runs([mid, slightly_lower])] == [2]
    assert [len(run) for run in _runs([mid, plainly_lower])] == [1, 1]
    assert [len(run) for run in _runs([mid, few])] == [2]


def test_where_the_data_insist_the_reader_is_told() -> None:
    model = _shared_model()
    senior = model.cells["mlops", "senior", "any"]
    fallen = {("mlops", "senior", "any"): _paid(senior, -1.0)}
    answer = estimate(PayQuestion("mlops", "senior"), model=replace(model, cells={**model.cells, **fallen}))
    assert isinstance(answer, PayEstimate)
    assert any(note.startswith("The data insist: mid") for note in answer.notes)
    usual = estimate(PayQuestion("mlops", "senior"), model=model)
    assert isinstance(usual, PayEstimate)
    assert not any("insist" in note for note in usual.notes)


def _paid(cell: Cell, by_log: float) -> Cell:
    return replace(cell, quantiles_log=tuple(value + by_log for value in cell.quantiles_log))


def test_a_backtest_drops_copies_and_counts_what_is_left() -> None:
    train, later = ads(900), ads(300, seed=5, last=date(2025, 3, 2))
    result = backtest(train, later + train[:50])
    assert result.n_test == len(distinct(later))
    everything = {name: scores[0] for name, scores in result.scores.items()}
    assert everything["lightgbm"].ratio == 1
    assert everything["tenfold"].ratio is not None
    assert everything["tenfold"].ratio < 1
    assert 0.7 < everything["tenfold"].cover80 < 0.9


def test_without_the_baseline_the_ratio_is_left_out_and_the_reader_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    result = backtest(ads(900), ads(300, seed=5, last=date(2025, 3, 2)))
    assert "tenfold[benchmark]" in result.why_no_ratio
    assert "lightgbm" not in result.scores
    assert {score.ratio for score in result.scores["tenfold"]} == {None}
    assert result.why_no_ratio in backtest_in_words(result)


def test_nothing_to_score_on_is_said() -> None:
    train = ads(400)
    with pytest.raises(NotEnoughData, match="left to score on"):
        backtest(train, train)


def test_rolling_origins_predict_each_ad_once() -> None:
    known = ads(900)
    result = rolling_origin(known, origins=[date(2024, 9, 1), date(2024, 11, 1)])
    after = {
        one for one in distinct(known) if one.seen and one.seen > date(2024, 9, 1) and one.row.title == "MLOps Engineer"
    }
    assert result.score.n == len(after)


def test_ads_abroad_shift_by_country() -> None:
    abroad = [ad("Data Engineer", "SE", 70_000, 80_000, seen=date(2024, 6, 2), country="GB") for _ in range(1)]
    model = fit(ads() + abroad)
    assert model.country_offsets["GB"] < -0.4


@cache
def _shared_model() -> PayModel:
    return fit(ads())


def test_own_pay_makes_a_level_answerable_without_moving_the_market() -> None:
    posted = ads()
    own = [
        Ad(
            Row("MLOps Engineer", code, "0", "M", "US", "FT", 2024, "own"),
            pay,
            pay,
            "USD",
            f"person {n}",
            date(2024, 12, 1),
        )
        for n, (code, pay) in enumerate([("SE", 120_000)] * 12 + [("ST", 150_000)] * 12)
    ]
    without, with_own = fit(posted), fit([*posted, *own])
    assert ("mlops", "staff", "any") not in without.cells
    staff, senior = (with_own.cells["mlops", level, "any"] for level in ("staff", "senior"))
    assert (staff.n_raw, staff.n_own) == (12, 12)
    assert senior.n_own == 12 < senior.n_raw == without.cells["mlops", "senior", "any"].n_raw + 12
    again = from_json(to_json(with_own))
    answer = estimate(PayQuestion("mlops", "senior"), model=again)
    assert isinstance(answer, PayEstimate)
    assert (answer.n_raw, answer.n_own) == (senior.n_raw - 12, 12)
    assert answer.count_in_words in answer.pooled_from
    assert "12 people of your own data" in answer.count_in_words
    middle = GRID.index(0.5)
    assert staff.quantiles_log[middle] > senior.quantiles_log[middle] + 0.1
    shift = senior.quantiles_log[middle] - without.cells["mlops", "senior", "any"].quantiles_log[middle]
    assert abs(shift) < 0.05  # a third below the market, and yet it stays where it was
