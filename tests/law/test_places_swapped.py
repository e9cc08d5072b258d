"""Every town with every way to write it: one code comes out, or a question, and never another place.

The towns come from the tables, so that nothing here can be tuned to a single line.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from random import Random

import pytest

from tenfold.law.gazetteer import Kind, gazetteer
from tenfold.law.places import country_of, place, place_ids, read_places, subdivision_of
from tenfold.posting.reading import read

SEED = 8
MOST = 300
RIGHT = 0.98
"""The rest must be questions: “Richmond, CA” is in California or in Canada."""

STATE_FORMS = (
    "{town}, {code}",
    "{town}, {state}",
    "{town}, {state}, {country}",
    "{town}, {code}, {country}",
    "{town}, {code}, {iso}",
    "{country}, {state}, {town}",
    "{iso}, {code}, {town}",
    "{iso}-{code}-{town}",
    "{country} - {state} - {town}",
    "{town} | {state} | {country}",
    "{town} / {state} / {country}",
    "{town} ({code})",
    "{town} ({state}, {country})",
    "{town} - {state}",
    "{town} {code}",
    "Remote - {town}, {code}",
    "{town}, {code} (Hybrid)",
    "City: {town}, State: {state}, Country: {country}",
    "Country: {country}; State: {state}; City: {town}",
)
COUNTRY_FORMS = (
    "{town}, {country}",
    "{town}, {iso}",
    "{country}, {town}",
    "{country} - {town}",
    "{iso}-{town}",
    "{town} ({country})",
    "{town} - {country}",
    "City: {town}, Country: {country}",
    "{town}, XY, {country}",
)
SEPARATORS = ("; ", " / ", " | ", " or ", " and ", " • ", " + ", " & ", "\n")


@cache
def towns(kind: Kind) -> list[tuple[str, str]]:
    """Towns of the table checked by hand and of the wide one, with the state or country that they lie in."""
    table = files("tenfold.law") / "data"
    checked = [(row["name"], row["place"]) for row in csv.DictReader(io.StringIO((table / "cities.csv").read_text()))]
    wide = [
        (name.title(), where.partition(":")[0])
        for name, _, places in (line.partition("\t") for line in (table / "world_cities.tsv").read_text().splitlines())
        for where in places.split()
        if name.replace(" ", "").isalpha()
    ]
    draw = Random(SEED)  # noqa: S311 - a stated draw
    found = [
        [(name, id_) for name, id_ in each if id_ in gazetteer().places and place(id_).kind is kind]
        for each in (checked, wide)
    ]
    return [town for each in found for town in draw.sample(each, min(MOST, len(each)))]


def write(form: str, town: str, id_: str) -> str:
    country = country_of(id_) or ""
    code = id_.partition("-")[2]
    return form.format(town=town, code=code, state=place(id_).name, country=place(country).name, iso=country)


def narrow(ids: Iterator[str] | tuple[str, ...]) -> set[str]:
    """States and countries, without those that hold another."""
    found = {subdivision_of(id_) or id_ for id_ in ids}
    return {id_ for id_ in found if not any(other.startswith(f"{id_}-") for other in found)}


def asks(text: str) -> bool:
    return any(match.ambiguous for match in read_places(text))


@pytest.mark.parametrize("form", STATE_FORMS)
def test_a_town_of_a_state_is_in_that_state_however_it_is_written(form: str) -> None:
    holds(form, towns(Kind.STATE))


@pytest.mark.parametrize("form", COUNTRY_FORMS)
def test_a_town_of_a_country_is_in_that_country_however_it_is_written(form: str) -> None:
    holds(form, towns(Kind.COUNTRY))


def holds(form: str, pairs: list[tuple[str, str]]) -> None:
    said = {write(form, *pair): (narrow(place_ids(write(form, *pair))), pair[1]) for pair in pairs}
    right = sum(got == {id_} for got, id_ in said.values())
    elsewhere = {text: got for text, (got, id_) in said.items() if got != {id_} and not asks(text)}
    assert elsewhere == {}
    assert right / len(said) >= RIGHT


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_list_of_towns_names_each_of_them(separator: str) -> None:
    draw = Random(SEED)  # noqa: S311 - a stated draw
    pairs = [pair for kind in (Kind.STATE, Kind.COUNTRY) for pair in towns(kind)]
    wrong = {}
    for _ in range(MOST):
        picked = draw.sample(pairs, draw.choice((2, 3)))
        text = separator.join(
            write("{town}, {code}" if "-" in id_ else "{town}, {country}", town, id_) for town, id_ in picked
        )
        if narrow(place_ids(text)) != narrow(tuple(id_ for _, id_ in picked)) and not asks(text):
            wrong[text] = place_ids(text)
    assert wrong == {}


def states() -> list[str]:
    return [id_ for id_ in gazetteer().places if id_.startswith("US-") and place(id_).kind is Kind.STATE]


OFTEN = (
    "US",
    "GB",
    "DE",
    "FR",
    "NL",
    "ES",
    "PT",
    "PL",
    "IE",
    "CA",
    "IN",
    "AU",
    "BR",
    "MX",
    "SG",
    "SE",
    "CH",
    "AT",
    "IT",
)
LISTS: dict[str, tuple[Callable[[], list[str]], Callable[[str], str]]] = {
    "countries": (lambda: [id_ for id_ in OFTEN if id_ != "SG"], lambda id_: place(id_).name),
    "country codes": (lambda: list(OFTEN), lambda id_: "UK" if id_ == "GB" else id_),
    "states": (states, lambda id_: place(id_).name),
    "state codes": (states, lambda id_: id_.removeprefix("US-")),
}


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("form", ["Remote ({})", "Remote - {}", "Remote in {}", "{} (Remote)"])
def test_a_remote_list_means_all_of_its_items(form: str, kind: str) -> None:
    """Three or four of one kind settle each other; what stays open is asked."""
    ids, name = LISTS[kind]
    draw = Random(SEED)  # noqa: S311 - a stated draw
    wrong = {}
    for _ in range(MOST):
        picked = draw.sample(ids(), draw.choice((3, 4)))
        text = form.format(", ".join(map(name, picked)))
        if narrow(place_ids(text)) != set(picked) and not asks(text):
            wrong[text] = place_ids(text)
    assert wrong == {}


FIELDS: dict[str, Callable[[str, str], dict[str, object]]] = {
    "names": lambda town, id_: address(town, place(id_).name, place(country_of(id_) or "").name),
    "codes": lambda town, id_: address(town, id_.partition("-")[2], country_of(id_)),
    "country as an object": lambda town, id_: address(
        town, id_.partition("-")[2], {"@type": "Country", "name": place(country_of(id_) or "").name}
    ),
    "no region": lambda town, id_: address(f"{town}, {id_.partition('-')[2]}", None, country_of(id_)),
}


def address(town: str, region: object, country: object) -> dict[str, object]:
    found = {"addressLocality": town, "addressRegion": region, "addressCountry": country}
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize("fields", FIELDS)
def test_the_fields_of_linked_data_are_one_place(fields: str) -> None:
    wrong = {}
    draw = Random(SEED)  # noqa: S311 - a stated draw
    for town, id_ in draw.sample(towns(Kind.STATE), 40):
        where = FIELDS[fields](town, id_)
        job = {
            "@context": "https://schema.org",
            "@type": "JobPosting",
            "title": "MLOps Engineer",
            "description": "You run the serving layer and keep the models fresh.",
            "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", **where}},
        }
        reading = read(json.dumps(job))
        if narrow(tuple(found.id for found in reading.places)) != {id_} and not reading.open_places:
            wrong[json.dumps(where)] = [found.id for found in reading.places]
    assert wrong == {}
