"""What a room or a recording shows to others: text, colours, movements, and nothing that speaks to their terminal.

Kept are printable text, the usual control characters, and the sequences of the tables below, in their 7-bit forms, each
whole. Left out are titles, clipboards and links (OSC), DCS, APC, PM and SOS strings with all that is in them, 8-bit
controls, whatever asks the terminal for an answer, and what is not known. What comes out is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from enum import Enum, auto
from functools import lru_cache

_CSI = re.compile("\x1b\\[([\x00-\x17\x19\x1c-\x1f\x20-\x3f\x7f]*)([@-~])")
_CSI_OPEN = re.compile("\x1b\\[[\x00-\x17\x19\x1c-\x1f\x20-\x3f\x7f]*\\Z")
_ESCAPE = re.compile("\x1b([\x20-\x2f]{0,4})([\x30-\x7e])")
_ESCAPE_OPEN = re.compile("\x1b[\x20-\x2f]{0,4}\\Z")
_CONTROLS = re.compile("[\x00-\x1f\x7f]")
_STRING_END = re.compile("[\x18\x1a\x1b\x9c]")
_OSC_END = re.compile("[\x07\x18\x1a\x1b\x9c]")
_MAX_SEQUENCE = 256

_KEPT_CONTROLS = frozenset("\x07\x08\t\n\x0b\x0c\r\x0e\x0f")
_STRINGS = {"]": _OSC_END, "P": _STRING_END, "X": _STRING_END, "^": _STRING_END, "_": _STRING_END}
KEPT_ESCAPES = frozenset("78DEHMc=>")
"""Save and restore the cursor, index, next line, tab stop, reverse index, reset, keypad modes."""

KEPT_CHARSETS = frozenset(("(0", "(A", "(B", ")0", ")A", ")B", "*0", "*B", "+0", "+B", "#8"))
KEPT_FINALS = frozenset("@ABCDEFGHIJKLMPSTXZ`abdefghlmrsu")
"""Moves, erasures, insertions, deletions, tabs, scrolling, colours, margins, modes, save and restore the cursor."""

# What programs print most of the time, in one go: text and the plainest of the sequences that are kept.
_TEXT = re.compile(
    "(?:[^\x00-\x1f\x7f-\x9f]+|[\x07-\x0f]+|\x1b\\[(?:[0-9]{0,4}[;:]){0,30}[0-9]{0,4}["
    + re.escape("".join(sorted(KEPT_FINALS - set("hl"))))
    + "])+"
)

KEPT_PRIVATE_MODES = frozenset(("1", "6", "7", "12", "25", "47", "1047", "1048", "1049", "2026"))
KEPT_MODES = frozenset(("4", "20"))
_NUMBERS = re.compile("[0-9:;]*")
_MAX_REPEAT = 9999


@lru_cache(4096)
def _keep_csi(body: str, final: str) -> bool:
    """Whether a CSI sequence is one that only draws."""
    if body.endswith(" ") and final == "q":  # the cursor's shape
        return _NUMBERS.fullmatch(body[:-1]) is not None
    private, numbers = (body[:1], body[1:]) if body[:1] == "?" else ("", body)
    if not _NUMBERS.fullmatch(numbers) or any(len(one) > len(str(_MAX_REPEAT)) for one in re.split("[;:]", numbers)):
        return False
    if final in "hl":
        modes = KEPT_PRIVATE_MODES if private else KEPT_MODES
        return all(one in modes for one in numbers.split(";"))
    if private:
        return final in "JK"
    return final in KEPT_FINALS


class _State(Enum):
    GROUND = auto()
    STRING = auto()  # within OSC, DCS, APC, PM or SOS
    OVERLONG = auto()  # within a sequence that is too long to be one


class Sanitiser:
    """Takes a stream piece by piece; where it is cut makes no difference to what comes out."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._state = _State.GROUND
        self._string_end = _STRING_END
        self._open = ""  # the beginning of a sequence whose end has not come yet

    def clean(self, block: bytes) -> bytes:
        """What of it may be shown. What is left out is not held, however long it is."""
        return self._take(self._decoder.decode(block)).encode()

    def finish(self) -> bytes:
        """At the end of a stream: half a character is shown as one that cannot be read, half a sequence not at all."""
        rest = self._take(self._decoder.decode(b"", final=True))
        self._open = ""
        return rest.encode()

    def _take(self, text: str) -> str:
        text = self._open + text
        self._open = ""
        kept: list[str] = []
        position = 0
        while position < len(text):
            position = self._step(text, position, kept)
        return "".join(kept)

    def _step(self, text: str, position: int, kept: list[str]) -> int:
        if self._state is _State.STRING:
            return self._skip_string(text, position)
        if self._state is _State.OVERLONG:
            return self._skip_overlong(text, position)
        if found := _TEXT.match(text, position):
            kept.append(found[0])
            return found.end()
        if text[position] == "\x1b":
            return self._escape(text, position, kept)
        return position + 1  # a control character that is not kept

    def _escape(self, text: str, position: int, kept: list[str]) -> int:
        if found := _CSI.match(text, position):
            return self._csi(found, kept)
        if text[position + 1 : position + 2] == "[":
            return self._wait_or_skip(_CSI_OPEN, text, position, skip=2)
        if found := _ESCAPE.match(text, position):
            between, final = found[1], found[2]
            if not between and final in _STRINGS:
                self._state, self._string_end = _State.STRING, _STRINGS[final]
            elif (between + final) in KEPT_CHARSETS or (not between and final in KEPT_ESCAPES):
                kept.append(found[0])
            return found.end()
        return self._wait_or_skip(_ESCAPE_OPEN, text, position, skip=1)

    def _wait_or_skip(self, is_open: re.Pattern[str], text: str, position: int, *, skip: int) -> int:
        """Holds a sequence that has only begun; leaves out the beginning of one that something else interrupts."""
        if not is_open.match(text, position):
            return position + skip if skip == 1 else self._abort_csi(text, position)
        if len(text) - position > _MAX_SEQUENCE:
            self._state = _State.OVERLONG
        else:
            self._open = text[position:]
        return len(text)

    @staticmethod
    def _abort_csi(text: str, position: int) -> int:
        """To where a CSI sequence is broken off: by an escape, a cancellation, or a character that can be in none."""
        end = position + 2
        while end < len(text) and (" " <= text[end] <= "?" or (text[end] < " " and text[end] not in "\x18\x1a\x1b")):
            end += 1
        return end

    @staticmethod
    def _csi(found: re.Match[str], kept: list[str]) -> int:
        body, final = found[1], found[2]
        # Control characters within a sequence take effect at once, as in a terminal.
        kept.extend(one for one in body if one in _KEPT_CONTROLS)
        body = _CONTROLS.sub("", body)
        if len(body) <= _MAX_SEQUENCE and _keep_csi(body, final):
            kept.append(f"\x1b[{body}{final}")
        return found.end()

    def _skip_string(self, text: str, position: int) -> int:
        found = self._string_end.search(text, position)
        if found is None:
            return len(text)
        if found[0] == "\x1b":  # ESC \ ends it; so does any other escape, which then counts itself
            if found.end() == len(text):
                self._open = ""
                return self._hold_escape(text, found.start())
            self._state = _State.GROUND
            return found.end() + 1 if text[found.end()] == "\\" else found.start()
        self._state = _State.GROUND
        return found.end()

    def _hold_escape(self, text: str, position: int) -> int:
        self._open = text[position:]
        return len(text)

    def _skip_overlong(self, text: str, position: int) -> int:
        """To the end of a sequence too long to be one."""
        while position < len(text):
            sign = text[position]
            position += 1
            if "@" <= sign <= "~" or sign in "\x18\x1a":
                self._state = _State.GROUND
                return position
            if sign == "\x1b":
                self._state = _State.GROUND
                return position - 1
        return position


def sanitise(block: bytes) -> bytes:
    """A whole stream at once."""
    one = Sanitiser()
    return one.clean(block) + one.finish()


_IN_PASTES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MAX_PASTE_BYTES = 1024 * 1024


class PasteTooLarge(ValueError):
    """More than a terminal takes at once."""


def clean_paste(text: str, *, is_bracketed: bool) -> bytes:
    """What a paste types: no escapes and no other controls but tabs and line ends, so that none leaves the brackets.

    Raises `PasteTooLarge`.
    """
    content = _IN_PASTES.sub("", text).replace("\r\n", "\r").replace("\n", "\r").encode("utf-8", "replace")
    if len(content) > MAX_PASTE_BYTES:
        raise PasteTooLarge(f"a paste holds {MAX_PASTE_BYTES:,} bytes at most, this one {len(content):,}")
    return b"\x1b[200~" + content + b"\x1b[201~" if is_bracketed else content
