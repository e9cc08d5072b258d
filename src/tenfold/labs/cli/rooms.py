"""A candidate in the room: begun, gone back into, with the clock and hints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import ExitCode, UserError
from tenfold.labs.cli.base import (
    LabArgument,
    SessionArgument,
    app,
    say,
    session_named,
)

if TYPE_CHECKING:
    from tenfold.labs.rooms.local import Ending
    from tenfold.labs.sessions import Session


@app.command(
    epilog="Examples: tenfold labs start slow-inference · "
    "tenfold labs start slow-inference --candidate c-17 --accommodation 1.5 --no-shell"
)
def start(
    lab: LabArgument,
    *,
    candidate: Annotated[str, typer.Option(help="Who it is for: an alias, no name.")] = "me",
    attempt: Annotated[int, typer.Option(min=1, help="Another attempt is another variant.")] = 1,
    accommodation: Annotated[float, typer.Option(min=1, max=5, help="Time factor.")] = 1.0,
    shell: Annotated[bool, typer.Option(help="Open a shell in the room now.")] = True,
) -> None:
    """Begins a session and opens a shell in the room.

    It makes this candidate's variant; the shell is on your own terminal.
    """
    from tenfold.labs import engines, home, sessions
    from tenfold.labs.presenters import sandbox_says

    place = home.home()
    found = sessions.lab_named(lab)
    sandbox = home.sandbox(place)
    say(sandbox_says(sandbox))
    begun = sessions.start(
        place,
        sandbox,
        found,
        candidate=candidate,
        attempt=attempt,
        accommodation=accommodation,
        now=sessions.utc_now(),
    )
    session = engines.keep(place, begun)
    typer.echo(session.id)
    if shell:
        attend(session)
    else:
        say(f"Next: tenfold labs attach {session.id}")


@app.command(epilog="Example: tenfold labs attach slow-inference-3f")
def attach(session: SessionArgument) -> None:
    """Goes (back) into the room and shows the task again. The clock runs while you are inside."""
    attend(session_named(session))


def attend(session: Session) -> None:
    """A shell in the room, recorded; the work is saved every half minute and when you leave."""
    import asyncio

    from tenfold.labs import home
    from tenfold.labs.engines import engine
    from tenfold.labs.rooms import RoomError
    from tenfold.labs.rooms.local import attach_here

    place = home.home()
    session.must_be_enterable()
    try:
        asyncio.run(engine(place).hold(session))
    except RoomError as error:
        say(f"The room could not be opened, which is our fault: {error}")
        raise typer.Exit(ExitCode.OUR_FAULT) from error
    say(session.variant(place, home.sandbox(place)).instruction)
    say(f"[{session.clock()}; leave with exit or ^D; attach shows this again; then: tenfold labs submit {session.id}]")
    _say_ending(session, asyncio.run(attach_here(session)))


def _say_ending(session: Session, ending: Ending) -> None:
    """Why they are out of the room again, and what is next."""
    import asyncio

    from tenfold.labs.rooms import RoomError, save

    match ending.kind:
        case "broken":
            say(f"\r\nThe room broke, which is our fault: {ending.minutes:.0f} minutes were given back.")
            say(f"Next: tenfold labs attach {session.id}")
            raise typer.Exit(ExitCode.OUR_FAULT)
        case "lost":
            say(f"\r\nThe line to the room was cut; your clock stands. Next: tenfold labs attach {session.id}")
            raise typer.Exit(ExitCode.OUR_FAULT)
        case "submitted":
            say(f"\r\nThe work was handed in meanwhile. Next: tenfold labs grade {session.id}")
            return
        case "paused":
            say(f"\r\n[paused: {ending.why}; your clock stands, your work is saved]")
        case "moved":
            say(f"\r\n[{ending.why}]")
        case "over":
            say("\r\n[the time is over; your work is saved]")
        case _:
            try:
                asyncio.run(save(session))
            except UserError as problem:
                say(f"[{problem.what}]")
            except RoomError as error:
                raise typer.Exit(ExitCode.OUR_FAULT) from error
    say(f"Saved. {session.clock()}. Next: tenfold labs attach or submit {session.id}")


@app.command(epilog="Examples: tenfold labs hint slow-inference-3f")
def hint(session: SessionArgument) -> None:
    """The next hint. That it was given is noted for the debrief; it costs no points."""
    from tenfold.labs import sessions

    text = session_named(session).hint(sessions.utc_now())
    typer.echo(text or "All hints were given.")


ByOption = Annotated[str, typer.Option(help="Who grants it.")]
ReasonOption = Annotated[str, typer.Option(help="Why; kept in the event log.")]


@app.command(epilog="Example: tenfold labs extend slow-inference-3f 10 --reason 'fire drill' --by interviewer-2")
def extend(
    session: SessionArgument,
    minutes: Annotated[float, typer.Argument(min=1, max=600)],
    *,
    reason: ReasonOption,
    by: ByOption,
) -> None:
    """Gives a candidate more time."""
    from tenfold.labs import sessions

    found = session_named(session)
    found.extend(minutes, reason, by, sessions.utc_now())
    typer.echo(str(found.clock()))


@app.command(epilog="Example: tenfold labs accommodate slow-inference-3f 1.5 --by coordinator-1")
def accommodate(
    session: SessionArgument,
    factor: Annotated[float, typer.Argument(min=1, max=5, help="1.5 gives half as much again.")],
    *,
    by: ByOption,
) -> None:
    """Sets a candidate's time factor. No reason is asked for or kept: it is nobody's business."""
    from tenfold.labs import sessions

    found = session_named(session)
    found.accommodate(factor, by, sessions.utc_now())
    typer.echo(str(found.clock()))


@app.command(epilog="Example: tenfold labs pause slow-inference-3f --reason 'fire drill' --by interviewer-2")
def pause(session: SessionArgument, *, reason: ReasonOption, by: ByOption) -> None:
    """Stops a candidate's clock and closes the room, work saved, until it is resumed. What runs in it goes on."""
    from tenfold.labs import sessions

    found = session_named(session)
    found.pause(reason, by, sessions.utc_now())
    typer.echo(f"Paused. {found.clock()}. Next: tenfold labs resume {found.id} --by {by}")


@app.command(epilog="Example: tenfold labs resume slow-inference-3f --by interviewer-2")
def resume(session: SessionArgument, *, by: ByOption) -> None:
    """Opens a paused room again. The clock runs once the candidate is back in it."""
    from tenfold.labs import sessions

    found = session_named(session)
    found.resume(by, sessions.utc_now())
    typer.echo(f"{found.clock()}. Next: tenfold labs attach {found.id}")
