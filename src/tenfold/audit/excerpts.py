"""Evidence in place: the sentence around the words a finding rests on, and the posting with every place marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tenfold.kit.findings import Quote
from tenfold.posting.model import LineKind, PostingReading

LONGEST_SENTENCE = 260
AROUND = 80
MOST_EXCERPTS = 4
_SENTENCE_END = re.compile(r"[.!?…][\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words. `anchor` names the place in the posting where marked words stand; `findings` who marks them."""

    text: str
    marked: bool = False
    anchor: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One sentence of the posting with the words marked that the finding rests on."""

    pieces: tuple[Piece, ...]

    @property
    def plain(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the posting: a heading, a bullet or a paragraph."""

    kind: LineKind
    level: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the posting and the finding that rests on it."""

    start: int
    end: int
    finding: str


def anchor_of(start: int) -> str:
    return f"at-{start}"


def excerpts(reading: PostingReading, quotes: Iterable[Quote]) -> tuple[Excerpt, ...]:
    """The sentences that hold these quotes, in the posting's order; quotes in one sentence share it."""
    spans = spans_of(reading, quotes)
    windows: list[tuple[Span, list[Span]]] = []
    for span in spans:
        window = _window(reading.text, span)
        if windows and window.start < windows[-1][0].end:
            joined, marks = windows[-1]
            windows[-1] = (Span(joined.start, max(joined.end, window.end)), [*marks, span])
        else:
            windows.append((window, [span]))
    return tuple(_excerpt(reading.text, window, marks) for window, marks in windows)


def spans_of(reading: PostingReading, quotes: Iterable[Quote]) -> list[Span]:
    """The quotes' places in the posting: inside the text, without doubles, in order."""
    size = len(reading.text)
    spans = {
        Span(quote.start, quote.end)
        for quote in quotes
        if quote.start is not None and quote.end is not None and 0 <= quote.start < quote.end <= size
    }
    return sorted(spans, key=lambda span: (span.start, span.end))


def marked_posting(reading: PostingReading, marks: Mapping[str, Sequence[Span]]) -> tuple[Block, ...]:
    """The whole posting, line by line; `marks` are the places by the id of the finding that rests on them."""
    lines = [(line.start, line.end, line.kind, line.level) for line in reading.lines] or [
        (0, len(reading.text), LineKind.PARAGRAPH, 0)
    ]
    flat = [Mark(span.start, span.end, finding) for finding, spans in marks.items() for span in spans]
    return tuple(
        Block(kind, level, tuple(_pieces(reading.text, Span(start, end), flat))) for start, end, kind, level in lines
    )


def _window(text: str, span: Span) -> Span:
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.end)
    line_end = len(text) if line_end < 0 else line_end
    breaks = [line_start, *(match.end() for match in _SENTENCE_END.finditer(text, line_start, line_end)), line_end]
    start = max(point for point in breaks if point <= span.start)
    end = min(point for point in breaks if point >= span.end)
    if end - start <= LONGEST_SENTENCE:
        return Span(start, end)
    return Span(_word_start(text, max(start, span.start - AROUND)), _word_end(text, min(end, span.end + AROUND)))


def _word_start(text: str, at: int) -> int:
    blank = text.find(" ", at, at + 25)
    return at if at == 0 or text[at - 1].isspace() or blank < 0 else blank + 1


def _word_end(text: str, at: int) -> int:
    blank = text.rfind(" ", at - 25, at)
    return at if at >= len(text) or text[at].isspace() or blank < 0 else blank


def _excerpt(text: str, window: Span, marks: Sequence[Span]) -> Excerpt:
    start, end = min(window.start, marks[0].start), max(window.end, *(mark.end for mark in marks))
    pieces = list(_pieces(text, Span(start, end), [Mark(mark.start, mark.end, "") for mark in marks]))
    pieces = [_on_one_line(piece) for piece in pieces]
    before, after = _cut_before(text, start), _cut_after(text, end)
    if pieces:
        first, last = pieces[0], pieces[-1]
        pieces[0] = Piece(first.text.removeprefix("- ").lstrip(), first.marked, first.anchor)
        last = pieces[-1]
        pieces[-1] = Piece(last.text.rstrip(), last.marked, last.anchor)
    lead, trail = (Piece("… "),) if before else (), (Piece(" …"),) if after else ()
    return Excerpt((*lead, *(piece for piece in pieces if piece.text), *trail))


def _on_one_line(piece: Piece) -> Piece:
    return (
        Piece(re.sub(r"\s*\n(?:- )?\s*", " / ", piece.text), piece.marked, piece.anchor)
        if "\n" in piece.text
        else piece
    )


def _cut_before(text: str, start: int) -> bool:
    """Whether the sentence began before `start` on the same line."""
    line = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    return bool(line.removeprefix("-").strip()) and not line.endswith((".", "!", "?", "…", ".”", ".)"))


def _cut_after(text: str, end: int) -> bool:
    rest = text[end:].partition("\n")[0].strip()
    return bool(rest) and not text[:end].rstrip().endswith((".", "!", "?", "…", ".”", ".)"))


def _pieces(text: str, window: Span, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The window cut at every mark's edge. Each piece knows who marks it; the first of a mark carries its anchor."""
    inside = [mark for mark in marks if mark.start < window.end and mark.end > window.start]
    if not inside:
        yield Piece(text[window.start : window.end])
        return
    starts = {mark.start for mark in inside}
    edges = {window.start, window.end}
    edges.update(max(mark.start, window.start) for mark in inside)
    edges.update(min(mark.end, window.end) for mark in inside)
    for start, end in pairwise(sorted(edges)):
        by = tuple(dict.fromkeys(mark.finding for mark in inside if mark.start <= start and end <= mark.end))
        yield Piece(text[start:end], bool(by), anchor_of(start) if by and start in starts else "", by)
