"""A place as people write it, as the market knows it."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.kit.errors import Place, UserError
from tenfold.market.places import Metro, places


@dataclass(frozen=True, slots=True)
class MarketPlace:
    """A country, and in the US perhaps a metro."""

    country: str = "US"
    metro_cbsa: str | None = None


def market_place(words: str | None, *, field: str = "place") -> MarketPlace:
    """The US for nothing said, a country for its code, else the metro of that name or CBSA code.

    Raises:
        UserError: no metro is called so, or several are.
    """
    given = (words or "").strip()
    if not given or given.upper() in ("US", "USA", "UNITED STATES"):
        return MarketPlace()
    if len(given) == 2 and given.isalpha():
        return MarketPlace(given.upper())
    found = places().find(given)
    if not found:
        raise UserError(
            f"No US metro is called “{given}”.",
            remedy="Name its main city, as in “Denver, CO”, or give a country code (DE), or leave it out for the US.",
            place=Place(field=field),
        )
    rivals = [metro for metro in found[1:] if _main_city(metro) == _main_city(found[0])]
    if rivals:
        raise UserError(
            f"“{given}” is more than one metro: {'; '.join(metro.name for metro in (found[0], *rivals[:4]))}.",
            remedy="Add the state: “Portland, ME”.",
            place=Place(field=field),
        )
    return MarketPlace("US", found[0].cbsa)


def _main_city(metro: Metro) -> str:
    return metro.name.split("-")[0].split(",")[0]
