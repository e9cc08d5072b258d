"""What a browser may send over a room's socket: anything else is told, and breaks nothing."""

from __future__ import annotations

import json

import pytest

from tenfold.apps.labroom.views.frames import BAD_FRAME, SocketClosed, number_of, read_frame, text_of
from tenfold.kit.errors import UserError


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000, '{"a":' * 100_000, '{"a": 1}' + " " * 200_000])
def test_what_is_no_frame_ends_the_socket_in_words(text: str) -> None:
    with pytest.raises(SocketClosed) as closed:
        read_frame(text, most=200_000, expected="This is not a request of ours.")
    assert (closed.value.code, closed.value.why) == (BAD_FRAME, "This is not a request of ours.")


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "a\x00b"])
def test_a_text_that_nothing_can_store_is_told_and_not_cut(odd: str) -> None:
    frame = read_frame(json.dumps({"text": odd}), most=1_000, expected="")
    with pytest.raises(UserError, match="cannot be stored"):
        text_of(frame, "text")


def test_a_field_of_another_kind_is_no_text_and_no_number() -> None:
    frame = {"text": 7, "n": "7", "yes": True, "minus": -1, "large": 2**60}
    assert text_of(frame, "text") == ""
    assert [number_of(frame, key) for key in ("n", "yes", "minus", "large", "absent")] == [None] * 5
