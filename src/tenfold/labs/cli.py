"""`tenfold labs`: work samples in isolated rooms, graded by behaviour."""

from __future__ import annotations

import json as json_text
import os
import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import ExitCode, UserError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from tenfold.labs.sessions import Session
    from tenfold.sandbox.interface import Box

app = typer.Typer(help="Run and grade work samples.", add_completion=False, no_args_is_help=True)
env_app = typer.Typer(
    help="The tools that labs find: locked, built once, shared.", add_completion=False, no_args_is_help=True
)
app.add_typer(env_app, name="env")

SNAPSHOT_EVERY_S = 60.0


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


FormatOption = Annotated[Format, typer.Option("--format", help="text or json.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
LabArgument = Annotated[str, typer.Argument(help="A lab's name, or a lab's folder.", show_default=False)]
SessionArgument = Annotated[str, typer.Argument(help="A session's id, or how it begins.", show_default=False)]


@app.callback()
def labs() -> None:
    """Run and grade work samples on real tools, each candidate with a variant of their own."""


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _print_json(words: object) -> None:
    typer.echo(json_text.dumps(words, indent=2, default=str))


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
            _print_json([{key: value for key, value in row.items() if key != "seed"} for row in rows])
            return
        for row in rows:
            typer.echo(f"{row['id']}  {row['state']}  {row['candidate']}, attempt {row['attempt']}  {row['clock']}")
        if not rows:
            typer.echo("Sessions will be listed here. Begin one: tenfold labs start slow-inference")
        return
    from tenfold.labs.presenters import show_registry

    summaries = registry.summaries(registry.labs_folder())
    if as_json:
        _print_json([{**asdict(one), "folder": one.folder.name} for one in summaries])
        return
    show_registry(summaries, _console())
    typer.echo("\nNext: tenfold labs try slow-inference shows one in five minutes.")


@app.command(epilog="Examples: tenfold labs show slow-inference · tenfold labs show drift-watch --json")
def show(lab: LabArgument, *, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """What a lab asks, what it grades, and on what evidence."""
    from tenfold.labs.sessions import lab_named

    found = lab_named(lab)
    if json or format is Format.JSON:
        criteria = [
            {"id": one.id, "points": one.points, "kind": one.kind, "competency": one.competency, "what": one.what}
            for one in found.criteria
        ]
        _print_json({"lab": found.edition, "minutes": found.minutes, "kind": found.kind, "criteria": criteria})
        return
    typer.echo(f"{found.slug}: {found.description}")
    typer.echo(f"  {found.kind}, {found.minutes} minutes; faults of {len(found.families)} families; {found.ai_policy}")
    for one in found.criteria:
        typer.echo(f"  {one.points:3} {one.id}: {one.what} ({one.competency})")
    typer.echo(f"\nNext: tenfold labs start {found.slug}")


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
        _print_json(rows)
    else:
        for one in found:
            typer.echo(str(one))
        typer.echo(f"{len(found)} findings" if found else f"{folder.name}: nothing to mend. Next: tenfold labs doctor")
    if found:
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


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
    _say(f"Next: write what the files marked TODO say, then tenfold labs doctor {made} --fast")


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
    _say(sandbox_says(sandbox))
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
        _attend(session)
    else:
        _say(f"Next: tenfold labs attach {session.id}")


@app.command(epilog="Example: tenfold labs attach slow-inference-3f")
def attach(session: SessionArgument) -> None:
    """Goes (back) into the room and shows the task again. The clock runs while you are inside."""
    from tenfold.labs import home, sessions

    _attend(sessions.find(home.home(), session))


def _attend(session: Session) -> None:
    """A shell in the room, recorded; the work is saved every minute and when you leave."""
    from tenfold.labs import home, sessions
    from tenfold.sandbox.interface import SandboxError, SandboxUnavailable

    place = home.home()
    sandbox = home.sandbox(place)
    now = sessions.utc_now
    session.must_be_enterable()
    box = session.open_box(place, sandbox, now())
    variant = session.variant(place, sandbox)
    _say(variant.instruction)
    _say(f"[{session.clock()}; leave with exit or ^D; attach shows this again; then: tenfold labs submit {session.id}]")
    visit = session.enter(now())
    try:
        _relay(session, box, visit)
        session.take_snapshot(box, "left", now())
        session.leave(visit, now())
    except (SandboxError, SandboxUnavailable) as error:
        if session.state is not sessions.State.OPEN:
            session.leave(visit, now())
            _say(f"The work was handed in meanwhile. Next: tenfold labs grade {session.id}")
            return
        back = session.room_failed(visit, str(error), now())
        _say(f"\r\nThe room broke, which is our fault: {back:.0f} minutes were given back. {session.clock()}.")
        _say(f"Next: tenfold labs attach {session.id}")
        raise typer.Exit(ExitCode.OUR_FAULT) from error
    except BaseException:
        session.leave(visit, now())
        raise
    _say(f"Saved. {session.clock()}. Next: tenfold labs attach or submit {session.id}")


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


@app.command(epilog="Examples: tenfold labs submit slow-inference-3f · tenfold labs submit slow-inference-3f --json")
def submit(session: SessionArgument, *, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """Hands in the work and grades it.

    A verdict with evidence, and what to learn where points were lost.
    """
    from tenfold.labs import home, sessions

    place = home.home()
    found = sessions.find(place, session)
    box = found.room(home.sandbox(place), sessions.utc_now())
    found.submit(box, sessions.utc_now())
    if box is not None:
        box.destroy()
    _grade_and_tell(found, as_json=json or format is Format.JSON, again=False)


@app.command(
    epilog="Examples: tenfold labs grade slow-inference-3f · tenfold labs grade slow-inference-3f --again · "
    "tenfold labs grade --waiting"
)
def grade(
    session: Annotated[str, typer.Argument(help="A session's id, or how it begins.", show_default=False)] = "",
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="All that was handed in and not graded yet.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Judge anew, beside the verdict there is.")] = False,
    snapshot: Annotated[str, typer.Option(help="Another snapshot of the session.")] = "",
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Grades what was handed in.

    Asked twice it gives the same verdict; with --again it measures anew.
    """
    from tenfold.labs import home, sessions

    if waiting == bool(session):
        raise UserError("name a session, or say --waiting", remedy="tenfold labs list --sessions")
    as_json = json or format is Format.JSON
    if waiting:
        _grade_waiting(as_json=as_json)
        return
    _grade_and_tell(sessions.find(home.home(), session), as_json=as_json, again=again, snapshot=snapshot)


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
    with _progress() as progress:
        task = progress.add_task("grading", total=len(found))
        for session, verdict in sessions.grade_many(place, sandbox, found):
            verdicts[session.id] = verdict
            progress.update(task, advance=1, description=f"{session.id}: {verdict.outcome}")
    if as_json:
        _print_json([{"session": name, **verdict.to_dict()} for name, verdict in verdicts.items()])
        return
    for name, verdict in verdicts.items():
        typer.echo(f"{name}  {verdict.outcome}  {verdict.points:g} of {verdict.of}  {verdict.why[:80]}".rstrip())


def _progress() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=_stderr_console(), transient=True)


def _grade_and_tell(session: Session, *, as_json: bool, again: bool, snapshot: str = "") -> None:
    from tenfold.labs import home, sessions
    from tenfold.labs.presenters import show_verdict

    place = home.home()
    with _stderr_console().status("Grading …") if sys.stderr.isatty() else nullcontext() as status:

        def on_position(count: int) -> None:
            if status is not None:
                status.update(f"Waiting for {count} other gradings …" if count else "Grading …")

        sandbox = home.sandbox(place)
        verdict = session.grade(
            place, sandbox, sessions.utc_now(), again=again, snapshot=snapshot, on_position=on_position
        )
    if as_json:
        _print_json(verdict.to_dict())
        return
    show_verdict(verdict, _console())
    typer.echo(f"\nNext: tenfold labs evidence {session.id} --out evidence.zip · tenfold labs replay {session.id}")


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


@app.command(epilog="Examples: tenfold labs replay slow-inference-3f · tenfold labs replay slow-inference-3f --speed 8")
def replay(
    session: SessionArgument,
    *,
    number: Annotated[int, typer.Option(min=1, help="Which recording.")] = 1,
    speed: Annotated[float, typer.Option(min=0.1, max=100)] = 2.0,
) -> None:
    """Plays a recording of the room's terminal."""
    from tenfold.labs import home, sessions
    from tenfold.labs.recording import play

    recordings = sessions.find(home.home(), session).recordings()
    if number > len(recordings):
        remedy = f"--number 1 to {len(recordings)}" if recordings else f"tenfold labs attach {session} makes one"
        raise UserError(f"there is no recording {number}", remedy=remedy)
    play(recordings[number - 1], speed=speed)


@app.command(epilog="Example: tenfold labs evidence slow-inference-3f --out evidence.zip")
def evidence(session: SessionArgument, *, out: Annotated[Path, typer.Option(help="Where to write the zip.")]) -> None:
    """Everything a verdict rests on, in one zip.

    Events, snapshots, recordings, measurements, seed, versions.
    """
    from tenfold.labs import home, sessions

    typer.echo(sessions.find(home.home(), session).evidence(out))


@app.command(
    epilog="Examples: tenfold labs doctor slow-inference --fast · tenfold labs doctor my-lab --only mutants · "
    "tenfold labs doctor my-lab --format html > card.html · tenfold labs doctor slow-inference --write"
)
def doctor(
    lab: LabArgument,
    *,
    fast: Annotated[bool, typer.Option("--fast", help="3 seeds, a few minutes.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Keep the report card beside the lab.")] = False,
    only: Annotated[str, typer.Option(help="One gate: lint, reference, floor, mutants, generated, …")] = "",
    seeds: Annotated[int, typer.Option(min=0, max=200, help="So many seeds for every gate; 0: as planned.")] = 0,
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
    with _progress() as progress:
        task = progress.add_task("doctor", total=None)

        def tell(done: int, of: int, what: str) -> None:
            progress.update(task, completed=done, total=of, description=what)

        plan = engine.with_seeds(engine.FAST if fast else engine.FULL, seeds)
        gate = engine.GateName(only) if only else None
        card = engine.Doctor(place, home.sandbox(place), found, plan, say=tell, only=gate).examine()
    if write and not only and not seeds:
        from tenfold.kit.writing import write_whole

        name = "gates.toml" if fast else "report-card.toml"
        write_whole(found.folder / "lab" / name, presenters.card_toml(card))
    if json or format is Format.JSON:
        _print_json(card.to_dict())
    elif format is Format.HTML:
        typer.echo(presenters.card_html(card))
    else:
        presenters.show_card(card, _console())
    if not card.passed:
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


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
    from tenfold.labs import home, judging, presenters, sessions

    if over not in list(judging.Base):
        raise UserError(f"nothing is laid over {over!r}", remedy="--over starter or --over reference")
    place = home.home()
    found = sessions.lab_named(lab)
    verdict = judging.judge(place, home.sandbox(place), found, seed=seed, over=judging.Base(over), folder=folder)
    if json or format is Format.JSON:
        _print_json(judging.to_dict(verdict))
        return
    presenters.show_verdict(verdict, _console())


def _stderr_console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, emoji=False, markup=False)


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
    _say("A Harbor task, whole and frozen. It holds the solution: keep it from candidates.")


@app.command(epilog="Examples: tenfold labs build slow-inference --seed 7 out/task")
def build(
    lab: LabArgument,
    out: Annotated[Path, typer.Argument(help="A folder that does not exist yet.", show_default=False)],
    *,
    seed: Annotated[str, typer.Option(help="Any text; the same gives the same variant.")] = "1",
) -> None:
    """The same as export: materialises a variant as a Harbor task."""
    export(lab, out, seed=seed)


@app.command("try", epilog="Example: tenfold labs try slow-inference")
def try_(lab: Annotated[str, typer.Argument(help="A lab's name.")] = "slow-inference") -> None:
    """Five minutes: a lab's fault, its solution, both graded."""
    from tenfold.labs import environments, grading, home, presenters, registry, sessions, variants

    place = home.home()
    found = sessions.lab_named(lab)
    sandbox = home.sandbox(place)
    _say(presenters.sandbox_says(sandbox))
    environments.build(environments.named(registry.labs_folder(), found.environment), place.environments, _say)
    variant = variants.variant(place, sandbox, found, "try")
    console = _console()
    typer.echo(variant.instruction.split("## What is here")[0])
    for name, says in (("starter", "As the candidate finds it"), ("reference", "With the reference solution")):
        typer.echo(f"── {says} ──")
        with console.status("Grading …") if sys.stdout.isatty() else nullcontext():
            verdict = grading.grade(place, sandbox, variant, variant.workspace(name))
        presenters.show_verdict(verdict, console)
        typer.echo("")
    typer.echo(f"Next: tenfold labs start {found.slug}, and solve it yourself.")


@app.command(epilog="Examples: tenfold labs sweep · tenfold labs sweep --json")
def sweep(*, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """Removes what a killed runner left.

    Boxes, mounts, cgroups, processes. Kept work is rescued first.
    """
    from dataclasses import asdict

    from tenfold.labs import home
    from tenfold.sandbox import boxes
    from tenfold.sandbox import sweep as engine

    place = home.home()
    maker = boxes.Place(place.runner, place.environments, privileged=os.geteuid() == 0)
    with engine.lock(maker):
        swept = engine.sweep(maker)
    if json or format is Format.JSON:
        _print_json(asdict(swept))
        return
    typer.echo(
        "Nothing was left behind."
        if swept.nothing
        else f"Removed {len(swept.boxes)} boxes, {swept.processes} processes, {swept.mounts} mounts, "
        f"{len(swept.cgroups)} cgroups; rescued {len(swept.rescued)} workspaces."
    )


@app.command(epilog="Examples: tenfold labs sandbox · tenfold labs sandbox --escapes")
def sandbox(
    *, escapes: Annotated[bool, typer.Option("--escapes", help="Try to get out, and prove each attempt.")] = False
) -> None:
    """What this machine's sandbox holds.

    With --escapes, whether it does.
    """
    from tenfold.labs import home
    from tenfold.labs.presenters import sandbox_says
    from tenfold.sandbox import escapes as suite

    place = home.home()
    found = home.sandbox(place)
    typer.echo(sandbox_says(found))
    if not escapes:
        return
    with suite.bait() as things:
        full = [suite.attempt(found, one, things) for one in suite.ATTEMPTS]
        proofs = {one.name: suite.prove(place.environments, one, things) for one in suite.ATTEMPTS}
    typer.echo(suite.summary(full, proofs))
    if any(outcome.escaped for outcome in full):
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


@app.command(epilog="Example (as root): tenfold labs runner --allow tenfold")
def runner(
    *,
    allow: Annotated[list[str] | None, typer.Option(help="A user, or a uid, who may use it; repeat for more.")] = None,
) -> None:
    """Serves rooms: the one process that needs root.

    It serves others until it is ended.
    """
    import pwd

    from tenfold.labs import home
    from tenfold.sandbox import boxes
    from tenfold.sandbox import runner as engine

    engine.must_be_able()
    place = home.home()
    uids = set()
    for name in allow or []:
        try:
            uids.add(int(name) if name.isdigit() else pwd.getpwnam(name).pw_uid)
        except KeyError:
            raise UserError(f"there is no user {name}", remedy="name one that exists, or a uid") from None
    maker = boxes.Place(place.runner, place.environments, privileged=True)
    _say(f"runner at {engine.socket_path(maker)} for root and uids {sorted(uids) or 'none'}")
    engine.run(maker, frozenset(uids), idle_s=None)


@env_app.command("list", epilog="Examples: tenfold labs env list · tenfold labs env list --json")
def env_list(*, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """Environments that ship, and whether they are built here."""
    from tenfold.labs import environments, home, registry

    root = home.home().environments
    rows = [
        {"name": one.name, "what": one.what, "disk_mb": one.disk_mb, "built": one.is_built(root), "key": one.key}
        for one in environments.shipped(registry.labs_folder())
    ]
    if json or format is Format.JSON:
        _print_json(rows)
        return
    for row in rows:
        typer.echo(
            f"{row['name']:10} {'built' if row['built'] else 'not built':9}  {row['disk_mb']:>5} MB  {row['what']}"
        )
    typer.echo(f"\nThey live in {root}. Next: tenfold labs env build mini")


@env_app.command("build", epilog="Examples: tenfold labs env build mini · tenfold labs env build")
def env_build(
    names: Annotated[list[str] | None, typer.Argument(help="Which; default all.", show_default=False)] = None,
) -> None:
    """Builds environments that are not there: from their locks, checked by hash."""
    from tenfold.labs import environments, home, registry

    place = home.home()
    chosen = [environments.named(registry.labs_folder(), name) for name in names or []] or list(
        environments.shipped(registry.labs_folder())
    )
    for one in chosen:
        typer.echo(environments.build(one, place.environments, _say))


@env_app.command("check", epilog="Example: tenfold labs env check mini")
def env_check(
    names: Annotated[list[str] | None, typer.Argument(help="Which; default all built.", show_default=False)] = None,
) -> None:
    """Imports what each holds, in a room without network."""
    from tenfold.labs import environments, home, registry

    place = home.home()
    sandbox = home.sandbox(place)
    for one in environments.shipped(registry.labs_folder()):
        if one.name in (names or [one.name]) and one.is_built(place.environments):
            typer.echo(f"{one.name}: {environments.check(one, sandbox)}")
