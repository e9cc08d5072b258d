"""Place names in location lines and plans, read as ids: ISO 3166-2 with a few of our own. One resolver for all.

    read_places("Remote (US, CA, UK)")       every place, its text and span; `ambiguous` ones with their candidates
    place_ids("Denver, CO or Remote (US)")   the ids of those that are sure
    read_places("Bay Area")[0].metros        CBSA codes where a US metro is meant, ("41860",)
    currency_of("CA-ON")                     "CAD"

Law, postings and pay ask here, so that one place has one code whoever asks: Colorado is the state, Manhattan lies in
New York, Melbourne in Australia, “Washington” is a question. One expression is resolved as one: a town, its region and
its country settle each other in either order (“Vancouver, WA”, “US, CA, Santa Clara”), and a list settles its items
(“US, CA, UK” are countries, “CA, NY, WA” states). A name that can mean several places says so and gives none of them.

For location fields and header lines, not for running text, where “mobile” and “orange” would be cities; a line that is
not labelled as a location is read with `labelled=False`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from tenfold.law.gazetteer import (
    EU,
    WORLD,
    Kind,
    Place,
    ancestors,
    contains,
    country_of,
    fold,
    gazetteer,
    is_place,
    place,
    subdivision_of,
)
from tenfold.law.place_names import Hit, find_hits, lies_in
from tenfold.law.place_neighbours import FEWEST_LISTED, join, sure_of

__all__ = [
    "EU",
    "WORLD",
    "Kind",
    "Place",
    "PlaceMatch",
    "ancestors",
    "contains",
    "country_of",
    "currency_of",
    "full_name",
    "is_place",
    "place",
    "place_ids",
    "read_places",
    "subdivision_of",
]


LINES_KEPT = 4096
"""Lines of location repeat over an employer's postings, and while somebody writes one."""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place named in a text. `start` and `end` are code points of it.

    `ids` are the places surely meant, all of them (a region may cover several); empty where the name is
    ambiguous, and then `candidates` are the places it may mean. `excluded` where the text shuts the place out
    ("except Colorado"). `metros` are CBSA codes, for the larger US metros and the towns around them.
    """

    text: str
    start: int
    end: int
    ids: tuple[str, ...]
    candidates: tuple[str, ...]
    city: str = ""
    excluded: bool = False
    metros: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        return not self.ids

    @property
    def country(self) -> str | None:
        """The country of all that is or may be meant: Portland is in the US whichever it is. None where they differ."""
        countries = {country_of(id_) for id_ in self.ids or self.candidates}
        return countries.pop() if len(countries) == 1 else None

    @property
    def because(self) -> str:
        """A sentence on what the name may mean, empty where it is plain."""
        if len(self.candidates) <= len(self.ids):
            return ""
        return f"“{self.text}” may mean {' or '.join(map(full_name, self.candidates))}."


def full_name(id_: str) -> str:
    """A place's name with the one it lies in, where that tells it from others: Georgia, United States."""
    here = place(id_)
    return f"{here.name}, {place(here.parent).name}" if here.kind in (Kind.STATE, Kind.LOCAL) else here.name


_TAKES_AN_ARTICLE = re.compile(
    r"United |European Union|Isle of|(?:Bahamas|Comoros|Gambia|Maldives|Netherlands|Philippines|Seychelles)$"
    r"|[^,]*\b(?:Republic|Islands|Kingdom)\b"
)


def running_name(id_: str) -> str:
    """A place's full name as it stands within a sentence: “in the Netherlands”, “in Germany”."""
    name = full_name(id_)
    return f"the {name}" if _TAKES_AN_ARTICLE.match(name) else name


def currency_of(id_: str) -> str | None:
    """ISO 4217 code of the currency in use at a place; EUR for the union, None where that cannot be said."""
    if id_ == EU:
        return "EUR"
    country = country_of(id_)
    return gazetteer().currencies.get(country) if country else None


def place_ids(text: str) -> tuple[str, ...]:
    """The places that a location line surely names, each once, in its order. Excluded places are left out."""
    return tuple(dict.fromkeys(id_ for match in read_places(text) if not match.excluded for id_ in match.ids))


