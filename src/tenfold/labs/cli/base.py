"""What the commands of `tenfold labs` share: the application, options and ways to say things."""

from __future__ import annotations

import json as json_text
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from tenfold.labs.sessions import Session

app = typer.Typer(help="Run and grade work samples.", add_completion=False, no_args_is_help=True)
env_app = typer.Typer(
    help="The tools that labs find: locked, built once, shared.", add_completion=False, no_args_is_help=True
)
app.add_typer(env_app, name="env")


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


FormatOption = Annotated[Format, typer.Option("--format", help="text or json.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
LabArgument = Annotated[str, typer.Argument(help="A lab's name, or a lab's folder.", show_default=False)]
SessionArgument = Annotated[str, typer.Argument(help="A session's id, or how it begins.", show_default=False)]


def session_named(name: str) -> Session:
    """By id or a beginning of one; wherever it is held, where several machines hold rooms. Raises `UserError`."""
    from tenfold.labs import engines, home, sessions

    place = home.home()
    if engines.is_shared(place) and (found := engines.session_at(place, name)) is not None:
        return found
    known = sessions.find(place, name)
    return engines.session_at(place, known.id) or known


@app.callback()
def labs() -> None:
    """Run and grade work samples on real tools, each candidate with a variant of their own."""


def stdout_console() -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def say(text: str) -> None:
    typer.echo(text, err=True)


def print_json(words: object) -> None:
    typer.echo(json_text.dumps(words, indent=2, default=str))


def progress_bar() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=stderr_console(), transient=True)


def stderr_console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, emoji=False, markup=False)
