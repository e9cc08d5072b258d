"""`tenfold posting`: read, check, compare, write and import job postings."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.cli.output import emit, hint
from tenfold.kit.errors import ExitCode, Place, UserError

if TYPE_CHECKING:
    from tenfold.law.panel import TransparencyPanel
    from tenfold.posting.lint import LintFinding
    from tenfold.posting.model import PostingReading

app = typer.Typer(add_completion=False, rich_markup_mode="rich", no_args_is_help=True)


class Form(StrEnum):
    """How a posting is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"
    JSON_LD = "json-ld"


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
    """Read postings: what they state, and where.

    Text, Markdown, HTML, PDF or DOCX in; each value out with its place.

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
            _print_summary(reading)
    _raise(problems)
    if not json:
        hint("Next: `tenfold posting check FILE` says what to mend.")


@app.command()
def check(
    files: Files,
    json: Json = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a table of all postings here.")] = None,
    fail_on: Annotated[
        str, typer.Option(metavar="STATE", help="Leave with 1 from this state on: fix, review or never.")
    ] = "never",
    place: Annotated[
        list[str] | None,
        typer.Option(help="Where the job may be done, where the text does not say it. May be repeated."),
    ] = None,
    employees: Annotated[int | None, typer.Option(min=0, help="How many people the company employs.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help="The day that decides which law is in force; default today."
        ),
    ] = None,
) -> None:
    """Judge postings, and see the law of their places.

    What would mislead, shut out or break a rule, and how unusual the demands are.
    For one posting also what pay-transparency law asks of it, place by place. Not legal advice.

    Examples:
      tenfold posting check posting.md
      tenfold posting check posting.md --place "Denver, CO" --employees 40
      tenfold posting check postings/ --csv postings.csv
      tenfold posting check posting.md --fail-on wrong

    Exit codes: 0 clean, 1 --fail-on reached, 2 a file could not be used, 3 our fault.
    """
    from tenfold.posting.lint import SEVERITIES, lint_posting

    if fail_on not in (*SEVERITIES, "never"):
        raise UserError(f"“{fail_on}” is no state.", remedy="Use fix, review or never.")
    problems: list[UserError] = []
    rows = [(reading, lint_posting(reading)) for reading in _readings(files, problems)]
    asked = _LawAsked(tuple(place or ()), employees, as_of.date() if as_of else date.today())  # noqa: DTZ011  the reader's own day
    if csv is not None:
        emit(_as_csv(rows), csv)
    for reading, remarks in rows:
        if json:
            from tenfold.law.cli import to_dict
            from tenfold.posting.record import finding_record

            law = to_dict(_law_panel(reading, asked))
            checked = {"id": reading.name, "remarks": [finding_record(r) for r in remarks], "pay_transparency": law}
            emit(json_text.dumps(checked, ensure_ascii=False), None)
        elif len(rows) == 1:
            _show_remarks(reading, remarks)
            _show_law(reading, asked)
    if len(rows) > 1 and not json:
        _show_table(rows)
    _raise(problems)
    reached = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on != "never" else ()
    if any(remark.severity.value in reached for _, remarks in rows for remark in remarks):
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)
    if not json:
        hint("Next: `tenfold audit FILE` asks all ten practices.")


@app.command()
def compare(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The posting as it was.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The posting as it is.")],
    json: Json = False,
) -> None:
    """Show what an edit changed in what a posting says.

    Examples:
      tenfold posting compare old.md new.md
      tenfold posting compare old.html new.md --json
    """
    from tenfold.posting.comparison import changes

    problems: list[UserError] = []
    readings = list(_readings([before, after], problems))
    _raise(problems)
    found = changes(*readings)
    if json:
        rows = [{"field": change.field, "before": change.before, "after": change.after} for change in found]
        emit(json_text.dumps(rows, ensure_ascii=False, indent=2), None)
        return
    from tenfold.kit.cli.listing import Listing

    listing = Listing()
    listing.table(
        {"Field": False, "Before": True, "After": True},
        [(change.field, change.before or "–", change.after or "–") for change in found],
    )
    listing.total(len(found), "change")


@app.command()
def write(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A hiring plan (YAML).")],
    format: Annotated[
        Form, typer.Option("--format", "-f", help="markdown, html, text, or json-ld for the page's head.")
    ] = Form.MARKDOWN,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file where it is already there.")] = False,
    posted: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of publication; default today.")
    ] = None,
) -> None:
    """Write a posting from a plan.

    Real work, must and nice apart, pay, process, and what the law of its places asks.

    Examples:
      tenfold posting write plan.yaml --out posting.md
      tenfold posting write plan.yaml --format json-ld > posting.json
    """
    from tenfold.checking.notices import required_notices
    from tenfold.plan.yaml_io import load_plan
    from tenfold.posting.writer import absent_properties, as_json_ld, job_posting, render_posting

    day = posted.date() if posted else date.today()  # noqa: DTZ011  the reader's own day
    document = load_plan(_bytes_of(str(plan)).decode("utf-8", "replace"), name=str(plan)).plan
    notices = required_notices(document, day)
    posting_written = render_posting(document, notices=notices)
    if format is Form.JSON_LD:
        linked = job_posting(document, posted=day, notices=notices)
        drawn = as_json_ld(linked)
        if absent := absent_properties(linked):
            hint(f"Google requires {', '.join(absent)}, which the plan does not answer: it will not list this posting.")
    elif format is Form.HTML:
        drawn = posting_written.as_html()
    else:
        drawn = posting_written.as_text() if format is Form.TEXT else posting_written.as_markdown()
    emit(drawn, out, replace=force)
    if posting_written.missing:
        hint(f"The plan leaves open: {', '.join(posting_written.missing)}.")


@app.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON of a Greenhouse, Lever or Ashby board, or a saved page.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write each posting's text here.")
    ] = None,
    json: Json = False,
) -> None:
    """Take postings out of a job board's JSON or a page.

    Postings in a language that is not read are named and left out.

    Examples:
      tenfold posting import greenhouse.json --out postings/
      tenfold posting import page.html --json
    """
    from tenfold.posting.boards import postings_of
    from tenfold.posting.intake import decode
    from tenfold.posting.language import require_language
    from tenfold.posting.reading import read_source
    from tenfold.posting.record import record

    try:
        found = postings_of(decode(_bytes_of(file)))
    except UserError as error:
        error.place = Place(file=file)
        raise
    declined: list[PostingReading] = []
    for item, name in zip(found, _named_apart([item.id for item in found]), strict=True):
        reading = read_source(item.source, name=name)
        if not reading.language.is_read:
            declined.append(reading)
            continue
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            emit(reading.text, out / f"{name}.txt", replace=True)
        if json:
            emit(json_text.dumps({**record(reading), "board": item.board, "url": item.url}, ensure_ascii=False), None)
        elif out is None:
            _print_summary(reading)
    for reading in declined:
        typer.echo(f"{reading.name} is in {reading.language.name}, which is not read: it is left out.", err=True)
    if declined and len(declined) == len(found):
        require_language(declined[0].language)
    if not json:
        taken = len(found) - len(declined)
        typer.echo(f"{taken} posting{'' if taken == 1 else 's'} from {found[0].board if found else file}.")


def _named_apart(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that came before: one file must not overwrite another."""
    apart: dict[str, None] = {}
    for name in names:
        tries = (name, *(f"{name}-{number}" for number in range(2, len(names) + 2)))
        apart[next(one for one in tries if one not in apart)] = None
    return list(apart)


