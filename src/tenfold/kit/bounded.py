"""Foreign files read in a process of their own, which is killed where it takes too long or too much memory.

The child gets bytes and gives JSON back: nothing that a file makes it do reaches the process that asked. It may open no
file to write, start nothing and leave no core behind.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from tenfold.kit.errors import CannotBeUsed, UserError

MEGABYTE = 1_000_000
REFUSED = 2
"""Exit code of a child that says itself why the file cannot be used."""
REFUSED_MARK = b"!"
"""Before such words where a child answers row by row; rows have a space there."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Processor time and memory of the reading itself, beside what our modules take, and the size of the answer.

    The clock runs three times the seconds.
    """

    seconds: int = 10
    memory_mb: int = 800
    answer_mb: int = 200


def read_bounded(reader: str, content: bytes, *, bounds: Bounds, what: str) -> Any:
    """What `reader` (`package.module:function`, taking bytes and giving JSON values) says of a file's content.

    `what` names the kind of file for people: “This XLSX workbook”.

    Raises:
        CannotBeUsed: with the reader's own words where it raises a UserError.
    """
    command = [sys.executable, "-m", "tenfold.kit.bounded", reader, str(bounds.seconds), str(bounds.memory_mb)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=3 * bounds.seconds + 20, check=False)
    except subprocess.TimeoutExpired:
        raise _too_slow(what, bounds) from None
    if len(done.stdout) > bounds.answer_mb * MEGABYTE:
        raise CannotBeUsed(f"{what} holds more than can be read.", remedy="Split it.")
    if done.returncode == 0:
        return json.loads(done.stdout)
    if done.returncode == REFUSED:
        said = json.loads(done.stdout)
        raise CannotBeUsed(said["what"], remedy=said["remedy"])
    if done.returncode < 0:
        raise _too_slow(what, bounds)
    raise CannotBeUsed(f"{what} cannot be read.", remedy="Save it again, or in another format.")


def rows_bounded(reader: str, path: Path, *arguments: str, bounds: Bounds, what: str) -> Iterator[Any]:
    """What `reader` (`package.module:function`, taking a path and words, yielding JSON values) says, one by one.

    For files too large to be held: the child reads the file itself, and ends where nobody listens any longer.

    Raises:
        CannotBeUsed: with the reader's own words where it raises a UserError.
    """
    command = [sys.executable, "-m", "tenfold.kit.bounded", reader, str(bounds.seconds), str(bounds.memory_mb)]
    with subprocess.Popen(
        [*command, str(path), *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        clock = threading.Timer(3 * bounds.seconds + 20, child.kill)
        clock.daemon = True
        clock.start()
        try:
            yield from _rows_of(child, bounds, what)
        finally:
            clock.cancel()
            child.kill()


def _rows_of(child: subprocess.Popen[bytes], bounds: Bounds, what: str) -> Iterator[Any]:
    told = cast("IO[bytes]", child.stdout)  # it has one: a pipe was asked for
    while line := told.readline(bounds.answer_mb * MEGABYTE):
        if not line.endswith(b"\n"):
            break  # it was killed amid a row, or a row has no end
        mark, said = line[:1], json.loads(line[1:])
        if mark == REFUSED_MARK:
            raise CannotBeUsed(said["what"], remedy=said["remedy"])
        yield said
    else:
        if child.wait() == 0:
            return
    if child.poll() is None or child.returncode < 0:
        raise _too_slow(what, bounds)
    raise CannotBeUsed(f"{what} cannot be read.", remedy="Save it again, or in another format.")


def _too_slow(what: str, bounds: Bounds) -> CannotBeUsed:
    return CannotBeUsed(
        f"{what} takes more than {bounds.seconds} seconds or {bounds.memory_mb} MB to read.",
        remedy="Save it again without pictures and hidden sheets, or split it.",
    )


def main(reader: str, seconds: str, memory_mb: str, *arguments: str) -> int:
    """The child: bounds itself, reads, answers: at once, or row by row where it was given a path."""
    module, _, name = reader.partition(":")
    read: Callable[..., Any] = getattr(importlib.import_module(module), name)
    _bound(int(seconds), int(memory_mb) * MEGABYTE)
    return _tell_rows(read, arguments) if arguments else _tell_whole(read)


def _tell_whole(read: Callable[[bytes], Any]) -> int:
    content = sys.stdin.buffer.read()
    try:
        answer, code = read(content), 0
    except UserError as error:
        answer, code = {"what": error.what, "remedy": error.remedy}, REFUSED
    except MemoryError:
        return 3
    sys.stdout.write(json.dumps(answer))
    return code


def _tell_rows(read: Callable[..., Iterator[Any]], arguments: Sequence[str]) -> int:
    try:
        for row in read(Path(arguments[0]), *arguments[1:]):
            sys.stdout.write(f" {json.dumps(row)}\n")
    except UserError as error:
        sys.stdout.write(f"!{json.dumps({'what': error.what, 'remedy': error.remedy})}\n")
    except MemoryError:
        return 3
    except BrokenPipeError:  # nobody wants more rows
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _bound(seconds: int, memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where the clock alone bounds
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = math.ceil(used.ru_utime + used.ru_stime) + seconds
    whole = _bytes_mapped() + memory
    resource.setrlimit(resource.RLIMIT_AS, (whole, whole))
    resource.setrlimit(resource.RLIMIT_CPU, (end, end))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bytes_mapped() -> int:
    """What our own modules map already, where the system tells."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * 4096
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
