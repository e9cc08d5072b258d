"""Money as many countries write it: what is rendered is read back the same, or is said not to be understood."""

from collections.abc import Callable
from pathlib import Path

import pytest
import tomli
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenfold.posting.draft import draft_plan
from tenfold.posting.figures import figures_of
from tenfold.posting.lint import lint_posting
from tenfold.posting.model import MoneyKind, OpenEnd, PostingReading
from tenfold.posting.money import amounts, number
from tenfold.posting.reading import read


def indian(n: int) -> str:
    """The last three digits, then pairs."""
    text = str(n)
    if len(text) <= 3:
        return text
    head, tail = text[:-3], text[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), tail])


GROUPINGS: dict[str, Callable[[int], str]] = {
    "1,234,567": lambda n: f"{n:,}",
    "1.234.567": lambda n: f"{n:,}".replace(",", "."),
    "1 234 567": lambda n: f"{n:,}".replace(",", " "),
    "1'234'567": lambda n: f"{n:,}".replace(",", "'"),
    "1’234’567": lambda n: f"{n:,}".replace(",", "’"),
    "thin space": lambda n: f"{n:,}".replace(",", "\u2009"),
    "narrow no-break space": lambda n: f"{n:,}".replace(",", "\u202f"),
    "no-break space": lambda n: f"{n:,}".replace(",", "\xa0"),
    "12,34,567": indian,
    "1234567": str,
}
PLACED: dict[str, tuple[str, str]] = {
    "USD": ("$", ""), "EUR": ("", " €"), "GBP": ("£", ""), "CHF": ("CHF ", ""), "PLN": ("", " zł"), "SEK": ("SEK ", ""),
    "INR": ("₹", ""), "CAD": ("C$", ""), "AUD": ("A$", ""), "SGD": ("S$", ""), "NZD": ("NZ$", ""), "HKD": ("HK$", ""),
    "BRL": ("R$ ", ""), "CZK": ("", " Kč"), "TRY": ("₺", ""), "AED": ("AED ", ""), "ZAR": ("R", ""), "ILS": ("₪", ""),
    "DKK": ("", " DKK"), "NOK": ("NOK ", ""), "RON": ("", " RON"), "HUF": ("", " Ft"), "JPY": ("JPY ", ""),
}  # fmt: skip
PERIODS = {
    "YEAR": (" per year", " a year", "/yr", " p.a.", " annually", " pro Jahr", " par an"),
    "MONTH": (" per month", "/month", " monthly", " im Monat", " par mois", "/mo"),
    "DAY": (" per day", "/day", " a day", " pro Tag"),
    "HOUR": (" per hour", "/hour", "/h", " hourly", " pro Stunde"),
}
YEARLY = {
    "JPY": 100, "HUF": 300, "INR": 60, "CZK": 20, "TRY": 30, "ZAR": 15, "SEK": 9, "NOK": 9, "DKK": 7, "HKD": 8,
    "PLN": 4, "BRL": 5, "ILS": 4, "AED": 4, "RON": 4,
}  # fmt: skip
SIZES = {"YEAR": (20, 400, 1000), "MONTH": (20, 400, 100), "DAY": (10, 90, 10), "HOUR": (20, 180, 1)}
LABELS = ("Salary: ", "Base pay: ", "The salary is ", "Gehalt: ", "Salaire : ", "Compensation: ")
JOINTS = (" - ", "–", " – ", " to ", " bis ", " à ")


@st.composite
def sums(draw: st.DrawFn) -> tuple[int, int, str, str]:
    """A range of a currency and period, in the size that such pay has."""
    currency, period = draw(st.sampled_from(sorted(PLACED))), draw(st.sampled_from(sorted(PERIODS)))
    least, most, unit = SIZES[period]
    factor = unit * YEARLY.get(currency, 1)
    low = draw(st.integers(least, most)) * factor
    return low, low + draw(st.integers(0, low // factor)) * factor, currency, period


@settings(max_examples=400, deadline=None)
@given(sums(), st.sampled_from(sorted(GROUPINGS)), st.data())
def test_an_amount_in_any_format_is_never_another_amount(
    money: tuple[int, int, str, str], grouping: str, data: st.DataObject
) -> None:
    low, high, currency, period = money
    front, behind = PLACED[currency]
    one, two = (f"{front}{GROUPINGS[grouping](amount)}{behind}" for amount in (low, high))
    first = one.removesuffix(behind) if behind and data.draw(st.booleans()) else one
    words = one if low == high else f"{first}{data.draw(st.sampled_from(JOINTS))}{two}"
    line = f"{data.draw(st.sampled_from(LABELS))}{words}{data.draw(st.sampled_from(PERIODS[period]))}"
    reading = read(f"# MLOps Engineer\n\n{line}\n")
    if reading.pay is None:
        assert reading.pay_not_read, line
        return
    assert (reading.pay.min, reading.pay.max, reading.pay.currency, reading.pay.period) == (low, high, currency, period)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(sorted(GROUPINGS)))
def test_a_figure_has_one_value_in_every_grouping(value: int, grouping: str) -> None:
    assert number(GROUPINGS[grouping](value)) == value


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 99))
@example(185, 10)
def test_a_fraction_is_behind_the_other_mark(whole: int, cents: int) -> None:
    assert number(f"{whole:,}.{cents:02d}") == pytest.approx(whole + cents / 100)
    assert number(f"{whole:,}".replace(",", ".") + f",{cents:02d}") == pytest.approx(whole + cents / 100)


