"""The root command. Sub-commands are modules that are imported only when they are called, so that help is quick."""

from __future__ import annotations

import contextlib
import errno
import inspect
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn, Protocol, TextIO, runtime_checkable

from tenfold import __version__
from tenfold.kit.errors import ExitCode, UserError
from tenfold.kit.terminal import NeutralStream

INTERRUPTED = 130
BROKEN_PIPE = 141
"""128 and the signal's number, as shells report it."""
LONGEST_NAME_TOLD = 60
UNUSABLE_NAMES = (errno.ENAMETOOLONG, errno.ELOOP)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Entry:
    """A sub-command: where its Typer app (`app`) lives and the line that stands for it in the help."""

    name: str
    module: str
    help: str
    panel: str


START, PRACTICES, REFERENCE, SERVICE = "Start here", "Tools of the practices", "Look things up", "Data and service"
ENTRIES = (
    Entry("audit", "tenfold.audit.cli.audit", "Check postings and plans against the ten practices", START),
    Entry("plan", "tenfold.audit.cli.plan", "Start, draft and validate hiring plans", START),
    Entry("pay", "tenfold.practices.pay.cli", "Estimate pay, and place an offer on the market", PRACTICES),
    Entry("skills", "tenfold.practices.skills.cli", "Count who has all must-haves", PRACTICES),
    Entry("scope", "tenfold.cli.scope", "Say which MLOps job this is", PRACTICES),
    Entry("labs", "tenfold.labs.cli", "Run and grade work samples", PRACTICES),
    Entry("timing", "tenfold.cli.timing", "Weigh whether the moment is right", PRACTICES),
    Entry("alignment", "tenfold.cli.alignment", "Choose a reporting line, write a charter", PRACTICES),
    Entry("interviews", "tenfold.practices.interviews.cli", "Interview kits and scorecards", PRACTICES),
    Entry("growth", "tenfold.practices.growth.cli", "The ladder, and a plan to climb it", PRACTICES),
    Entry("retention", "tenfold.practices.retention.cli", "Pay drift, toil and the cost of a departure", PRACTICES),
    Entry("posting", "tenfold.cli.posting", "Read, write and convert job postings", PRACTICES),
    Entry("catalogue", "tenfold.catalogue.cli", "Find skills, areas, roles and levels", REFERENCE),
    Entry("facts", "tenfold.audit.cli.facts", "Every figure with its date, source and evidence", REFERENCE),
    Entry("rules", "tenfold.audit.cli.rules", "Every rule with its reason and sources", REFERENCE),
    Entry("law", "tenfold.intake.cli.law", "Hiring law by place and date", REFERENCE),
    Entry("people", "tenfold.apps.candidates.cli", "Import lists of people, erase a person, verify erasure", SERVICE),
    Entry("fairness", "tenfold.apps.fairness.cli", "Published audit periods, and the packet for an auditor", SERVICE),
    Entry("offers", "tenfold.apps.offers.cli", "Show and export offers, measure what they came to", SERVICE),
    Entry("market", "tenfold.market.cli", "Snapshots of pay data: build, import, inspect", SERVICE),
    Entry("web", "tenfold.web.cli", "Run the web application", SERVICE),
)


def keep_examples(command: Any) -> None:
    """Keeps the lines of paragraphs that hold indented ones, and cuts no line in lists of commands."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    kept = (f"\b\n{part}" if re.search(r"^ ", part, re.MULTILINE) else part for part in paragraphs)
    command.help = "\n\n".join(kept)
    command.short_help = command.short_help or " ".join(paragraphs[0].split())
    for below in getattr(command, "commands", {}).values():
        keep_examples(below)


HELP = """\
Usage: tenfold [OPTIONS] COMMAND [ARGS]...

  Hire MLOps engineers right, and keep them.

  Ten practices read your job posting or hiring plan and answer with findings,
  evidence and fixes.

  Examples:
    tenfold audit posting.md
    tenfold plan draft posting.md --out plan.yaml
    tenfold audit plan.yaml --out report.html

  Exit codes: 0 clean, 1 --fail-on reached, 2 input could not be used, 3 our
  fault.

Options:
  --version  Show the version and leave.
  --help     Show this message and exit.
"""


def help_text() -> str:
    """The root's help: every sub-command that is installed, by what it is for."""
    known = [entry for entry in ENTRIES if _exists(entry.module)]
    parts = [HELP]
    for panel in dict.fromkeys(entry.panel for entry in known):
        rows = [entry for entry in known if entry.panel == panel]
        width = max(len(entry.name) for entry in rows)
        parts.append(f"\n{panel}:\n" + "".join(f"  {entry.name:<{width}}  {entry.help}\n" for entry in rows))
    return "".join(parts)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and leaves with its exit code. Bad input is one clear message; our faults go to a file."""
    sys.exit(leave(list(sys.argv[1:] if arguments is None else arguments)))


def leave(arguments: list[str]) -> int:
    """The exit code of one command, with its output kept from steering the terminal."""
    with _neutral_output():
        return _leave(arguments)


@contextlib.contextmanager
def _neutral_output() -> Iterator[None]:
    given = sys.stdout, sys.stderr
    streams = [_neutral(stream) for stream in given]
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = given
        for made in streams:
            if isinstance(made, NeutralStream):
                with contextlib.suppress(OSError):  # told already, or nobody reads
                    made.flush()
                with contextlib.suppress(OSError):
                    made.detach()


def _neutral(stream: TextIO | None) -> TextIO:
    """The stream without what steers; one that was closed before we began (`>&-`) takes all and keeps nothing."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - lives as long as the command
    return NeutralStream(stream) if hasattr(stream, "buffer") else stream


