"""Invented companies whose law of leaving is known: Weibull stays, every leaver replaced after a while."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta

from tenfold.connectors.tables import Row, Table

FOUNDED, LISTED = date(2008, 1, 1), date(2025, 6, 30)
YEAR = 365.25


@dataclass(frozen=True)
class Company:
    """Everyone who ever worked there, with the law that their stays were drawn from."""

    stays: tuple[tuple[date, date], ...]
    scale: float
    shape: float

    def survival(self, years: float, given: float = 0.0) -> float:
        left, known = math.pow(years / self.scale, self.shape), math.pow(given / self.scale, self.shape)
        return math.exp(known - left)

    @property
    def median(self) -> float:
        return self.scale * math.pow(math.log(2), 1 / self.shape)

    def contracts(self, *, since: date | None = None) -> Table:
        """One row a person, of those still there on `since`."""
        known = [(start, end) for start, end in self.stays if since is None or end > since]
        rows = ((str(i), s.isoformat(), e.isoformat() if e <= LISTED else "") for i, (s, e) in enumerate(known))
        return table(("id", "from", "to"), rows)

    def lists(self, days_apart: int) -> Table:
        """A list of who is there, every so many days."""
        days = [date(2012, 1, 1) + timedelta(days=n) for n in range(0, (LISTED - date(2012, 1, 1)).days, days_apart)]
        rows = ((day.isoformat(), str(i)) for day in days for i, (s, e) in enumerate(self.stays) if s <= day < e)
        return table(("day", "id"), rows)


def table(header: tuple[str, ...], rows: object) -> Table:
    return Table("made.csv", header, tuple(Row(line, tuple(cells)) for line, cells in enumerate(rows, start=2)))  # type: ignore[arg-type, var-annotated]


def company(seed: int) -> Company:
    """A company of 20 to 200 people; the median stay is between about 1.5 and 7 years."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    scale, shape = chance.uniform(2, 8), chance.uniform(0.8, 1.5)
    stays = []
    for _ in range(chance.randint(20, 200)):
        day = FOUNDED + timedelta(days=chance.randint(0, 1500))
        while day < LISTED:
            years = scale * (-math.log(1 - chance.random())) ** (1 / shape)
            end = day + timedelta(days=max(1, round(years * YEAR)))
            stays.append((day, end))
            day = end + timedelta(days=chance.randint(1, 90))
    return Company(tuple(stays), scale, shape)
