"""`tenfold audit`: ten checks on a posting or a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.cli.output import emit, hint
from tenfold.kit.errors import ExitCode, Place, UserError
from tenfold.kit.writing import write_whole

if TYPE_CHECKING:
    from tenfold.audit.intake import Submission
    from tenfold.audit.report import Report
    from tenfold.audit.run import Audit
    from tenfold.checking.role_setup import RoleSetup
    from tenfold.kit.facts import FactBook

app = typer.Typer(add_completion=False)
PLAIN_WIDTH = 80


class Format(StrEnum):
    TEXT = "text"
    HTML = "html"
    JSON = "json"
    MARKDOWN = "markdown"


class Threshold(StrEnum):
    """As `audit.run.FailOn`, without importing the checks for the sake of a help page."""

    FIX = "fix"
    REVIEW = "review"
    UNANSWERED = "unanswered"
    NEVER = "never"


SUFFIXES = {Format.TEXT: ".txt", Format.HTML: ".html", Format.JSON: ".json", Format.MARKDOWN: ".md"}


@app.command()
def audit(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Postings or plans; - reads standard input.")],
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="Default: text, or what --out's ending says.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE|DIR", help="Write here; a folder gets a file each.")
    ] = None,
    fail_on: Annotated[
        Threshold, typer.Option(help="Leave with 1 when a practice is in this state, or in one listed before it.")
    ] = Threshold.NEVER,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day to audit for, such as 2026-11-18; default today.")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help='House rules of your own (TOML, one "key" = value a line).')
    ] = None,
    setup: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What is set up for the plan's role: kit, panels, labs (JSON)."),
    ] = None,
    team: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What is measured of the team, by `tenfold retention figures` (JSON)."),
    ] = None,
) -> None:
    """Check postings and plans against the ten practices.

    A file that begins with `tenfold_plan: 1` is a plan; anything else is read as a job posting (text, Markdown, HTML).

    Examples:
      tenfold audit posting.md
      tenfold audit plan.yaml --out report.html
      tenfold audit postings/*.html --out reports/ --format html
      cat posting.txt | tenfold audit - --json
      tenfold audit plan.yaml --fail-on review
      tenfold interviews kit plan.yaml --json > kit.json && tenfold audit plan.yaml --setup kit.json

    Exit codes: 0 clean, 1 --fail-on reached, 2 a file could not be used, 3 our fault.
    """
    from tenfold.audit.report import report
    from tenfold.audit.run import FailOn

    chosen = Format.JSON if json else format or _by_ending(out)
    done, problems = _audits(files, _day(as_of), _facts(rules), _with_team(_setup(setup, files), team))
    if done:
        reports = [report(audited, submission) for audited, submission in done]
        _deliver(reports, chosen, out)
        if chosen is Format.TEXT and out is None:
            hint(_next_step(done))
    if problems:
        raise _together(problems)
    if any(audited.exit_code(FailOn(fail_on.value)) for audited, _ in done):
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


def _audits(
    files: Sequence[str], as_of: date, facts: FactBook, setup: RoleSetup | None
) -> tuple[list[tuple[Audit, Submission]], list[UserError]]:
    """Every input that can be used, audited; and what is wrong with the others."""
    from tenfold.audit.intake import take
    from tenfold.audit.run import audit as ten_checks

    done: list[tuple[Audit, Submission]] = []
    problems: list[UserError] = []
    for source in files:
        try:
            submission = take(source)
        except UserError as error:
            problems.append(error)
            continue
        audited = ten_checks(
            submission.plan, reading=submission.reading, as_of=as_of, name=submission.name, facts=facts, setup=setup
        )
        done.append((audited, submission))
    return done, problems


def _deliver(reports: Sequence[Report], chosen: Format, out: Path | None) -> None:
    if out is not None and (out.is_dir() or (len(reports) > 1 and not out.suffix)):
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"This folder cannot be made: {error.strerror}.", remedy="Name another.", place=Place(file=str(out))
            ) from None
        for path, report in zip(_names(reports, out, SUFFIXES[chosen]), reports, strict=True):
            write_whole(path, _render([report], chosen))
            typer.echo(f"{path}: {report.headline.opening}")
        return
    if out is None and chosen is Format.TEXT:
        from tenfold.audit.renderers.terminal import Terminal

        Terminal().show(reports)
        return
    emit(_render(reports, chosen), out)
    if out is not None:
        typer.echo(f"{out}: " + (reports[0].headline.opening if len(reports) == 1 else f"{len(reports)} audits."))


def _render(reports: Sequence[Report], chosen: Format) -> str:
    if chosen is Format.HTML:
        from tenfold.audit.renderers.page import as_html

        return as_html(*reports)
    if chosen is Format.JSON:
        from tenfold.audit.renderers.document import to_json

        return to_json(*reports)
    if chosen is Format.MARKDOWN:
        from tenfold.audit.renderers.markdown import as_markdown

        return as_markdown(*reports)
    from tenfold.audit.renderers.terminal import plain_text

    return plain_text(reports, width=PLAIN_WIDTH)


def _names(reports: Sequence[Report], folder: Path, suffix: str) -> list[Path]:
    """One file a report, named as its input; inputs of one name get numbers."""
    taken: dict[str, int] = {}
    paths = []
    for report in reports:
        stem = Path(report.name).stem.replace(" ", "-") or "audit"
        taken[stem] = taken.get(stem, 0) + 1
        paths.append(folder / f"{stem}{'' if taken[stem] == 1 else f'-{taken[stem]}'}{suffix}")
    return paths


def _by_ending(out: Path | None) -> Format:
    ending = out.suffix.lower() if out else ""
    return next((known for known, suffix in SUFFIXES.items() if suffix == ending), Format.TEXT)


def _day(written: str | None) -> date:
    if written is None:
        return date.today()  # noqa: DTZ011 - the day where the reader is
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UserError(
            f"“{written}” is not a date.", remedy="Write it as 2026-11-18.", place=Place(field="--as-of")
        ) from None


def _facts(rules: Path | None) -> FactBook:
    from tenfold.kit.facts import load

    if rules is None:
        return load()
    if not rules.is_file():
        raise UserError(
            "There is no such file.",
            remedy="`tenfold facts --house-rules` shows what can be set.",
            place=Place(file=str(rules)),
        )
    return load().with_house_rules(rules)


def _setup(path: Path | None, files: Sequence[str]) -> RoleSetup | None:
    from tenfold.checking.role_setup import read_setup

    if path is None:
        return None
    if len(files) > 1:
        raise UserError("What is set up belongs to one plan.", remedy="Name one plan with --setup.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"This file cannot be read: {error.strerror}.", remedy="Check the path.", place=Place(file=str(path))
        ) from None
    return read_setup(raw, name=str(path))


def _with_team(setup: RoleSetup | None, path: Path | None) -> RoleSetup | None:
    from dataclasses import replace

    from tenfold.checking.role_setup import RoleSetup
    from tenfold.checking.team_figures import read_figures

    if path is None:
        return setup
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"This file cannot be read: {error.strerror}.", remedy="Check the path.", place=Place(file=str(path))
        ) from None
    return replace(setup or RoleSetup(is_open=False), team=read_figures(raw, name=str(path)))


def _together(problems: list[UserError]) -> UserError:
    from tenfold.kit.errors import InputProblems

    return problems[0] if len(problems) == 1 else InputProblems(problems)


def _next_step(done: Sequence[tuple[Audit, Submission]]) -> str:
    audited, submission = done[0]
    if not submission.is_plan and audited.questions:
        name = submission.name if Path(submission.name).is_file() else "POSTING"
        return f"Next: tenfold plan draft {name} --out plan.yaml, answer the questions there, and audit the plan."
    return f"Next: tenfold audit {submission.name} --out report.html writes a page to forward."