@dataclass(frozen=True)
class _LawAsked:
    """What the reader tells beside the posting: places by name or id, the company's size, the day."""

    places: tuple[str, ...]
    employees: int | None
    as_of: date


def _law_panel(reading: PostingReading, asked: _LawAsked) -> TransparencyPanel | None:
    """The panel of the posting's places, or of those asked for; None where no place is known."""
    from tenfold.checking.case import Case
    from tenfold.posting.draft import draft_plan
    from tenfold.practices.pay.transparency import pay_transparency

    plan = draft_plan(reading)
    told = {"employees": asked.employees} | ({"jurisdictions": list(asked.places)} if asked.places else {})
    plan = plan.model_copy(update={"company": plan.company.model_copy(update=told)})
    if asked.places:
        plan = plan.model_copy(update={"role": plan.role.model_copy(update={"places": None})})
    return pay_transparency(Case(plan, reading, asked.as_of))


def _show_law(reading: PostingReading, asked: _LawAsked) -> None:
    panel = _law_panel(reading, asked)
    if panel is None:
        hint('The posting names no place: `--place US-CO` or `--place "Remote (US)"` shows what its law asks.')
        return
    from tenfold.law.cli import show_law

    show_law(panel)


def _show_remarks(reading: PostingReading, remarks: Sequence[LintFinding]) -> None:
    from rich.text import Text

    from tenfold.kit.cli.listing import Listing

    listing = Listing()
    listing.console.print(Text(reading.title.value if reading.title else reading.name, style="bold"))
    for remark in remarks:
        quote = f"“{remark.quote}”" if remark.quote else ""
        listing.item(f"{remark.severity.value}: {remark.what}", remark.why, quote, remark.fix)
    listing.total(len(remarks), "finding")


