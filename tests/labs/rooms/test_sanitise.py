"""What reaches an observer's or a reviewer's terminal: text and drawing, whatever was put out, however it was cut."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.labs.rooms.sanitise import (
    KEPT_CHARSETS,
    KEPT_ESCAPES,
    MAX_PASTE_BYTES,
    PasteTooLarge,
    Sanitiser,
    clean_paste,
    sanitise,
)

PIECES = st.one_of(
    st.sampled_from(
        [
            b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX", b"\x1b\\", b"\x07", b"\x9b",
            b"\xc2\x9b", b"\xc2\x9d", b"\xc2\x9c", b"\xe2\x9c\x93", b"\x18", b"\x1a", b"m", b"31", b";", b"?",
            b"1049", b"h", b"l", b"[6n", b"[c", b"[>c", b"[21t", b"]52;c;cHduZWQ=", b"]8;;http://x", b"]0;title",
            b"Pq#0;2;0;0;0", b"text", b"\r\n", b"\xc0\x9b", b"\xe0\x82\x9b", b"\xf0\x9f\x98\x80", b"\x00", b"\x05",
            b"(0", b"c", b"M", b"Z", b" q", b"[0" + b"1" * 300,
        ]
    ),
    st.binary(max_size=6),
)  # fmt: skip
STREAMS = st.lists(PIECES, max_size=40).map(b"".join)

# A second description of what may come out, written by itself: anything else is a leak.
ALLOWED = re.compile(
    r"(?:[^\x00-\x1f\x7f-\x9f]|[\x07-\x0f]"
    r"|\x1b\[[0-9:;]*[@A-Z`abd-gmrsu]|\x1b\[\?[0-9;]*[hlJK]|\x1b\[[0-9;]*[hl]|\x1b\[[0-9]* q"
    r"|\x1b(?:" + "|".join(map(re.escape, sorted(KEPT_ESCAPES | KEPT_CHARSETS))) + r"))*"
)


@given(STREAMS, st.lists(st.integers(0, 200), max_size=30))
def test_where_the_stream_is_cut_makes_no_difference(stream: bytes, cuts: list[int]) -> None:
    whole = sanitise(stream)
    one, shown, begin = Sanitiser(), b"", 0
    for cut in sorted(cuts):
        shown += one.clean(stream[begin:cut])
        begin = max(begin, cut)
    shown += one.clean(stream[begin:]) + one.finish()
    assert shown == whole
    assert b"".join(map(one_by_one(), stream_bytes(stream))) == whole


def stream_bytes(stream: bytes) -> list[bytes | None]:
    return [*(bytes([byte]) for byte in stream), None]


def one_by_one() -> Callable[[bytes | None], bytes]:
    one = Sanitiser()
    return lambda byte: one.finish() if byte is None else one.clean(byte)


@given(STREAMS)
def test_only_text_and_drawing_come_out(stream: bytes) -> None:
    assert ALLOWED.fullmatch(sanitise(stream).decode("utf-8"))


@given(STREAMS)
def test_what_came_out_once_comes_out_again(stream: bytes) -> None:
    once = sanitise(stream)
    assert sanitise(once) == once


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_text_passes_as_it_is(text: str) -> None:
    assert sanitise(text.encode()).decode() == text


@pytest.mark.parametrize(
    ("stream", "shown"),
    [
        (b"\x1b]52;c;cHduZWQ=\x07a", b"a"),  # the clipboard
        (b"\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", b"link"),
        (b"\x1b]0;title\x07x", b"x"),
        (b"\x1b]0;t\xc3\xa9\xe2\x9c\x93\x07x", b"x"),  # a check mark holds the byte 9C, which ends nothing
        (b"\x1bPq" + b"#0;2;0;0;0~" * 100_000 + b"\x1b\\x", b"x"),  # Sixel
        (b"\x1b_G" + b"A" * 100 + b"\x1b\\x", b"x"),  # kitty's pictures
        (b"\x1b^pm\x1b\\\x1bXsos\x1b\\x", b"x"),
        (b"\xc2\x9b31mx", b"31mx"),  # an 8-bit CSI: no sequence of ours
        (b"\x9b6nx", "\ufffd6nx".encode()),
        (b"\xc2\x9d52;c;x\x07y", b"52;c;x\x07y"),
        (b"\x1b[6n\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[?6n\x1bZ\x1b[18t\x1b[x\x05ok", b"ok"),  # all ask for answers
        (b"\x1b[?2004h\x1b[?1000h\x1b[?1006hok", b"ok"),  # mouse and paste modes of somebody else's terminal
        (b"\x1b[5i\x1b[?5iok\x1b[4i", b"ok"),  # printing
        (b"\x1b[?1049h\x1b[2J\x1b[H\x1b[1;31mred\x1b[0m", b"\x1b[?1049h\x1b[2J\x1b[H\x1b[1;31mred\x1b[0m"),
        (b"\x1b[38:2::1:2:3mx", b"\x1b[38:2::1:2:3mx"),
        (b"\x1b[3\n1mx", b"\n\x1b[31mx"),  # controls within a sequence take effect at once
        (b"\x1b[\x1b[31mx", b"\x1b[31mx"),
        (b"\x1b[31\x18mx", b"mx"),
        (b"\x1b]0;open\x1b[31mx", b"\x1b[31mx"),  # any escape ends a string
        (b"\x1b[99999999999Ax", b"x"),
        (b"\x1b(0lqk\x1b(B", b"\x1b(0lqk\x1b(B"),
        (b"\x1b[$p\x1b[?1$p\x1b[!p\x1b[>0qok", b"ok"),
    ],
)
def test_each_way_to_speak_to_a_terminal_is_closed(stream: bytes, shown: bytes) -> None:
    assert sanitise(stream) == shown


def test_a_string_without_end_is_not_held_in_memory() -> None:
    one = Sanitiser()
    one.clean(b"\x1bPq")
    for _ in range(100):
        assert one.clean(b"A" * 100_000) == b""
    assert len(one._open) < 10


@given(st.text(), st.booleans())
def test_a_paste_holds_nothing_that_leaves_its_brackets(text: str, is_bracketed: bool) -> None:
    typed = clean_paste(text + "\x1b[201~rm -rf /\n", is_bracketed=is_bracketed)
    inner = typed.removeprefix(b"\x1b[200~").removesuffix(b"\x1b[201~") if is_bracketed else typed
    assert b"\x1b" not in inner
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", inner.decode("utf-8", "replace"))


def test_a_paste_bomb_is_refused() -> None:
    with pytest.raises(PasteTooLarge):
        clean_paste("a" * (MAX_PASTE_BYTES + 1), is_bracketed=True)
