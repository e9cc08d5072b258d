"""The names that places go by: countries, states, regions, towns, and the codes of all of them.

Two tables. `places.toml` and `cities.csv` hold what postings name most, checked by hand, and are looked for anywhere in
a line. `world_cities.tsv` (GeoNames, CC BY 4.0; rebuilt by `benchmarks/build_world_cities.py`) holds fifty thousand
further names and is asked only for a whole part of a location, since “Bath”, “Split” and “Best” are words too.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import tomli

WORLD = "WORLD"
EU = "EU"
OUTWEIGHS = 5
"""A town this many times larger than its namesakes is meant where nothing else is said (Melbourne, Paris, London)."""


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
class Meaning:
    """What a name may mean. `city`: the town's name, else empty. `alone`: meant without a neighbour that says so."""

    ids: tuple[str, ...]
    city: str = ""
    alone: bool = True


@dataclass(frozen=True)
class Gazetteer:
    """All places by id, and the meanings of every folded name and of every code."""

    places: dict[str, Place]
    meanings: dict[str, list[Meaning]] = field(default_factory=dict)
    codes: dict[str, list[Meaning]] = field(default_factory=dict)
    metros: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    trade_words: set[str] = field(default_factory=set)
    """Codes of countries that are words of the trade: “AI/ML”, “CI/CD”."""
    town_names: set[str] = field(default_factory=set)
    """Countries whose names small US towns have."""
    counties: set[str] = field(default_factory=set)
    """British counties whose names towns elsewhere have: they settle the town before them, and mean nothing alone."""
    three_letters: dict[str, str] = field(default_factory=dict)
    """Countries by the three letters of ISO 3166-1."""
    throughout: dict[str, str] = field(default_factory=dict)
    """Countries by the words that say “throughout” of them, in lower case."""

    def name(self, name: str, meaning: Meaning) -> None:
        self.meanings.setdefault(fold(name), []).append(meaning)

    def code(self, code: str, id_: str, *, alone: bool = True) -> None:
        self.codes.setdefault(code, []).append(Meaning((id_,), alone=alone))


class _Letters(dict[int, str]):
    """Each letter small and without its accent, one for one: offsets in a folded text are offsets in the text."""

    def __missing__(self, code: int) -> str:
        lower = chr(code).lower()
        plain = unicodedata.normalize("NFKD", lower)[:1] or lower
        self[code] = letter = _PLAIN.get(plain, plain)
        return letter