def _show_table(rows: Sequence[tuple[PostingReading, tuple[LintFinding, ...]]]) -> None:
    from tenfold.kit.cli.listing import Listing

    columns = {"Posting": True, "Job": False, "Fix": False, "Review": False, "First": True}
    Listing().table(columns, [_row(reading, remarks) for reading, remarks in rows])


def _row(reading: PostingReading, remarks: Sequence[LintFinding]) -> tuple[str, ...]:
    count = [sum(remark.severity.value == severity for remark in remarks) for severity in ("fix", "review")]
    first = remarks[0].what if remarks else ""
    return (
        reading.name,
        reading.family.value if reading.family.is_certain else "cannot tell",
        str(count[0]),
        str(count[1]),
        first,
    )


def _as_csv(rows: Sequence[tuple[PostingReading, tuple[LintFinding, ...]]]) -> str:
    import csv as csv_text
    import io

    stream = io.StringIO()
    writer = csv_text.writer(stream, lineterminator="\n")
    writer.writerow(("posting", "severity", "rule", "what", "quote", "start", "end", "fix"))
    for reading, remarks in rows:
        for remark in remarks:
            cells = (reading.name, remark.severity.value, remark.rule, remark.what, remark.quote)
            writer.writerow([*map(_harmless, cells), remark.start, remark.end, remark.fix])
    return stream.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _readings(files: Sequence[str], problems: list[UserError]) -> Iterator[PostingReading]:
    """Every posting that can be read; what is wrong with the others goes into `problems`."""
    from tenfold.posting.language import require_language
    from tenfold.posting.reading import read as read_posting

    for path in _with_progress(list(_expand(files))):
        try:
            reading = read_posting(_bytes_of(path), name="stdin" if path == STDIN else Path(path).stem)
            require_language(reading.language)
            yield reading
        except UserError as error:
            error.place = Place(file=path)
            problems.append(error)


def _expand(files: Sequence[str]) -> Iterator[str]:
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


def _print_summary(reading: PostingReading) -> None:
    from rich.text import Text

    from tenfold.kit.cli.listing import Listing
    from tenfold.posting.summary import summary

    listing = Listing()
    listing.console.print(Text(reading.title.value if reading.title else reading.name or "Posting", style="bold"))
    listing.table({"": False, " ": True}, summary(reading))
    listing.console.print()
