"""Labs that ship: listed, shown, tried."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.labs.cli.base import (
    Format,
    FormatOption,
    JsonOption,
    LabArgument,
    app,
    print_json,
    say,
    stdout_console,
)

if TYPE_CHECKING:
    from tenfold.labs.lab import Lab


@app.command("list", epilog="Examples: tenfold labs list · tenfold labs list --sessions · tenfold labs list --json")
def list_(
    *,
    sessions: Annotated[bool, typer.Option("--sessions", help="Candidates' sessions instead.")] = False,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Labs that ship; or sessions and how they stand."""
    from dataclasses import asdict

    from tenfold.labs import home, registry
    from tenfold.labs.sessions import all_sessions

    as_json = json or format is Format.JSON
    if sessions:
        rows = [{"id": one.id, **one.facts(), "clock": str(one.clock())} for one in all_sessions(home.home())]
        if as_json:
            print_json([{key: value for key, value in row.items() if key != "seed"} for row in rows])
            return
        for row in rows:
            typer.echo(f"{row['id']}  {row['state']}  {row['candidate']}, attempt {row['attempt']}  {row['clock']}")
        if not rows:
            typer.echo("Sessions will be listed here. Begin one: tenfold labs start slow-inference")
        return
    from tenfold.labs.presenters import show_registry

    summaries = registry.summaries(registry.labs_folder())
    if as_json:
        print_json([{**asdict(one), "folder": one.folder.name} for one in summaries])
        return
    show_registry(summaries, stdout_console())
    typer.echo("\nNext: tenfold labs try slow-inference shows one in five minutes.")


@app.command(epilog="Examples: tenfold labs show slow-inference · tenfold labs show drift-watch --json")
def show(lab: LabArgument, *, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """What a lab shows and does not, what it asks, what it grades, and on what evidence."""
    from tenfold.labs.sessions import lab_named

    found = lab_named(lab)
    if json or format is Format.JSON:
        criteria = [
            {"id": one.id, "points": one.points, "kind": one.kind, "competency": one.competency, "what": one.what}
            for one in found.criteria
        ]
        words = {"lab": found.edition, "minutes": found.minutes, "kind": found.kind, "preview": _preview(found)}
        print_json({**words, "criteria": criteria})
        return
    typer.echo(f"{found.slug}: {found.description}")
    typer.echo(f"  {found.kind}, {found.minutes} minutes; faults of {len(found.families)} families; {found.ai_policy}")
    for one in found.criteria:
        typer.echo(f"  {one.points:3} {one.id}: {one.what} ({one.competency})")
    for source in found.sources:
        typer.echo(f"  {source.family}: {source.what} ({source.source}; {source.evidence})")
    if preview := _preview(found):
        typer.echo(f"\n{preview}")
    typer.echo(f"\nNext: tenfold labs start {found.slug}")


def _preview(lab: Lab) -> str:
    """The page for hiring managers; empty where the lab has none."""
    page = lab.folder / "lab/preview.md"
    return page.read_text("utf-8").strip() if page.is_file() else ""


@app.command("try", epilog="Example: tenfold labs try slow-inference")
def try_(lab: Annotated[str, typer.Argument(help="A lab's name.")] = "slow-inference") -> None:
    """Five minutes: a lab's fault, its solution, both graded."""
    from tenfold.labs import environments, grading, home, presenters, registry, sessions, variants

    place = home.home()
    found = sessions.lab_named(lab)
    sandbox = home.sandbox(place)
    say(presenters.sandbox_says(sandbox))
    environments.build(
        environments.environment_named(registry.labs_folder(), found.environment), place.environments, say
    )
    variant = variants.variant(place, sandbox, found, "try")
    console = stdout_console()
    typer.echo(variant.instruction.split("## What is here")[0])
    for name, says in (("starter", "As the candidate finds it"), ("reference", "With the reference solution")):
        typer.echo(f"── {says} ──")
        with console.status("Grading …") if sys.stdout.isatty() else nullcontext():
            verdict = grading.grade(place, sandbox, variant, variant.workspace(name))
        presenters.show_verdict(verdict, console)
        typer.echo("")
    typer.echo(f"Next: tenfold labs start {found.slug}, and solve it yourself.")
