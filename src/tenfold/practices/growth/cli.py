"""`tenfold growth`: the ladder as data, and where an engineer stands on it, without a server."""

from __future__ import annotations

import json as json_text
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import ExitCode, Place, UserError

if TYPE_CHECKING:
    from tenfold.practices.growth.ladder import Ladder
    from tenfold.practices.growth.placement import Judgement

app = typer.Typer(help="The ladder, and a plan to climb it.", add_completion=False, no_args_is_help=True)
ladder_app = typer.Typer(help="Show, validate, import, export and compare ladders.", no_args_is_help=True)
app.add_typer(ladder_app, name="ladder")


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


class Target(StrEnum):
    """The form that a ladder is exported in."""

    FT = "ft"
    TENFOLD = "tenfold"
    MARKDOWN = "markdown"
    JSON = "json"


class SchemaOf(StrEnum):
    """What a schema describes."""

    LADDER = "ladder"
    EVIDENCE = "evidence"


class FailOn(StrEnum):
    """The least remark that makes a command leave with 1."""

    FIX = "fix"
    REVIEW = "review"
    NOTE = "note"
    NEVER = "never"


FormatOption = Annotated[Format, typer.Option("--format", help="text or json.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Write here instead of to the terminal.")]
LadderArgument = Annotated[Path | None, typer.Argument(help="A ladder in YAML; default: the one shipped.")]


@app.callback()
def growth() -> None:
    """The ladder, and a plan to climb it."""


