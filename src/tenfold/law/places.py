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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tenfold.law.gazetteer import (
    EU,
    WORLD,
    Kind,
    Meaning,
    Place,
    ancestors,
    contains,
    fold,
    gazetteer,
    is_place,
)
from tenfold.law.place_names import BETWEEN_NAMES, PAST_A_PART, Hit, find_hits, lies_in

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


def place(id_: str) -> Place:
    """The place with this id.

    Raises:
        KeyError: there is none.
    """
    return gazetteer().places[id_]


def full_name(id_: str) -> str:
    """A place's name with the one it lies in, where that tells it from others: Georgia, United States."""
    here = place(id_)
    return f"{here.name}, {place(here.parent).name}" if here.kind in (Kind.STATE, Kind.LOCAL) else here.name


@lru_cache(maxsize=4096)
def country_of(id_: str) -> str | None:
    """The country of a place; None for the world and for a union of countries."""
    return next((above for above in ancestors(id_) if place(above).kind is Kind.COUNTRY), None)


@lru_cache(maxsize=4096)
def subdivision_of(id_: str) -> str | None:
    """The state or province of a place by ISO 3166-2; None for a country and what is larger."""
    return next((above for above in ancestors(id_) if place(above).kind is Kind.STATE), None)


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
    hits = find_hits(text, labelled=labelled)
    matches = _matches(_settle(_join(hits, text), text), text) if hits else []
    if any(not match.excluded for match in matches):
        return tuple(matches)
    lower = text.lower()
    anywhere = _ANYWHERE if labelled else _ANYWHERE_OUTRIGHT
    everywhere = anywhere.search(text) if any(word in lower for word in ("anywhere", "world", "global")) else None
    if everywhere is None:
        return tuple(matches)
    world = PlaceMatch(everywhere.group(), everywhere.start(), everywhere.end(), (WORLD,), (WORLD,))
    return (*matches, world)


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


def _join(hits: Sequence[Hit], text: str) -> list[Hit]:
    """Hits with what stands beside them taken in: "Portland", "OR" become one, and so do "US", "CA", "Santa Clara"."""
    joined: list[Hit] = []
    for at, hit in enumerate(hits):
        beside = (
            bool(joined) and BETWEEN_NAMES.match(text, joined[-1].end, hit.start) and not _leads_to(joined[-1], hit)
        )
        if beside and (hit.code or not hit.is_town) and _is_between_town_and_country(hits, at, joined[-1], text):
            continue
        past_a_part = bool(joined) and joined[-1].is_town and PAST_A_PART.match(text, joined[-1].end, hit.start)
        both = _narrow(joined[-1], hit) if beside or past_a_part else None
        both = both or (_namesake(joined[-1], hit, alone=len(hits) == 2) if beside else None)
        if both is not None:
            joined[-1] = both
        else:
            joined.append(_with_what_leads_to(joined, hit, text) if hit.is_town else hit)
    if (
        len(joined) == 2
        and _is_country_then_state(*joined)
        and BETWEEN_NAMES.match(text, joined[0].end, joined[1].start)
    ):
        joined = [both] if (both := _narrow(joined[1], joined[0], end=joined[1].end)) else joined
    if _is_list_of_codes(joined, text):
        return [replace(hit, meanings=(Meaning((text[hit.start : hit.end],)),)) for hit in joined]
    return [kept for hit in joined if (kept := _without_small_namesakes(hit)).meanings]


def _is_list_of_codes(hits: list[Hit], text: str) -> bool:
    """Three codes or more, all of them countries’, of which one can be nothing else: “DE/AT/CH”."""
    kinds = [{place(meaning.ids[0]).kind for meaning in hit.meanings} for hit in hits]
    return (
        len(hits) >= FEWEST_LISTED
        and all(hit.code and _is_own_code(hit, text) for hit in hits)
        and any(
            each == {Kind.COUNTRY} and hit.meanings[0].alone and hit.meanings[0].ids != ("US",)
            for hit, each in zip(hits, kinds, strict=True)
        )
    )


