"""Names and paths below a workspace, and how a request about them is refused."""

from __future__ import annotations

import base64
from typing import Any

MAX_DEPTH = 40
MAX_PATH_BYTES = 1024
Parts = tuple[bytes, ...]


class Refusal(Exception):
    """A request that is not met. `kind`: missing, not-a-file, not-a-folder, denied, too-large, name, conflict, full."""

    def __init__(self, kind: str, what: str, **more: Any) -> None:
        super().__init__(what)
        self.kind, self.what, self.more = kind, what, more


def parse_path(text: str) -> Parts:
    """The parts of a path below the workspace; `name_of` made its names. Raises `Refusal` for any other path."""
    try:
        parts = tuple(_bytes_of(part) for part in text.split("/"))
    except ValueError:
        raise Refusal("name", "this is no name of ours") from None
    if not text or len(text) > MAX_PATH_BYTES or len(parts) > MAX_DEPTH or any(_is_bad(part) for part in parts):
        raise Refusal("name", "a path leads down from the workspace, and has no “..”")
    return parts


def _is_bad(part: bytes) -> bool:
    return part in {b"", b".", b".."} or b"\0" in part or b"/" in part or len(part) > 255


_ODD = "%base64:"


def name_of(raw: bytes) -> str:
    """A file name as text. One that is no UTF-8, or holds control characters, travels marked and in base 64."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and text.isprintable() and not text.startswith(_ODD):
        return text
    return _ODD + base64.urlsafe_b64encode(raw).decode("ascii")


def _bytes_of(name: str) -> bytes:
    if name.startswith(_ODD):
        return base64.b64decode(name.removeprefix(_ODD).encode("ascii"), altchars=b"-_", validate=True)
    return name.encode("utf-8")
