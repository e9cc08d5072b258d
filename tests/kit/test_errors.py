"""Errors that a reader can act on."""

from __future__ import annotations

import pytest

from tenfold.kit.errors import ExitCode, InputProblems, NotEnoughData, Place, UserError


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(), ""),
        (Place(file="plan.yaml"), "plan.yaml"),
        (Place(file="plan.yaml", line=3), "plan.yaml:3"),
        (Place(file="plan.yaml", line=3, column=7), "plan.yaml:3:7"),
        (Place(file="plan.yaml", line=3, field="pay.min"), "plan.yaml:3 (pay.min)"),
        (Place(line=3), "line 3"),
        (Place(field="pay.min"), "pay.min"),
    ],
)
def test_a_place_as_it_is_read(place: Place, words: str) -> None:
    assert str(place) == words


def test_an_error_says_where_what_and_what_to_try() -> None:
    error = UserError("This is empty.", remedy="Write a line.", place=Place(file="plan.yaml"))
    assert str(error) == "plan.yaml: This is empty.\n  Try: Write a line."
    assert str(UserError("This is empty.")) == "This is empty."


def test_several_problems_are_told_at_once() -> None:
    problems = InputProblems([UserError("One.", remedy="Mend it."), UserError("Two.")])
    assert str(problems) == "One.\n  Try: Mend it.\nTwo."
    assert (problems.what, problems.remedy) == ("One.", "Mend it.")


def test_too_little_data_is_the_readers_to_mend() -> None:
    assert issubclass(NotEnoughData, UserError)


def test_exit_codes_are_what_is_documented() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3]
