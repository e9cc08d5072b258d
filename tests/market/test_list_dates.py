"""`03/04/2026` in a list of pay: read as the list's other dates are written, or refused; never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.market.fx import Rates
from tenfold.market.importers.mapping import ColumnMap
from tenfold.market.importers.own import Own
from tenfold.market.importers.source import Dropped
from tenfold.market.observation import Observation

MAPPING = ColumnMap({"title": "Title", "pay": "Pay", "date": "As of"}, {"currency": "USD", "period": "year"}, {})
HABITS: dict[str, Callable[[date], str]] = {
    "British": lambda day: f"{day:%d/%m/%Y}",
    "French, short": lambda day: f"{day.day}/{day.month}/{day:%y}",
    "American": lambda day: f"{day:%m/%d/%Y}",
    "American, short": lambda day: f"{day.month}/{day.day}/{day:%y}",
    "German": lambda day: f"{day:%d.%m.%Y}",
    "American, dashes": lambda day: f"{day:%m-%d-%Y}",
    "Indian": lambda day: f"{day:%d-%m-%Y}",
    "ISO": lambda day: day.isoformat(),
}
OPEN = ("British", "French, short", "American", "American, short", "American, dashes", "Indian")
days = st.dates(date(2015, 1, 1), date(2026, 11, 1))


def dates_read(cells: list[str], order: str = "") -> list[date | None]:
    """The date of each row as it is kept; None where the row is refused."""
    rows = [(line, {"Title": "MLOps Engineer", "Pay": "150000", "As of": cell}) for line, cell in enumerate(cells, 2)]
    mapping = ColumnMap(MAPPING.columns, {**MAPPING.same, **({"date_order": order} if order else {})}, {})
    made = Own(mapping, Rates.of([]), today=date(2026, 11, 1)).read(iter(rows))
    return [one.seen if isinstance(one, Observation) else None for one in made]


@pytest.mark.parametrize("habit", HABITS)
@given(drawn=st.lists(days, min_size=1, max_size=12), day=st.integers(13, 28))
def test_a_list_is_read_in_its_own_habit(habit: str, drawn: list[date], day: int) -> None:
    meant = [*drawn, date(2026, 3, day)]
    assert dates_read([HABITS[habit](one) for one in meant]) == meant


@pytest.mark.parametrize("habit", OPEN)
@given(drawn=st.lists(days.filter(lambda day: day.day <= 12 and day.day != day.month), min_size=1, max_size=12))
def test_what_no_other_date_decides_is_refused(habit: str, drawn: list[date]) -> None:
    assert dates_read([HABITS[habit](one) for one in drawn]) == [None] * len(drawn)


@pytest.mark.parametrize("habit", OPEN)
@given(drawn=st.lists(days.filter(lambda day: day.day <= 12), min_size=1, max_size=12))
def test_what_somebody_chose_decides_where_no_date_does(habit: str, drawn: list[date]) -> None:
    order = "month-first" if habit.startswith("American") else "day-first"
    assert dates_read([HABITS[habit](one) for one in drawn], order) == drawn


@given(drawn=days)
def test_a_list_in_both_habits_decides_nothing(drawn: date) -> None:
    cells = ["25/03/2026", "03/25/2026", f"{drawn:%d/%m/%Y}"]
    is_open = drawn.day <= 12 and drawn.day != drawn.month
    assert dates_read(cells)[:2] == [date(2026, 3, 25)] * 2
    assert dates_read(cells)[2] == (None if is_open else drawn)


def test_the_refusal_says_what_to_write() -> None:
    rows = iter([(2, {"Title": "MLOps Engineer", "Pay": "150000", "As of": "03/04/2026"})])
    (one,) = Own(MAPPING, Rates.of([]), today=date(2026, 11, 1)).read(rows)
    assert isinstance(one, Dropped)
    assert "YYYY-MM-DD" in one.reason
