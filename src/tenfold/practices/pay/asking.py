"""A question of pay from a reader's words, the same on the command line and on a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import Place, UserError
from tenfold.market.benchmark import PayQuestion
from tenfold.market.places import places
from tenfold.plan.document import infrastructure_share

WORKPLACES = ("remote", "hybrid", "onsite")
_NATION = ("", "US", "USA", "UNITED STATES")


def question(
    *,
    role: str,
    level: str | None,
    years: float | None,
    place: str | None,
    workplace: str | None,
    scope: str | None,
    stage: str | None,
    as_of: date,
) -> PayQuestion:
    """Raises UserError, naming the field, where a word is not known or the place is not one metro."""
    names = catalogue()
    one_of("role", role, [name for name in names.roles if name != "other"])
    if level is None and years is None:
        raise UserError("Neither a level nor years were given.", remedy="Add a level (senior) or years (6).")
    if level is not None:
        one_of("level", level, list(names.levels))
    if workplace is not None:
        one_of("workplace", workplace, WORKPLACES)
    country, cbsa = where(place)
    return PayQuestion(
        role=role,
        level=level,
        years=years,
        country=country,
        metro_cbsa=cbsa,
        workplace=workplace,
        as_of=as_of,
        infra_share=_share(scope) if scope is not None else None,
        stage=stage,
    )


def where(place: str | None) -> tuple[str, str | None]:
    """(country, metro) of a place in words: a US metro by name or CBSA code, or a country code."""
    said = (place or "").strip()
    if said.upper() in _NATION:
        return "US", None
    if len(said) == 2 and said.isalpha():
        return said.upper(), None
    found = places().find(said)
    if not found:
        raise UserError(
            f"No US metro is called “{said}”.",
            remedy="Name its main city, as in “Denver, CO”, or give a country code (DE), or leave it out for the US.",
            place=Place(field="place"),
        )
    first = found[0]
    rivals = [metro for metro in found[1:] if _city(metro.name) == _city(first.name)]
    if rivals and said != first.name:
        raise UserError(
            f"“{said}” is more than one metro: {'; '.join(metro.name for metro in (first, *rivals[:4]))}.",
            remedy="Add the state: “Portland, ME”.",
            place=Place(field="place"),
        )
    return "US", first.cbsa


def amounts(words: str) -> tuple[float, float]:
    """The ends of a range of pay: `165000-195000`, `165k-195k`, or one figure, which is both."""
    pieces = words.replace("–", "-").replace(",", "").replace("$", "").casefold().split("-")
    try:
        ends = [_amount(piece.strip()) for piece in pieces]
    except ValueError:
        ends = []
    if len(ends) not in (1, 2) or not 0 < min(ends) <= max(ends) < _MOST_USD or ends[0] > ends[-1]:
        raise UserError(f"“{words}” is not a range of pay.", remedy="As in 165000-195000.", place=Place(field="offer"))
    return ends[0], ends[-1]


_MOST_USD = 1e8


def one_of(field: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UserError(f"“{value}” is not known.", remedy=f"One of {', '.join(known)}.", place=Place(field=field))


def _amount(words: str) -> float:
    return float(words.removesuffix("k")) * (1000 if words.endswith("k") else 1)


def _share(scope: str) -> float:
    try:
        share = float(infrastructure_share(scope))
    except ValueError as error:
        raise UserError(str(error), place=Place(field="scope")) from None
    if not 0 <= share <= 100:
        raise UserError(f"A scope lies between 0 and 100, not at {share:g}.", place=Place(field="scope"))
    return share


def _city(metro: str) -> str:
    return metro.partition(",")[0].partition("-")[0]