@ladder_app.command(
    epilog="Examples: tenfold growth ladder show --level senior · tenfold growth ladder show our-ladder.yaml --json"
)
def show(
    *,
    file: LadderArgument = None,
    level: Annotated[str | None, typer.Option(help="Only this level.")] = None,
    theme: Annotated[str | None, typer.Option(help="Only this theme.")] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Show a ladder, all of it or one level or theme.

    What each level owns and what one sees people do, with examples and counter-examples.
    """
    from tenfold.practices.growth import presenters
    from tenfold.practices.growth.ladder import require_level

    ladder = _ladder(file)
    if level is not None:
        require_level(ladder, level)
    if theme is not None and theme not in {each.id for each in ladder.themes}:
        known = ", ".join(each.id for each in ladder.themes)
        raise UserError(f"The ladder has no theme “{theme}”.", remedy=f"It has: {known}.")
    values = presenters.ladder_to_dict(ladder, level=level, theme=theme)
    _emit(values, presenters.render_ladder(ladder, level=level, theme=theme), as_json=json or format is Format.JSON)


@ladder_app.command(
    epilog="Examples: tenfold growth ladder validate our-ladder.yaml · "
    "tenfold growth ladder validate our-ladder.yaml --fail-on review --json"
)
def validate(
    *,
    file: LadderArgument = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="Leave with 1 at a remark so severe.")] = FailOn.NEVER,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Check a ladder against its schema, and what it says.

    Named are entries that nobody could see, that ask for years, or that two levels share.

    A file that is no ladder leaves with 2 and names every problem with its line.
    """
    from tenfold.practices.growth import presenters
    from tenfold.practices.growth.ladder import lint_ladder

    ladder = _ladder(file)
    remarks = lint_ladder(ladder)
    retired = sum(1 for cell in ladder.competencies if cell.is_retired)
    head = f"{ladder.name}: {len(ladder.levels)} levels, {len(ladder.competencies)} entries, {retired} retired."
    text = "\n".join([head, *(f"  {r.severity}: {r.where}: {r.text}" for r in remarks)])
    _emit(presenters.remarks_to_dict(ladder, remarks), text, as_json=json or format is Format.JSON)
    severe = {FailOn.FIX: ["fix"], FailOn.REVIEW: ["fix", "review"], FailOn.NOTE: ["fix", "review", "note"]}
    if any(remark.severity in severe.get(fail_on, []) for remark in remarks):
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


@ladder_app.command(
    name="import",
    epilog="Examples: tenfold growth ladder import engineering.yml --out our-ladder.yaml · "
    "tenfold growth ladder import ic*_machine_learning_engineer.html --from dropbox --out our-ladder.yaml · "
    "tenfold growth ladder import Developer.md --json",
)
def import_(
    *,
    files: Annotated[list[Path], typer.Argument(help="One file; Dropbox's form may come in several.")],
    source: Annotated[str, typer.Option("--from", help="auto, tenfold, ft, dropbox, snowflake or jorgef.")] = "auto",
    out: OutOption = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Bring in a ladder of another company's form.

    Forms: Financial Times, Dropbox, Snowflake, engineeringladders.com.

    What the Financial Times' form holds is kept whole. Points of Snowflake's form are left behind: a person is no sum.
    """
    from tenfold.practices.growth.ladder_imports import LadderForm, LadderSource, import_ladder
    from tenfold.practices.growth.yaml_files import dump_yaml, read_text

    if source not in set(LadderForm):
        raise UserError(f"“{source}” is no form of ladder.", remedy=f"Use one of {', '.join(LadderForm)}.")
    sources = [LadderSource(read_text(path), str(path)) for path in files]
    ladder = import_ladder(sources, LadderForm(source))
    values = ladder.to_dict()
    _write(
        json_text.dumps(values, indent=2, ensure_ascii=False) if json or format is Format.JSON else dump_yaml(values),
        out,
    )


@ladder_app.command(
    epilog="Examples: tenfold growth ladder export our-ladder.yaml --to ft --out engineering.yml · "
    "tenfold growth ladder export --to markdown"
)
def export(
    *,
    file: LadderArgument = None,
    to: Annotated[Target, typer.Option(help="ft, tenfold, markdown or json.")] = Target.FT,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Write a ladder in another form.

    What that form has no room for is named.
    """
    from tenfold.practices.growth import presenters
    from tenfold.practices.growth.ladder import to_ft
    from tenfold.practices.growth.yaml_files import dump_yaml

    ladder = _ladder(file)
    values, dropped = to_ft(ladder) if to is Target.FT else (ladder.to_dict(), [])
    if to is Target.MARKDOWN and not json:
        _write(presenters.render_ladder(ladder) + "\n", out)
    elif json or to is Target.JSON:
        _write(json_text.dumps(values, indent=2, ensure_ascii=False) + "\n", out)
    else:
        _write(dump_yaml(values), out)
    if dropped:
        typer.echo(f"This form has no room for: {', '.join(dropped)}.", err=True)


@ladder_app.command(epilog="Example: tenfold growth ladder diff old.yaml new.yaml --evidence e-17.yaml --json")
def diff(
    *,
    old: Annotated[Path, typer.Argument(help="The ladder before.")],
    new: Annotated[Path, typer.Argument(help="The ladder after.")],
    evidence: Annotated[Path | None, typer.Option(help="Someone's evidence: what the edits mean for them.")] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Say what an edit changed, and for whom.

    With --evidence: what the edits mean for someone already placed on the ladder.
    """
    from tenfold.practices.growth import presenters
    from tenfold.practices.growth.ladder_diff import diff_ladders, effects_on
    from tenfold.practices.growth.placement import place

    before, after = _ladder(old), _ladder(new)
    edits = diff_ladders(before, after)
    placed = place(_evidence(evidence), before, today=date.today()).cells if evidence else ()  # noqa: DTZ011
    effects = effects_on([each.cell.id for each in placed], edits)
    lines = [f"{edit.edit}: {edit.cell}: {edit.before} → {edit.after}" for edit in edits] or ["No entry changed."]
    lines += [f"  for this person, {effect.cell}: {effect.meaning}" for effect in effects]
    _emit(presenters.edits_to_dict(edits, effects), "\n".join(lines), as_json=json or format is Format.JSON)


@ladder_app.command(
    epilog="Examples: tenfold growth ladder schema --out schema.json · tenfold growth ladder schema --of evidence"
)
def schema(
    *,
    of: Annotated[SchemaOf, typer.Option(help="ladder or evidence.")] = SchemaOf.LADDER,
    out: OutOption = None,
) -> None:
    """Print the JSON Schema, for editors."""
    from tenfold.practices.growth.ladder import Ladder
    from tenfold.practices.growth.placement import EvidenceFile

    model: Any = Ladder if of is SchemaOf.LADDER else EvidenceFile
    _write(json_text.dumps(model.model_json_schema(), indent=2, ensure_ascii=False), out)


@app.command(
    epilog="Examples: tenfold growth placement evidence.yaml --json · "
    "tenfold growth placement evidence.yaml --ladder our-ladder.yaml"
)
def placement(
    *,
    file: Annotated[Path, typer.Argument(help="Evidence in YAML: entry, kind, link, date.")],
    ladder: Annotated[
        Path | None, typer.Option(help="A ladder in YAML; default: the file's own, or the shipped.")
    ] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Lay someone's evidence on the ladder.

    What is shown where, and what the next level still lacks. Evidence is listed entry by entry with its link and
    date. Nothing is added up, and no level is computed.
    """
    from tenfold.practices.growth import presenters
    from tenfold.practices.growth.placement import place

    found = _evidence(file)
    path = ladder or (file.parent / found.ladder if found.ladder else None)
    answer = place(found, _ladder(path), today=date.today())  # noqa: DTZ011 - the reader's own day
    values = presenters.placement_to_dict(answer, found.person)
    _emit(values, presenters.render_placement(answer), as_json=json or format is Format.JSON)


@app.command(
    epilog="Examples: tenfold growth packet evidence.yaml --out packet.md · "
    "tenfold growth packet evidence.yaml --ladder our-ladder.yaml"
)
def packet(
    *,
    file: Annotated[Path, typer.Argument(help="Evidence in YAML.")],
    ladder: Annotated[Path | None, typer.Option(help="A ladder in YAML.")] = None,
    out: OutOption = None,
) -> None:
    """Write a promotion packet from evidence.

    In Markdown: evidence at the present and the next level, what is open, and what to settle first.
    """
    from tenfold.practices.growth import presenters
    from tenfold.practices.growth.placement import place

    found = _evidence(file)
    path = ladder or (file.parent / found.ladder if found.ladder else None)
    answer = place(found, _ladder(path), today=date.today())  # noqa: DTZ011 - the reader's own day
    _write(presenters.render_packet(answer, found.person), out)


@app.command(
    epilog="Examples: tenfold growth plan plan.yaml --evidence evidence.yaml · "
    "tenfold growth plan plan.yaml --evidence evidence.yaml --json"
)
def plan(
    *,
    file: Annotated[Path, typer.Argument(help="A growth plan in YAML.")],
    evidence: Annotated[Path, typer.Option(help="The person's evidence in YAML.")],
    ladder: Annotated[Path | None, typer.Option(help="A ladder in YAML.")] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Check a growth plan against the gaps it is for.

    Named are gaps that no item is for, items that are overdue, over budget, or rest on a certificate nobody checked.
    """
    from tenfold.practices.growth.growth_plan import GrowthPlan, review_plan
    from tenfold.practices.growth.placement import place
    from tenfold.practices.growth.yaml_files import parse_yaml, read_text

    found = _evidence(evidence)
    path = ladder or (evidence.parent / found.ladder if found.ladder else None)
    today = date.today()  # noqa: DTZ011 - the reader's own day
    wanted = parse_yaml(read_text(file), name=str(file)).to_model(GrowthPlan)
    warnings = review_plan(wanted, place(found, _ladder(path), today=today), today=today)
    values = {
        "person": wanted.person,
        "until": wanted.until.isoformat(),
        "items": [item.model_dump(mode="json", exclude_unset=True) for item in wanted.items],
        "warnings": [{"kind": each.kind, "text": each.text, "where": each.where} for each in warnings],
    }
    lines = [f"{item.by}: {item.kind}: {item.what}" for item in sorted(wanted.items, key=lambda item: item.by)]
    text = "\n".join([*lines, *(f"! {each.kind} ({each.where}): {each.text}" for each in warnings)])
    _emit(values, text, as_json=json or format is Format.JSON)


@app.command(epilog="Example: tenfold growth calibrate votes.csv --json")
def calibrate(
    *,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with the columns judge, case, cell, view.")],
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """How far judges agree on the same evidence.

    Views are shown, partly or not-yet. Krippendorff's alpha, ordinal, and the cases to talk about first. It measures
    judges, never the people whose evidence it is.
    """
    from tenfold.connectors.tables import read_table, require_rows
    from tenfold.practices.growth.calibration import Vote
    from tenfold.practices.growth.calibration import calibrate as measure

    table = require_rows(read_table(file))
    at = [table.position(name) for name in ("judge", "case", "cell", "view")]
    votes = []
    for row in table.rows:
        judge, case, cell, view = (row.cells[place] for place in at)
        votes.append(Vote(judge, case, cell, _view(view, Place(file=table.name, line=row.line, field="view"))))
    found = measure(votes)
    values = {
        "alpha": found.alpha,
        "n_pairable": found.n_pairable,
        "why": found.why,
        "to_discuss": [
            {"case": each.case, "cell": each.cell, "views": {who: view.value for who, view in each.views}}
            for each in found.to_discuss
        ],
    }
    head = f"Agreement: {found.alpha:.2f}" if found.alpha is not None else f"Agreement: not enough data. {found.why}"
    lines = [f"  {e.case}, {e.cell}: " + ", ".join(f"{who} {view}" for who, view in e.views) for e in found.to_discuss]
    text = "\n".join([head, *lines])
    _emit(values, text, as_json=json or format is Format.JSON)


def _view(words: str, place: Place) -> Judgement:
    from tenfold.practices.growth.placement import Judgement

    try:
        return Judgement("-".join(words.casefold().replace("_", " ").replace("-", " ").split()))
    except ValueError:
        raise UserError(f"“{words}” is no view.", remedy=f"Write one of {', '.join(Judgement)}.", place=place) from None


def _ladder(path: Path | None) -> Ladder:
    from tenfold.practices.growth.ladder import load_ladder, shipped_ladder
    from tenfold.practices.growth.yaml_files import read_text

    return shipped_ladder() if path is None else load_ladder(read_text(path), name=str(path))


def _evidence(path: Path) -> Any:
    from tenfold.practices.growth.placement import EvidenceFile
    from tenfold.practices.growth.yaml_files import parse_yaml, read_text

    return parse_yaml(read_text(path), name=str(path)).to_model(EvidenceFile)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    from tenfold.kit.writing import write_whole

    write_whole(out, text)
    typer.echo(f"Written to {out}.", err=True)


def _emit(values: dict[str, Any], text: str, *, as_json: bool) -> None:
    typer.echo(json_text.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) if as_json else text)
