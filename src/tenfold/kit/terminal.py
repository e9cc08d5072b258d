r"""What a command says never steers a terminal: control and bidirectional marks of foreign texts are shown, not obeyed.

They are written as JSON and YAML escape them (`\u001b`), so that what a program reads stays what it was.
"""

from __future__ import annotations

import io
import os
import re
from typing import TextIO

STEERING = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
"""C0 and C1 controls but tab and line ends; embeddings, overrides and isolates. Marks that order one word stay."""
_ALL = re.compile(f"[{STEERING}]")
_COLOUR = r"\x1b\[(?:0|1|2|3|4|22|23|24|[34][0-7]|[39]9|49|9[0-7]|;)*m"
"""Weight, slant, underline and sixteen colours, which our own commands write; nothing that hides text or moves it."""
_ALL_BUT_COLOURS = re.compile(f"({_COLOUR})|[{STEERING}]")


def neutral(text: str, *, colours: bool = False) -> str:
    """The text with every steering mark escaped; with `colours`, those that only paint are left."""
    return (_ALL_BUT_COLOURS if colours else _ALL).sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return found[0] if found.re is _ALL_BUT_COLOURS and found[1] else f"\\u{ord(found[0]):04x}"


class NeutralStream(io.TextIOWrapper):
    """Standard output or error, through which nothing steers; made of the stream that it takes the place of."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(
            stream.buffer,
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=bool(getattr(stream, "line_buffering", False)),
            write_through=bool(getattr(stream, "write_through", False)),
        )
        self.colours = not os.environ.get("NO_COLOR") and (self.isatty() or bool(os.environ.get("FORCE_COLOR")))

    def write(self, text: str, /) -> int:
        super().write(neutral(text, colours=self.colours))
        return len(text)
