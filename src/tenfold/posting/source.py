"""Builds the extracted text: one block a line, markup gone, structure kept, whatever the document was written in.

Postings reach us collapsed: bullets turned into marks inside a paragraph, headings into bold words. Those are unfolded
here, so that all later rules see the same lines from Markdown, HTML, PDF or plain text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tenfold.kit.errors import UserError
from tenfold.posting.headings import LONGEST_HEADING, heading_kind, inline_heading, labelled_list, may_hold_heading
from tenfold.posting.model import Line, LineKind, SourceText

BULLET_MARK = "\u2022"
BOLD_HEADING_LEVEL = 7
LABEL_LEVEL = 8
"""A label that heads what follows it in its own line, and no more."""
LONG_PARAGRAPH = 160
MOST_WORDS_OF_A_RUN_IN = 4
"""“**You.** Three years …”: a few bold words with a full stop head their paragraph, whatever they say."""
FEWEST_DASHES = 3
MOST_CHARACTERS = 400_000
"""The longest of 1,576 real postings has 16,000; more than this is refused, so that no input takes for ever."""
LONGEST_LINE = 10_000
"""A longer one is cut where a sentence or a word ends: judging within a line takes time by its length squared."""

_INVISIBLE = re.compile("[\u200b-\u200f\u00ad\u2060\ufeff\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f]")
_MARK = re.compile(
    "[\u2022\u25cf\u25aa\u25e6\u2023\u2043\u2219\u25a0\u25a1\u27a2\u27a4\u2713\u2714\u25b8\u25ba\uf0b7\u00b7]"
)
_MARKS = re.compile(
    r"\s*[\u2022\u25cf\u25aa\u25e6\u2023\u2043\u2219\u25a0\u25a1\u27a2\u27a4\u2713\u2714\u25b8\u25ba\uf0b7]\s*|(?:(?<=^)|(?<=\s))\u00b7\s+"
)
_FIELD_DOT = re.compile("\\s+[\u2022\u00b7\u2219]\\s+")
LONGEST_LINE_OF_FIELDS = 120
MOST_WORDS_OF_A_FIELD = 6
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LEADING_DASH = re.compile(r"^(?:[-*\u2013\u2014>]|\d{1,2}[.)])\s+(?=\S)")
_INNER_DASH = re.compile(r"(?<=[\w.;:!?)])\s+[-*\u2013]\s+(?=[A-Z\d])")
_DASHES = ("-", "*", "\u2013")
_SOFT_LABEL = re.compile(
    r"(?<=[.;]\s)(?P<label>(?:Nice|Good|Great)(?:\s+to\s+have|\s+if\s+you\s+(?:know|have))|Nice-to-haves?|Bonus\s+points"
    r"|Preferred|Desirable|A\s+plus)\s?:\s+(?=\S)"
)
"""“… Terraform. Nice if you know: Triton, Go.”: within a paragraph, what is welcome holds up to its full stop."""
_NO_ITEMS: list[str] = []


class Run(NamedTuple):
    """Words of one weight inside a block."""

    text: str
    bold: bool = False


@dataclass(slots=True)
class SourceBuilder:
    """Collects blocks; `done()` gives the text with its lines. Raises UserError for more text than any posting has."""

    labels: dict[str, str] = field(default_factory=dict)
    _blocks: list[tuple[LineKind, str, int]] = field(default_factory=list)
    _size: int = 0

    def add(self, kind: LineKind, runs: Sequence[Run], level: int = 0) -> None:
        """One block as the document has it; it may turn out to be several lines."""
        self._keep(_unfold(kind, [run for run in runs if run.text], level))

    def add_plain(self, kind: LineKind, text: str) -> None:
        """A bullet or a paragraph of one weight."""
        self._keep(_lines(kind, text))

    def _keep(self, lines: Iterable[tuple[LineKind, str, int]]) -> None:
        for kind, text, level in lines:
            clean = " ".join(text.split())
            if not (clean[:1].isalnum() or _LETTER_OR_DIGIT.search(clean)):
                continue
            if len(clean) <= LONGEST_LINE:
                self._blocks.append((kind, clean, level))
            else:
                self._blocks.extend((kind, part, level) for part in _cut(clean))
            self._size += len(clean)
        refuse_longer(self._size)

    def done(self) -> SourceText:
        parts: list[str] = []
        lines: list[Line] = []
        at = 0
        for kind, text, level in self._blocks:
            lead = "\n" if kind is LineKind.HEADING and parts else "- " if kind is LineKind.BULLET else ""
            start = at + len(lead)
            lines.append(Line(start, start + len(text), kind, level))
            parts.append(f"{lead}{text}\n")
            at = start + len(text) + 1
        return SourceText("".join(parts), tuple(lines), dict(self.labels))


def refuse_longer(characters: int) -> None:
    """Raises UserError where a text is longer than any posting."""
    if characters > MOST_CHARACTERS:
        raise UserError(
            f"This text is longer than {MOST_CHARACTERS:,} characters; a posting has a few thousand.",
            remedy="Give the posting alone.",
        )


def _cut(line: str) -> Iterator[str]:
    """The line, in parts where it is longer than any line should be."""
    while len(line) > LONGEST_LINE:
        ends = [line.rfind(mark, LONGEST_LINE // 2, LONGEST_LINE) + len(mark) for mark in (". ", " ")]
        at = next((end for end in ends if end > LONGEST_LINE // 2), LONGEST_LINE)
        yield line[:at].rstrip()
        line = line[at:].lstrip()
    if line:
        yield line


def visible(text: str) -> str:
    """Without zero-width and control characters, which split words for no reader."""
    return _INVISIBLE.sub("", text)


def unescape(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _unfold(kind: LineKind, runs: Sequence[Run], level: int) -> Iterator[tuple[LineKind, str, int]]:
    if len(runs) == 1 and not runs[0].bold and kind is not LineKind.HEADING:
        yield from _lines(kind, runs[0].text)
        return
    text = "".join(run.text for run in runs)
    if kind is LineKind.HEADING and len(text) <= LONGEST_HEADING:
        yield kind, text.strip("*_: "), level
        return
    if kind is LineKind.HEADING:
        kind = LineKind.PARAGRAPH
    for piece in _at_bold_headings(runs, kind):
        if isinstance(piece, str):
            yield LineKind.HEADING, piece, BOLD_HEADING_LEVEL
        else:
            yield from _lines(kind, "".join(run.text for run in piece))


def _at_bold_headings(runs: Sequence[Run], kind: LineKind) -> Iterator[str | list[Run]]:
    """The runs cut at bold words that head a section: strings are headings, lists what stands below them."""
    whole = len("".join(run.text for run in runs).strip())
    gathered: list[Run] = []
    for index, run in enumerate(runs):
        following = runs[index + 1].text.lstrip() if index + 1 < len(runs) else ""
        if run.bold and _heads(
            run,
            whole,
            following,
            at_start=not any(run.text.strip(" -\u2022*") for run in gathered),
            kind=kind,
        ):
            if gathered:
                yield gathered
            gathered = []
            yield run.text.strip().rstrip(":.").strip()
            if following.startswith(":"):
                runs = [*runs[: index + 1], Run(following[1:]), *runs[index + 2 :]]
        else:
            gathered.append(runs[index])
    if gathered:
        yield gathered


def _heads(run: Run, whole: int, following: str, *, at_start: bool, kind: LineKind) -> bool:
    words = run.text.strip()
    if not 2 < len(words) <= LONGEST_HEADING:
        return False
    if len(words) >= whole - 2:
        return kind is LineKind.PARAGRAPH or heading_kind(words) is not None
    closed = words[-1] in ":?!." or following.startswith(":")
    known = heading_kind(words) is not None
    if kind is LineKind.BULLET and at_start:
        return False
    if at_start and words[-1] == "." and kind is LineKind.PARAGRAPH and len(words.split()) <= MOST_WORDS_OF_A_RUN_IN:
        return True
    if at_start or whole <= LONG_PARAGRAPH:
        return at_start and closed and known
    return known and (closed or following[:1] in "-\u2022" or words[:1].isupper())


def _lines(kind: LineKind, text: str) -> Iterable[tuple[LineKind, str, int]]:
    head, items = text, _NO_ITEMS
    if not text.isascii() and _MARK.search(text) and not (kind is LineKind.PARAGRAPH and _is_line_of_fields(text)):
        head, *items = _MARKS.split(text)
    if not items and len(text) > LONG_PARAGRAPH and _has_inner_dashes(text):
        head, *items = _INNER_DASH.split(text)
    if kind is LineKind.PARAGRAPH and (dash := _LEADING_DASH.match(head)):
        kind, head = LineKind.BULLET, head[dash.end() :]
    label = labelled_list(head) if kind is LineKind.PARAGRAPH and not items else None
    if label:
        named = (LineKind.HEADING, label.group().strip().rstrip(":").strip(), LABEL_LEVEL)
        return (named, *_lines(kind, head[label.end() :]))
    softly = _SOFT_LABEL.search(head) if kind is LineKind.PARAGRAPH and not items else None
    if softly:
        named = (LineKind.HEADING, softly["label"].strip(), LABEL_LEVEL)
        rest = head[softly.end() :]
        end = re.search(r"\.\s+", rest)
        behind = _lines(LineKind.PARAGRAPH, rest[end.end() :]) if end else ()
        told = rest[: end.start() + 1] if end else rest
        return (*_lines(kind, head[: softly.start()]), named, (LineKind.PARAGRAPH, told, 0), *behind)
    if not items and len(head) <= LONG_PARAGRAPH:
        return ((kind, head, 0),)
    return (line for at, part in enumerate((head, *items)) for line in _head(LineKind.BULLET if at else kind, part))


def _is_line_of_fields(text: str) -> bool:
    """“Acme AS · Bergen, Norway · Full-time”: a dot parts a few words each, and no label heads them as a list."""
    if len(text) > LONGEST_LINE_OF_FIELDS or not _FIELD_DOT.search(text):
        return False
    parts = [part.strip() for part in _FIELD_DOT.split(text)]
    return all(part and len(part.split()) <= MOST_WORDS_OF_A_FIELD for part in parts) and not parts[0].endswith(":")


def _has_inner_dashes(text: str) -> bool:
    dashes = sum(map(text.count, _DASHES))
    return dashes >= FEWEST_DASHES and len(_INNER_DASH.findall(text)) >= FEWEST_DASHES


def _head(kind: LineKind, text: str) -> Iterator[tuple[LineKind, str, int]]:
    """Splits off headings that stand inside a collapsed paragraph ("… Requirements: Python, …")."""
    if len(text) <= LONG_PARAGRAPH or ":" not in text or not may_hold_heading(text):
        yield kind, text, 0
        return
    at = 0
    for found in inline_heading().finditer(text):
        if found.start() > at:
            yield kind, text[at : found.start()], 0
        yield LineKind.HEADING, found.group().strip().rstrip(":"), BOLD_HEADING_LEVEL
        kind, at = LineKind.PARAGRAPH, found.end()
    yield kind, text[at:], 0


def labels_of(fields: Mapping[str, object]) -> dict[str, str]:
    return {key: str(value) for key, value in fields.items() if value not in (None, "", [], {})}