def _is_between_town_and_country(hits: Sequence[Hit], at: int, town: Hit, text: str) -> bool:
    """A region between a town and the country it lies in is one of it: “Chennai, TN, India”, “Bogotá, D.C., …”."""
    after = hits[at + 1] if at + 1 < len(hits) else None
    if after is None or not town.is_town or not BETWEEN_NAMES.match(text, hits[at].end, after.start):
        return False
    if after.code:
        return _country_of_both(town, hits[at], after) is False
    return _narrow(town, hits[at]) is None and _narrow(town, after) is not None


def _country_of_both(town: Hit, region: Hit, after: Hit) -> bool | None:
    """Whether a code between is a region of the country whose code follows; None where the town is not there either."""
    held = [
        id_
        for meaning in after.meanings
        for id_ in meaning.ids
        if place(id_).kind is Kind.COUNTRY and any(lies_in(each, id_) for each in town.meanings)
    ]
    if not held:
        return None
    return any(lies_in(meaning, id_) and meaning.ids != (id_,) for meaning in region.meanings for id_ in held)


def _leads_to(outer: Hit, town: Hit) -> bool:
    """Whether the state or country stands before its town: “CA, Santa Clara”."""
    return town.is_town and not outer.is_town and not outer.qualified and _narrow(town, outer) is not None


def _with_what_leads_to(joined: list[Hit], town: Hit, text: str) -> Hit:
    """A town with the state and country written before it, which are taken off the list."""
    while joined and BETWEEN_NAMES.match(text, joined[-1].end, town.start) and not joined[-1].is_town:
        both = _narrow(town, joined[-1], end=town.end)
        if both is None or joined[-1].qualified:
            break
        town = replace(both, start=joined.pop().start)
    return town


def _is_country_then_state(first: Hit, second: Hit) -> bool:
    outer = _sure(first.meanings)
    return len(outer) == 1 and place(outer[0]).kind is Kind.COUNTRY and not second.code and not second.is_town


def _narrow(hit: Hit, beside: Hit, *, end: int | None = None) -> Hit | None:
    """The hit with only those meanings that lie in what stands beside it; None where none does."""
    regions = tuple(meaning for meaning in beside.meanings if not meaning.city) or beside.meanings
    outers = {id_ for meaning in regions for id_ in meaning.ids}  # “Windsor, Ontario”: no town lies in a town
    left = tuple(meaning for meaning in hit.meanings if any(lies_in(meaning, outer) for outer in outers))
    if not left or (hit.code and beside.code):
        return None
    return replace(hit, end=end or beside.end, meanings=_innermost(_town_of_state(left, beside)), qualified=True)


def _town_of_state(meanings: tuple[Meaning, ...], beside: Hit) -> tuple[Meaning, ...]:
    """Before a code that may be a state's, the town in it: “Ontario, CA” is written of the Californian town."""
    towns = tuple(meaning for meaning in meanings if meaning.city and subdivision_of(meaning.ids[0]))
    return towns if beside.code and towns else meanings


def _namesake(city: Hit, state: Hit, *, alone: bool) -> Hit | None:
    """A city that the table knows elsewhere, before a state: "Albany, OR" is in Oregon, "Warsaw, Indiana" in Indiana.

    A state's full name says so only where the two stand `alone`: “London, California, Texas” is a list.
    """
    towns = gazetteer().town_names
    if not (state.code or alone) or not all(meaning.city or meaning.ids[0] in towns for meaning in city.meanings):
        return None
    states = tuple(meaning for meaning in state.meanings if place(meaning.ids[0]).kind is Kind.STATE)
    sure = states if state.code or len(state.meanings) == 1 else ()
    return replace(state, start=city.start, meanings=sure, qualified=True) if sure else None


