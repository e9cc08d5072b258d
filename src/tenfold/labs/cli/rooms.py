"""A candidate in the room: begun, gone back into, with the clock and hints."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import ExitCode, UserError
from tenfold.labs.cli.base import (
    LabArgument,
    SessionArgument,
    app,
    say,
)

if TYPE_CHECKING:
    from tenfold.labs.sessions import Session
    from tenfold.sandbox.interface import Box

SNAPSHOT_EVERY_S = 60.0


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
    from tenfold.labs import home, sessions
    from tenfold.labs.presenters import sandbox_says

    place = home.home()
    found = sessions.lab_named(lab)
    sandbox = home.sandbox(place)
    say(sandbox_says(sandbox))
    session = sessions.start(
        place,
        sandbox,
        found,
        candidate=candidate,
        attempt=attempt,
        accommodation=accommodation,
        now=sessions.utc_now(),
    )
    typer.echo(session.id)
    if shell:
        attend(session)
    else:
        say(f"Next: tenfold labs attach {session.id}")


@app.command(epilog="Example: tenfold labs attach slow-inference-3f")
def attach(session: SessionArgument) -> None:
    """Goes (back) into the room and shows the task again. The clock runs while you are inside."""
    from tenfold.labs import home, sessions

    attend(sessions.find(home.home(), session))


def attend(session: Session) -> None:
    """A shell in the room, recorded; the work is saved every minute and when you leave."""
    from tenfold.labs import home, sessions
    from tenfold.sandbox.interface import SandboxError, SandboxUnavailable

    place = home.home()
    sandbox = home.sandbox(place)
    now = sessions.utc_now
    session.must_be_enterable()
    box = session.open_box(place, sandbox, now())
    variant = session.variant(place, sandbox)
    say(variant.instruction)
    say(f"[{session.clock()}; leave with exit or ^D; attach shows this again; then: tenfold labs submit {session.id}]")
    visit = session.enter(now())
    try:
        _relay(session, box, visit)
        session.take_snapshot(box, "left", now())
        session.leave(visit, now())
    except (SandboxError, SandboxUnavailable) as error:
        if session.state is not sessions.State.OPEN:
            session.leave(visit, now())
            say(f"The work was handed in meanwhile. Next: tenfold labs grade {session.id}")
            return
        back = session.room_failed(visit, str(error), now())
        say(f"\r\nThe room broke, which is our fault: {back:.0f} minutes were given back. {session.clock()}.")
        say(f"Next: tenfold labs attach {session.id}")
        raise typer.Exit(ExitCode.OUR_FAULT) from error
    except BaseException:
        session.leave(visit, now())
        raise
    say(f"Saved. {session.clock()}. Next: tenfold labs attach or submit {session.id}")


def _relay(session: Session, box: Box, visit: int) -> None:
    """Raises `BoxGone` where the room ended under the shell."""
    from tenfold.labs.recording import Recorder, relay, window_size

    rows, cols = window_size(0)
    recorder = Recorder(session.next_recording(), rows, cols, title=session.id)
    try:
        terminal = box.open_pty(["/bin/bash", "-i"], rows=rows, cols=cols)
        try:
            relay(terminal, recorder, _Ticker(session, box, visit))
        finally:
            terminal.process.kill()
            os.close(terminal.fd)
    finally:
        recorder.close()


class _Ticker:
    """Once a second: notes that someone is there, saves the work now and then, ends when the time is over."""

    def __init__(self, session: Session, box: Box, visit: int) -> None:
        self._session, self._box, self._visit, self._count = session, box, visit, 0

    def __call__(self) -> bool:
        from tenfold.labs.clock import HEARTBEAT_S
        from tenfold.labs.sessions import utc_now

        self._count += 1
        if (why := self._session.paused()) is not None:
            sys.stdout.write(f"\r\n[paused: {why}; your clock stands, your work is saved]\r\n")
            return False
        if self._count % HEARTBEAT_S == 0:
            self._session.heartbeat(self._visit, utc_now())
            if self._session.clock().is_over:
                sys.stdout.write("\r\n[the time is over; your work is saved]\r\n")
                return False
        if self._count % SNAPSHOT_EVERY_S == 0:
            try:
                self._session.take_snapshot(self._box, "interval", utc_now())
            except UserError as problem:
                sys.stdout.write(f"\r\n[{problem.what}]\r\n")
        return True


@app.command(epilog="Examples: tenfold labs hint slow-inference-3f")
def hint(session: SessionArgument) -> None:
    """The next hint. That it was given is noted for the debrief; it costs no points."""
    from tenfold.labs import home, sessions

    text = sessions.find(home.home(), session).hint(sessions.utc_now())
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
    from tenfold.labs import home, sessions

    found = sessions.find(home.home(), session)
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
    from tenfold.labs import home, sessions

    found = sessions.find(home.home(), session)
    found.accommodate(factor, by, sessions.utc_now())
    typer.echo(str(found.clock()))


@app.command(epilog="Example: tenfold labs pause slow-inference-3f --reason 'fire drill' --by interviewer-2")
def pause(session: SessionArgument, *, reason: ReasonOption, by: ByOption) -> None:
    """Stops a candidate's clock and closes the room, work saved, until it is resumed. What runs in it goes on."""
    from tenfold.labs import home, sessions

    found = sessions.find(home.home(), session)
    found.pause(reason, by, sessions.utc_now())
    typer.echo(f"Paused. {found.clock()}. Next: tenfold labs resume {found.id} --by {by}")


@app.command(epilog="Example: tenfold labs resume slow-inference-3f --by interviewer-2")
def resume(session: SessionArgument, *, by: ByOption) -> None:
    """Opens a paused room again. The clock runs once the candidate is back in it."""
    from tenfold.labs import home, sessions

    found = sessions.find(home.home(), session)
    found.resume(by, sessions.utc_now())
    typer.echo(f"{found.clock()}. Next: tenfold labs attach {found.id}")
