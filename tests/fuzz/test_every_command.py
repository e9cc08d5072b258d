"""No command escapes the calls with chance words and files unless the reason is written down."""

from __future__ import annotations

from tests.fuzz.commands import LEFT_OUT, calls, commands


def test_every_command_is_called_or_left_out_for_a_reason() -> None:
    words = [call.words for call in calls()]
    called = {name for name in commands() if any(each[: len(name.split())] == tuple(name.split()) for each in words)}
    assert set(commands()) - called <= LEFT_OUT.keys()


def test_what_is_left_out_is_a_command() -> None:
    assert LEFT_OUT.keys() <= set(commands())
