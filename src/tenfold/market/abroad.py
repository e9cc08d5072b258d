"""Pay outside the US, by country, in the country's own currency, as `abroad_fit` found it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SOUND_SHARE = 2 / 3


@dataclass(frozen=True, slots=True)
class AbroadCell:
    """One role at one level in one country: `location` and its standard error, both log local currency."""

    n: int
    location: float
    sd_log: float
    own_share: float
    first: date
    last: date


@dataclass(frozen=True)
class CountryPay:
    """A country's ads: `n_own` of `n` full-time ones are tagged with its own currency; `spread` is of one ad."""

    country: str
    currency: str
    n: int
    n_own: int
    intercept: float = 0.0
    slope: float = 1.0
    spread: float = 0.0
    cells: Mapping[str, AbroadCell] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        return self.n_own >= SOUND_SHARE * self.n


def to_dict(table: Mapping[str, CountryPay]) -> list[dict[str, Any]]:
    """Plain values for JSON."""
    return [
        {
            "country": pay.country,
            "currency": pay.currency,
            "n": pay.n,
            "n_own": pay.n_own,
            "line": [round(pay.intercept, 4), round(pay.slope, 4), round(pay.spread, 4)],
            "cells": {
                key: [c.n, round(c.location, 4), round(c.sd_log, 4), round(c.own_share, 3), str(c.first), str(c.last)]
                for key, c in pay.cells.items()
            },
        }
        for pay in table.values()
    ]


def from_dict(rows: Sequence[Mapping[str, Any]]) -> dict[str, CountryPay]:
    """The reverse of `to_dict`."""
    return {row["country"]: _country_in(row) for row in rows}


def _country_in(row: Mapping[str, Any]) -> CountryPay:
    intercept, slope, spread = row["line"]
    return CountryPay(
        country=row["country"],
        currency=row["currency"],
        n=row["n"],
        n_own=row["n_own"],
        intercept=intercept,
        slope=slope,
        spread=spread,
        cells={
            key: AbroadCell(n, location, sd, share, date.fromisoformat(first), date.fromisoformat(last))
            for key, (n, location, sd, share, first, last) in row["cells"].items()
        },
    )
