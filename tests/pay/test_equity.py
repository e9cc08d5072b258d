"""An equity grant at an exit: closed forms worked by hand, and a second way to divide a company."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.errors import UserError
from tenfold.kit.facts import load
from tenfold.practices.pay.compensation import Offer, check, total
from tenfold.practices.pay.equity import (
    Exit,
    Grant,
    Preferred,
    common_price,
    paid_to_preferred,
    payoff_usd,
    preferred_today,
)
from tenfold.practices.pay.offers import EXAMPLE, read_offer

FACTS = load()
PLAIN = Offer("Plain", 180_000)
# 30m shares, 10m of them preferred and bought for 80m: a claim of 8 a share.
GRANT = Grant("iso", 20_000, strike_usd=1.2, fully_diluted=30e6, preferred_shares=10e6)
SOLD = Exit("sold", 1.0, 400e6, 5, preference_usd=80e6)


@pytest.mark.parametrize(
    ("value", "price"),
    [
        (400e6, 400 / 30),  # 13.33 a share is more than 8: preferred shares convert
        (241e6, 241 / 30),
        (240e6, 8.0),  # both are worth the same here
        (180e6, 5.0),  # 80m first, 100m among 20m common shares
        (80e6, 0.0),
        (0.0, 0.0),
    ],
)
def test_preferred_shares_convert_where_that_pays_more(value: float, price: float) -> None:
    end = replace(SOLD, value_usd=value)
    assert common_price(GRANT, end, FACTS) == pytest.approx(price)
    assert payoff_usd(GRANT, end, FACTS) == pytest.approx(20_000 * max(0.0, price - 1.2))
    assert payoff_usd(replace(GRANT, instrument="rsu"), end, FACTS) == pytest.approx(20_000 * price)


@pytest.mark.parametrize(
    ("terms", "value", "price"),
    [
        ({"preference_multiple": 2.0}, 400e6, (400 - 160) / 20),  # 16 a share claimed, 13.33 converted
        ({"preference_multiple": 2.0}, 600e6, 20.0),
        ({"participating": True}, 400e6, (400 - 80) / 30),  # 80m first, then all shares alike
        ({"participating": True, "participation_cap": 2.0}, 400e6, (400 - 160) / 20),  # 80 + 106.7 is capped at 160
        ({"participating": True, "participation_cap": 2.0}, 200e6, (200 - 80) / 30),  # 80 + 40: below the cap
        ({"participating": True, "participation_cap": 2.0}, 900e6, 30.0),  # converts above the cap
    ],
)
def test_multiples_and_participation(terms: dict[str, float], value: float, price: float) -> None:
    assert common_price(GRANT, replace(SOLD, value_usd=value, **terms), FACTS) == pytest.approx(price)  # type: ignore[arg-type]  # one value a field


@pytest.mark.parametrize(
    ("years", "share"), [(0.5, 0), (0.99, 0), (1, 0.25), (1.5, 0.375), (2, 0.5), (4, 1), (5, 1), (9, 1)]
)
def test_an_exit_pays_what_had_vested(years: float, share: float) -> None:
    equity = total(replace(PLAIN, grant=replace(GRANT, exits=(replace(SOLD, years=years),)))).equity_four_years
    assert equity is not None
    whole = 20_000 * (400 / 30 - 1.2)
    assert (equity.p10, equity.mean, equity.p90) == pytest.approx((share * whole,) * 3)


def test_a_year_holds_what_vests_in_it_before_the_exit() -> None:
    by_year = total(replace(PLAIN, grant=replace(GRANT, exits=(replace(SOLD, years=1.5),)))).total_by_year
    whole = 20_000 * (400 / 30 - 1.2)
    assert [year.mean - 180_000 for year in by_year] == pytest.approx([0.25 * whole, 0.125 * whole, 0, 0])


def test_later_rounds_dilute_and_are_preferred() -> None:
    kept = (1 - 0.172) * (1 - 0.126)
    shares = 30e6 / kept
    end = replace(SOLD, rounds=("series-b", "series-c"))
    assert common_price(GRANT, end, FACTS) == pytest.approx(400e6 / shares)
    low = replace(end, value_usd=100e6)
    assert common_price(GRANT, low, FACTS) == pytest.approx(20e6 / 20e6)


def test_where_preferred_shares_are_not_counted_the_last_price_or_a_rule_stands_for_them() -> None:
    unsaid = replace(GRANT, preferred_shares=None)
    priced = replace(unsaid, preferred_price_usd=4.0)
    assert preferred_today(priced, SOLD, FACTS) == Preferred(20e6, "price")
    assert preferred_today(unsaid, SOLD, FACTS).shares == 15e6
    impossible = replace(unsaid, preferred_price_usd=1.0)
    assert preferred_today(impossible, SOLD, FACTS).source == "assumed"
    result = total(replace(PLAIN, grant=replace(unsaid, exits=(SOLD,))))
    assert any("number of preferred shares" in note for note in result.notes)
    assert "pay.preferred_share" in [fact.key for fact in result.sources]
    said = total(replace(PLAIN, grant=replace(priced, exits=(SOLD,)))).notes
    assert not any("number of preferred shares" in note for note in said)


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 0.99))
def test_whatever_the_number_of_preferred_shares_common_gets_between_two_bounds(
    value: float, preference: float, share: float
) -> None:
    end = Exit("x", 1, value, 4, preference)
    price = common_price(Grant("rsu", 0, fully_diluted=1e6, preferred_shares=share * 1e6), end, FACTS)
    assert max(0.0, value - preference) / 1e6 * (1 - 1e-9) - 1e-6 <= price <= value / 1e6 * (1 + 1e-9) + 1e-6


def holders_decide(value: float, claim: float, preferred: int, common: int) -> float:
    """What common shares get where each preferred share decides for itself until none would change its mind."""
    converted = 0
    while converted < preferred:
        left = max(0.0, value - claim * (preferred - converted - 1))
        if left / (common + converted + 1) <= min(claim, value / preferred):
            break
        converted += 1
    return max(0.0, value - claim * (preferred - converted)) / (common + converted)


@given(st.floats(0, 1_000), st.floats(0, 40), st.integers(1, 30), st.integers(1, 30))
def test_the_division_is_where_no_preferred_holder_would_change_their_mind(
    value: float, claim: float, preferred: int, common: int
) -> None:
    end = Exit("x", 1, value, 4, claim * preferred)
    grant = Grant("rsu", 1, fully_diluted=preferred + common, preferred_shares=preferred)
    ours = common_price(grant, end, FACTS)
    assert ours == pytest.approx(holders_decide(value, claim, preferred, common), rel=1e-6, abs=1e-9)


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1), st.floats(1, 5), st.booleans())
def test_nobody_gets_more_than_there_is_and_more_is_never_worth_less(
    value: float, preference: float, share: float, multiple: float, participating: bool
) -> None:
    end = Exit("x", 1, value, 4, preference, preference_multiple=multiple, participating=participating)
    first = paid_to_preferred(end, share)
    assert 0 <= first <= value * (1 + 1e-12)
    more = replace(end, value_usd=value * 1.1 + 1)
    assert more.value_usd - paid_to_preferred(more, share) >= (value - first) * (1 - 1e-9) - 1e-3


BASE = EXAMPLE.replace("[[grant.exits]]", "\n[[grant.exits]]")
NUMBERS = [
    line.partition(" = ")[0]
    for line in EXAMPLE.splitlines()
    if not line.startswith("#") and line.partition(" = ")[2][:1].isdigit()
]


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", "-0.4", '"much"', "true"])
@pytest.mark.parametrize("field", NUMBERS)
def test_a_figure_that_cannot_be_meant_is_refused_by_its_name(tmp_path: Path, field: str, bad: str) -> None:
    lines = [f"{field} = {bad}" if line.startswith(f"{field} =") else line for line in EXAMPLE.splitlines()]
    path = tmp_path / "offer.toml"
    path.write_text("\n".join(lines))
    with pytest.raises(UserError) as refused:
        read_offer(path)
    assert field in str(refused.value)
    assert str(path) in str(refused.value)


def test_every_number_of_the_example_is_tried() -> None:
    assert {"base_usd_year", "units", "strike_usd", "fully_diluted", "probability", "years"} <= set(NUMBERS)


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        (replace(GRANT, units=30e6 + 1), "units"),
        (replace(GRANT, preferred_shares=30e6), "preferred_shares"),
        (replace(GRANT, volatility=-0.4, share_price_usd=10), "volatility"),
        (replace(GRANT, volatility=math.nan, share_price_usd=10), "volatility"),
        (replace(GRANT, instrument="warrant"), "instrument"),  # type: ignore[arg-type]  # what is refused
        (replace(GRANT, exits=(SOLD, SOLD)), "probability"),
        (replace(GRANT, exits=(replace(SOLD, rounds=("series-q",)),)), "rounds"),  # type: ignore[arg-type]  # as above
        (replace(GRANT, exits=(replace(SOLD, participation_cap=2.0),)), "participation_cap"),
    ],
)
def test_an_offer_that_contradicts_itself_is_refused_by_the_fields_name(grant: Grant, field: str) -> None:
    with pytest.raises(UserError) as refused:
        check(replace(PLAIN, grant=grant))
    assert field in str(refused.value)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "offer.toml"
    path.write_text('name = "A"\nbase_usd_year = nan\nsalary = 3\n[grant]\ninstrument = "iso"\nunits = -1\n')
    with pytest.raises(UserError) as refused:
        read_offer(path)
    assert all(name in str(refused.value) for name in ("base_usd_year", "salary", "grant.units"))


def test_every_field_has_its_limits() -> None:
    """No number of an offer is taken as it comes."""
    for shape in (Offer, Grant, Exit):
        for each in fields(shape):
            assert str(each.type) not in ("float", "float | None", "int"), each.name
