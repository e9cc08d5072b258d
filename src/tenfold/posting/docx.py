"""DOCX postings: paragraphs, headings and lists from the document's own XML, with guards against hostile archives."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from tenfold.kit.errors import UserError
from tenfold.posting.model import LineKind, SourceText
from tenfold.posting.source import Run, SourceBuilder

LARGEST_XML = 20_000_000
MOST_RATIO = 200
CHUNK = 65_536
DEEPEST = 400
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REMEDY = "Save the posting as text, Markdown, HTML or PDF instead."


def from_docx(document: bytes) -> SourceText:
    """The text of a DOCX with its headings, bullets and bold words.

    Raises:
        UserError: no DOCX, broken, or an archive that would unpack to far more than it is.
    """
    builder = SourceBuilder()
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            for paragraph in _paragraphs(archive):
                _add(builder, paragraph)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ParseError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise UserError(f"This DOCX cannot be read: {type(error).__name__}.", remedy=_REMEDY) from error
    source = builder.done()
    if not source.lines:
        raise UserError("This DOCX holds no text.", remedy=_REMEDY)
    return source


def _paragraphs(archive: zipfile.ZipFile) -> Iterator[Element]:
    """Paragraphs of the main document, parsed as they are unpacked so that a bomb is noticed before it goes off."""
    name = "word/document.xml"
    entry = archive.getinfo(name)
    if entry.file_size > LARGEST_XML or entry.file_size > MOST_RATIO * max(entry.compress_size, CHUNK):
        raise UserError("This DOCX unpacks to far more than it is; it was not opened.", remedy=_REMEDY)
    parser: XMLPullParser[Any] = XMLPullParser(["start", "end"])
    read = 0
    depth = 0
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            read += len(chunk)
            if read > LARGEST_XML:
                raise UserError("This DOCX unpacks to far more than it is; it was not opened.", remedy=_REMEDY)
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                raise UserError("This DOCX declares entities; it was not opened.", remedy=_REMEDY)
            parser.feed(chunk)
            for event, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                depth += 1 if event == "start" else -1
                if depth > DEEPEST:
                    raise UserError("This DOCX is nested deeper than any document; it was not opened.", remedy=_REMEDY)
                if event == "end" and element.tag == f"{_W}p":
                    yield element
                    element.clear()


def _add(builder: SourceBuilder, paragraph: Element) -> None:
    """One paragraph; line breaks inside it begin new lines."""
    properties = paragraph.find(f"{_W}pPr")
    style = properties.find(f"{_W}pStyle") if properties is not None else None
    name = (style.get(f"{_W}val", "") if style is not None else "").lower()
    listed = properties is not None and properties.find(f"{_W}numPr") is not None
    heading = name.startswith(("heading", "title"))
    kind = LineKind.HEADING if heading else LineKind.BULLET if listed or "list" in name else LineKind.PARAGRAPH
    level = int(name[-1]) if name[-1:].isdigit() else 1
    line: list[Run] = []
    for run in paragraph.iter(f"{_W}r"):
        bold = _is_bold(run)
        for piece in run:
            if piece.tag == f"{_W}t":
                line.append(Run(piece.text or "", bold))
            elif piece.tag == f"{_W}tab":
                line.append(Run(" "))
            elif piece.tag in (f"{_W}br", f"{_W}cr"):
                builder.add(kind, line, level if heading else 0)
                line = []
    builder.add(kind, line, level if heading else 0)


def _is_bold(run: Element) -> bool:
    properties = run.find(f"{_W}rPr")
    bold = properties.find(f"{_W}b") if properties is not None else None
    return bold is not None and bold.get(f"{_W}val", "true") not in ("0", "false")
