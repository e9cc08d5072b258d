"""Place names in location lines and plans, read as ids: ISO 3166-2 with a few of our own.

For location fields and header lines ("Denver, CO or Remote (US)"), not for running text, where “mobile” and
“orange” would be cities. A name that can mean several places says so and gives none of them: Portland,
Vancouver, Georgia.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import tomli

WORLD = "WORLD"
EU = "EU"


class Kind(StrEnum):
    WORLD = "world"
    UNION = "union"
    COUNTRY = "country"
    STATE = "state"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Place:
    """A country, state or province, or a city or county with rules of its own; `parent` is what it lies in."""

    id: str
    name: str
    kind: Kind
    parent: str = ""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place named in a text. `start` and `end` are code points of it.

    `ids` are the places surely meant, all of them (a region may cover several); empty where the name is
    ambiguous, and then `candidates` are the places it may mean. `excluded` where the text shuts the place out
    ("except Colorado").
    """

    text: str
    start: int
    end: int
    ids: tuple[str, ...]
    candidates: tuple[str, ...]
    city: str = ""
    excluded: bool = False

    @property
    def ambiguous(self) -> bool:
        return not self.ids

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
    return _gazetteer().places[id_]


def is_place(id_: str) -> bool:
    return id_ in _gazetteer().places


def full_name(id_: str) -> str:
    """A place's name with the one it lies in, where that tells it from others: Georgia, United States."""
    here = place(id_)
    return f"{here.name}, {place(here.parent).name}" if here.kind in (Kind.STATE, Kind.LOCAL) else here.name


def ancestors(id_: str) -> Iterator[str]:
    """The place itself, then what it lies in, up to the world."""
    places = _gazetteer().places
    while id_:
        yield id_
        id_ = places[id_].parent


@lru_cache(maxsize=65_536)
def contains(outer: str, inner: str) -> bool:
    """Whether the second place is the first or lies in it."""
    return outer in ancestors(inner)


def country_of(id_: str) -> str | None:
    """The country of a place; None for the world and for a union of countries."""
    return next((above for above in ancestors(id_) if place(above).kind is Kind.COUNTRY), None)


def place_ids(text: str) -> tuple[str, ...]:
    """The places that a location line surely names, each once, in its order. Excluded places are left out."""
    return tuple(dict.fromkeys(id_ for match in read_places(text) if not match.excluded for id_ in match.ids))


def read_places(text: str) -> tuple[PlaceMatch, ...]:
    """Every place named in a location line, in its order; `WORLD` for "anywhere" where no other is named."""
    hits = _settled(_joined(_hits(text), text))
    matches = [_match(hit, text) for hit in hits]
    if any(not match.excluded for match in matches):
        return tuple(matches)
    everywhere = _ANYWHERE.search(text)
    if everywhere is None:
        return tuple(matches)
    world = PlaceMatch(everywhere.group(), everywhere.start(), everywhere.end(), (WORLD,), (WORLD,))
    return (*matches, world)


# How a line is read: find every name (hits with all their meanings), let a neighbour narrow them
# ("Portland, OR"), then let the other places of the line decide what is still open ("Georgia" beside "US").


@dataclass(frozen=True, slots=True)
class _Meaning:
    ids: tuple[str, ...]
    city: str = ""
    alone: bool = True

    def lies_in(self, outer: str) -> bool:
        return all(contains(outer, id_) for id_ in self.ids)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    meanings: tuple[_Meaning, ...]
    code: bool = False
    qualified: bool = False


@dataclass(frozen=True)
class _Gazetteer:
    places: dict[str, Place]
    meanings: dict[str, list[_Meaning]] = field(default_factory=dict)
    codes: dict[str, list[_Meaning]] = field(default_factory=dict)

    def name(self, name: str, meaning: _Meaning) -> None:
        self.meanings.setdefault(_folded(name), []).append(meaning)

    def code(self, code: str, id_: str) -> None:
        self.codes.setdefault(code, []).append(_Meaning((id_,)))


