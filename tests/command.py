"""The command line, run in the test's own process; a handful of tests start a real one to see that the two agree."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tenfold.cli.app import leave

Done = subprocess.CompletedProcess[bytes]


def tenfold(*arguments: str, given: bytes | None = None, cwd: Path | None = None, **variables: str) -> Done:
    """`tenfold ARGUMENTS` without a terminal, as `tenfold_process` has it."""
    stdin, stdout, stderr = _stream(given or b""), _stream(), _stream()
    environment = {"COLUMNS": "80", "NO_COLOR": "1", **variables}
    with (
        patch.dict(os.environ, environment),
        patch.multiple(sys, stdin=stdin, stdout=stdout, stderr=stderr),
        _in_folder(cwd),
    ):
        try:
            code = leave(list(arguments))
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return subprocess.CompletedProcess(["tenfold", *arguments], code, _written(stdout), _written(stderr))


def tenfold_process(*arguments: str, given: bytes | None = None, cwd: Path | None = None, **variables: str) -> Done:
    """`tenfold ARGUMENTS` in a process of its own, without a terminal."""
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", **variables}
    command = [sys.executable, "-m", "tenfold", *arguments]
    return subprocess.run(command, input=given or b"", capture_output=True, cwd=cwd, env=environment, check=False)


def said(done: Done) -> str:
    """What it wrote to standard error."""
    return done.stderr.decode()


def _stream(content: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", write_through=True)


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    return content.getvalue()


@contextmanager
def _in_folder(folder: Path | None) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder or before)
    try:
        yield
    finally:
        os.chdir(before)
