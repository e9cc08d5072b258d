"""Keeps the traceback of a fault of ours where a person can find it and send it."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_log_path

from tenfold import __version__


def keep_traceback(error: BaseException) -> Path:
    """Writes it to a file of its own and says which; no argument or input is written, only the traceback."""
    text = "".join(traceback.format_exception(error))
    head = f"tenfold {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n"
    name = f"tenfold-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(head + text, encoding="utf-8")
        except OSError:
            continue
        return path
    return Path(os.devnull)


def _folders() -> list[Path]:
    home = os.environ.get("TENFOLD_HOME")
    return [Path(home) / "errors" if home else user_log_path("tenfold", appauthor=False), Path(tempfile.gettempdir())]
