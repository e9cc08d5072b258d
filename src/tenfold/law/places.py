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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tenfold.law.gazetteer import (
    EU,
    WORD,
    WORLD,
    Kind,
    Meaning,
    Place,
    fold,
    gazetteer,
    meanings_of,
    names_by_first_word,
)

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


def is_place(id_: str) -> bool:
    return id_ in gazetteer().places


def full_name(id_: str) -> str:
    """A place's name with the one it lies in, where that tells it from others: Georgia, United States."""
    here = place(id_)
    return f"{here.name}, {place(here.parent).name}" if here.kind in (Kind.STATE, Kind.LOCAL) else here.name


def ancestors(id_: str) -> Iterator[str]:
    """The place itself, then what it lies in, up to the world."""
    places = gazetteer().places
    while id_:
        yield id_
        id_ = places[id_].parent


@lru_cache(maxsize=65_536)
def contains(outer: str, inner: str) -> bool:
    """Whether the second place is the first or lies in it."""
    return outer in ancestors(inner)


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
    hits = _hits(text, labelled=labelled)
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


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    meanings: tuple[Meaning, ...]
    code: bool = False
    qualified: bool = False

    @property
    def is_town(self) -> bool:
        return any(meaning.city for meaning in self.meanings)


_ANYWHERE = re.compile(r"\b(?:work from anywhere|anywhere|worldwide|global(?:ly)?)\b", re.IGNORECASE)
_ANYWHERE_OUTRIGHT = re.compile(
    r"\bwork from anywhere\b|\banywhere in the world\b|\bremote\W+(?:\w+\W+)?(?:anywhere|worldwide|global(?:ly)?)\b",
    re.IGNORECASE,
)
_EXCLUDING = re.compile(
    r"\b(?:except(?:ing|\s+for)?|excluding|excludes|but not|other than|cannot hire|unable to (?:hire|employ)|"
    r"(?:can ?not|may not|must not|can['’]t) (?:currently )?be (?:located|based|hired|performed|employed)|"
    r"not (?:open|available|eligible|hiring|accepting))\b[^.;)\n]*",
    re.IGNORECASE,
)
# A two-letter code stands apart: "Austin, TX", "(CA)", "NY / NJ", "CO 80202"; "REMOTE OR ON SITE" holds none.
_TWO_CAPITALS = re.compile(r"(?<![^\W_])([A-Z]{2})(?![^\W_])")
_BEFORE_CODE = re.compile(r"(?:^|[,(/|;:•·\u2013-]\s?|\bor\s|\band\s|\bin\s|&\s)\Z")
_AFTER_CODE = re.compile(r"\s*(?:$|[,)/|;.•·\u2013-]|\d{5}|or\b|and\b|(?<=\s)&|\()")
_ID = re.compile(r"(?<![\w-])[A-Z]{2}-[A-Z-]{2,}(?![\w-])")
_ZIP = re.compile(r"\s*\d{5}\b")
_US = re.compile(r"(?<![\w.])US(?![\w.$]*[\w$])")
_TOWN_BEFORE = re.compile(r"(?:^|[\s;|(])(?!Remote|Hybrid|Anywhere|On-?site|US)(?=\S*[A-Z])[\w.'-]+,\s*$")
# Countries where postings write "Town, XX" with the country's code often enough to leave the question open.
_WRITTEN_ABROAD_TOO = frozenset({"DE", "IL", "IN"})
_TIME_ZONES = frozenset({"ET", "PT", "CT", "MT"})
_OF_TIME = re.compile(r"\b(?:coast|time|hours|zones?|[ECMP][SD]?T\s*/|UTC|GMT)\b", re.IGNORECASE)
_PAST_A_CODE = re.compile(r"\s*,\s*[A-Z]{2}\s*,\s*\Z")
_GAP = re.compile(r"\s*[,(\u2013-]?\s*\Z")
_SAME_RANK = re.compile(r"\s*(?:/|\||&|\bor\b|\band\b)\s*\Z")
_PART = re.compile(r"[^,;|/()\[\]•·\n:]+")
_BETWEEN_PARTS = re.compile(r"\s+(?:or|and|&|und|oder|et|ou|y|o|-|\u2013|\u2014|\+)\s+", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    r"^\W*(?:(?:fully|100\s?%|remote|hybrid|on-?site|in-?office|based|located|greater|downtown|central|metro|near|in|from|"
    r"the|our|within|city of|only|standort|lieu|ort)\b[\s-]*)*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"(?:\s+(?:(?:metro(?:politan)?|greater)?\s*(?:area|region)|metro|office|offices|hq|headquarters|hub|only|based|"
    r"remote|hybrid|on-?site|city|\d{4,6}))+\W*$|\W+$",
    re.IGNORECASE,
)
_SENTENCE_WORDS = (
    "based",
    "located",
    "our",
    "office",
    "eadquarter",
    "hub",
    "andidates",
    "resid",
    "liv",
    "hire",
    "team in",
    "site",
    "from",
)
_IN_A_SENTENCE = re.compile(
    r"\b(?:based (?:in|out of)|located in|offices? in|headquarter(?:s|ed) in|hubs? in|candidates in|resid(?:e|ing) in|"
    r"liv(?:e|ing) in|hire in|team in|on-?site in|work(?:ing)? from(?: our)?|(?:^|\s)in our|our)\s+(?:the\s+)?"
    r"(?P<name>(?:[A-ZÀ-Ž][\w'’.-]+)(?:\s(?:[A-ZÀ-Ž][\w'’.-]+|am|de|upon))*)"
)


def _hits(text: str, *, labelled: bool) -> list[_Hit]:
    """Ids as plans write them first, then names, then "US", then codes; what is taken is not read twice."""
    plain = fold(text)
    if not labelled and not _may_name_place(text, plain):
        return []
    hits = [_plain(found) for found in _ID.finditer(text) if is_place(found.group())] if "-" in text else []
    names = list(_names_in(plain))
    for start, name in names if "&" in plain or " and " in plain else ():
        if "&" in name or " and " in name:  # “UK & Ireland” is one region, “London & Paris” are two parts
            _take(hits, text, plain, start, start + len(name), whole=False)
    for start, end in _candidates(text, labelled=labelled):
        _take(hits, text, plain, start, end, whole=True)
    for start, name in names:
        _take(hits, text, plain, start, start + len(name), whole=False)
    hits += [_plain(found) for found in _US.finditer(text) if _is_free(hits, *found.span())] if "US" in text else []
    for found in _codes_in(text):
        start, end = found.span(1)
        if _is_free(hits, start, end) and not _is_time_zone(found.group(1), text):
            after_a_place = any(_GAP.match(text, hit.end, start) for hit in hits if hit.end <= start)
            hits.append(_Hit(start, end, _code_meanings(found, text, after_a_place=after_a_place), code=True))
    return sorted(hits, key=lambda hit: hit.start)


def _may_name_place(text: str, plain: str) -> bool:
    """A cheap look at a line that is not labelled: a first word of a name, a code, or “our … office”."""
    first = names_by_first_word()
    return (
        not first.keys().isdisjoint(WORD.findall(plain))
        or _TWO_CAPITALS.search(text) is not None
        or any(map(text.__contains__, _SENTENCE_WORDS))
    )


def _codes_in(text: str) -> Iterator[re.Match[str]]:
    """Codes of the table that stand apart."""
    for found in _TWO_CAPITALS.finditer(text):
        start, end = found.span()
        apart = _AFTER_CODE.match(text, end) and _BEFORE_CODE.search(text, max(0, start - 5), start)
        if apart and found.group() in gazetteer().codes:
            yield found


def _take(hits: list[_Hit], text: str, plain: str, start: int, end: int, *, whole: bool) -> None:
    """Adds the name at [start, end) where it is one and nothing there is taken."""
    if not _is_free(hits, start, end) or not _is_written_as_name(text, start, end):
        return
    meanings = meanings_of(plain[start:end], whole=whole)
    if meanings:
        hits.append(_Hit(start, end, meanings))


def _is_written_as_name(text: str, start: int, end: int) -> bool:
    """A capital in front, unless the whole text has none; short names all in capitals: “SF”, not “sf”."""
    if text.islower():
        return True
    return text[start].isupper() and (end - start > 3 or text[start:end].isupper() or not text[start:end].isascii())


def _candidates(text: str, *, labelled: bool) -> Iterator[tuple[int, int]]:
    """Stretches that may be a town as a whole: the parts of a location, or the name after “based in”."""
    if any(map(text.__contains__, _SENTENCE_WORDS)):
        for found in _IN_A_SENTENCE.finditer(text):
            yield from _trim(text, *found.span("name"))
    if labelled or "," in text:
        for part in _PART.finditer(text):
            for start, end in _split_parts(text, *part.span()):
                if labelled or _is_beside_comma(text, start, end):
                    yield from _trim(text, start, end)


def _split_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for joint in _BETWEEN_PARTS.finditer(text, start, end):
        yield start, joint.start()
        start = joint.end()
    yield start, end


def _is_beside_comma(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] == "," or text[start - 1 : start] == ","


LONGEST_NAME = 40


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without “Remote”, “office” and the like at its ends; as it stands first (“Kansas City”)."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    if 2 < end - start <= LONGEST_NAME:
        yield start, end
    lead = _BEFORE_NAME.match(text[start:end])
    inner = start + (lead.end() if lead else 0)
    tail = _AFTER_NAME.search(text[inner:end])
    outer = inner + tail.start() if tail else end
    if (inner, outer) != (start, end) and 2 < outer - inner <= LONGEST_NAME:
        yield inner, outer


def _plain(found: re.Match[str]) -> _Hit:
    return _Hit(*found.span(), (Meaning((found.group(),)),))


def _is_free(hits: list[_Hit], start: int, end: int) -> bool:
    return all(end <= hit.start or hit.end <= start for hit in hits)


def _is_time_zone(code: str, text: str) -> bool:
    return code in _TIME_ZONES and _OF_TIME.search(text) is not None


def _code_meanings(found: re.Match[str], text: str, *, after_a_place: bool) -> tuple[Meaning, ...]:
    """What a code can mean; a ZIP code after it, or before it a town not in the table, says a US state."""
    code = found.group(1)
    meanings = tuple(gazetteer().codes[code])
    states = tuple(meaning for meaning in meanings if _lies_in(meaning, "US"))
    town = code not in _WRITTEN_ABROAD_TOO and not after_a_place and _TOWN_BEFORE.search(text, 0, found.start(1))
    return states if states and (town or _ZIP.match(text, found.end(1))) else meanings


def _lies_in(meaning: Meaning, outer: str) -> bool:
    return all(contains(outer, id_) for id_ in meaning.ids)


def _join(hits: Sequence[_Hit], text: str) -> list[_Hit]:
    """Hits with what stands beside them taken in: "Portland", "OR" become one, and so do "US", "CA", "Santa Clara"."""
    joined: list[_Hit] = []
    for at, hit in enumerate(hits):
        beside = bool(joined) and _GAP.match(text, joined[-1].end, hit.start) and not _leads_to(joined[-1], hit)
        if beside and hit.code and _is_between_town_and_country(hits, at, joined[-1], text):
            continue
        past_a_code = bool(joined) and joined[-1].is_town and _PAST_A_CODE.match(text, joined[-1].end, hit.start)
        both = _narrow(joined[-1], hit) if beside or past_a_code else None
        both = both or (_namesake(joined[-1], hit) if beside else None)
        if both is not None:
            joined[-1] = both
        else:
            joined.append(_with_what_leads_to(joined, hit, text) if hit.is_town else hit)
    if len(joined) == 2 and _is_country_then_state(*joined) and _GAP.match(text, joined[0].end, joined[1].start):
        joined = [both] if (both := _narrow(joined[1], joined[0], end=joined[1].end)) else joined
    return [kept for hit in joined if (kept := _without_small_namesakes(hit)).meanings]


def _is_between_town_and_country(hits: Sequence[_Hit], at: int, town: _Hit, text: str) -> bool:
    """A code between a town and the country it lies in is a region's of that country: “Chennai, TN, India”, “…, IN”."""
    after = hits[at + 1] if at + 1 < len(hits) else None
    if after is None or not town.is_town or not _GAP.match(text, hits[at].end, after.start):
        return False
    if after.code:
        return _country_of_both(town, hits[at], after) is False
    return _narrow(town, hits[at]) is None and _narrow(town, after) is not None


def _country_of_both(town: _Hit, region: _Hit, after: _Hit) -> bool | None:
    """Whether a code between is a region of the country whose code follows; None where the town is not there either."""
    held = [
        id_
        for meaning in after.meanings
        for id_ in meaning.ids
        if place(id_).kind is Kind.COUNTRY and any(_lies_in(each, id_) for each in town.meanings)
    ]
    if not held:
        return None
    return any(_lies_in(meaning, id_) and meaning.ids != (id_,) for meaning in region.meanings for id_ in held)


def _leads_to(outer: _Hit, town: _Hit) -> bool:
    """Whether the state or country stands before its town: “CA, Santa Clara”."""
    return town.is_town and not outer.is_town and not outer.qualified and _narrow(town, outer) is not None


def _with_what_leads_to(joined: list[_Hit], town: _Hit, text: str) -> _Hit:
    """A town with the state and country written before it, which are taken off the list."""
    while joined and _GAP.match(text, joined[-1].end, town.start) and not joined[-1].is_town:
        both = _narrow(town, joined[-1], end=town.end)
        if both is None or joined[-1].qualified:
            break
        town = replace(both, start=joined.pop().start)
    return town


def _is_country_then_state(first: _Hit, second: _Hit) -> bool:
    outer = _sure(first.meanings)
    return len(outer) == 1 and place(outer[0]).kind is Kind.COUNTRY and not second.code and not second.is_town


def _narrow(hit: _Hit, beside: _Hit, *, end: int | None = None) -> _Hit | None:
    """The hit with only those meanings that lie in what stands beside it; None where none does."""
    outers = {id_ for meaning in beside.meanings for id_ in meaning.ids}
    left = tuple(meaning for meaning in hit.meanings if any(_lies_in(meaning, outer) for outer in outers))
    if not left or (hit.code and beside.code):
        return None
    return replace(hit, end=end or beside.end, meanings=_innermost(_town_of_state(left, beside)), qualified=True)


def _town_of_state(meanings: tuple[Meaning, ...], beside: _Hit) -> tuple[Meaning, ...]:
    """Before a code that may be a state's, the town in it: “Ontario, CA” is written of the Californian town."""
    towns = tuple(meaning for meaning in meanings if meaning.city and subdivision_of(meaning.ids[0]))
    return towns if beside.code and towns else meanings


def _namesake(city: _Hit, code: _Hit) -> _Hit | None:
    """A city that the table knows elsewhere, before a state's code: "Albany, OR" is in Oregon."""
    towns = gazetteer().town_names
    if not code.code or not all(meaning.city or meaning.ids[0] in towns for meaning in city.meanings):
        return None
    states = tuple(meaning for meaning in code.meanings if place(meaning.ids[0]).kind is Kind.STATE)
    return replace(code, start=city.start, meanings=states, qualified=True) if states else None


def _innermost(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Without those that hold another: of "New York, NY" the city."""
    return tuple(
        meaning
        for meaning in meanings
        if not any(other.ids != meaning.ids and _lies_in(other, meaning.ids[0]) for other in meanings)
    )


def _without_small_namesakes(hit: _Hit) -> _Hit:
    if hit.qualified:
        return hit
    return replace(hit, meanings=tuple(meaning for meaning in hit.meanings if meaning.alone))


def _settle(hits: list[_Hit], text: str) -> list[_Hit]:
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


def _among_its_like(hit: _Hit, hits: list[_Hit]) -> _Hit:
    """A name that is still open, in a list of states a state, in a list of countries a country."""
    if _sure(hit.meanings):
        return hit
    if _is_among_states(hits):
        return _as_state(hit)
    return _as_country(hit) if _is_among_countries(hits) else hit


def _is_among_states(hits: list[_Hit]) -> bool:
    """Whether the line lists states: “Virginia, Washington, Wisconsin”, “New York/California/Washington”."""
    named = [hit for hit in hits if any(not meaning.city for meaning in hit.meanings)]
    return sum(any(subdivision_of(id_) for id_ in _sure(hit.meanings)) for hit in named) >= FEWEST_STATES


def _is_among_countries(hits: list[_Hit]) -> bool:
    """Whether the line lists countries and no states: “France, Georgia, Germany, Greece”."""
    ids = [id_ for hit in hits for id_ in _sure(hit.meanings)]
    whole = [id_ for id_ in ids if place(id_).kind is Kind.COUNTRY]
    return len(whole) >= FEWEST_LISTED and len(whole) == len(ids)


def _as_state(hit: _Hit) -> _Hit:
    states = tuple(meaning for meaning in hit.meanings if not meaning.city)
    return replace(hit, meanings=states) if states else hit


FEWEST_STATES = 2
FEWEST_LISTED = 3


def _is_list_of(countries: set[str], hits: list[_Hit]) -> bool:
    """Several countries, or three codes of which one is surely a country other than the US: “DE, NL, FR”."""
    return len(countries) > 1 or (len(hits) > 2 and all(hit.code for hit in hits) and bool(countries - {"US"}))


def _is_of_one_rank(hits: list[_Hit], at: int, text: str) -> bool:
    """Whether a country stands beside it as its equal: “US or CA”, “US/CA”."""
    near = [pair for pair in ((at - 1, at), (at, at + 1)) if pair[0] >= 0 and pair[1] < len(hits)]
    beside = [one for one, two in near if _SAME_RANK.match(text, hits[one].end, hits[two].start)]
    return bool(beside) and any(place(id_).kind is Kind.COUNTRY for hit in hits for id_ in _sure(hit.meanings))


def _as_country(hit: _Hit) -> _Hit:
    countries = tuple(meaning for meaning in hit.meanings if place(meaning.ids[0]).kind is Kind.COUNTRY)
    return replace(hit, meanings=countries) if countries else hit


def _in_context(hit: _Hit, countries: Iterable[str]) -> _Hit:
    near = tuple(meaning for meaning in hit.meanings if any(_lies_in(meaning, country) for country in countries))
    return replace(hit, meanings=near) if near else hit


def _sure(meanings: tuple[Meaning, ...]) -> tuple[str, ...]:
    """What several meanings have in common: the only one, or one that holds all others; else nothing."""
    for meaning in meanings:
        if len(meaning.ids) == 1 and all(_lies_in(other, meaning.ids[0]) for other in meanings):
            return meaning.ids
    return meanings[0].ids if len(meanings) == 1 else ()


def _matches(hits: list[_Hit], text: str) -> list[PlaceMatch]:
    lower = text.lower()
    gaps = [gap.span() for gap in _EXCLUDING.finditer(text)] if any(map(lower.__contains__, _EXCLUDING_WORDS)) else []
    return [_match(hit, text, excluded=any(low <= hit.start < high for low, high in gaps)) for hit in hits]


_EXCLUDING_WORDS = ("except", "exclu", "not ", "other than", "cannot", "can't", "can’t", "unable")


def _match(hit: _Hit, text: str, *, excluded: bool) -> PlaceMatch:
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


def _names_in(plain: str) -> Iterator[tuple[int, str]]:
    """Names checked by hand in a folded text with where they start, the longest at each place, none within another."""
    end = 0
    names = names_by_first_word()
    for word in WORD.finditer(plain):
        if word.start() < end:
            continue
        for name in names.get(word.group(), ()):
            after = word.start() + len(name)
            if plain.startswith(name, word.start()) and not WORD.match(plain, after):
                yield word.start(), name
                end = after
                break
