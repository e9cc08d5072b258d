"""`tenfold plan`: start, draft and validate hiring plans, and the format's JSON Schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tenfold.kit.cli.output import emit, hint
from tenfold.kit.errors import InputProblems, UserError

app = typer.Typer(add_completion=False, no_args_is_help=True)

# What ten checks ask most, and a person can answer without looking it up.
ASKED = (
    "role.title",
    "role.family",
    "role.level",
    "role.scope",
    "role.workplace",
    "company.name",
    "company.place",
    "situation.models_in_production",
    "situation.ml_engineers",
    "situation.manual_share",
    "pay.min",
    "pay.max",
    "reporting.line",
)
SCHEMA_FILE = "tenfold-plan.schema.json"


@app.callback()
def plans() -> None:
    """Start, draft and validate hiring plans.

    A hiring plan is one YAML document that ten practices read. Everything in it is optional.
    """


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="Where to write; - prints it.")] = Path("plan.yaml"),
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="Ask the few questions that matter most.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a plan to fill in.

    In a terminal it asks a few questions first; press Enter to leave one open. Elsewhere it asks nothing.

    Examples:
      tenfold plan new
      tenfold plan new senior-mlops.yaml --no-ask
      tenfold plan new - > plan.yaml
    """
    from tenfold.plan.skeleton import skeleton

    out = None if str(file) == "-" else file
    if out is not None and out.exists() and not force:
        raise _already_there(out)
    asking = ask and sys.stdin.isatty() and sys.stderr.isatty()
    emit(skeleton(_describe_section() if asking else {}), out, replace=force)
    if out is not None:
        typer.echo(f"{out} written. Next: fill in what you know, then tenfold audit {out}")


@app.command()
def draft(
    posting: Annotated[str, typer.Argument(metavar="POSTING", help="A job posting; - reads standard input.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write; default: print it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a plan from a posting.

    What we read is set; the rest is there to fill in.

    Examples:
      tenfold plan draft posting.md --out plan.yaml
      cat posting.html | tenfold plan draft - > plan.yaml
    """
    from tenfold.audit.drafting import draft_text
    from tenfold.audit.intake import take
    from tenfold.kit.errors import Place

    submission = take(posting)
    if submission.is_plan:
        raise UserError("This is a plan already.", remedy=f"tenfold audit {posting}", place=Place(file=submission.name))
    emit(draft_text(submission), out, replace=force)
    if out is not None:
        typer.echo(f"{out} written. Next: check what was read, answer what is open, then tenfold audit {out}")
    else:
        hint("Next: save this with --out plan.yaml, answer what is open, then tenfold audit plan.yaml")


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Plans; - reads standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print problems as JSON.")] = False,
) -> None:
    """Say OK, or every problem with its line and field.

    Examples:
      tenfold plan validate plan.yaml
      tenfold plan validate plans/*.yaml --json
    """
    found: list[UserError] = []
    answers: list[dict[str, Any]] = []
    for file in files:
        problems = _problems(file)
        found += problems
        answers.append({"file": file, "ok": not problems, "problems": [_as_record(problem) for problem in problems]})
        if not json and not problems:
            typer.echo(f"{file}: OK")
    if json:
        from json import dumps

        typer.echo(dumps(answers, ensure_ascii=False, indent=2))
        if found:
            raise typer.Exit(2)
    if found:
        raise InputProblems(found)


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write; default: print it.")
    ] = None,
) -> None:
    """Print the JSON Schema of plans, for editors.

    With it they complete and check a plan as you type. In VS Code (YAML extension), Neovim, Helix and JetBrains, one
    line at the top of a plan turns it on:

      # yaml-language-server: $schema=tenfold-plan.schema.json

    Examples:
      tenfold plan schema --out tenfold-plan.schema.json
      tenfold plan schema | jq '.properties | keys'
    """
    from json import dumps

    from tenfold.plan.schema import json_schema

    emit(dumps(json_schema(), ensure_ascii=False, indent=2), out)
    if out is not None:
        typer.echo(
            f"{out} written. Next: put this at the top of a plan beside it:\n# yaml-language-server: $schema={out.name}"
        )


def _describe_section() -> dict[str, Any]:
    from tenfold.plan.document import HiringPlan
    from tenfold.plan.yaml_io import sections_of

    typer.echo("A few questions; Enter leaves one open, Ctrl-C leaves without writing.\n", err=True)
    given: dict[str, Any] = {}
    for path in ASKED:
        section, _, name = path.partition(".")
        owner = next(sections_of(HiringPlan.model_fields[section].annotation))
        answer = _one(section, name, f"{owner.model_fields[name].description}")
        if answer is not None:
            given.setdefault(section, {})[name] = answer
    return given


def _one(section: str, name: str, prompt: str) -> Any:
    """An answer that the plan takes, or None; asks again until it is one."""
    from pydantic import ValidationError

    from tenfold.plan.document import HiringPlan

    while written := typer.prompt(prompt, default="", show_default=False, err=True).strip():
        try:
            plan = HiringPlan.model_validate({section: {name: written}})
        except ValidationError as error:
            message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
            typer.echo(f"  {message}", err=True)
            continue
        return plan.model_dump(mode="json", exclude_unset=True)[section][name]
    return None


def _problems(file: str) -> list[UserError]:
    from tenfold.audit.intake import STDIN, STDIN_NAME, bytes_of, decode
    from tenfold.plan.yaml_io import load_plan

    try:
        if file == STDIN:
            load_plan(decode(sys.stdin.buffer.read(), STDIN_NAME), name=STDIN_NAME)
        else:
            load_plan(decode(bytes_of(Path(file)), file), name=file)
    except InputProblems as several:
        return several.problems
    except UserError as one:
        return [one]
    return []


def _as_record(problem: UserError) -> dict[str, Any]:
    place = problem.place
    return {
        "line": place.line,
        "column": place.column,
        "field": place.field,
        "what": problem.what,
        "remedy": problem.remedy,
    }


def _already_there(path: Path) -> UserError:
    from tenfold.kit.errors import Place

    return UserError(
        "This file is already there; it was left as it is.",
        remedy="Name another, or use --force to replace it.",
        place=Place(file=str(path)),
    )
