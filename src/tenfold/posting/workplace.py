"""Where the work is done, and the places a posting names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from tenfold.posting.lexicon import Words, in_lower_case, words_of
from tenfold.posting.model import Cited, PlaceMention, SectionKind, SourceText
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

_HYBRID = Pattern("workplace.hybrid")
_REMOTE = Pattern("workplace.remote")
_ONSITE = Pattern("workplace.onsite")
_IN_TITLE = re.compile(r"\b(?:remote|hybrid|on-?site)\b(?! sens)", re.IGNORECASE)
_NO_REMOTE = re.compile(r"\b(?:not|no|isn't|cannot be|never)\s+(?:a\s+|an\s+)?(?:fully\s+)?$", re.IGNORECASE)
_BOARD_LINE = re.compile(r"🌎[^\n]*\bremote\b", re.IGNORECASE)
_LEGAL = re.compile(r"without regard|equal opportunit", re.IGNORECASE)
_ONE_CHOICE = Pattern("workplace.one_choice")
_OCCASIONAL = re.compile(
    r"flexible,? remote|personas|in-person (?:team|event|onboarding|meet)|hybrid (?:and|or|/) remote",
    re.IGNORECASE,
)


def workplace_of(source: SourceText, layout: Layout, title: Cited[str] | None) -> Cited[str] | None:
    """`remote`, `hybrid` or `onsite`; the body's word on hybrid beats a board's badge. "Hybrid or remote" is remote."""
    if title is not None and (in_title := _IN_TITLE.search(title.value)):
        word = in_title.group().lower().replace("-", "")
        return Cited(word, title.start + in_title.start(), title.start + in_title.end())
    hybrid = _first(source, layout, _HYBRID)
    remote = _first(source, layout, _REMOTE) or _board(source)
    choice = _first(source, layout, _ONE_CHOICE)
    if choice is not None:
        return Cited("remote", *choice)
    if hybrid is not None:
        return Cited("hybrid", *hybrid)
    if remote is not None:
        return Cited("remote", *remote)
    onsite = _first(source, layout, _ONSITE)
    if onsite is not None:
        return Cited("onsite", *onsite)
    stated = source.labels.get("workplace", "")
    return Cited(stated, 0, 0) if stated in ("remote", "hybrid", "onsite") else None


def _board(source: SourceText) -> tuple[int, int] | None:
    found = _BOARD_LINE.search(source.text, 0, 2000)
    return found.span() if found else None


def _first(source: SourceText, layout: Layout, pattern: Pattern) -> tuple[int, int] | None:
    for index in layout.lines_with(pattern):
        if layout.kinds[index] is SectionKind.EEO:
            continue
        line = source.lines[index]
        for found in pattern.finditer(source.text, line.start, line.end):
            denied = _NO_REMOTE.search(source.text, max(line.start, found.start() - 20), found.start())
            if pattern is _ONSITE or not denied:
                return found.span()
    return None


@cache
def _gazetteer() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Places by the first word of their names, longest name first: (name, country, subdivision)."""
    rows = csv.DictReader(io.StringIO((files("tenfold.posting") / "data" / "places.csv").read_text("utf-8")))
    known: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        for spelling in row["names"].split(";"):
            name = spelling.strip().lower()
            known.setdefault(words_of(name).lower[0], []).append((name, row["country"], row["subdivision"]))
    return {word: tuple(sorted(found, key=lambda place: -len(place[0]))) for word, found in known.items()}


_LOCATION_LINE = Pattern("workplace.location_line")
LONGEST_LOCATION_LINE = 400
_PLACED = (SectionKind.HEADER, SectionKind.PLACE, SectionKind.PAY)
_STATE_CODE = re.compile(r",\s([A-Z]{2})\b")


def places_of(source: SourceText, layout: Layout) -> tuple[PlaceMention, ...]:
    """Places named where a posting says where the job is (title, header, location lines), each once."""
    found: dict[tuple[str, str], PlaceMention] = {}
    told = {index for index, kind in enumerate(layout.kinds) if kind in _PLACED}
    for index in sorted(told.union(layout.lines_with(_LOCATION_LINE))):
        text = layout.texts[index]
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.BENEFITS):
            continue
        if index in told or (len(text) < LONGEST_LOCATION_LINE and _LOCATION_LINE.search(text)):
            line = source.lines[index]
            for place in _places_in(source.text, layout.words, layout.words_of_line(index), (line.start, line.end)):
                found.setdefault((place.country, place.subdivision), place)
    for place in places_named(source.labels.get("location", "")):
        unplaced = PlaceMention(place.text, place.country, place.subdivision, 0, 0)
        found.setdefault((place.country, place.subdivision), unplaced)
    return tuple(found.values())


def places_named(line: str) -> tuple[PlaceMention, ...]:
    """Every place named in a line, such as "Denver, CO"."""
    words = words_of(in_lower_case(line))
    return tuple(_places_in(line, words, range(len(words.lower)), (0, len(line))))


def _places_in(text: str, words: Words, among: range, stretch: tuple[int, int]) -> Iterator[PlaceMention]:
    """Places in a stretch of the text, which has these words."""
    known = _gazetteer()
    reached = 0
    for at in among:
        start = words.starts[at]
        if words.lower[at] not in known or start < reached:
            continue
        for name, country, subdivision in known[words.lower[at]]:
            end = start + len(name)
            written = text[start:end]
            whole = end >= stretch[1] or not text[end].isalnum()
            if written.lower() == name and whole and (len(name) > 3 or written.isupper()):
                yield PlaceMention(written, country, subdivision, start, end)
                reached = end
                break
    for code in _STATE_CODE.finditer(text, *stretch):
        if code[1] in US_STATES:
            yield PlaceMention(code[1], "US", f"US-{code[1]}", code.start(1), code.end(1))


US_STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
    ]
)
