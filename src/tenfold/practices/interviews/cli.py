"""`tenfold interviews`: kits from a plan, how reliable ratings are, whom a step selects."""

from __future__ import annotations

import json as json_text
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tenfold.checking.case import Case

app = typer.Typer(add_completion=False, no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


@app.callback()
def interviews() -> None:
    """Assess soft skills deliberately: interview kits, reliable ratings, fair selection."""


@app.command()
def reliability(
    ratings: Annotated[str, typer.Argument(metavar="RATINGS.csv", help="One rating a row; - reads standard input.")],
    subject: Annotated[str, typer.Option(metavar="COLUMN", help="Who was rated.")],
    rater: Annotated[str, typer.Option(metavar="COLUMN", help="Who rated.")],
    rating: Annotated[str, typer.Option(metavar="COLUMN", help="The rating, a number; empty where there is none.")],
    within: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="What was rated: a question, task or station.")
    ] = None,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    json: Json = False,
) -> None:
    """Say how far ratings can be trusted, and what more raters would buy.

    Variance components by REML, so gaps and raters who saw only some subjects are no trouble. Leniency is shown beside
    its interval and never corrected for.

    Examples:
      tenfold interviews reliability ratings.csv --subject candidate --rater interviewer --rating score
      tenfold interviews reliability stations.csv --subject id --rater rater --within station --rating mark --json
    """
    from tenfold.practices.interviews import rating_report
    from tenfold.practices.interviews.tables import read_table

    columns = [subject, rater, rating, *([within] if within is not None else [])]
    found = rating_report.report(read_table(ratings, columns), has_within=within is not None)
    _answer(rating_report.to_dict(found), rating_report.to_text(found), _wants_json(format, json))


@app.command()
def impact(
    table: Annotated[str, typer.Argument(metavar="TABLE.csv", help="One person a row; - reads standard input.")],
    group: Annotated[str, typer.Option(metavar="COLUMN", help="The group each person belongs to.")],
    selected: Annotated[str, typer.Option(metavar="COLUMN", help="1 for who was selected, 0 for who was not.")],
    stratum: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="What to compare within, such as the role.")
    ] = None,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    json: Json = False,
) -> None:
    """Compare selection rates: impact ratios, exact tests, strata.

    A ratio of exactly 4/5 is not flagged. With --stratum, a pooled ratio that points the wrong way is named.

    Examples:
      tenfold interviews impact applicants.csv --group sex --selected invited
      tenfold interviews impact applicants.csv --group sex --selected invited --stratum role --json
    """
    from tenfold.practices.interviews import impact_report
    from tenfold.practices.interviews.tables import read_table

    columns = [group, selected, *([stratum] if stratum is not None else [])]
    found = impact_report.report(read_table(table, columns), has_stratum=stratum is not None)
    _answer(impact_report.to_dict(found), impact_report.to_text(found), _wants_json(format, json))


@app.command()
def audit(
    table: Annotated[
        str, typer.Argument(metavar="TABLE.csv", help="One person and step a row; - reads standard input.")
    ],
    sex: Annotated[str, typer.Option(metavar="COLUMN", help="Sex; empty where it is not stated.")],
    race: Annotated[str, typer.Option(metavar="COLUMN", help="Race or ethnicity; empty where it is not stated.")],
    selected: Annotated[str, typer.Option(metavar="COLUMN", help="1 for who was selected, 0 for who was not.")],
    step: Annotated[str | None, typer.Option(metavar="COLUMN", help="The stage or instrument of the row.")] = None,
    role: Annotated[str | None, typer.Option(metavar="COLUMN", help="The role applied for: the strata.")] = None,
    person: Annotated[str | None, typer.Option(metavar="COLUMN", help="Who it is, where rows share people.")] = None,
    publishable: Annotated[
        bool, typer.Option("--publishable", help="Hide counts, and differences of counts, of one to four people.")
    ] = False,
    format: Annotated[str, typer.Option(help="text, json or csv.")] = "text",
    json: Json = False,
) -> None:
    """Lay out an audit table: rates and impact ratios by sex, by race or ethnicity and by both, step by step.

    The layout is that of New York City's rules on automated hiring tools (6 RCNY section 5-301). Ratios of exactly 4/5
    are not marked; categories below 2 % have no ratio.

    Examples:
      tenfold interviews audit people.csv --sex sex --race race --selected hired
      tenfold interviews audit steps.csv --sex sex --race race --selected went_on --step stage --role role --person id
      tenfold interviews audit people.csv --sex sex --race race --selected hired --publishable --format csv
    """
    from tenfold.practices.interviews import fairness_report
    from tenfold.practices.interviews.fairness import fairness_tables
    from tenfold.practices.interviews.tables import read_table
    from tenfold.stats.publication import LEAST

    more = {name: column for name, column in (("step", step), ("role", role), ("person", person)) if column is not None}
    people, steps, said = fairness_report.read_candidacies(
        read_table(table, [sex, race, selected, *more.values()]), has=list(more)
    )
    tables = fairness_tables(people, steps, least=LEAST if publishable else 1)
    values = {**fairness_report.to_dict(tables), "warnings": said}
    if format == "csv" and not json:
        typer.echo(fairness_report.to_csv(values), nl=False)
        return
    _answer(values, "\n".join([fairness_report.to_text(tables), *said]), _wants_json(format, json))


@app.command()
def kit(
    plan: Annotated[str, typer.Argument(metavar="PLAN.yaml", help="A hiring plan; - reads standard input.")],
    questions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own questions (TOML), beside ours.")
    ] = None,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    json: Json = False,
) -> None:
    """Write the interview kit for a plan: questions with anchored ratings, time plan, the candidate's preview.

    The plan's rounds are kept; where it has none, three are proposed. Must-haves that nothing assesses are named.

    Examples:
      tenfold interviews kit plan.yaml
      tenfold interviews kit plan.yaml --questions ours.toml --json
    """
    from tenfold.practices.interviews import kit_report, kits
    from tenfold.practices.interviews import questions as library

    pool = library.library() if questions is None else (*library.read_questions(questions), *library.library())
    found = kits.kit(_case(plan), pool)
    _answer(kit_report.to_dict(found), kit_report.to_text(found), _wants_json(format, json))


def _case(plan: str) -> Case:
    """A plan from a file or standard input, with its posting read."""
    from datetime import UTC, datetime

    from tenfold.checking.case import Case
    from tenfold.kit.errors import Place, UserError
    from tenfold.plan.yaml_io import load_plan, looks_like_plan
    from tenfold.posting.reading import read

    name = "standard input" if plan == "-" else plan
    try:
        raw = sys.stdin.buffer.read() if plan == "-" else Path(plan).read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"This plan cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}.",
            remedy="Check the path.",
            place=Place(file=name),
        ) from None
    if not looks_like_plan(text):
        raise UserError(
            "This is no hiring plan.",
            remedy="tenfold plan draft POSTING --out plan.yaml makes one from a posting.",
            place=Place(file=name),
        )
    document = load_plan(text, name=name).plan
    reading = read(document.posting, name=name) if document.posting else None
    return Case(document, reading, datetime.now(UTC).date())


def _wants_json(format: str, json: bool) -> bool:
    from tenfold.kit.errors import UserError

    if format not in {"text", "json"}:
        raise UserError(f"“{format}” is no format here.", remedy="Use --format text or --format json.")
    return json or format == "json"


def _answer(values: dict[str, Any], text: str, as_json: bool) -> None:
    typer.echo(json_text.dumps(values, ensure_ascii=False, indent=2) if as_json else text)
