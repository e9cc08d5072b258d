"""Nothing gets out; and what is said to be held has been seen to get out where the wall is down."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tenfold.sandbox import escapes
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.escapes import ATTEMPTS, Attempt

by_name = pytest.mark.parametrize("one", ATTEMPTS, ids=lambda one: one.name)
proven = pytest.mark.parametrize("one", [one for one in ATTEMPTS if one.proof], ids=lambda one: one.name)


@pytest.fixture(scope="module")
def things() -> Iterator[dict[str, str | int]]:
    with escapes.bait() as things:
        yield things


@by_name
def test_the_box_holds(one: Attempt, runner: RunnerSandbox, things: dict[str, str | int]) -> None:
    outcome = escapes.attempt(runner, one, things)
    assert not outcome.escaped, outcome.said


@proven
def test_it_would_work_without_the_wall(one: Attempt, runner: RunnerSandbox, things: dict[str, str | int]) -> None:
    outcome = escapes.prove(Path("/nonexistent"), one, things)
    assert outcome
    assert outcome.escaped, f"never seen to succeed, so it proves nothing: {outcome.said}"


def test_enough_is_tried_and_proven() -> None:
    assert len(ATTEMPTS) >= 60
    assert sum(one.proof is not None for one in ATTEMPTS) >= 55
