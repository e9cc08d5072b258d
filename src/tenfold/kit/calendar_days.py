"""Days, working days and months, added to a date as the rules count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

WORKING_DAYS = 5


def add_business_days(start: date, days: int) -> date:
    """The date so many working days (Monday to Friday) later, or earlier where `days` is negative.

    Public holidays are not known here: where one falls between, allow a day more.
    """
    step = timedelta(days=1 if days >= 0 else -1)
    left, moment = abs(days), start
    while left:
        moment += step
        left -= moment.weekday() < WORKING_DAYS
    return moment


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month: 28 February for 31 January."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
