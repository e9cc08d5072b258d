"""Markdown and plain text, read forgivingly: real postings are machine-made Markdown with broken emphasis and lists.

A full CommonMark parse would honour the breakage (a stray `**` keeps its stars, an indented bullet becomes code), so
lines are read one by one for the few marks that postings use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.posting.front_matter import split_front_matter
from tenfold.posting.model import LineKind, SourceText
from tenfold.posting.source import BULLET_MARK, Run, SourceBuilder, refuse_longer, unescape, visible

WRAPPED_AT = 70
MOST_WORDS_OF_A_LABEL = 8

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s*(.*?)\s*#*\s*$")
_BULLET = re.compile(
    r"^(\s*)(?:[*+\-•●▪◦‣·∙■□➢➤✓✔✅☑➕→⇒➜➡▶►👉🔹🔸–]\ufe0f?|[A-Z]?\d{1,2}[.)]|\([a-h]\)|\d\ufe0f?\u20e3|[oO](?=\s{2,}))\s+(.*)$"
)
_LETTERED = re.compile(r"[A-Z]\d{1,2}[.)]\s|\([a-h]\)\s")
"""“E1. Python”: criteria that are numbered by their kind."""
_STAGE = re.compile(r"(?:stage|step|round|phase)\s+(?:\d|one|two|three|four|five)\b", re.IGNORECASE)
_AMOUNT_AHEAD = re.compile(r"\s*[-–—]\s*[$€£]\s?\d")
_AMOUNT_BEHIND = re.compile(r"[$€£]\s?[\d,.]+\s*[kK]?\s*$")
_RULED = frozenset("*_=-")
_MARKERS = frozenset("#*+-•●▪◦‣·∙■□➢➤✓✔✅☑➕→⇒➜➡▶►👉🔹🔸–|oO0123456789")
_SURE_MARKERS = frozenset("*+-•●▪")
_RULE = re.compile(r"^\s*(?:[*_=-]\s*){3,}$")
_QUOTE = re.compile(r"^\s*>\s?")
_IMAGE = re.compile(r"!\[([^\]]{0,200})\]\([^)\s]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]]{0,400})\]\([^()\s]{0,2000}(?:\s\"[^\"]{0,200}\")?\)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_BOLD = re.compile(r"(\*\*|__)(?=\S|\s)(.{1,400}?)\1")
_STARS = re.compile(r"\*+|(?<![^\W_])_+|_+(?![^\W_])|`+")
_MARKED = re.compile(r"[*_`\\<&\]]")
_ESCAPED_DASH = re.compile(r"(?:(?<=^)|(?<=\s))\\-\s")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|&$])")
_TABLE_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_SENTENCE_END = re.compile(r"[.!?:;]['\"”)\]*_]*$")


def from_markdown(markdown: str) -> SourceText:
    """The text of a Markdown or plain posting; what front matter states stands among its labels.

    Raises:
        UserError: longer than any posting.
    """
    refuse_longer(len(markdown))
    labels, markdown = split_front_matter(markdown)
    builder = SourceBuilder(labels=labels)
    for kind, body, level in _blocks(visible(markdown)):
        if kind is LineKind.HEADING or _MARKED.search(body):
            builder.add(kind, list(_runs(body)), level)
        else:
            builder.add_plain(kind, body)
    return builder.done()


def _blocks(markdown: str) -> Iterator[tuple[LineKind, str, int]]:
    """Blocks of the document with hard-wrapped lines joined."""
    kind, gathered = LineKind.PARAGRAPH, ""
    text = markdown.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    for raw in (_BREAK.sub("\n", text) if "<br" in text or "<BR" in text else text).split("\n"):
        line = _QUOTE.sub("", raw) if ">" in raw else raw
        if not line or line.isspace():
            if gathered:
                yield kind, gathered, 0
            kind, gathered = LineKind.PARAGRAPH, ""
            continue
        started = None if _ends_a_range(gathered, line) else _start(line)
        if started is None and _continues(gathered, line):
            gathered += " " + line.strip()
            continue
        if gathered:
            yield kind, gathered, 0
        kind, gathered = LineKind.PARAGRAPH, ""
        if started is None:
            gathered = "" if line.lstrip()[:1] in _RULED and _RULE.match(line) else line
        elif started[0] is LineKind.HEADING:
            yield started
        else:
            kind, gathered = started[0], started[1] or " "
    if gathered:
        yield kind, gathered, 0


def _ends_a_range(gathered: str, line: str) -> bool:
    """A dash at the line's start that belongs to a pay range broken across lines, not to a bullet."""
    return (
        line.lstrip()[:1] in "-–—"
        and _AMOUNT_AHEAD.match(line) is not None
        and _AMOUNT_BEHIND.search(gathered) is not None
    )


