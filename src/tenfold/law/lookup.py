"""Rows of the pay-transparency table by place: in force or not, coming, or absent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tenfold.kit.errors import UserError
from tenfold.law.places import WORLD, Kind, contains, is_place, place
from tenfold.law.rules import PayRule, pay_rules

FEDERATIONS = ("US", "CA")
"""Countries whose states or provinces make the law on pay in postings, so that a federal row says nothing of theirs."""


def coming_rules(places: Iterable[str], as_of: date) -> tuple[PayRule, ...]:
    """Rules of the places that are enacted and begin after the day, the nearest first."""
    asked = known_places(places)
    later = [
        rule
        for rule in pay_rules().values()
        if rule.standing.may_bind and rule.span.begins_after(as_of) and touches(rule, asked)
    ]
    return tuple(sorted(later, key=lambda rule: rule.span.first or date.max))


def rows_for(places: Iterable[str]) -> tuple[PayRule, ...]:
    """Every row of the table on these places, in force or not, for showing."""
    asked = known_places(places)
    return tuple(rule for rule in pay_rules().values() if touches(rule, asked))


def places_with_rows_in(where: str) -> tuple[str, ...]:
    """States, provinces and cities of a place that have rows of their own: Ontario, though Canada has none."""
    inside = (rule.place for rule in pay_rules().values() if rule.place != where and contains(where, rule.place))
    return tuple(dict.fromkeys(inside))


def touches(rule: PayRule, places: Iterable[str]) -> bool:
    return any(contains(rule.place, where) or contains(where, rule.place) for where in places)


def known_places(places: Iterable[str]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(places))
    for id_ in asked:
        if not is_place(id_):
            raise UserError(
                f"No place has the id “{id_}”.",
                remedy="Use ISO 3166-2 ids such as US-CO, CA-ON or DE; `place_ids` reads names.",
            )
    return asked


def own_row(where: str) -> PayRule | None:
    """The row whose law is the place's: its own, else its state's or country's; None where the table has none.

    A federal row that asks nothing says nothing about a state's law, nor a directive about a country's.
    """
    rows = [rule for rule in pay_rules().values() if rule.place == where]
    if rows:
        return rows[-1]
    here = place(where)
    under_outer_law = here.kind is Kind.LOCAL or (here.kind is Kind.STATE and here.parent not in FEDERATIONS)
    return own_row(here.parent) if under_outer_law else None


def places_not_in_table(places: Iterable[str]) -> tuple[str, ...]:
    """Those of the places of whose own law the table has no row, in their order; Ohio, though it has rows of cities.

    Raises:
        UserError: an id is not a place's.
    """
    return tuple(where for where in known_places(places) if where != WORLD and own_row(where) is None)
