"""Total compensation against closed forms."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.kit.facts import load
from tenfold.practices.pay.compensation import (
    Exit,
    Grant,
    Offer,
    compare,
    expected_payoff_usd,
    kept_after,
    total,
)
from tenfold.practices.pay.offers import EXAMPLE, comparison_as_svg, read_offer, total_in_words

PLAIN = Offer("Plain", 180_000)
SOLD = Exit("sold", 0.2, 400_000_000, 5, preference_usd=100_000_000, rounds=("series-b", "series-c"))
OPTIONS = Grant(
    "iso", 10_000, strike_usd=1.0, fair_value_usd=1.0, preferred_price_usd=4.0, fully_diluted=20_000_000, exits=(SOLD,)
)


def test_base_alone_has_no_range() -> None:
    result = total(PLAIN)
    assert result.cash_four_years.p10 == result.cash_four_years.p90 == 720_000
    assert result.equity_four_years is not None
    assert result.equity_four_years.p90 == 0


def test_dilution_multiplies_as_in_the_worked_example() -> None:
    # seed to series D, medians of 2023: (1-.205)(1-.195)(1-.172)(1-.126)(1-.103) = 0.415
    rounds = ("seed", "series-a", "series-b", "series-c", "series-d")
    assert kept_after(rounds, load()) == pytest.approx(0.415, abs=0.001)


def test_the_simulated_mean_is_the_closed_form() -> None:
    result = total(replace(PLAIN, grant=OPTIONS))
    assert result.equity_four_years is not None
    assert result.equity_four_years.mean == pytest.approx(expected_payoff_usd(OPTIONS, load()), rel=1e-3)
    assert result.chance_of_nothing == pytest.approx(0.8, abs=0.001)
    assert result.equity_four_years.p50 == 0


def test_public_shares_follow_the_log_normal_closed_form() -> None:
    # All vests at the end of year one: median S exp(-v^2/2), mean S.
    grant = Grant("rsu", 1_000, share_price_usd=100, volatility=0.4, vesting_years=1)
    equity = total(replace(PLAIN, grant=grant)).equity_four_years
    assert equity is not None
    assert equity.p50 == pytest.approx(100_000 * math.exp(-0.08), rel=0.01)
    assert equity.mean == pytest.approx(100_000, rel=0.01)
    assert equity.p90 == pytest.approx(100_000 * math.exp(-0.08 + 0.4 * 1.2815516), rel=0.02)


def test_public_options_match_black_scholes_without_interest() -> None:
    # One year, S = K = 100, v = 0.4, r = 0: call = 15.8519 (RQuantLib::EuropeanOption("call", 100, 100, 0, 0, 1, 0.4))
    grant = Grant("nso", 1_000, strike_usd=100, share_price_usd=100, volatility=0.4, vesting_years=1)
    equity = total(replace(PLAIN, grant=grant)).equity_four_years
    assert equity is not None
    assert equity.mean == pytest.approx(15_851.9, rel=0.03)


def test_a_bonus_is_what_was_paid_not_what_was_promised() -> None:
    result = total(replace(PLAIN, bonus_target_percent=20, bonus_payouts=(0.5,)))
    assert result.cash_by_year[0].p50 == 180_000 + 18_000


def test_sign_on_is_paid_once() -> None:
    years = total(replace(PLAIN, sign_on_usd=30_000)).cash_by_year
    assert [year.p50 for year in years] == [210_000, 180_000, 180_000, 180_000]


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        (replace(OPTIONS, exits=()), "exits that you name"),
        (replace(OPTIONS, fully_diluted=None), "fully diluted"),
        (Grant("rsu", 100, share_price_usd=10), "volatility"),
    ],
)
def test_equity_without_what_it_takes_is_not_valued(grant: Grant, words: str) -> None:
    result = total(replace(PLAIN, grant=grant))
    assert result.equity_four_years is None
    assert result.total_four_years is None
    assert words in result.why_not
    assert "not valued" in total_in_words(result)


def test_the_cliff_and_the_months_after_it() -> None:
    assert [OPTIONS.share_vested(years) for years in (0.5, 0.99, 1, 1.5, 4, 9)] == [0, 0, 0.25, 0.375, 1, 1]


def test_offers_are_compared_in_cash_where_one_side_is_not_valued() -> None:
    result = compare(
        replace(PLAIN, grant=replace(OPTIONS, exits=())), replace(PLAIN, name="More", base_usd_year=181_000)
    )
    assert (result.compared, result.chance_first_is_more) == ("cash over four years", 0)
    assert compare(PLAIN, PLAIN).chance_first_is_more == 0.5


def test_the_example_offer_is_read_and_drawn(tmp_path: Path) -> None:
    path = tmp_path / "offer.toml"
    path.write_text(EXAMPLE)
    offer = read_offer(path)
    assert offer.grant is not None
    assert offer.grant.exits[0].rounds == ("series-b", "series-c")
    picture = comparison_as_svg(compare(offer, PLAIN))
    assert picture.startswith("<svg")
    assert "<script" not in picture


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("base_usd_year = 1", "“name” is missing"),
        ('name = "A"\nbase_usd_year = "much"', "must be a number"),
        ('name = "A"\nbase_usd_year = 100000\nsalary = 1', "not known"),
        ('name = "A"\nbase_usd_year = 100000\ngrant = 3', "must be a table"),
        ('name = "A"\nbase_usd_year = nan', "base_usd_year"),
        ('name = "A"\nbase_usd_year = true', "base_usd_year"),
        ("name =", "not valid TOML"),
    ],
)
def test_a_wrong_offer_file_is_told_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "offer.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=words):
        read_offer(path)