_ANYWHERE = re.compile(r"\b(?:work from anywhere|anywhere|worldwide|global(?:ly)?)\b", re.IGNORECASE)
_EXCLUDING = re.compile(
    r"\b(?:except(?:ing|\s+for)?|excluding|excludes|but not|other than|cannot hire|"
    r"not (?:open|available|eligible|hiring|accepting))\b[^.;)\n]*",
    re.IGNORECASE,
)
# A two-letter code stands apart: "Austin, TX", "(CA)", "NY / NJ", "CO 80202"; "REMOTE OR ON SITE" holds none.
_CODE = re.compile(
    r"(?:(?<=^)|(?<=[,(/|;:•·\u2013-])|(?<=[,(/|;:•·\u2013-]\s))([A-Z]{2})"
    r"(?=\s*(?:$|[,)/|;•·\u2013-]|\d{5}|or\b|and\b|&|\())"
)
_ID = re.compile(r"(?<![\w-])[A-Z]{2}-[A-Z-]{2,}(?![\w-])")
_WORD = re.compile(r"\w+")
_ZIP = re.compile(r"\s*\d{5}\b")
_US = re.compile(r"(?<![\w.])US(?![\w.]*\w)")
_TOWN_BEFORE = re.compile(r"(?:^|[\s;|(])(?!Remote|Hybrid|Anywhere|On-?site|US)(?=\S*[A-Z])[\w.'-]+,\s*$")
# Countries where postings write "Town, XX" with the country's code often enough to leave the question open.
_WRITTEN_ABROAD_TOO = frozenset({"DE", "IL", "IN"})
_GAP = re.compile(r"\s*[,(\u2013-]?\s*\Z")


def _hits(text: str) -> list[_Hit]:
    """Ids as plans write them first, then names, then "US", then codes; what is taken is not read twice."""
    gazetteer = _gazetteer()
    hits = [_plain(found) for found in _ID.finditer(text) if is_place(found.group())]
    for start, name in _names_in(text):
        if _free(hits, start, start + len(name)):
            hits.append(_Hit(start, start + len(name), tuple(gazetteer.meanings[name])))
    hits += [_plain(found) for found in _US.finditer(text) if _free(hits, *found.span())]
    for found in _CODE.finditer(text):
        start, end = found.span(1)
        if found.group(1) in gazetteer.codes and _free(hits, start, end):
            after_a_place = any(_GAP.match(text, hit.end, start) for hit in hits if hit.end <= start)
            hits.append(_Hit(start, end, _code_meanings(found, text, after_a_place=after_a_place), code=True))
    return sorted(hits, key=lambda hit: hit.start)


def _plain(found: re.Match[str]) -> _Hit:
    return _Hit(*found.span(), (_Meaning((found.group(),)),))


def _free(hits: list[_Hit], start: int, end: int) -> bool:
    return all(end <= hit.start or hit.end <= start for hit in hits)


def _code_meanings(found: re.Match[str], text: str, *, after_a_place: bool) -> tuple[_Meaning, ...]:
    """What a code can mean; a ZIP code after it, or before it a town not in the table, says a US state."""
    code = found.group(1)
    meanings = tuple(_gazetteer().codes[code])
    states = tuple(meaning for meaning in meanings if meaning.lies_in("US"))
    town = code not in _WRITTEN_ABROAD_TOO and not after_a_place and _TOWN_BEFORE.search(text, 0, found.start(1))
    return states if states and (town or _ZIP.match(text, found.end(1))) else meanings


def _joined(hits: list[_Hit], text: str) -> list[_Hit]:
    """Hits with what stands beside them taken in: "Portland" and "OR" become one."""
    joined: list[_Hit] = []
    for hit in hits:
        beside = bool(joined) and _GAP.match(text, joined[-1].end, hit.start)
        if beside and (both := _narrowed(joined[-1], hit) or _namesake(joined[-1], hit)):
            joined[-1] = both
        else:
            joined.append(hit)
    return [kept for hit in joined if (kept := _without_small_namesakes(hit)).meanings]


def _narrowed(hit: _Hit, beside: _Hit) -> _Hit | None:
    outers = {id_ for meaning in beside.meanings for id_ in meaning.ids}
    left = tuple(meaning for meaning in hit.meanings if any(meaning.lies_in(outer) for outer in outers))
    if not left or (hit.code and beside.code):
        return None
    return replace(hit, end=beside.end, meanings=_innermost(left), qualified=True)


def _namesake(city: _Hit, code: _Hit) -> _Hit | None:
    """A city that the table knows elsewhere, before a state's code: "Albany, OR" is in Oregon."""
    if not code.code or not all(meaning.city for meaning in city.meanings):
        return None
    states = tuple(meaning for meaning in code.meanings if place(meaning.ids[0]).kind is Kind.STATE)
    return replace(code, start=city.start, meanings=states, qualified=True) if states else None


def _innermost(meanings: tuple[_Meaning, ...]) -> tuple[_Meaning, ...]:
    """Without those that hold another: of "New York, NY" the city."""
    return tuple(
        meaning
        for meaning in meanings
        if not any(other.ids != meaning.ids and other.lies_in(meaning.ids[0]) for other in meanings)
    )


def _without_small_namesakes(hit: _Hit) -> _Hit:
    if hit.qualified:
        return hit
    return replace(hit, meanings=tuple(meaning for meaning in hit.meanings if meaning.alone))