def _innermost(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Without those that hold another: of "New York, NY" the city."""
    return tuple(
        meaning
        for meaning in meanings
        if not any(other.ids != meaning.ids and lies_in(other, meaning.ids[0]) for other in meanings)
    )


def _is_own_code(hit: Hit, text: str) -> bool:
    """Whether a country has this very code: BE is Belgium's, though it is written for Bern and Berlin too."""
    return (text[hit.start : hit.end],) in {meaning.ids for meaning in hit.meanings}


def _without_small_namesakes(hit: Hit) -> Hit:
    if hit.qualified:
        return hit
    return replace(hit, meanings=tuple(meaning for meaning in hit.meanings if meaning.alone))


def _settle(hits: list[Hit], text: str) -> list[Hit]:
    sure = {id_ for hit in hits for id_ in _sure(hit.meanings)}
    countries = {country for id_ in sure if (country := country_of(id_))}
    below = {country for id_ in sure if (country := country_of(id_)) and country != id_}
    settled = []
    for at, hit in enumerate(hits):
        if _sure(hit.meanings):
            settled.append(hit)
        elif hit.code and not below and (_is_list_of(countries, hits) or _is_of_one_rank(hits, at, text)):
            settled.append(_as_country(hit))
        else:
            settled.append(_among_its_like(_in_context(hit, below if hit.code else countries), hits))
    return settled


def _among_its_like(hit: Hit, hits: list[Hit]) -> Hit:
    """A name that is still open, in a list of states a state, in a list of countries a country."""
    if _sure(hit.meanings):
        return hit
    if _is_among_states(hits):
        return _as_state(hit)
    return _as_country(hit) if _is_among_countries(hits) else hit


def _is_among_states(hits: list[Hit]) -> bool:
    """Whether the line lists states: “Virginia, Washington, Wisconsin”, “New York/California/Washington”."""
    named = [hit for hit in hits if any(not meaning.city for meaning in hit.meanings)]
    return sum(any(subdivision_of(id_) for id_ in _sure(hit.meanings)) for hit in named) >= FEWEST_STATES


def _is_among_countries(hits: list[Hit]) -> bool:
    """Whether the line lists countries and no states: “France, Georgia, Germany”; beside the US of three."""
    ids = [id_ for hit in hits for id_ in _sure(hit.meanings)]
    whole = [id_ for id_ in ids if place(id_).kind is Kind.COUNTRY]
    fewest = FEWEST_LISTED if "US" in whole else FEWEST_LISTED - 1
    return len(whole) >= fewest and len(whole) == len(ids)


def _as_state(hit: Hit) -> Hit:
    states = tuple(meaning for meaning in hit.meanings if not meaning.city)
    return replace(hit, meanings=states) if states else hit


FEWEST_STATES = 2
FEWEST_LISTED = 3


def _is_list_of(countries: set[str], hits: list[Hit]) -> bool:
    """Several countries, or three codes of which one is surely a country other than the US: “DE, NL, FR”."""
    return len(countries) > 1 or (len(hits) > 2 and all(hit.code for hit in hits) and bool(countries - {"US"}))


def _is_of_one_rank(hits: list[Hit], at: int, text: str) -> bool:
    """Whether a country stands beside it as its equal: “US or CA”, “US/CA”."""
    near = [pair for pair in ((at - 1, at), (at, at + 1)) if pair[0] >= 0 and pair[1] < len(hits)]
    beside = [one for one, two in near if _SAME_RANK.match(text, hits[one].end, hits[two].start)]
    return bool(beside) and any(place(id_).kind is Kind.COUNTRY for hit in hits for id_ in _sure(hit.meanings))


def _as_country(hit: Hit) -> Hit:
    countries = tuple(meaning for meaning in hit.meanings if place(meaning.ids[0]).kind is Kind.COUNTRY)
    return replace(hit, meanings=countries) if countries else hit


def _in_context(hit: Hit, countries: Iterable[str]) -> Hit:
    near = tuple(meaning for meaning in hit.meanings if any(lies_in(meaning, country) for country in countries))
    return replace(hit, meanings=near) if near else hit


def _sure(meanings: tuple[Meaning, ...]) -> tuple[str, ...]:
    """What several meanings have in common: the only one, or one that holds all others; else nothing."""
    for meaning in meanings:
        if len(meaning.ids) == 1 and all(lies_in(other, meaning.ids[0]) for other in meanings):
            return meaning.ids
    return meanings[0].ids if len(meanings) == 1 else ()


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
    ids = _sure(hit.meanings)
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
