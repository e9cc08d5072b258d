"""Postings that come in: pasted, as a file, or by the address of a board or page. One way in, one set of limits."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from tenfold.audit.intake import DOCUMENT_SIGNATURES, MAX_BYTES, decode, take_bytes
from tenfold.core.fetching import Fetched, Fetcher
from tenfold.kit.errors import Place, UserError
from tenfold.posting.boards import BoardPosting, postings_of
from tenfold.posting.intake import looks_like_html
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read_source

FILES = {
    ".md": (b"",),
    ".markdown": (b"",),
    ".txt": (b"",),
    ".html": (b"",),
    ".htm": (b"",),
    ".yaml": (b"",),
    ".yml": (b"",),
    ".json": (b"",),
    ".pdf": (b"%PDF",),
    ".docx": (b"PK\x03\x04",),
}
"""Endings that are taken, and how such a file begins (empty: as text)."""
fetcher = Fetcher()


@dataclass(frozen=True, slots=True)
class IncomingPosting:
    """What came in: bytes, the name that errors call it by, and for a page its address and media type.

    `pick` is the id of the one posting that is meant where a board sent several.
    """

    raw: bytes
    name: str
    media_type: str | None = None
    url: str = ""
    pick: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """The board's own address for programs behind a page, and which posting is meant."""

    url: str
    posting: str = ""


def from_paste(text: str) -> IncomingPosting:
    return IncomingPosting(text.encode(), "what you pasted")


def from_upload(name: str, raw: bytes) -> IncomingPosting:
    """A file as it was uploaded.

    Raises:
        UserError: too large, of a kind that is not taken, or not what its ending says.
    """
    short = Path(name.replace("\\", "/")).name[:100] or "file"
    suffix, place = Path(short).suffix.lower(), Place(file=short)
    if len(raw) > MAX_BYTES:
        raise UserError(
            f"This is larger than {MAX_BYTES // 1_000_000} MB; a posting is a few pages.",
            remedy="Save the one posting by itself.",
            place=place,
        )
    begins = FILES.get(suffix)
    if begins is None and suffix:
        decode(raw, short)
        raise UserError(
            f"Files ending in {suffix} are not taken.", remedy=f"Save it as {', '.join(sorted(FILES))}.", place=place
        )
    wants_document = begins is not None and begins[0] in DOCUMENT_SIGNATURES
    if wants_document and begins and not raw.startswith(begins) and raw:
        raise UserError(
            f"This file ends in {suffix}, but is not one.", remedy="Save it anew as what it is.", place=place
        )
    if suffix and not wants_document and raw.startswith(DOCUMENT_SIGNATURES):
        raise UserError(
            f"This file ends in {suffix}, but is a PDF or Word document.",
            remedy="Give it the ending of what it is.",
            place=place,
        )
    return IncomingPosting(raw, short)


def from_address(url: str) -> IncomingPosting:
    """The page at an address; of a job board that is known, what it has for programs.

    Raises:
        NotFetched: the address is not public, or the page did not come.
    """
    feed = feed_of(url)
    page: Fetched = fetcher.fetch(feed.url if feed else url)
    name = urlsplit(url.strip()).hostname or "the page"
    return IncomingPosting(_as_utf8(page), name, page.media_type, url.strip(), feed.posting if feed else "")


def _as_utf8(page: Fetched) -> bytes:
    """What the header says of the encoding holds, whatever the page says of itself."""
    try:
        text = page.content.decode(page.charset or "ascii")
    except (LookupError, UnicodeDecodeError):
        return page.content
    return codecs.BOM_UTF8 + text.encode() if page.charset else page.content


def select_posting(given: IncomingPosting, pick: str) -> IncomingPosting:
    """With the one of a board's postings that a person chose."""
    return replace(given, pick=pick) if pick else given


def postings_in(given: IncomingPosting) -> tuple[BoardPosting, ...]:
    """The postings that a board or page states in a form for programs; none for other text.

    Raises:
        UserError: JSON of no board that is known.
    """
    if given.raw.startswith(DOCUMENT_SIGNATURES):
        return ()
    text = decode(given.raw, given.name)
    if given.media_type in ("application/json", "application/ld+json") or given.name.endswith(".json"):
        found = postings_of(text)
    elif not looks_like_html(text):
        return ()
    else:
        try:
            found = postings_of("<!doctype html>" + text)
        except UserError:
            return ()
    meant = tuple(posting for posting in found if given.pick and posting.id == given.pick)
    return meant or found


def reading_of(given: IncomingPosting) -> PostingReading:
    """The reading of the one posting that came in.

    Raises:
        UserError: it cannot be read.
    """
    boards = postings_in(given)
    if boards:
        return read_source(boards[0].source, name=given.name)
    submission = take_bytes(given.raw, name=given.name, media_type=given.media_type)
    if submission.reading is None:
        raise UserError(
            "This plan holds no posting.", remedy="Give the posting's own text.", place=Place(file=given.name)
        )
    return submission.reading


def feed_of(url: str) -> Feed | None:
    """What a board has for programs behind a page of its: Greenhouse, Lever, Ashby."""
    at = urlsplit(url.strip())
    host, parts = (at.hostname or "").lower(), [part for part in at.path.split("/") if part]
    if not parts or not all(re.fullmatch(r"[\w.%+ -]{1,120}", part) for part in parts):
        return None
    name = quote(parts[0], safe="%")
    if host in ("boards.greenhouse.io", "job-boards.greenhouse.io"):
        root = f"https://boards-api.greenhouse.io/v1/boards/{name}/jobs"
        posting = parts[2] if len(parts) > 2 and parts[1] == "jobs" else ""
        return Feed(f"{root}/{posting}?pay_transparency=true" if posting.isdigit() else f"{root}?content=true", posting)
    if host in ("jobs.lever.co", "jobs.eu.lever.co"):
        api = "api.eu.lever.co" if ".eu." in host else "api.lever.co"
        posting = parts[1] if len(parts) > 1 else ""
        return Feed(f"https://{api}/v0/postings/{name}{f'/{quote(posting)}' if posting else ''}?mode=json", posting)
    if host == "jobs.ashbyhq.com":
        root = "https://api.ashbyhq.com/posting-api/job-board"
        return Feed(f"{root}/{name}?includeCompensation=true", parts[1] if len(parts) > 1 else "")
    return None
