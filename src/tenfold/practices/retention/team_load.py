"""What falls on a team beside its work: interrupts, help-desk and days on which one person is left; by team only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenfold.connectors.records import Page, Ticket
from tenfold.practices.retention.departure import Range
from tenfold.practices.retention.oncall import HOURS_PER_PAGE
from tenfold.practices.retention.toil import HOURS_A_WEEK, WEEK
from tenfold.stats.rates import Rate, poisson_rate

AWAY_SHARE = 35 / 260
"""25 days of holiday and 10 of illness in 260 working days; an assumption, to be replaced by one's own."""
DAYS_A_YEAR = 260
FEWEST_EVENTS = 10


@dataclass(frozen=True, slots=True)
class Window:
    """What was looked at: from, until (exclusive), in weeks."""

    since: datetime
    until: datetime

    @property
    def weeks(self) -> float:
        return (self.until - self.since) / WEEK


@dataclass(frozen=True, slots=True)
class LoadShare:
    """A share of the team's hours: at the likely hours, and the range of both the counts' 95 % interval and the hours.

    None where too few events were seen for a rate.
    """

    events: int
    per_week: Rate
    low: float
    likely: float
    high: float

    @property
    def is_enough(self) -> bool:
        return self.events >= FEWEST_EVENTS


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """Help-desk (tickets), on-call work (pages) where pages are covered, and both together."""

    window: Window
    people: int
    helpdesk: LoadShare
    pages: LoadShare | None
    interrupts: tuple[float, float, float] | None


def weigh_team(
    tickets: Sequence[Ticket],
    pages: Sequence[Page] | None,
    *,
    people: int,
    hours_per_ticket: Range,
) -> TeamLoad:
    """Shares over the time that tickets, and pages where there is a record of them, both cover.

    Raises:
        ValueError: nobody, or no time that is covered.
    """
    window = common_window(tickets, pages)
    if people < 1 or window is None:
        raise ValueError("a share needs a time and a team")
    hours = window.weeks * people * HOURS_A_WEEK
    helpdesk = _share([each.opened_at for each in tickets], window, hours, hours_per_ticket)
    if pages is None:
        return TeamLoad(window, people, helpdesk, None, None)
    each_page = Range(HOURS_PER_PAGE, HOURS_PER_PAGE, HOURS_PER_PAGE)
    paged = _share([each.at for each in pages], window, hours, each_page)
    both = (helpdesk.low + paged.low, helpdesk.likely + paged.likely, helpdesk.high + paged.high)
    return TeamLoad(window, people, helpdesk, paged, both)


def common_window(tickets: Sequence[Ticket], pages: Sequence[Page] | None) -> Window | None:
    """From the later of both beginnings to the earlier of both ends; None where they do not overlap."""
    records = [[each.opened_at for each in tickets]]
    if pages is not None:
        records.append([each.at for each in pages])
    if not all(records):
        return None
    since, until = max(min(times) for times in records), min(max(times) for times in records)
    return Window(since, until) if since < until else None


def solo_days(people: int, *, away: float = AWAY_SHARE) -> float:
    """Working days a year on which one person of so many is there, or none, if absences are independent.

    Raises:
        ValueError: no people, or a share outside 0 to 1.
    """
    if people < 1 or not 0 <= away <= 1:
        raise ValueError("people and the share of days away")
    alone = people * (1 - away) * away ** (people - 1)
    return DAYS_A_YEAR * (alone + away**people)


def _share(times: Sequence[datetime], window: Window, hours: float, each: Range) -> LoadShare:
    events = sum(window.since <= at < window.until for at in times)
    rate = poisson_rate(events, window.weeks)
    low, high = (rate.low or 0.0) * window.weeks, (rate.high or 0.0) * window.weeks
    return LoadShare(events, rate, low * each.low / hours, events * each.likely / hours, high * each.high / hours)