_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "’": "'", "‘": "'", "\xa0": " ", "\u202f": " "}
_LETTERS = _Letters()
WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Lower case without accents, as long as the text."""
    return text.lower() if text.isascii() else text.translate(_LETTERS)


@cache
def gazetteer() -> Gazetteer:
    """The tables checked by hand, read once."""
    folder = files("tenfold.law") / "data"
    table = tomli.loads((folder / "places.toml").read_text("utf-8"))
    known = Gazetteer(
        {
            WORLD: Place(WORLD, "anywhere in the world", Kind.WORLD),
            EU: Place(EU, "European Union", Kind.UNION, WORLD),
        }
    )
    _add_countries(known, table)
    _add_states(known, table["states"])
    _add_local(known, table["own"])
    for name, ids in table["regions"].items():
        known.name(name, Meaning(tuple(ids)))
    for row in csv.DictReader(io.StringIO((folder / "cities.csv").read_text("utf-8"))):
        known.name(row["name"], Meaning((row["place"],), row["name"], alone=not row["only_beside_its_place"]))
    for country, codes in table["codes"]["beside_a_town"].items():
        for code in codes:
            known.code(code, country, alone=False)
    known.counties.update(map(fold, table["codes"]["counties_beside_a_town"]))
    known.three_letters.update({letters: id_ for id_, letters in table["codes"]["three_letters"].items()})
    known.throughout.update({word: id_ for id_, words in table["codes"]["throughout"].items() for word in words})
    _add_metros(known, table["metros"])
    known.trade_words.update(table["codes"]["trade_words"])
    known.town_names.update(table["codes"]["us_towns_named_so"])
    known.currencies.update(
        {country: currency for currency, countries in table["currencies"].items() for country in countries}
    )
    return known


def names_by_first_word() -> dict[str, list[str]]:
    """The names checked by hand under their first word, longest first."""
    return _names_by_first_word()


@cache
def _names_by_first_word() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name in sorted(gazetteer().meanings, key=len, reverse=True):
        first = WORD.match(name)
        names.setdefault(name[: first.end() if first else len(name)], []).append(name)
    return names


@lru_cache(maxsize=4096)
def meanings_of(name: str, *, whole: bool = True) -> tuple[Meaning, ...]:
    """What a folded name may mean, from both tables; () where neither has it.

    `whole`: the name is a whole part of a location, so that a town of the wide table may be meant by itself.
    """
    checked = tuple(gazetteer().meanings.get(name, ()))
    county = (Meaning(("GB",), alone=False),) if name in gazetteer().counties else ()
    return checked + tuple(_wide(name, checked, whole=whole)) + county


def _wide(name: str, checked: tuple[Meaning, ...], *, whole: bool) -> list[Meaning]:
    """Towns of the wide table that the other does not have; beside checked ones they count with a neighbour only."""
    found = world_cities(name)
    if not found:
        return []
    clear = not checked and whole
    runner_up = found[1][1] if len(found) > 1 else 0
    main = clear and found[0][1] >= OUTWEIGHS * runner_up
    known = {id_ for meaning in checked if meaning.city or len(checked) == 1 for id_ in meaning.ids}
    within = {gazetteer().places[id_].parent for id_ in known}
    is_region = any(not meaning.city for meaning in checked)
    return [
        Meaning((id_,), name.title(), alone=clear and (not main or index == 0))
        for index, (id_, _) in enumerate(found)
        if id_ not in known and id_ not in within and (not is_region or id_.startswith("US-"))
    ]


def world_cities(name: str) -> list[tuple[str, int]]:
    """Where towns of this folded name lie in the wide table, with their people in thousands, largest first."""
    lines = _world()
    at = bisect_left(lines, f"{name}\t")
    if at == len(lines) or not lines[at].startswith(f"{name}\t"):
        return []
    pairs = (place.split(":") for place in lines[at].partition("\t")[2].split())
    return [(id_, int(people)) for id_, people in pairs if id_ in gazetteer().places]


@cache
def _world() -> list[str]:
    """Lines in order: asked by halving, which spares the forty milliseconds of a table by name."""
    return (files("tenfold.law") / "data" / "world_cities.tsv").read_text("utf-8").splitlines()


def _add_countries(known: Gazetteer, table: Mapping[str, Any]) -> None:
    for parent, countries in ((WORLD, table["countries"]), (EU, table["eu"])):
        for id_, names in countries.items():
            known.places[id_] = Place(id_, names[0], Kind.COUNTRY, parent)
            for name in names:
                known.name(name, Meaning((id_,)))
    states = {code for below in table["states"].values() for code in below}
    written, words = table["codes"]["countries_written_alone"], table["codes"]["words_too"]
    for id_ in known.places:
        if len(id_) == 2 and id_ not in ("US", EU):
            known.code(id_, id_, alone=id_ in written or (id_ not in states and id_ not in words))


def _add_states(known: Gazetteer, states: Mapping[str, Mapping[str, list[str]]]) -> None:
    for country, below in states.items():
        for code, names in below.items():
            id_ = f"{country}-{code}"
            known.places[id_] = Place(id_, names[0], Kind.STATE, country)
            for name in names:
                known.name(name, Meaning((id_,)))
            known.code(code, id_)


def _add_local(known: Gazetteer, own: Mapping[str, Mapping[str, Any]]) -> None:
    for id_, entry in own.items():
        known.places[id_] = Place(id_, entry["name"], Kind.LOCAL, entry["in"])
        for name in (entry["name"], *entry["also"]):
            known.name(name, Meaning((id_,), city=name))


def _add_metros(known: Gazetteer, metros: Mapping[str, Mapping[str, list[str]]]) -> None:
    for cbsa, below in metros.items():
        for state, names in below.items():
            for name in names:
                key = (fold(name), state)
                known.metros[key] = (*known.metros.get(key, ()), cbsa)


def is_place(id_: str) -> bool:
    return id_ in gazetteer().places


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


def place(id_: str) -> Place:
    """The place with this id.

    Raises:
        KeyError: there is none.
    """
    return gazetteer().places[id_]


@lru_cache(maxsize=4096)
def country_of(id_: str) -> str | None:
    """The country of a place; None for the world and for a union of countries."""
    return next((above for above in ancestors(id_) if place(above).kind is Kind.COUNTRY), None)


@lru_cache(maxsize=4096)
def subdivision_of(id_: str) -> str | None:
    """The state or province of a place by ISO 3166-2; None for a country and what is larger."""
    return next((above for above in ancestors(id_) if place(above).kind is Kind.STATE), None)
