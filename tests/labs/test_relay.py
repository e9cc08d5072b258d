"""The user's terminal joined to a program's: what ends it, and what a replay shows."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import time
from pathlib import Path

import pytest

from tenfold.labs.recording import Recorder, play, relay
from tenfold.sandbox.interface import Terminal


class Child:
    """A program of this machine, known as one in a box is."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def wait(self, timeout_s: float | None = None) -> int:
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.mark.parametrize("typed", [b"", b"echo made by a script\n"])
def test_an_input_that_ends_ends_the_shell_and_with_it_the_clock(tmp_path: Path, typed: bytes) -> None:
    outer, inner = pty.openpty()
    words = ["/bin/bash", "--norc", "-i"]
    shell = subprocess.Popen(words, stdin=inner, stdout=inner, stderr=inner, start_new_session=True)
    os.close(inner)
    read, write = os.pipe()
    os.write(write, typed)
    os.close(write)
    recorder = Recorder(tmp_path / "1.cast", 24, 80)
    began = time.monotonic()
    with (tmp_path / "shown").open("wb") as shown:
        relay(Terminal(outer, Child(shell)), recorder, lambda: True, stdin=read, stdout=shown.fileno())
    recorder.close()
    shell.kill()
    shell.wait()
    os.close(outer)
    os.close(read)
    assert time.monotonic() - began < 30
    assert (b"made by a script" in (tmp_path / "shown").read_bytes()) is bool(typed)


def test_a_replay_shows_text_and_colours_and_speaks_to_no_terminal(tmp_path: Path) -> None:
    cast = tmp_path / "1.cast"
    said = "\x1b]52;c;cHduZWQ=\x07a\x1b]0;owned\x1b\\b\x1bPq#0\x1b\\\x1b[31mred\x1b[0m\x1b[6n\x1b[cend\x1b]0;unclosed"
    lines = [{"version": 2, "width": 80, "height": 24}, [0.0, "o", said]]
    cast.write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = io.StringIO()
    play(cast, out=out, speed=100)
    assert out.getvalue() == "ab\x1b[31mred\x1b[0mend"
