"""A posting's text with every place marked that something was read from, by kind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tenfold.catalogue.store import catalogue
from tenfold.posting.deep_names import DEEP_NAMES
from tenfold.posting.model import Demand, LineKind, PostingReading
from tenfold.posting.summary import pay_words


class Kind(StrEnum):
    """What a marked place tells, in the order of the legend."""

    MUST = "must"
    NICE = "nice"
    CONTEXT = "context"
    PERSON = "person"
    WORK = "work"
    REWARD = "reward"
    PLACE = "place"
    NAME = "name"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Kind.MUST: "Must-have tools",
    Kind.NICE: "Nice-to-have tools",
    Kind.CONTEXT: "Tools in passing",
    Kind.PERSON: "Years, level, degree",
    Kind.WORK: "The work",
    Kind.REWARD: "Pay and benefits",
    Kind.PLACE: "Where and when",
    Kind.NAME: "Title and employer",
}
_TOOLS = {
    Demand.MUST: (Kind.MUST, "must have"),
    Demand.NICE: (Kind.NICE, "nice to have"),
    Demand.CONTEXT: (Kind.CONTEXT, "in passing"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that was read: what it is called, and its places in the text. `id` leads from text to list."""

    id: str
    kind: Kind
    said: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `read` is what they tell, if anything."""

    text: str
    read: Read | None = None


@dataclass(frozen=True, slots=True)
class Line:
    kind: LineKind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class KindRead:
    """One kind of the legend with what was read of it."""

    kind: Kind
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class MarkedPosting:
    lines: tuple[Line, ...]
    kinds: tuple[KindRead, ...]


def highlight(reading: PostingReading) -> MarkedPosting:
    """The whole posting, line by line, and what was read by kind. Where two share words, the closer one marks."""
    reads = tuple(_reads(reading))
    lines = tuple(Line(line.kind, tuple(_pieces(reading, line.start, line.end, reads))) for line in reading.lines)
    kinds = ((kind, tuple(read for read in reads if read.kind is kind)) for kind in Kind)
    return MarkedPosting(lines, tuple(KindRead(kind, found) for kind, found in kinds if found))


def _reads(reading: PostingReading) -> Iterator[Read]:
    for number, (kind, said, spans) in enumerate(_find(reading), start=1):
        inside = tuple(sorted({(start, end) for start, end in spans if 0 <= start < end <= len(reading.text)}))
        if inside:
            yield Read(f"read-{number}", kind, said, inside)


Found = tuple[Kind, str, list[tuple[int, int]]]


def _find(reading: PostingReading) -> Iterator[Found]:
    for tool in reading.tools:
        kind, words = _TOOLS[tool.demand]
        yield kind, f"{tool.name}: {words}", [(mention.start, mention.end) for mention in tool.mentions]
    yield from _person(reading)
    yield from _work(reading)
    yield from _reward(reading)
    yield from _where(reading)
    yield from _one(Kind.NAME, reading.title, "Title")
    yield from _one(Kind.NAME, reading.employer, "Employer")


def _person(reading: PostingReading) -> Iterator[Found]:
    if reading.years_min:
        yield from _one(Kind.PERSON, reading.years_min, f"{reading.years_min.value} years or more")
    if reading.level:
        yield from _one(Kind.PERSON, reading.level, f"Level: {reading.level.value}")
    if reading.degree:
        equivalent = ", or equivalent experience" if reading.degree.or_equivalent else ""
        said = f"Degree: {_TOOLS[reading.degree.demand][1]}{equivalent}"
        yield Kind.PERSON, said, [(reading.degree.start, reading.degree.end)]
    for certification in reading.certifications:
        yield from _one(Kind.PERSON, certification, f"Certification: {certification.value}")
    if reading.leadership and reading.leadership.value:
        yield from _one(Kind.PERSON, reading.leadership, "Leads people")


def _work(reading: PostingReading) -> Iterator[Found]:
    areas = catalogue().areas
    for area in reading.deep_areas:
        yield from _one(Kind.WORK, area, f"Depth asked in {DEEP_NAMES.get(area.value, area.value)}")
    for area in reading.ml_ops_areas:
        yield from _one(Kind.WORK, area, f"ML operations: {areas[area.value].name}")


def _reward(reading: PostingReading) -> Iterator[Found]:
    if reading.pay:
        yield Kind.REWARD, f"Pay: {pay_words(reading.pay)}", [(reading.pay.start, reading.pay.end)]
    yield from _one(Kind.REWARD, reading.equity_or_bonus, "Equity or bonus")
    for benefit in reading.benefits:
        yield from _one(Kind.REWARD, benefit, f"Benefit: {benefit.value}")


def _where(reading: PostingReading) -> Iterator[Found]:
    if reading.workplace:
        yield from _one(Kind.PLACE, reading.workplace, f"Workplace: {reading.workplace.value}")
    for place in reading.places:
        yield Kind.PLACE, f"Place: {place.subdivision or place.country or place.text}", [(place.start, place.end)]
    if reading.employment_type:
        yield from _one(Kind.PLACE, reading.employment_type, f"Employment: {reading.employment_type.value}")
    if reading.on_call:
        yield from _one(Kind.PLACE, reading.on_call, "On-call" if reading.on_call.value else "No on-call")
    if reading.travel:
        yield from _one(Kind.PLACE, reading.travel, f"Travel: {reading.travel.value}")
    if reading.visa:
        yield from _one(Kind.PLACE, reading.visa, f"Visa: {reading.visa.value}")


def _one(kind: Kind, cited: Any, said: str) -> Iterator[Found]:
    if cited is not None:
        yield kind, said, [(cited.start, cited.end)]


def _pieces(reading: PostingReading, start: int, end: int, reads: Sequence[Read]) -> Iterator[Piece]:
    """The line cut at every edge. Of several that cover the same words the shortest marks; a title stays whole."""
    inside = [
        (max(a, start), min(b, end), 0 if read.kind is Kind.NAME else b - a, read)
        for read in reads
        for a, b in read.spans
        if a < end and b > start
    ]
    edges = sorted({start, end, *(edge for a, b, _, _ in inside for edge in (a, b))})
    cut = [(left, right, _closest(inside, left, right)) for left, right in itertools.pairwise(edges)]
    for read, joined in itertools.groupby(cut, key=lambda one: one[2]):
        parts = list(joined)
        yield Piece(reading.text[parts[0][0] : parts[-1][1]], read)


def _closest(inside: Sequence[tuple[int, int, int, Read]], left: int, right: int) -> Read | None:
    over = [(size, read) for a, b, size, read in inside if a <= left and b >= right]
    return min(over, key=lambda one: one[0])[1] if over else None