@lru_cache(maxsize=LINES_KEPT)
def read_places(text: str, *, labelled: bool = True) -> tuple[PlaceMatch, ...]:
    """Every place named in a location line, in its order; `WORLD` for "anywhere" where no other is named.

    `labelled`: the text is a location ("Location: …", a field, an answer). Otherwise it may hold other words too, and
    only towns that are well known, or stand beside their region or country, count.
    """
    one = _one_in_columns(text) if labelled else None
    if one is not None:
        return (one,)
    hits = find_hits(text, labelled=labelled)
    matches = _without_the_listed(_matches(_settle(join(hits, text), text), text), text) if hits else []
    if any(not match.excluded for match in matches):
        return tuple(matches)
    lower = text.lower()
    anywhere = _ANYWHERE if labelled else _ANYWHERE_OUTRIGHT
    everywhere = anywhere.search(text) if any(word in lower for word in ("anywhere", "world", "global")) else None
    if everywhere is None:
        return tuple(matches)
    world = PlaceMatch(everywhere.group(), everywhere.start(), everywhere.end(), (WORLD,), (WORLD,))
    return (*matches, world)


_THREE_COLUMNS = re.compile(r"[^,|/;]+([|/])[^,|/;]+\1[^,|/;]+")
_LIST_FOLLOWS = re.compile(r"\s*[(:\u2013-]\s*\Z")


def _one_in_columns(text: str) -> PlaceMatch | None:
    """“Florence | South Carolina | United States”: one place where the columns hold one another; None elsewhere."""
    columns = _THREE_COLUMNS.fullmatch(text)
    if columns is None:
        return None
    matches = read_places(text.replace(columns[1], ","))
    if len(matches) != 1 or matches[0].ambiguous:
        return None
    return replace(matches[0], text=text[matches[0].start : matches[0].end])


def _without_the_listed(matches: list[PlaceMatch], text: str) -> list[PlaceMatch]:
    """“LATAM (Brazil, Argentina)” means those two: a region of several countries whose countries are listed behind."""
    kept = []
    for at, match in enumerate(matches):
        inner = matches[at + 1] if at + 1 < len(matches) else None
        is_listed = (
            inner is not None
            and (len(match.ids) > 1 or match.ids == (EU,))
            and bool(inner.ids)
            and all(any(contains(outer, id_) for outer in match.ids) for id_ in inner.ids)
            and _LIST_FOLLOWS.match(text, match.end, inner.start) is not None
        )
        if not is_listed:
            kept.append(match)
    return kept


# How a line is read: find every name (hits with all their meanings), let a neighbour narrow them
# ("Portland, OR"), then let the other places of the line decide what is still open ("Georgia" beside "US").


_ANYWHERE = re.compile(r"\b(?:work from anywhere|anywhere|worldwide|global(?:ly)?)\b", re.IGNORECASE)
_ANYWHERE_OUTRIGHT = re.compile(
    r"\bwork from anywhere\b|\banywhere in the world\b|\bremote\W+(?:\w+\W+)?(?:anywhere|worldwide|global(?:ly)?)\b",
    re.IGNORECASE,
)
_EXCLUDING = re.compile(
    r"\b(?:except(?:ing|\s+for)?|excluding|excludes|but not|other than|cannot hire|unable to (?:hire|employ)|"
    r"(?:can ?not|may not|must not|can['’]t) (?:currently )?be (?:located|based|hired|performed|employed)|"
    r"not (?:open|available|eligible|hiring|accepting)|"
    r"(?<=[,(;] )(?:but )?(?:no|not|minus|without)(?= (?-i:[A-Z])))\b[^.;)\n]*",
    re.IGNORECASE,
)
# A two-letter code stands apart: "Austin, TX", "(CA)", "NY / NJ", "CO 80202"; "REMOTE OR ON SITE" holds none.
# Countries where postings write "Town, XX" with the country's code often enough to leave the question open.
_SAME_RANK = re.compile(r"\s*(?:/|\||&|\bor\b|\band\b)\s*\Z")


def _settle(hits: list[Hit], text: str) -> list[Hit]:
    sure = {id_ for hit in hits for id_ in sure_of(hit.meanings)}
    countries = {country for id_ in sure if (country := country_of(id_))}
    below = {country for id_ in sure if (country := country_of(id_)) and country != id_}
    settled = []
    for at, hit in enumerate(hits):
        if sure_of(hit.meanings):
            settled.append(hit)
        elif hit.code and not below and (_is_list_of(countries, hits) or _is_of_one_rank(hits, at, text)):
            settled.append(_as_country(hit))
        else:
            settled.append(_among_its_like(_in_context(hit, below if hit.code else countries), hits))
    return settled


