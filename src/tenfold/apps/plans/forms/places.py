"""Places in a form: shown and offered in words, kept as the plan keeps them, read by the resolver of law and pay."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tenfold.law.gazetteer import fold, gazetteer
from tenfold.law.places import full_name, is_place, read_places

MOST_OFFERED = 8
BY_ID = frozenset({"company.jurisdictions", "company.employees_at"})
"""Fields that hold ids (`US-CO`); others hold places as they were written."""
IN_WORDS = frozenset({"company.jurisdictions", "role.places"})


def place_in_words(kept: str) -> str:
    """`US-CO` as “Colorado, United States”; whatever is no id as it stands."""
    return full_name(kept) if is_place(kept) else kept


def place_to_keep(line: str, path: str) -> str:
    """A line as the plan keeps it: an id where the field holds ids and the whole line names one place that has one.

    A town stays in words, with its state; what may mean several places stays as typed, and is asked.
    """
    if path in BY_ID and line.casefold() in _by_words():
        return _by_words()[line.casefold()]
    found = read_places(line) if path in BY_ID else ()
    if len(found) != 1 or len(found[0].ids) != 1 or found[0].city or found[0].excluded:
        return line
    return found[0].ids[0] if (found[0].start, found[0].end) == (0, len(line)) else line


@cache
def _by_words() -> dict[str, str]:
    return {full_name(id_).casefold(): id_ for id_ in gazetteer().places}


def questions_on_places(lines: str) -> tuple[str, ...]:
    """One sentence for each line that may mean several places, and for each that names none we know."""
    return tuple(said for line in lines.splitlines() if line.strip() and (said := _question(line.strip())))


def _question(line: str) -> str:
    found = read_places(line)
    if line.casefold() in _by_words():
        return ""
    if not found:
        return f"We know no place called “{line}”. Write a town with its country, a state or a country."
    several = next((match for match in found if match.ambiguous and not match.excluded), None)
    return f"{several.because} Say which one is meant." if several else ""


def places_offered(typed: str) -> tuple[str, ...]:
    """Places that some typed letters may mean, likeliest first, in words that name each of them alone."""
    words = " ".join(typed.split())
    return tuple(dict.fromkeys(_offers(words)))[:MOST_OFFERED] if words else ()


def _offers(typed: str) -> Iterator[str]:
    for match in read_places(typed):
        for id_ in match.ids or match.candidates:
            yield f"{match.city}, {full_name(id_)}" if match.city else full_name(id_)
    plain = fold(typed)
    names = [(fold(place.name), full_name(id_)) for id_, place in gazetteer().places.items()]
    yield from (shown for name, shown in names if name.startswith(plain))
    yield from (shown for name, shown in names if f" {plain}" in f" {name}")
