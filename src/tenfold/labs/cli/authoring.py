"""For those who write labs: made, linted, judged, examined, exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import ExitCode, UserError
from tenfold.labs.cli.base import (
    Format,
    FormatOption,
    JsonOption,
    LabArgument,
    app,
    print_json,
    progress_bar,
    say,
    stdout_console,
)

if TYPE_CHECKING:
    from tenfold.labs.doctor import ReportCard


@app.command(
    epilog="Examples: tenfold labs new queue-backlog · tenfold labs new queue-backlog --like slow-inference --into mine"
)
def new(
    slug: Annotated[str, typer.Argument(help="The new lab's name: small letters and hyphens.", show_default=False)],
    *,
    like: Annotated[str, typer.Option(help="Begin as a copy of this lab.")] = "",
    into: Annotated[Path, typer.Option(help="The folder in which to make it.")] = Path("labs"),
) -> None:
    """Makes a lab that passes lint and fails the other gates, each of which says what to write next."""
    from tenfold.labs import scaffold, sessions

    made = scaffold.new(into, slug, like=sessions.lab_named(like) if like else None)
    typer.echo(made)
    say(f"Next: write what the files marked TODO say, then tenfold labs doctor {made} --fast")


@app.command(epilog="Examples: tenfold labs lint labs/slow-inference · tenfold labs lint my-lab --json")
def lint(
    folder: Annotated[Path, typer.Argument(help="A lab's folder.", show_default=False)],
    *,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Everything wrong with a lab's folder, with file and line. Leaves with 1 where there is something."""
    from tenfold.labs import lab_reader

    found = lab_reader.findings(folder.resolve())
    if json or format is Format.JSON:
        rows = [{"rule": one.rule, "what": one.what, "file": one.place.file, "line": one.place.line} for one in found]
        print_json(rows)
    else:
        for one in found:
            typer.echo(str(one))
        typer.echo(f"{len(found)} findings" if found else f"{folder.name}: nothing to mend. Next: tenfold labs doctor")
    if found:
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