def _among_its_like(hit: Hit, hits: list[Hit]) -> Hit:
    """A name that is still open, in a list of states a state, in a list of countries a country."""
    if sure_of(hit.meanings):
        return hit
    if _is_among_states(hits):
        return _as_state(hit)
    return _as_country(hit) if _is_among_countries(hits) else hit


def _is_among_states(hits: list[Hit]) -> bool:
    """Whether the line lists states: “Virginia, Washington, Wisconsin”, “New York/California/Washington”."""
    named = [hit for hit in hits if any(not meaning.city for meaning in hit.meanings)]
    return sum(any(subdivision_of(id_) for id_ in sure_of(hit.meanings)) for hit in named) >= FEWEST_STATES


def _is_among_countries(hits: list[Hit]) -> bool:
    """Whether the line lists countries and no states: “France, Georgia, Germany”; beside the US of three."""
    ids = [id_ for hit in hits for id_ in sure_of(hit.meanings)]
    whole = [id_ for id_ in ids if place(id_).kind is Kind.COUNTRY]
    fewest = FEWEST_LISTED if "US" in whole else FEWEST_LISTED - 1
    return len(whole) >= fewest and len(whole) == len(ids)


def _as_state(hit: Hit) -> Hit:
    states = tuple(meaning for meaning in hit.meanings if not meaning.city)
    return replace(hit, meanings=states) if states else hit


FEWEST_STATES = 2


def _is_list_of(countries: set[str], hits: list[Hit]) -> bool:
    """Several countries, or three codes of which one is surely a country other than the US: “DE, NL, FR”."""
    return len(countries) > 1 or (len(hits) > 2 and all(hit.code for hit in hits) and bool(countries - {"US"}))


def _is_of_one_rank(hits: list[Hit], at: int, text: str) -> bool:
    """Whether a country stands beside it as its equal: “US or CA”, “US/CA”."""
    near = [pair for pair in ((at - 1, at), (at, at + 1)) if pair[0] >= 0 and pair[1] < len(hits)]
    beside = [one for one, two in near if _SAME_RANK.match(text, hits[one].end, hits[two].start)]
    return bool(beside) and any(place(id_).kind is Kind.COUNTRY for hit in hits for id_ in sure_of(hit.meanings))


def _as_country(hit: Hit) -> Hit:
    countries = tuple(meaning for meaning in hit.meanings if place(meaning.ids[0]).kind is Kind.COUNTRY)
    return replace(hit, meanings=countries) if countries else hit


def _in_context(hit: Hit, countries: Iterable[str]) -> Hit:
    near = tuple(meaning for meaning in hit.meanings if any(lies_in(meaning, country) for country in countries))
    return replace(hit, meanings=near) if near else hit


def _matches(hits: list[Hit], text: str) -> list[PlaceMatch]:
    lower = text.lower()
    gaps = [gap.span() for gap in _EXCLUDING.finditer(text)] if any(map(lower.__contains__, _EXCLUDING_WORDS)) else []
    return [_match(hit, text, excluded=any(low <= hit.start < high for low, high in gaps)) for hit in hits]


_EXCLUDING_WORDS = (
    "except",
    "exclu",
    "not ",
    "no ",
    "minus",
    "without",
    "other than",
    "cannot",
    "can't",
    "can’t",
    "unable",
)


def _match(hit: Hit, text: str, *, excluded: bool) -> PlaceMatch:
    candidates = tuple(dict.fromkeys(id_ for meaning in hit.meanings for id_ in meaning.ids))
    cities = {meaning.city for meaning in hit.meanings}
    city = cities.pop() if len(cities) == 1 else ""
    ids = sure_of(hit.meanings)
    return PlaceMatch(
        text=text[hit.start : hit.end],
        start=hit.start,
        end=hit.end,
        ids=ids,
        candidates=candidates,
        city=city,
        excluded=excluded,
        metros=_metros(city or text[hit.start : hit.end], ids),
    )


def _metros(name: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    known, plain = gazetteer().metros, fold(name)
    return next((known[plain, id_] for id_ in (*ids, "") if (plain, id_) in known), ())
