"""`tenfold posting`: read, check, compare, write and import job postings."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.writing import emit, hint
from tenfold.kit.errors import Place, UserError

if TYPE_CHECKING:
    from tenfold.posting.model import PostingReading

app = typer.Typer(add_completion=False, rich_markup_mode="rich", no_args_is_help=True)

STDIN = "-"
SUFFIXES = (".md", ".markdown", ".txt", ".html", ".htm", ".pdf", ".docx")
WORTH_A_BAR = 25
Files = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="Postings or folders of postings; - reads standard input.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.callback()
def posting() -> None:
    """Read any job posting, judge it fairly, write a better one."""


@app.command()
def read(files: Files, json: Json = False) -> None:
    """Read postings: text, Markdown, HTML, PDF or DOCX in, what they state out, each value with its place.

    Examples:
      tenfold posting read posting.md
      tenfold posting read postings/ --json > readings.jsonl
      cat posting.html | tenfold posting read - --json
    """
    problems: list[UserError] = []
    for reading in _readings(files, problems):
        if json:
            from tenfold.posting.record import record

            emit(json_text.dumps(record(reading), ensure_ascii=False), None)
        else:
            _show(reading)
    _raise(problems)
    if not json:
        hint("Next: `tenfold posting check FILE` says what to mend.")


def _readings(files: Sequence[str], problems: list[UserError]) -> Iterator[PostingReading]:
    """Every posting that can be read; what is wrong with the others goes into `problems`."""
    from tenfold.posting.reading import read as read_posting

    for path in _with_progress(list(_expanded(files))):
        try:
            yield read_posting(_bytes_of(path), name="stdin" if path == STDIN else Path(path).stem)
        except UserError as error:
            error.place = Place(file=path)
            problems.append(error)


def _expanded(files: Sequence[str]) -> Iterator[str]:
    for name in files:
        if name != STDIN and Path(name).is_dir():
            found = sorted(path for path in Path(name).rglob("*") if path.suffix.lower() in SUFFIXES)
            if not found:
                raise UserError(
                    "This folder holds no posting.",
                    remedy=f"Put files ending in {', '.join(SUFFIXES)} into it.",
                    place=Place(file=name),
                )
            yield from map(str, found)
        else:
            yield name


def _with_progress(paths: list[str]) -> Iterator[str]:
    if len(paths) < WORTH_A_BAR or not sys.stderr.isatty():
        yield from paths
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(paths, "Reading", console=Console(stderr=True), transient=True)


def _bytes_of(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UserError(
            f"This file cannot be read: {error.strerror or error}.", remedy="Check the path.", place=Place(file=path)
        ) from None


def _raise(problems: list[UserError]) -> None:
    if problems:
        from tenfold.kit.errors import InputProblems

        raise problems[0] if len(problems) == 1 else InputProblems(problems)


def _show(reading: PostingReading) -> None:
    from rich.text import Text

    from tenfold.cli.listing import Listing
    from tenfold.posting.summary import summary

    listing = Listing()
    listing.console.print(Text(reading.title.value if reading.title else reading.name or "Posting", style="bold"))
    listing.table({"": False, " ": True}, summary(reading))
    listing.console.print()
