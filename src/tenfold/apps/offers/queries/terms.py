"""The terms of an offer as values: written once a version, kept encrypted, read by pages, files and the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tenfold.practices.pay.compensation import Offer, TotalCompensation, check, read, total

LONGEST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered. Amounts in `currency`, a year where the name says so; `bonus_payouts` are shares of target.

    `place` is in words, as the candidate reads it. `grant` holds the fields of `practices.pay.equity.Grant`, its
    amounts in `currency` too. `rescue` says what trouble the hire inherits.
    """

    title: str
    level: str
    base_year: float
    currency: str
    place: str
    workplace: str
    start_date: date
    manager: str
    bonus_percent: float = 0.0
    bonus_payouts: tuple[float, ...] = ()
    sign_on: float = 0.0
    benefits_year: float = 0.0
    benefits: str = ""
    grant: Mapping[str, Any] | None = None
    rescue: str = ""
    conditions: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, the same after they went through JSON."""
        plain: dict[str, Any] = json.loads(json.dumps({**asdict(self), "start_date": self.start_date.isoformat()}))
        return plain


def terms_from(content: Mapping[str, Any]) -> Terms:
    """What `to_dict` gave, read back."""
    dated = {"start_date": date.fromisoformat(content["start_date"]), "bonus_payouts": tuple(content["bonus_payouts"])}
    return Terms(**{**content, **dated})


def engine_offer(terms: Terms) -> Offer:
    """The terms as the engine of total compensation takes them; its amounts are in the offer's own currency.

    Raises:
        UserError: figures that cannot be meant, each by its name.
    """
    said: dict[str, Any] = {
        "name": terms.title,
        "base_usd_year": terms.base_year,
        "bonus_target_percent": terms.bonus_percent,
        "bonus_payouts": list(terms.bonus_payouts),
        "sign_on_usd": terms.sign_on,
        "benefits_usd_year": terms.benefits_year,
    }
    offer = read(said | ({"grant": dict(terms.grant)} if terms.grant else {}))
    check(offer)
    return offer


def total_of(terms: Terms) -> TotalCompensation:
    return total(engine_offer(terms))


LABELS = {
    "title": "Title",
    "level": "Level",
    "base_year": "Base pay a year",
    "currency": "Currency",
    "place": "Place",
    "workplace": "Workplace",
    "start_date": "Start date",
    "manager": "Manager",
    "bonus_percent": "Bonus target, percent",
    "bonus_payouts": "Bonuses paid before",
    "sign_on": "Sign-on, once",
    "benefits_year": "Benefits a year",
    "benefits": "Benefits",
    "grant": "Equity",
    "rescue": "What the hire inherits",
    "conditions": "Conditions",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One term that differs between two versions."""

    name: str
    before: str
    after: str


def list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Terms that differ, in the order in which they are written."""
    return [
        Change(label, describe_term(key, before.get(key)), describe_term(key, after.get(key)))
        for key, label in LABELS.items()
        if before.get(key) != after.get(key)
    ]


def describe_term(key: str, value: Any) -> str:
    if key == "grant":
        return f"{value['units']:,.0f} {value['instrument'].upper()}" if value else "none"
    if key == "bonus_payouts":
        return ", ".join(f"{100 * one:.0f} %" for one in value or ()) or "not stated"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return str(value or "not stated")
