"""How much of a team's time is interrupts: tickets and pages at the hours they take, as a range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenfold.connectors.records import Page, Ticket
from tenfold.practices.retention.departure import Range
from tenfold.practices.retention.oncall import HOURS_PER_PAGE
from tenfold.stats.rates import Rate, poisson_rate

WEEK = timedelta(days=7)
HOURS_A_WEEK = 38.0


@dataclass(frozen=True, slots=True)
class ToilShare:
    """Share of the team's hours that tickets and pages take, by the least, likely and most hours a ticket.

    Self-report stands apart: what people say they spend is another measure, not a correction.
    """

    tickets_per_week: Rate
    pages_per_week: Rate
    low: float
    likely: float
    high: float
    self_report: float | None


def toil_share(
    tickets: Sequence[Ticket],
    pages: Sequence[Page],
    *,
    people: int,
    since: datetime,
    until: datetime,
    hours_per_ticket: Range,
    self_report: float | None = None,
) -> ToilShare:
    """Raises `ValueError` where there is no time or nobody."""
    weeks = (until - since) / WEEK
    if weeks <= 0 or people < 1:
        raise ValueError("a share needs a time and a team")
    opened = sum(since <= ticket.opened_at < until for ticket in tickets)
    paged = sum(since <= page.at < until for page in pages)
    hours = weeks * people * HOURS_A_WEEK

    def share(per_ticket: float) -> float:
        return (opened * per_ticket + paged * HOURS_PER_PAGE) / hours

    return ToilShare(
        tickets_per_week=poisson_rate(opened, weeks),
        pages_per_week=poisson_rate(paged, weeks),
        low=share(hours_per_ticket.low),
        likely=share(hours_per_ticket.likely),
        high=share(hours_per_ticket.high),
        self_report=self_report,
    )
