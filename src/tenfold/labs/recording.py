"""A recording of a room's terminal, played again in the reader's own."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tenfold.kit.errors import Place, UserError
from tenfold.labs.rooms.raw_log import RawRecording
from tenfold.labs.rooms.sanitise import Sanitiser


@dataclass(frozen=True, slots=True)
class Moment:
    """One piece of output. `at_s`: seconds since the recording's beginning."""

    at_s: float
    data: bytes


def moments(path: Path) -> Iterator[Moment]:
    """The output of a recording, raw or asciicast; a last line that a crash cut off is left out. Raises `UserError`."""
    if path.suffix == ".raw":
        with RawRecording(path) as raw:
            for record, block in raw.outputs():
                yield Moment(record.at_us / 1e6, block)
        return
    with path.open(encoding="utf-8") as file:
        try:
            header = json.loads(file.readline())
        except ValueError:
            header = {}
        if not isinstance(header, dict) or header.get("version") != 2:
            raise UserError("this is no recording (asciicast version 2)", place=Place(file=str(path)))
        for line in file:
            if not line.endswith("\n"):
                return
            at_s, kind, text = json.loads(line)
            if kind == "o":
                yield Moment(float(at_s), str(text).encode())


def play(path: Path, *, speed: float = 1.0, longest_pause_s: float = 2.0, out: IO[str] | None = None) -> None:
    """Shows a recording in the terminal, long pauses cut short; only what draws reaches it."""
    stream = out or sys.stdout
    sanitiser = Sanitiser()
    before = 0.0
    for moment in moments(path):
        pause = min(longest_pause_s, moment.at_s - before) / speed
        before = moment.at_s
        if pause > 0.001:
            time.sleep(pause)
        stream.write(sanitiser.clean(moment.data).decode("utf-8"))
        stream.flush()