def _leave(arguments: list[str]) -> int:
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except UserError as error:
        _say(str(error))
        return ExitCode.UNUSABLE_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return INTERRUPTED
    except OSError as error:
        return _said_of_the_system(error)
    except Exception as error:  # noqa: BLE001 - the last line of defence: say so, keep the traceback, leave with 3
        return _our_fault(error)
    except SystemExit as leaving:  # Rich leaves in its own way when the reader has gone
        if isinstance(leaving.__context__, BrokenPipeError):
            return _reader_left()
        raise
    else:
        return code


def _said_of_the_system(error: OSError) -> int:
    if error.errno == errno.EPIPE:
        return _reader_left()
    if error.errno in FULL:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}Nothing more can be written: {error.strerror}.\n  Try: Make room on the disk and call it again.")
        _write_nothing_more()
        return ExitCode.UNUSABLE_INPUT
    if error.errno in UNUSABLE_NAMES:
        name = str(error.filename or "What was given")
        _say(f"{name[:LONGEST_NAME_TOLD]}{'…' * (len(name) > LONGEST_NAME_TOLD)} is no file: {error.strerror}.")
        return ExitCode.UNUSABLE_INPUT
    return _our_fault(error)


def _invoke(arguments: list[str]) -> int:
    match arguments:
        case [] | ["--help" | "-h", *_]:
            sys.stdout.write(help_text())
            return ExitCode.CLEAN if arguments else ExitCode.UNUSABLE_INPUT
        case ["--version", *_]:
            sys.stdout.write(f"tenfold {__version__}\n")
            return ExitCode.CLEAN
        case [name, *rest]:
            return _invoke_command(_entry(name), rest)
    raise AssertionError(arguments)


def _entry(name: str) -> Entry:
    entry = next((entry for entry in ENTRIES if entry.name == name), None)
    if entry is not None and _exists(entry.module):
        return entry
    import difflib

    known = [entry.name for entry in ENTRIES if _exists(entry.module)]
    kind = "option" if name.startswith("-") else "command"
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f"Did you mean “tenfold {near[0]}”?" if near else "“tenfold --help” lists every command."
    raise UserError(f"There is no {kind} “{name}”.", remedy=remedy)


def _invoke_command(entry: Entry, arguments: list[str]) -> int:
    from tenfold.kit.kept_code import kept_code

    with kept_code():
        return _run_command(entry, arguments)


def _run_command(entry: Entry, arguments: list[str]) -> int:
    import typer
    from typer.main import get_command

    from tenfold.cli.plain_values import take_plain_values

    command = get_command(import_module(entry.module).app)
    keep_examples(command)
    take_plain_values(command)
    try:
        code = command.main(args=arguments, prog_name=f"tenfold {entry.name}", standalone_mode=False)
    except (typer.Abort, EOFError):
        raise KeyboardInterrupt from None
    except Exception as error:
        if isinstance(error, UsageFault):
            error.show()
            return ExitCode.UNUSABLE_INPUT
        raise
    return code if isinstance(code, int) else ExitCode.CLEAN


@runtime_checkable
class UsageFault(Protocol):
    """What typer raises for a command line that it cannot read, in whichever of its versions."""

    exit_code: int

    def show(self) -> None: ...


def _say(message: str) -> None:
    name = "tenfold:"
    if sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        name = f"\033[1;31m{name}\033[0m"
    encoding = sys.stderr.encoding or "ascii"
    with contextlib.suppress(OSError):  # nobody listens, or the disk is full
        sys.stderr.write(f"{name} {message}\n".encode(encoding, "replace").decode(encoding))
        sys.stderr.flush()


def _our_fault(error: BaseException) -> int:
    if os.environ.get("TENFOLD_DEBUG") == "1":
        raise error
    from tenfold.cli.failure import keep_traceback

    kept = keep_traceback(error)
    _say(
        f"Something went wrong on our side ({type(error).__name__}). Nothing of yours was changed.\n"
        f"  The details are in {kept}; TENFOLD_DEBUG=1 shows them here."
    )
    return ExitCode.OUR_FAULT


def _reader_left() -> int:
    """The reader of our output (`head`, a pager) closed it: leave quietly, and keep Python from complaining at exit."""
    _write_nothing_more()
    return BROKEN_PIPE


def _write_nothing_more() -> None:
    """What still waits to be written goes nowhere."""
    with contextlib.suppress(OSError, ValueError):  # no file at all, as in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