def _settled(hits: list[_Hit]) -> list[_Hit]:
    sure = {id_ for hit in hits for id_ in _sure(hit.meanings)}
    countries = {country for id_ in sure if (country := country_of(id_))}
    below = {country for id_ in sure if (country := country_of(id_)) and country != id_}
    return [hit if _sure(hit.meanings) else _in_context(hit, below if hit.code else countries) for hit in hits]


def _in_context(hit: _Hit, countries: Iterable[str]) -> _Hit:
    near = tuple(meaning for meaning in hit.meanings if any(meaning.lies_in(country) for country in countries))
    return replace(hit, meanings=near) if near else hit


def _sure(meanings: tuple[_Meaning, ...]) -> tuple[str, ...]:
    """What several meanings have in common: the only one, or one that holds all others; else nothing."""
    for meaning in meanings:
        if len(meaning.ids) == 1 and all(other.lies_in(meaning.ids[0]) for other in meanings):
            return meaning.ids
    return meanings[0].ids if len(meanings) == 1 else ()


def _match(hit: _Hit, text: str) -> PlaceMatch:
    candidates = tuple(dict.fromkeys(id_ for meaning in hit.meanings for id_ in meaning.ids))
    cities = {meaning.city for meaning in hit.meanings}
    shut_out = any(gap.start() <= hit.start < gap.end() for gap in _EXCLUDING.finditer(text))
    return PlaceMatch(
        text=text[hit.start : hit.end],
        start=hit.start,
        end=hit.end,
        ids=_sure(hit.meanings),
        candidates=candidates,
        city=cities.pop() if len(cities) == 1 else "",
        excluded=shut_out,
    )


def _names_in(text: str) -> Iterator[tuple[int, str]]:
    """Names of the table in a text with where they start, the longest at each place, none within another."""
    folded = _folded(text)
    end = 0
    for word in _WORD.finditer(folded):
        if word.start() < end:
            continue
        for name in _names_by_first_word().get(word.group(), ()):
            after = word.start() + len(name)
            if folded.startswith(name, word.start()) and not _WORD.match(folded, after):
                yield word.start(), name
                end = after
                break


def _folded(text: str) -> str:
    """Lower case, as long as the text: what would grow is left as it is."""
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)


@cache
def _names_by_first_word() -> dict[str, list[str]]:
    """The names under their first word, longest first."""
    names: dict[str, list[str]] = {}
    for name in sorted(_gazetteer().meanings, key=len, reverse=True):
        names.setdefault(name[: _first_word_end(name)], []).append(name)
    return names


def _first_word_end(name: str) -> int:
    word = _WORD.match(name)
    return word.end() if word else len(name)


@cache
def _gazetteer() -> _Gazetteer:
    folder = files("tenfold.law") / "data"
    table = tomli.loads((folder / "places.toml").read_text("utf-8"))
    gazetteer = _Gazetteer(
        {
            WORLD: Place(WORLD, "anywhere in the world", Kind.WORLD),
            EU: Place(EU, "European Union", Kind.UNION, WORLD),
        }
    )
    _add_countries(gazetteer, table)
    _add_states(gazetteer, table["states"])
    _add_local(gazetteer, table["own"])
    for name, ids in table["regions"].items():
        gazetteer.name(name, _Meaning(tuple(ids)))
    for row in csv.DictReader(io.StringIO((folder / "cities.csv").read_text("utf-8"))):
        gazetteer.name(row["name"], _Meaning((row["place"],), row["name"], alone=not row["only_beside_its_place"]))
    return gazetteer


def _add_countries(gazetteer: _Gazetteer, table: Mapping[str, Any]) -> None:
    for parent, countries in ((WORLD, table["countries"]), (EU, table["eu"])):
        for id_, names in countries.items():
            gazetteer.places[id_] = Place(id_, names[0], Kind.COUNTRY, parent)
            _name_all(gazetteer, names, _Meaning((id_,)))
            if id_ != "US":
                gazetteer.code(id_, id_)


def _add_states(gazetteer: _Gazetteer, states: Mapping[str, Mapping[str, list[str]]]) -> None:
    for country, below in states.items():
        for code, names in below.items():
            id_ = f"{country}-{code}"
            gazetteer.places[id_] = Place(id_, names[0], Kind.STATE, country)
            _name_all(gazetteer, names, _Meaning((id_,)))
            gazetteer.code(code, id_)


def _add_local(gazetteer: _Gazetteer, own: Mapping[str, Mapping[str, Any]]) -> None:
    for id_, entry in own.items():
        gazetteer.places[id_] = Place(id_, entry["name"], Kind.LOCAL, entry["in"])
        for name in (entry["name"], *entry["also"]):
            gazetteer.name(name, _Meaning((id_,), city=name))


def _name_all(gazetteer: _Gazetteer, names: list[str], meaning: _Meaning) -> None:
    for name in names:
        gazetteer.name(name, meaning)
