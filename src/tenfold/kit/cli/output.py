"""What commands print: their answer, and the next step."""

from __future__ import annotations

import sys
from pathlib import Path

from tenfold.kit.writing import write_whole


def emit(text: str, out: Path | None, *, replace: bool = True) -> None:
    """To the file, or to standard output in UTF-8 whatever the terminal says."""
    text = text if text.endswith("\n") else text + "\n"
    if out is not None:
        write_whole(out, text, replace=replace)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def hint(words: str) -> None:
    """The next step, on standard error so that output stays clean; silent where nobody reads along."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\n{words}\n")
