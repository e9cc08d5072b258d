"""Help as someone meets it at a terminal of eighty columns."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from typer import main

from tenfold.cli.app import ENTRIES, keep_examples


def commands() -> Iterator[tuple[str, Any]]:
    for entry in ENTRIES:
        if find_spec(entry.module) is not None:
            app = import_module(entry.module).app
            command = main.get_command(app)
            keep_examples(command)
            yield from below(f"tenfold {entry.name}", command)


def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, part in getattr(command, "commands", {}).items():
        yield from below(f"{name} {word}", part)


ALL = dict(commands())


@pytest.mark.parametrize("name", ALL)
def test_help_says_what_a_command_is_for_and_cuts_no_line(name: str) -> None:
    told = help_of(name)
    listed = told.partition("Commands:")[2]
    assert ALL[name].help or ALL[name].short_help
    assert "..." not in listed, listed
    assert "--install-completion" not in told


@pytest.mark.parametrize("name", [name for name, command in ALL.items() if not getattr(command, "commands", None)])
def test_every_command_shows_how_it_is_called(name: str) -> None:
    told = f"{ALL[name].help}\n{getattr(ALL[name], 'epilog', '')}"
    assert f"{name} " in told.partition("Example")[2].replace("\n", " \n") + " ", f"no example in the help of {name}"


def help_of(name: str) -> str:
    command = ALL[name]
    context = command.make_context(name, [], resilient_parsing=True, terminal_width=80, max_content_width=80)
    return str(command.get_help(context))
