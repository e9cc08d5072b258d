"""Numbers in six countries' habits: what is understood is what was meant, or it is refused with words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.typed_numbers import NotANumber, read_amount, read_percent
from tenfold.plan.yaml_io import load_plan

WHOLE = st.integers(min_value=0, max_value=99_999_999)
CENTS = st.integers(min_value=0, max_value=99)


def grouped(whole: int, sign: str) -> str:
    return f"{whole:,}".replace(",", sign)


def indian(whole: int) -> str:
    text = str(whole)
    if len(text) <= 3:
        return text
    head, tail = text[:-3], text[-3:]
    head = re.sub(r"(?<=\d)(?=(?:\d\d)+$)", ",", head)
    return f"{head},{tail}"


HABITS: dict[str, Callable[[int, int], str]] = {
    "US": lambda whole, cents: f"${grouped(whole, ',')}" + (f".{cents:02}" if cents else ""),
    "UK": lambda whole, cents: f"£{grouped(whole, ',')}" + (f".{cents:02}" if cents else ""),
    "German": lambda whole, cents: f"{grouped(whole, '.')}" + (f",{cents:02}" if cents else "") + " €",
    "French": lambda whole, cents: f"{grouped(whole, ' ')}" + (f",{cents:02}" if cents else "") + " €",
    "Swiss": lambda whole, cents: f"CHF {grouped(whole, '’')}" + (f".{cents:02}" if cents else ""),
    "Swiss, closed": lambda whole, _cents: f"CHF {grouped(whole, chr(39))}.–",
    "Indian": lambda whole, cents: f"₹{indian(whole)}" + (f".{cents:02}" if cents else ""),
}


@pytest.mark.parametrize("habit", HABITS)
@given(whole=WHOLE, cents=CENTS)
def test_an_amount_in_any_habit_is_read_as_it_was_meant(habit: str, whole: int, cents: int) -> None:
    typed = HABITS[habit](whole, cents)
    meant = whole + (0 if "closed" in habit else cents / 100)
    assert read_amount(typed) == pytest.approx(meant, abs=1e-9), typed


@given(thousands=st.integers(1, 999), tenth=st.integers(0, 9), point=st.sampled_from(".,"), sign=st.sampled_from("kK"))
def test_thousands_by_a_letter(thousands: int, tenth: int, point: str, sign: str) -> None:
    assert read_amount(f"{thousands}{point}{tenth}{sign}") == thousands * 1000 + tenth * 100


@given(whole=st.integers(0, 99), tenth=st.integers(0, 9), sign=st.sampled_from(["%", " %", "", " percent"]))
def test_percentages_with_point_or_comma(whole: int, tenth: int, sign: str) -> None:
    assert read_percent(f"{whole},{tenth}{sign}") == read_percent(f"{whole}.{tenth}{sign}") == whole + tenth / 10


@given(st.text(alphabet="0123456789.,' k€$%-", max_size=12))
def test_whatever_is_typed_is_a_number_or_refused_with_words_and_reads_back_as_itself(typed: str) -> None:
    try:
        value = read_amount(typed)
    except NotANumber as refusal:
        assert typed in str(refusal)  # noqa: PT017 - either way is right
        return
    assert value >= 0
    assert read_amount(f"{value:.12g}" if value < 1e6 else f"{value:.0f}") == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("typed", ["1.2.3", "12,34,5", "1,234.567.8", "about 65", "65-70", "", "1.234,567"])
def test_what_could_be_two_numbers_or_none_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        read_amount(typed)


def test_a_price_with_three_decimals_is_a_price() -> None:
    assert read_amount("2.125", is_price=True) == 2.125
    assert read_amount("65.000") == 65_000
    with pytest.raises(NotANumber, match="could be"):
        read_amount("2,125", is_price=True)


@pytest.mark.parametrize(
    ("typed", "least"), [("65.000", 65_000), ("€65 000", 65_000), ("65k", 65_000), ("65'000", 65_000)]
)
def test_plans_read_by_the_same_function(typed: str, least: float) -> None:
    plan = load_plan(f'tenfold_plan: 1\npay: {{min: "{typed}", bonus_percent: "1,5 %"}}\n').plan
    assert (plan.pay.min, plan.pay.bonus_percent) == (least, 1.5)
