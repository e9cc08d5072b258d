"""Each check on its own: what the candidate's system brings about costs one criterion, what we bring about nobody."""

from __future__ import annotations

import pytest

from tenfold.labs.tenfold_grader.results import OurFault, Result, lost, met
from tenfold.labs.tenfold_grader.room import CANDIDATE, REFERENCE
from tenfold.labs.tenfold_grader.runner import Check, run_checks
from tests.labs.kit.rooms import PlainRoom

ERRORS = (
    ValueError("no"),
    RecursionError(),
    MemoryError(),
    TimeoutError("late"),
    ConnectionError("gone"),
    KeyError("x"),
)


def failing(error: Exception, *which: str) -> Check:
    def run(name: str) -> list[Result]:
        if name in which:
            raise error
        return [met("first")]

    return Check(("first",), run)


FINE = Check(("second",), lambda _: [met("second")])


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_what_fails_on_the_candidate_alone_loses_that_criterion_only(error: Exception) -> None:
    room = PlainRoom({})
    results = run_checks(room, [failing(error, CANDIDATE), FINE])
    assert [(one.criterion, one.share) for one in results] == [("first", 0.0), ("second", 1.0)]
    assert results == room.reported
    assert "this could not be checked" in results[0].evidence[0]


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_what_fails_on_the_reference_as_well_is_our_fault(error: Exception) -> None:
    with pytest.raises(OurFault, match="the reference fails as well"):
        run_checks(PlainRoom({}), [failing(error, CANDIDATE, REFERENCE)])


def test_a_reference_that_is_found_broken_is_our_fault_at_once() -> None:
    with pytest.raises(OurFault):
        run_checks(PlainRoom({}), [failing(OurFault("the platform"), CANDIDATE)])


def test_what_was_seen_before_our_fault_has_been_handed_over() -> None:
    room = PlainRoom({})
    with pytest.raises(OurFault):
        run_checks(room, [FINE, failing(ValueError(), CANDIDATE, REFERENCE)])
    assert [one.criterion for one in room.reported] == ["second"]


def test_a_control_of_its_own_decides_where_the_reference_proves_nothing() -> None:
    def run(_: str) -> list[Result]:
        raise ValueError

    assert run_checks(PlainRoom({}), [Check(("a",), run, control=lambda: None)])[0].share == 0.0
    with pytest.raises(OurFault):
        run_checks(PlainRoom({}), [Check(("a",), run, control=lambda: int("no"))])


def test_a_candidate_that_is_waited_for_too_long_loses_the_rest_at_once() -> None:
    room = PlainRoom({})

    def slow(which: str) -> list[Result]:
        service = room.service(which)
        service.patience.allowed(1)
        service.patience.used_s += 50
        return [lost("slow")] if which == CANDIDATE else [met("slow")]

    results = run_checks(room, [Check(("slow",), slow), Check(("slow",), slow)], patience_s=10)
    assert "kept the grading waiting" in results[1].evidence[0]