def _start(line: str) -> tuple[LineKind, str, int] | None:
    """The block that this line begins by its marker, or None for plain text."""
    bare = line.lstrip()
    first = bare[:1]
    if (first not in _MARKERS and not _LETTERED.match(bare)) or (first in _RULED and _RULE.match(line)):
        return None
    if first in _SURE_MARKERS and bare[1:2].isspace():
        body = bare[2:].lstrip()
        return (LineKind.BULLET, body, 0) if body[:1] not in _MARKERS else _bullet(line)
    if first == "#" and (heading := _HEADING.match(line)):
        return LineKind.HEADING, heading.group(2), len(heading.group(1))
    if (bullet := _bullet(line)) is not None:
        return bullet
    if first == "|" and (row := _TABLE_ROW.match(line)):
        return _table_row(row.group(1))
    return None


def _table_row(cells: str) -> tuple[LineKind, str, int]:
    """“| Direct reports | 3 |” is a label and what stands behind it, “| 2 | Design … |” an item of a list."""
    held = [cell.strip() for cell in cells.split("|")]
    if len(held) != 2 or not all(held) or len(held[0].split()) > MOST_WORDS_OF_A_LABEL or held[0][-1] in ".:;!?":
        return LineKind.PARAGRAPH, cells.replace("|", " "), 0
    if held[0].rstrip(".)").isdigit():
        return LineKind.BULLET, held[1], 0
    return LineKind.PARAGRAPH, f"{held[0]}: {held[1]}", 0


def _bullet(line: str) -> tuple[LineKind, str, int] | None:
    """The words of a list's item, out of its marker or of two."""
    bullet = _BULLET.match(line)
    if bullet is None:
        return None
    inner = _BULLET.match(bullet.group(2))
    return LineKind.BULLET, inner.group(2) if inner else bullet.group(2), 0


def _continues(gathered: str, line: str) -> bool:
    """Whether a line without marker goes on from the one above: hard-wrapped prose, not a list without bullets."""
    text = line.strip()
    if _ends_a_range(gathered, line):
        return True
    if not text or not gathered.strip() or gathered.endswith("  ") or (text[0] in _RULED and _RULE.match(line)):
        return False
    if _STAGE.match(text):
        return False
    if text[0].islower() or (text[0] in "&(" and not _SENTENCE_END.search(gathered)):
        return True
    return len(gathered) - gathered.rfind("\n") > WRAPPED_AT and not _SENTENCE_END.search(gathered.rstrip())


def _runs(body: str) -> Iterator[Run]:
    if "](" in body:
        body = _LINK.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub(r"\1", body)))
    if "<" in body:
        body = _TAG.sub(" ", body)
    if "\\" in body:
        body = _ESCAPED_DASH.sub(f" {BULLET_MARK} ", body)
    at = 0
    if "**" in body or "__" in body:
        for bold in _BOLD.finditer(body):
            yield Run(_plain(body[at : bold.start()]))
            yield Run(_plain(bold.group(2)), bold=True)
            at = bold.end()
    yield Run(_plain(body[at:]))


def _plain(text: str) -> str:
    """Without emphasis marks and escapes; stars and underscores inside words stay."""
    if "\\" in text:
        text = _ESCAPE.sub(lambda match: match.group(1) if match.group(1) not in "*_`" else "", text)
    if "*" in text or "_" in text or "`" in text:
        text = _STARS.sub("", text)
    return unescape(text)
