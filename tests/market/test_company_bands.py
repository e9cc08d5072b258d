"""Bands of several currencies, places and days: never a figure that mixes two, and three reasons for having none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.errors import UserError
from tenfold.market.company_bands import (
    ANYWHERE,
    BandAnswer,
    BandQuestion,
    CompanyBand,
    NoBand,
    NoBandKind,
    StatedRate,
    find_band,
    name_of_code,
    spot,
    spot_of_person,
)

DAY = date(2026, 11, 1)
CURRENCIES = ("USD", "EUR", "GBP", "CHF", "PLN")
PLACES = ("", "Germany", "Berlin", "Munich", "US", "Colorado", "Denver, CO", "Leeds, UK", "United Kingdom")


def band(low: float, currency: str, place: str = "", *, start: date = DAY, level: str = "senior") -> CompanyBand:
    return CompanyBand("mlops", level, low, low * 1.3, currency, spot(place).code, start)


def asked(currency: str, place: str = "", day: date = DAY, level: str = "senior") -> BandQuestion:
    return BandQuestion("mlops", level, currency, spot(place), day)


def test_two_currencies_stand_side_by_side() -> None:
    held = [band(150_000, "USD", "US"), band(80_000, "EUR", "Berlin")]
    berlin, denver = find_band(held, asked("EUR", "Berlin")), find_band(held, asked("USD", "Denver, CO"))
    assert isinstance(berlin, BandAnswer)
    assert isinstance(denver, BandAnswer)
    assert (berlin.low, berlin.currency, denver.low, denver.currency) == (80_000, "EUR", 150_000, "USD")


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        (asked("EUR", "Berlin"), NoBandKind.NOT_COVERED, "No band in EUR for Berlin"),
        (asked("USD", "US", level="staff"), NoBandKind.NOT_COVERED, "no band for staff"),
        (asked("USD", "US", day=DAY - timedelta(days=1)), NoBandKind.NOT_COVERED, "the first begins on 2026-11-01"),
        (asked("", "US"), NoBandKind.NOT_STATED, "currency is not stated"),
        (asked("GBP", "UK"), NoBandKind.NOT_STATED, "only “United Kingdom” is stated"),
        (asked("EUR", "Denver, CO"), NoBandKind.NOT_CONVERTED, "no exchange rate to EUR is stated"),
    ],
)
def test_the_three_reasons_are_told_apart(question: BandQuestion, kind: NoBandKind, words: str) -> None:
    found = find_band([band(150_000, "USD", "US"), band(60_000, "GBP", "Leeds, UK")], question)
    assert isinstance(found, NoBand)
    assert found.kind == kind
    assert words in found.says


def test_a_stated_rate_converts_and_is_shown_with_its_day() -> None:
    rates = {"EUR": StatedRate("EUR", 0.8, date(2026, 10, 1)), "GBP": StatedRate("GBP", 0.5, date(2026, 9, 1))}
    found = find_band([band(100_000, "EUR")], asked("GBP", "Leeds, UK"), rates)
    assert isinstance(found, BandAnswer)
    assert found.low == pytest.approx(100_000 / 0.8 * 0.5)
    assert all(each in found.how_converted for each in ("0.8 EUR", "2026-10-01", "0.5 GBP", "2026-09-01"))
    one_missing = find_band([band(100_000, "EUR")], asked("GBP"), {"GBP": rates["GBP"]})
    assert isinstance(one_missing, NoBand)


def test_the_narrowest_place_goes_first_and_its_currency_with_it() -> None:
    held = [band(70_000, "EUR", "Germany"), band(90_000, "USD", "Berlin"), band(95_000, "USD")]
    assert isinstance(find_band(held, asked("EUR", "Berlin")), NoBand)
    munich = find_band(held, asked("EUR", "München"))
    assert isinstance(munich, BandAnswer)
    assert munich.low == 70_000


def test_a_band_ends_where_the_next_begins() -> None:
    first = replace(band(100_000, "EUR"), valid_until=DAY + timedelta(days=10))
    second = band(120_000, "EUR", start=DAY + timedelta(days=10))
    for days, low in ((0, 100_000), (9, 100_000), (10, 120_000), (400, 120_000)):
        found = find_band([second, first], asked("EUR", day=DAY + timedelta(days=days)))
        assert isinstance(found, BandAnswer)
        assert found.low == low


def test_one_town_has_one_code_in_either_language_and_codes_lead_back() -> None:
    for one, other in (("Munich", "München"), ("Vienna", "Wien"), ("Cologne", "Köln"), ("Warsaw", "Warszawa")):
        assert spot(one) == spot(other)
    for words in PLACES[1:]:
        assert spot(name_of_code(spot(words).code)).code == spot(words).code
    with pytest.raises(UserError):
        spot("Portland")
    assert spot_of_person("US", "19740").code == spot("Denver, CO").code


def test_a_metro_of_two_states_leaves_a_state_open() -> None:
    held = [band(150_000, "USD", "New Jersey"), band(140_000, "USD", "US")]
    unsure = find_band(held, BandQuestion("mlops", "senior", "USD", spot_of_person("US", "35620"), DAY))
    assert isinstance(unsure, NoBand)
    assert unsure.kind == NoBandKind.NOT_STATED
    sure = find_band(held, asked("USD", "Jersey City, NJ"))
    assert isinstance(sure, BandAnswer)
    assert sure.low == 150_000


bands = st.lists(
    st.builds(
        lambda low, currency, place, days: band(low, currency, place, start=DAY + timedelta(days=days)),
        st.integers(20_000, 300_000),
        st.sampled_from(CURRENCIES),
        st.sampled_from(PLACES),
        st.integers(-40, 40),
    ),
    max_size=8,
    unique_by=lambda one: (one.currency, one.place, one.valid_from),
)


@given(bands, st.sampled_from(CURRENCIES), st.sampled_from(PLACES), st.permutations(CURRENCIES))
def test_swapping_currencies_swaps_the_answers(
    held: list[CompanyBand], currency: str, place: str, other: list[str]
) -> None:
    swap = dict(zip(CURRENCIES, other, strict=True))
    swapped = [replace(one, currency=swap[one.currency]) for one in reversed(held)]
    here, there = find_band(held, asked(currency, place)), find_band(swapped, asked(swap[currency], place))
    assert type(here) is type(there)
    if isinstance(here, BandAnswer) and isinstance(there, BandAnswer):
        assert (here.low, here.high, swap[here.currency]) == (there.low, there.high, there.currency)
    if isinstance(here, NoBand) and isinstance(there, NoBand):
        assert here.kind == there.kind


@given(bands, st.sampled_from(CURRENCIES), st.sampled_from(PLACES), st.sets(st.sampled_from(CURRENCIES[1:])))
def test_no_figure_mixes_two_currencies(held: list[CompanyBand], currency: str, place: str, stated: set[str]) -> None:
    """An answer is a band's own figures in its own currency, or those times the one ratio of the stated rates."""
    rates = {code: StatedRate(code, 2.0 + CURRENCIES.index(code), DAY) for code in stated}
    found = find_band(held, asked(currency, place), rates)
    if isinstance(found, NoBand):
        return
    assert found.currency == currency
    assert found.band in held
    assert found.band.is_valid(DAY)
    assert found.band.place in (ANYWHERE, *spot(place).codes)
    if found.band.currency == currency:
        assert (found.low, found.high, found.rates) == (found.band.low, found.band.high, ())
        return
    needed = {found.band.currency, currency} - {"USD"}
    assert {rate.currency for rate in found.rates} == needed <= stated
    times = (2.0 + CURRENCIES.index(currency) if currency != "USD" else 1) / (
        2.0 + CURRENCIES.index(found.band.currency) if found.band.currency != "USD" else 1
    )
    assert found.low == pytest.approx(found.band.low * times)
    assert all(str(rate) in found.how_converted for rate in found.rates)


def test_every_order_of_the_bands_gives_the_same_answer() -> None:
    held = [band(1, "EUR", "Germany"), band(2, "USD", "Berlin"), band(3, "EUR", "Berlin"), band(4, "EUR")]
    answers = {find_band(order, asked("EUR", "Berlin")) for order in permutations(held)}
    assert {found.low for found in answers if isinstance(found, BandAnswer)} == {3}
    assert len(answers) == 1