@pytest.mark.parametrize("words", ["1,234.567", "1.234,567.8", "12'345.678"])
def test_separators_that_contradict_each_other_are_no_amount(words: str) -> None:
    assert [amount.value for amount in amounts(f"USD {words}")] == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("65k", 65_000), ("T€ 65", 65), ("78 TEUR", 78_000), ("25 LPA", 2_500_000), ("1.5 crore", 15_000_000),
        ("800万円", 8_000_000), ("3.800,- €", 3800), ("110'000.–", 110_000), ("62.5k", 62_500), ("185.101", 185_101),
    ],
)  # fmt: skip
def test_a_multiplier_counts(words: str, value: float) -> None:
    assert [amount.value for amount in amounts(words)] == [value]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("Base $180k-$220k, OTE $250k-$300k", ["base", "total"]),
        ("Salary $150,000, a $20,000 sign-on bonus, $90,000 in RSUs and $8,000 relocation",
         ["base", "sign_on", "equity", "relocation"]),
        ("We raised $40M; the salary is $150,000 with a bonus of up to $15,000", ["other", "base", "bonus"]),
        ("A stipend of $2,000 and a cloud budget of $90,000", ["other", "other"]),
    ],
)  # fmt: skip
def test_every_sum_is_told_for_what_it_is(line: str, kinds: list[str]) -> None:
    assert [figure.kind and figure.kind.value for figure in figures_of(line)] == kinds


def posting(pay: str, place: str = "") -> PostingReading:
    where = f"Location: {place}\n\n" if place else ""
    return read(f"# MLOps Engineer\n\n{where}## What you will do\n\n- Run the serving layer\n\n{pay}\n")


def test_a_figure_that_was_not_understood_is_said_and_is_not_no_pay() -> None:
    reading = posting("Salary: 150 to 180, depending on experience")
    assert reading.pay is None
    assert [reading.quote(money) for money in reading.pay_not_read] == ["150 to 180"]
    rules = {remark.rule: remark.what for remark in lint_posting(reading)}
    assert "no-pay" not in rules
    assert "“150 to 180” looks like pay and could not be read" in rules["pay-not-read"]


@pytest.mark.parametrize(
    ("place", "currency"),
    [
        ("Denver, CO", "USD"),
        ("Toronto, ON", "CAD"),
        ("Sydney", "AUD"),
        ("Auckland", "NZD"),
        ("Singapore", "SGD"),
        ("", "USD"),
    ],
)
def test_a_bare_dollar_is_the_dollar_of_the_place(place: str, currency: str) -> None:
    reading = posting("Salary: $150,000 - $180,000 per year", place)
    assert reading.pay is not None
    assert reading.pay.currency == currency
    assert bool(reading.pay.currency_assumed) == (currency != "USD")


def test_only_total_pay_is_not_base_pay() -> None:
    reading = posting("On-target earnings: $200,000 - $240,000")
    assert reading.pay is not None
    assert reading.pay.kind is MoneyKind.TOTAL
    assert "only-total-pay" in {remark.rule for remark in lint_posting(reading)}
    assert draft_plan(reading).pay.min is None


def test_one_end_stays_one_end_in_the_plan() -> None:
    reading = posting("Salary from €65,000 per year")
    assert reading.pay is not None
    assert reading.pay.open_end is OpenEnd.FROM
    plan = draft_plan(reading)
    assert (plan.pay.min, plan.pay.max, plan.pay.currency) == (65_000, None, "EUR")


def test_the_words_of_money_are_where_they_are_looked_for() -> None:
    """Each word begins with a letter or a slash: what is looked up by its first letter is found."""
    source = Path(__file__).parents[2] / "src" / "tenfold" / "posting" / "data" / "money.toml"
    table = tomli.loads(source.read_text("utf-8"))
    words = [word for part in ("periods", "labels", "kinds") for found in table[part].values() for word in found]
    assert [word for word in words if not (word[0].isalpha() or word[0] in "/4" or word.startswith("\\w*"))] == []
