"""From a document of any kind to its text: tells what the bytes are and hands them to the reader for that kind."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from tenfold.kit.errors import UserError
from tenfold.posting.markdown import from_markdown
from tenfold.posting.model import SourceText

LARGEST_DOCUMENT = 20_000_000
_HTML = re.compile(
    r"^\s*(?:<!doctype html|<html|<\?xml)|<(?:p|div|ul|ol|li|h[1-6]|br|body|table|section|strong|script)\b[^>]{0,300}>",
    re.IGNORECASE,
)
_FENCED_TAG = re.compile(r"</(?:p|div|ul|li|h[1-6]|body|html|strong|span|table)>", re.IGNORECASE)


_STATES_POSTING = re.compile(r"JobPosting|<workzag-jobs")

# Halves of a UTF-16 pair that stand alone: no character, but JSON lets them through.
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")


def source_text(document: str | bytes, *, media_type: str | None = None) -> SourceText:
    """The text of a posting with its structure.

    Raises:
        UserError: too large, or not a document that can be read.
    """
    if len(document) > LARGEST_DOCUMENT:
        raise UserError(
            f"This document is larger than {LARGEST_DOCUMENT // 1_000_000} MB.",
            remedy="Give the posting's own page or text.",
        )
    if isinstance(document, bytes):
        kind = media_type or sniff_media_type(document)
        if kind == "application/pdf":
            from tenfold.posting.pdf import from_pdf  # noqa: PLC0415 - only where a PDF is read

            return from_pdf(document)
        if kind.endswith("wordprocessingml.document"):
            from tenfold.posting.docx import from_docx  # noqa: PLC0415 - only where a DOCX is read

            return from_docx(document)
        document = decode(document)
    document = _HALF_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", document)
    structured = _structure(document)
    if structured is not None:
        return structured
    if media_type == "text/html" or (media_type is None and looks_like_html(document)):
        from tenfold.posting.webpage import from_html  # noqa: PLC0415 - only where HTML is read

        return from_html(document)
    return from_markdown(document)


def _structure(document: str) -> SourceText | None:
    """The posting of a board's document or of a page's JSON-LD; None where the document is text or a page alone.

    Raises:
        UserError: JSON of no board that is known, or a document of several postings.
    """
    start = document.lstrip()[:1]
    if start == "<" and not _STATES_POSTING.search(document):
        return None
    if start not in ("<", "{", "[") or (start != "<" and not _is_json(document)):
        return None
    from tenfold.posting.boards import postings_of  # noqa: PLC0415 - only where a document has fields

    try:
        found = postings_of(document)
    except UserError:
        if start == "<":
            return None
        raise
    if len(found) != 1:
        raise UserError(
            f"This document holds {len(found)} postings.",
            remedy="Take them apart first: `tenfold posting import FILE --out postings/`.",
        )
    return found[0].source if start != "<" else _fuller(found[0].source, document)


def _fuller(stated: SourceText, page: str) -> SourceText:
    """What the page's JSON-LD says, or the page itself where it shows all of that to its readers."""
    from tenfold.posting.webpage import from_html  # noqa: PLC0415 - only where HTML is read

    shown = from_html(page)
    lines = [stated.text[line.start : line.end] for line in stated.lines]
    shares = sum(line in shown.text for line in lines)
    return replace(shown, labels=stated.labels) if lines and shares == len(lines) else stated


def _is_json(document: str) -> bool:
    try:
        json.loads(document)
    except (ValueError, RecursionError):
        return False
    return True


def sniff_media_type(document: bytes) -> str:
    """The kind of document by its first bytes."""
    if document[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if document.startswith(b"PK\x03\x04"):
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return "text/plain"


def looks_like_html(text: str) -> bool:
    """A page or a fragment of one; Markdown with a few stray tags is not."""
    head = text[:4000]
    if "<" not in head:
        return False
    if re.match(r"\s*(?:<!doctype html|<html|<head|<body|<\?xml)", head, re.IGNORECASE):
        return True
    return _HTML.search(head) is not None and len(_FENCED_TAG.findall(text[:20_000])) >= 2


def decode(document: bytes) -> str:
    """Text from bytes: UTF-8 or UTF-16 by its mark, else Windows-1252, which every byte can be."""
    if document.startswith((b"\xff\xfe", b"\xfe\xff")):
        return document.decode("utf-16", errors="replace")
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in document[:4096]:
        raise UserError(
            "This is not a text, PDF or DOCX document.",
            remedy="Save the posting as text, Markdown, HTML, PDF or DOCX.",
        )
    return document.decode("cp1252", errors="replace")
