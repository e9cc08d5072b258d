"""Foreign files read in a process of their own, which is killed where it takes too long or too much memory.

The child gets bytes and gives JSON back: nothing that a file makes it do reaches the process that asked. It may open no
file to write, start nothing and leave no core behind.
"""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.kit.errors import UserError

MEGABYTE = 1_000_000
REFUSED = 2
"""Exit code of a child that says itself why the file cannot be used."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Processor time and memory of the reading itself, beside what our modules take, and the size of the answer.

    The clock runs three times the seconds.
    """

    seconds: int = 10
    memory_mb: int = 800
    answer_mb: int = 200


class CannotBeUsed(UserError):
    """A file took too long or too much memory, or the library that reads it failed."""


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


def _too_slow(what: str, bounds: Bounds) -> CannotBeUsed:
    return CannotBeUsed(
        f"{what} takes more than {bounds.seconds} seconds or {bounds.memory_mb} MB to read.",
        remedy="Save it again without pictures and hidden sheets, or split it.",
    )


def main(reader: str, seconds: str, memory_mb: str) -> int:
    """The child: bounds itself, reads, answers."""
    module, _, name = reader.partition(":")
    read: Callable[[bytes], Any] = getattr(importlib.import_module(module), name)
    _bound(int(seconds), int(memory_mb) * MEGABYTE)
    content = sys.stdin.buffer.read()
    try:
        answer, code = read(content), 0
    except UserError as error:
        answer, code = {"what": error.what, "remedy": error.remedy}, REFUSED
    except MemoryError:
        return 3
    sys.stdout.write(json.dumps(answer))
    return code


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
