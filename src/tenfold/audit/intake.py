"""Turns a file, standard input or bytes into a plan: a plan as it is, a posting as the plan that can be read from it.

Whatever cannot be read is refused with its place and a remedy. Nothing is guessed: text in an encoding that does not
say what it is, is refused rather than read wrongly.
"""

from __future__ import annotations

import codecs
import difflib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tenfold.kit.errors import Place, UserError
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import LoadedPlan, load_plan, looks_like_plan
from tenfold.posting.draft import draft_plan
from tenfold.posting.language import require_language
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read

MAX_BYTES = 2_000_000
DOCUMENT_SIGNATURES = (b"%PDF", b"PK\x03\x04")
"""How PDF and Word documents begin."""
STDIN = "-"
STDIN_NAME = "standard input"
MEDIA_TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".json": "application/json",
}
PLAN_SUFFIXES = (".yaml", ".yml")
_DOCUMENTS = (b"%PDF", b"PK\x03\x04")
"""How PDF and Word documents begin: the posting reader takes them as they are."""
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old Word file", "Save it as text, Markdown or HTML and try again."),
    (b"{\\rtf", "an RTF file", "Save it as text, Markdown or HTML and try again."),
    (b"\x89PNG", "a picture", "Copy the posting's text into a file and try again."),
    (b"\xff\xd8\xff", "a picture", "Copy the posting's text into a file and try again."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first, for example with `gunzip`."),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_PAGE_ENCODINGS = ("iso-8859-", "windows-125", "latin", "shift-jis", "euc-", "gb", "big5", "koi8-", "macintosh")
TEXT_REMEDY = "Give a posting as text, Markdown or HTML, or a plan as YAML."


@dataclass(frozen=True)
class Submission:
    """One input, ready for the audit. `document` is the YAML that the plan came from; None for a posting."""

    name: str
    plan: HiringPlan
    reading: PostingReading | None
    document: LoadedPlan | None = None

    @property
    def is_plan(self) -> bool:
        return self.document is not None

    def line_of(self, field: str) -> int | None:
        """The line of the plan's file where a field stands, or its nearest parent."""
        return self.document.line_of(field) if self.document and field else None


def take(source: str, *, stdin: BinaryIO | None = None) -> Submission:
    """Reads a path, or standard input for `-`.

    Raises:
        UserError: it cannot be read, or is neither a posting nor a plan.
    """
    if source == STDIN:
        stream = stdin or sys.stdin.buffer
        return take_bytes(stream.read(MAX_BYTES + 1), name=STDIN_NAME)
    return take_bytes(bytes_of(Path(source)), name=source)


def take_bytes(raw: bytes, *, name: str, media_type: str | None = None) -> Submission:
    """Reads what was given, uploaded or piped. `name` is what errors and reports call it; its suffix is a hint."""
    if raw.startswith(_DOCUMENTS):
        return _posting(_require_size(raw, name), name, None)
    text = decode(raw, name)
    suffix = Path(name).suffix.lower()
    if suffix in PLAN_SUFFIXES or looks_like_plan(text):
        return _plan(text, name)
    return _posting(text, name, media_type or MEDIA_TYPES.get(suffix))


def bytes_of(path: Path) -> bytes:
    """A file's bytes, bounded. Directories, absent and unreadable files are errors that say what to do."""
    place = Place(file=str(path))
    try:
        if path.is_dir():
            raise UserError(
                "This is a folder, not a file.",
                remedy=f"Name the files in it: {path.as_posix().rstrip('/')}/*.md",
                place=place,
            )
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UserError("There is no such file.", remedy=_near(path), place=place) from None
    except PermissionError:
        raise UserError("This file may not be read.", remedy="Allow reading it: chmod u+r FILE.", place=place) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"This file cannot be read: {reason}.", remedy="Check the path.", place=place) from None


def decode(raw: bytes, name: str) -> str:
    """The text, by its byte-order mark, as UTF-8, or by the character set that an HTML page declares."""
    place = Place(file=name)
    _require_size(raw, name)
    for magic, kind, remedy in _FOREIGN:
        if raw.startswith(magic):
            raise UserError(f"This is {kind}, not text.", remedy=remedy, place=place)
    text = _by_encoding(raw, name)
    if "\x00" in text:
        raise UserError("This is a binary file, not text.", remedy=TEXT_REMEDY, place=place)
    if not text.strip():
        raise UserError("This is empty.", remedy=TEXT_REMEDY, place=place)
    return text


def _by_encoding(raw: bytes, name: str) -> str:
    encoding = _declared_encoding(raw)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        shown = encoding.removesuffix("-sig").upper()
        remedy = "Save it as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8 FILE`."
        if _looks_binary(raw):
            raise UserError("This is a binary file, not text.", remedy=TEXT_REMEDY, place=Place(file=name)) from None
        line = raw.count(b"\n", 0, error.start) + 1
        raise UserError(
            f"This is not {shown} text: byte {error.start + 1:,} cannot be read.",
            remedy=remedy,
            place=Place(file=name, line=line if encoding.startswith("utf-8") else None),
        ) from None


def _declared_encoding(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding
    if without_mark := _utf16_without_mark(raw):
        return without_mark
    charset = _CHARSET.search(raw[:2_048])
    declared = charset[1].decode("ascii").lower().replace("_", "-") if charset else ""
    return declared if declared.startswith(_PAGE_ENCODINGS) and _is_known_kind(declared) else "utf-8"


def _is_known_kind(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _utf16_without_mark(raw: bytes) -> str | None:
    """UTF-16 that came without its mark shows in every second byte of ordinary text being zero."""
    sample = raw[:2_000]
    if len(sample) < 8 or len(sample) % 2:
        return None
    half = len(sample) / 2
    if sample[1::2].count(0) > 0.8 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.8 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _require_size(raw: bytes, name: str) -> bytes:
    if len(raw) > MAX_BYTES:
        raise UserError(
            f"This is larger than {MAX_BYTES // 1_000_000} MB; a posting or plan is a few pages.",
            remedy="Save the one posting by itself and try again.",
            place=Place(file=name),
        )
    return raw


def _looks_binary(raw: bytes) -> bool:
    sample = raw[:4_000]
    strange = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    return b"\x00" in sample or strange > len(sample) * 0.05


def _plan(text: str, name: str) -> Submission:
    document = load_plan(text, name=name)
    posting = document.plan.posting
    reading = read(posting, name=name) if posting and posting.strip() else None
    return Submission(name=name, plan=document.plan, reading=reading, document=document)


def _posting(text: str | bytes, name: str, media_type: str | None) -> Submission:
    try:
        reading = read(text, name=name, media_type=media_type)
        require_language(reading.language)
    except UserError as error:
        raise UserError(error.what, remedy=error.remedy, place=Place(file=name)) from None
    if not reading.text.strip():
        raise UserError("There is no text in this.", remedy=TEXT_REMEDY, place=Place(file=name))
    return Submission(name=name, plan=draft_plan(reading), reading=reading)


def _near(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"There is no folder {path.parent} either; check the path."
    near = difflib.get_close_matches(path.name, names, n=1)
    return (
        f"Did you mean {path.parent / near[0]}?"
        if near
        else "Check the path, or pass the text on standard input with `-`."
    )
