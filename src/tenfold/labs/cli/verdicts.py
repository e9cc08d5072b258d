"""What was handed in: graded, played again, proven."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import UserError
from tenfold.labs.cli.base import (
    Format,
    FormatOption,
    JsonOption,
    SessionArgument,
    app,
    print_json,
    progress_bar,
    session_named,
    stderr_console,
    stdout_console,
)

if TYPE_CHECKING:
    from tenfold.labs.sessions import Session


@app.command(epilog="Examples: tenfold labs submit slow-inference-3f · tenfold labs submit slow-inference-3f --json")
def submit(session: SessionArgument, *, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """Hands in the work and grades it.

    A verdict with evidence, and what to learn where points were lost.
    """
    from tenfold.labs import sessions

    found = session_named(session)
    if found.state is sessions.State.OPEN:
        _submit(found)
        found = session_named(found.id)
    _grade_and_tell(found, as_json=json or format is Format.JSON, again=False)


def _submit(session: Session) -> None:
    """Through whoever holds the room, who tells everybody in it."""
    import asyncio

    from tenfold.labs import rooms
    from tenfold.labs.engines import engine

    try:
        asyncio.run(engine().submit(session))
    except rooms.RoomError as error:
        raise UserError(f"the room could not be asked: {error}", remedy="try again; nothing was lost") from error


@app.command(
    epilog="Examples: tenfold labs grade slow-inference-3f · tenfold labs grade slow-inference-3f --again · "
    "tenfold labs grade --waiting"
)
def grade(
    session: Annotated[str, typer.Argument(help="A session's id, or how it begins.", show_default=False)] = "",
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="All that was handed in and not graded yet.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Judge again; the earlier verdict is kept.")] = False,
    snapshot: Annotated[str, typer.Option(help="Another snapshot of the session.")] = "",
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Grades what was handed in.

    Asked twice it gives the same verdict; with --again it measures anew.
    """
    if waiting == bool(session):
        raise UserError("name a session, or say --waiting", remedy="tenfold labs list --sessions")
    as_json = json or format is Format.JSON
    if waiting:
        _grade_waiting(as_json=as_json)
        return
    _grade_and_tell(session_named(session), as_json=as_json, again=again, snapshot=snapshot)


def _grade_waiting(*, as_json: bool) -> None:
    """One after another (or as many at once as the host takes), with progress."""
    from tenfold.labs import home, sessions

    place = home.home()
    found = [one for one in sessions.all_sessions(place) if one.state is sessions.State.SUBMITTED]
    if not found:
        typer.echo("[]" if as_json else "Nothing waits to be graded.")
        return
    sandbox = home.sandbox(place)
    verdicts = {}
    with progress_bar() as progress:
        task = progress.add_task("grading", total=len(found))
        for session, verdict in sessions.grade_many(place, sandbox, found):
            verdicts[session.id] = verdict
            progress.update(task, advance=1, description=f"{session.id}: {verdict.outcome}")
    if as_json:
        print_json([{"session": name, **verdict.to_dict()} for name, verdict in verdicts.items()])
        return
    for name, verdict in verdicts.items():
        typer.echo(f"{name}  {verdict.outcome}  {verdict.points:g} of {verdict.of}  {verdict.why[:80]}".rstrip())


def _grade_and_tell(session: Session, *, as_json: bool, again: bool, snapshot: str = "") -> None:
    import asyncio

    from tenfold.labs import home, sessions
    from tenfold.labs.engines import engine
    from tenfold.labs.presenters import show_verdict

    place = home.home()
    with stderr_console().status("Grading …") if sys.stderr.isatty() else nullcontext() as status:

        def on_position(count: int) -> None:
            if status is not None:
                status.update(f"Waiting for {count} other gradings …" if count else "Grading …")

        if snapshot:  # another one than was handed in is graded on this machine
            sandbox = home.sandbox(place)
            verdict = session.grade(
                place, sandbox, sessions.utc_now(), again=again, snapshot=snapshot, on_position=on_position
            )
        else:
            verdict = asyncio.run(engine(place).grade(session, again=again, on_position=on_position))
    if as_json:
        print_json(verdict.to_dict())
        return
    show_verdict(verdict, stdout_console())
    typer.echo(f"\nNext: tenfold labs evidence {session.id} --out evidence.zip · tenfold labs replay {session.id}")


@app.command(epilog="Examples: tenfold labs replay slow-inference-3f · tenfold labs replay slow-inference-3f --speed 8")
def replay(
    session: SessionArgument,
    *,
    number: Annotated[int, typer.Option(min=1, help="Which recording.")] = 1,
    speed: Annotated[float, typer.Option(min=0.1, max=100)] = 2.0,
) -> None:
    """Plays a recording of the room's terminal."""
    from tenfold.labs.recording import play

    recordings = session_named(session).recordings()
    if number > len(recordings):
        remedy = f"--number 1 to {len(recordings)}" if recordings else f"tenfold labs attach {session} makes one"
        raise UserError(f"there is no recording {number}", remedy=remedy)
    play(recordings[number - 1], speed=speed)


@app.command(epilog="Example: tenfold labs evidence slow-inference-3f --out evidence.zip")
def evidence(session: SessionArgument, *, out: Annotated[Path, typer.Option(help="Where to write the zip.")]) -> None:
    """Everything a verdict rests on, in one zip.

    Events, snapshots, recordings, measurements, seed, versions.
    """
    typer.echo(session_named(session).evidence(out))
