"""Runs a lab's checks one after another, each on its own: what goes wrong in one costs that one, and the right side.

A check is given the name of the system that stands trial, so that when the candidate's makes it fail in whatever way,
the same check can be put to the reference. Only if that fails as well is it our fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .answers import printable
from .clients import Patience
from .results import OurFault, OutOfPatience, Result, lost
from .room import CANDIDATE, REFERENCE, Room


@dataclass(frozen=True)
class Check:
    """What answers one criterion or several. `run(which)` gives their results or raises whatever it likes.

    `control`: what must hold for the fault to be the candidate's, where running the check on the reference would prove
    nothing (it reads a file that was handed in, say). It raises where the fault is ours.
    """

    criteria: tuple[str, ...]
    run: Callable[[str], Iterable[Result]]
    control: Callable[[], object] | None = None


def check(*criteria: str) -> Callable[[Callable[[str], Iterable[Result]]], Check]:
    """`@check("latency")` before a function of the system's name."""
    return lambda run: Check(criteria, run)


def run_checks(
    room: Room, checks: Sequence[Check], *, patience_s: float = 90.0, times_reference: float = 20.0
) -> list[Result]:
    """All results, each handed over as soon as it is known. Raises `OurFault` where the reference fails as well.

    The candidate's system may keep us waiting for `patience_s` in all, or for `times_reference` what the reference
    took, if that is more; after that it loses what is still to be checked.
    """
    waits = Patience(patience_s, times=times_reference)
    waits.reference = room.service(REFERENCE).patience
    room.service(CANDIDATE).patience = waits
    done: list[Result] = []
    for one in checks:
        results = _results(one)
        for result in results:
            room.report(result)
        done += results
    return done


def _results(one: Check) -> list[Result]:
    try:
        return list(one.run(CANDIDATE))
    except OurFault:
        raise
    except OutOfPatience as error:  # measured against the reference's pace already: no need to ask it again
        return _all_lost(one, error)
    except Exception as error:  # noqa: BLE001  whatever a hostile system brings about must not end the grading
        _put_to_the_reference(one, error)
        return _all_lost(one, error)


def _all_lost(one: Check, error: Exception) -> list[Result]:
    return [lost(criterion, f"this could not be checked: {explain(error)}") for criterion in one.criteria]


def _put_to_the_reference(one: Check, error: Exception) -> None:
    try:
        if one.control is not None:
            one.control()
        else:
            list(one.run(REFERENCE))
    except Exception as ours:  # noqa: BLE001  the same
        where = ", ".join(one.criteria)
        raise OurFault(f"{where}: the reference fails as well ({explain(ours)}; before: {explain(error)})") from error


def explain(error: Exception) -> str:
    """One line on what went wrong, fit to be shown."""
    says = printable(str(error), 300)
    plain = isinstance(error, ConnectionError | TimeoutError | ValueError)
    return says if plain and says else f"{type(error).__name__} {says}".strip()