@app.command(
    epilog="Examples: tenfold labs judge slow-inference --seed 1 --over reference my-change --json · "
    "tenfold labs judge drift-watch --seed 7 my-monitor"
)
def judge(
    lab: LabArgument,
    folder: Annotated[Path, typer.Argument(help="Files to lay over, or a _change.py.", show_default=False)],
    *,
    seed: Annotated[str, typer.Option(help="Any text; the same gives the same variant.")] = "1",
    over: Annotated[str, typer.Option(help="What they are laid over: starter or reference.")] = "starter",
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Grades a folder of files over a variant, without a session: for those who write labs.

    A _change.py in it, with change(files, variant), may edit the base instead; it runs here, so know who wrote it.
    """
    from tenfold.labs import environments, home, judging, presenters, sessions

    if over not in list(judging.Base):
        raise UserError(f"nothing is laid over {over!r}", remedy="--over starter or --over reference")
    place = home.home()
    found = sessions.lab_named(lab)
    environments.build(environments.environment_named(found.folder.parent, found.environment), place.environments, say)
    verdict = judging.judge(place, home.sandbox(place), found, seed=seed, over=judging.Base(over), folder=folder)
    if json or format is Format.JSON:
        print_json(judging.to_dict(verdict))
        return
    presenters.show_verdict(verdict, stdout_console())


@app.command(
    epilog="Examples: tenfold labs doctor slow-inference --fast · tenfold labs doctor my-lab --only mutants · "
    "tenfold labs doctor my-lab --format html > card.html · tenfold labs doctor slow-inference --write"
)
def doctor(
    lab: LabArgument,
    *,
    fast: Annotated[bool, typer.Option("--fast", help="3 seeds, a few minutes.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the report card in the lab’s folder, where all gates passed.")
    ] = False,
    only: Annotated[str, typer.Option(help="One gate: lint, reference, floor, mutants, generated, …")] = "",
    seeds: Annotated[int, typer.Option(min=0, max=200, help="So many seeds for every gate; 0: as planned.")] = 0,
    generated: Annotated[int, typer.Option(min=0, max=2000, help="So many mutants by operators; 0: as planned.")] = 0,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Seven gates before any candidate sees a lab. Can be stopped and goes on where it was. 1 where one fails."""
    from tenfold.labs import doctor as engine
    from tenfold.labs import home, presenters, sessions

    if only and only not in list(engine.GateName):
        raise UserError(f"there is no gate {only}", remedy=f"one of: {', '.join(engine.GateName)}")
    place = home.home()
    found = sessions.lab_named(lab)
    with progress_bar() as progress:
        task = progress.add_task("doctor", total=None)

        def show_progress(done: int, of: int, what: str) -> None:
            progress.update(task, completed=done, total=of, description=what)

        plan = engine.with_seeds(engine.FAST if fast else engine.FULL, seeds)
        plan = replace(plan, generated=generated or plan.generated)
        gate = engine.GateName(only) if only else None
        card = engine.Doctor(place, home.sandbox(place), found, plan, say=show_progress, only=gate).examine()
    if write:
        say(_keep(found.folder / "lab" / ("gates.toml" if fast else "report-card.toml"), card, whole=not only))
    if json or format is Format.JSON:
        print_json(card.to_dict())
    elif format is Format.HTML:
        typer.echo(presenters.card_html(card))
    else:
        presenters.show_card(card, stdout_console())
    if not card.passed:
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


def _keep(path: Path, card: ReportCard, *, whole: bool) -> str:
    """Writes the card where every gate was run and passed; says what was done, and why not."""
    from tenfold.kit.writing import write_whole
    from tenfold.labs import presenters

    if not whole:
        return f"{path.name} was not written: one gate is no report card."
    if not card.passed:
        failed = ", ".join(gate.name for gate in card.gates if not gate.passed)
        return f"{path.name} was not written, since gates failed: {failed}."
    write_whole(path, presenters.card_toml(card))
    return f"{path.name} was written."


@app.command(epilog="Example: tenfold labs unchanged slow-inference || tenfold labs doctor slow-inference --fast")
def unchanged(lab: LabArgument) -> None:
    """Whether a lab passed its gates with just this content, kit, engine and sandbox. 1 where it did not."""
    from tenfold.labs import registry, sessions

    found = sessions.lab_named(lab)
    when = registry.passed_unchanged(found)
    if when is None:
        typer.echo(f"{found.slug}: has changed, or what grades it has, since its gates were run.")
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)
    typer.echo(f"{found.slug}: passed on {when}, and nothing that it rests on has changed since.")


@app.command(epilog="Examples: tenfold labs export slow-inference out/slow-inference --seed 7 --format harbor")
def export(
    lab: LabArgument,
    out: Annotated[Path, typer.Argument(help="A folder that does not exist yet.", show_default=False)],
    *,
    seed: Annotated[str, typer.Option(help="Any text; the same gives the same variant.")] = "1",
    format: Annotated[str, typer.Option("--format", help="harbor")] = "harbor",
) -> None:
    """A variant as a plain, frozen task that other harnesses run. It holds the solution: not for candidates."""
    from tenfold.labs import harbor, home, sessions, variants

    if format != "harbor":
        raise UserError(f"there is no format {format}", remedy="harbor")
    place = home.home()
    variant = variants.variant(place, home.sandbox(place), sessions.lab_named(lab), seed)
    typer.echo(harbor.build(variant, out))
    say("A Harbor task, whole and frozen. It holds the solution: keep it from candidates.")


@app.command(epilog="Examples: tenfold labs build slow-inference --seed 7 out/task")
def build(
    lab: LabArgument,
    out: Annotated[Path, typer.Argument(help="A folder that does not exist yet.", show_default=False)],
    *,
    seed: Annotated[str, typer.Option(help="Any text; the same gives the same variant.")] = "1",
) -> None:
    """The same as export: materialises a variant as a Harbor task."""
    export(lab, out, seed=seed)
