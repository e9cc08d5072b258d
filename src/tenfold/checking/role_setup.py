"""What is set up for a role beside its plan: the kit as it is asked, panels, labs in use, scorecards expected.

The plan says what shall be assessed; this says what is. Checks compare the two in notes, never in their verdicts: a
verdict is the same for everybody who sees the plan, and what is set up is shown to the role's hiring team alone.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenfold.checking.team_figures import TeamFigures
from tenfold.kit.errors import Place, UserError

FORMAT = "tenfold-role-setup/1"


@dataclass(frozen=True, slots=True)
class SetUpRound:
    """One conversation of the kit in use. `asks`: each competency with its number of questions.

    `panel`: names of who usually holds it. `raters`: how many rate (the panel where there is one, else what the kit
    says); None where nothing says it. `asked` and `handed_in`: scorecards; None where the reader may not count them.
    """

    name: str
    minutes: int | None
    asks: tuple[tuple[str, int], ...]
    panel: tuple[str, ...] = ()
    raters: int | None = None
    is_optional: bool = False
    asked: int | None = None
    handed_in: int | None = None


@dataclass(frozen=True, slots=True)
class SetUpLab:
    """A lab to which people of the role were invited. Counts are None where the reader may not know them."""

    lab: str
    invited: int | None = None
    handed_in: int | None = None


@dataclass(frozen=True, slots=True)
class MeasuredReliability:
    """Of one interviewer's mean rating, from decided applications: value, 95 % interval and what it is from."""

    value: float
    low: float | None
    high: float | None
    ratings: int
    candidates: int
    interviewers: int


@dataclass(frozen=True, slots=True)
class RoleSetup:
    """Everything set up for one role. `kit_number` is None where no kit was made.

    `is_hidden`: a role is open, and the reader is not of its hiring team; then there is nothing else in it.
    `is_open`: a role was opened from the plan; else only `team` is known.
    `unmeasured`: why own interviews tell no reliability yet, where `measured` is None.
    """

    title: str = ""
    kit_number: int | None = None
    kit_date: date | None = None
    plan_version: int | None = None
    approved_version: int | None = None
    rounds: tuple[SetUpRound, ...] = ()
    labs: tuple[SetUpLab, ...] = ()
    measured: MeasuredReliability | None = None
    unmeasured: str = ""
    is_hidden: bool = False
    is_open: bool = True
    team: TeamFigures | None = None

    @property
    def role(self) -> RoleSetup | None:
        """What is set up for the role; None where none was opened."""
        return self if self.is_open else None

    @property
    def is_outdated(self) -> bool:
        """Whether the plan was approved anew after the kit was made from it."""
        return None not in (self.plan_version, self.approved_version) and self.plan_version != self.approved_version


def to_dict(setup: RoleSetup) -> dict[str, Any]:
    """As `read_setup` reads it."""
    measured = setup.measured
    return {
        "format": FORMAT,
        "title": setup.title,
        "kit": setup.kit_number
        and {
            "number": setup.kit_number,
            "made_on": setup.kit_date and setup.kit_date.isoformat(),
            "plan_version": setup.plan_version,
            "approved_version": setup.approved_version,
        },
        "rounds": [
            {
                "name": one.name,
                "minutes": one.minutes,
                "optional": one.is_optional,
                "questions": [{"competency": name} for name, count in one.asks for _ in range(count)],
                "panel": list(one.panel),
                "raters": one.raters,
                "asked": one.asked,
                "handed_in": one.handed_in,
            }
            for one in setup.rounds
        ],
        "labs": [{"lab": one.lab, "invited": one.invited, "handed_in": one.handed_in} for one in setup.labs],
        "measured": measured
        and {
            "value": measured.value,
            "low": measured.low,
            "high": measured.high,
            "n": measured.ratings,
            "candidates": measured.candidates,
            "interviewers": measured.interviewers,
        },
        "unmeasured": setup.unmeasured,
    }


def read_setup(raw: bytes, *, name: str) -> RoleSetup:
    """What is set up, from a file of the application or of `tenfold interviews kit --json` (UTF-8, 16 or 32).

    Raises:
        UserError: it is neither.
    """
    try:
        held = json.loads(raw.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError):
        raise _unusable(name, "This is not JSON.") from None
    if not isinstance(held, dict) or not isinstance(held.get("rounds"), list):
        raise _unusable(name, "It holds no list of rounds.")
    try:
        return _read(held)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _unusable(name, "Its rounds, labs or figures are not in the form that Tenfold writes.") from None


def _read(held: Mapping[str, Any]) -> RoleSetup:
    kit = held.get("kit") or {}
    made_on, measured = kit.get("made_on"), held.get("measured")
    return RoleSetup(
        title=str(held.get("title") or ""),
        kit_number=_count(kit.get("number", 1)),
        kit_date=date.fromisoformat(made_on) if made_on else None,
        plan_version=_count(kit.get("plan_version")),
        approved_version=_count(kit.get("approved_version")),
        rounds=tuple(_read_round(one) for one in held["rounds"]),
        labs=tuple(
            SetUpLab(str(one["lab"]), _count(one.get("invited")), _count(one.get("handed_in")))
            for one in held.get("labs") or ()
        ),
        measured=_read_measured(measured) if measured else None,
        unmeasured=str(held.get("unmeasured") or ""),
    )


def _read_round(held: Mapping[str, Any]) -> SetUpRound:
    panel = tuple(str(one) for one in held.get("panel") or ())
    return SetUpRound(
        name=str(held["name"]),
        minutes=_count(held.get("minutes")),
        asks=count_questions(held["questions"]),
        panel=panel,
        raters=len(panel) or _count(held.get("raters")),
        is_optional=bool(held.get("optional")),
        asked=_count(held.get("asked")),
        handed_in=_count(held.get("handed_in")),
    )


def _read_measured(held: Mapping[str, Any]) -> MeasuredReliability:
    ends = [None if held.get(end) is None else float(held[end]) for end in ("low", "high")]
    n = [int(held[key]) for key in ("n", "candidates", "interviewers")]
    return MeasuredReliability(float(held["value"]), ends[0], ends[1], n[0], n[1], n[2])


def count_questions(questions: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, int], ...]:
    """Each competency with its number of questions, in the order in which they are asked."""
    counts: dict[str, int] = {}
    for one in questions:
        counts[str(one["competency"])] = counts.get(str(one["competency"]), 0) + 1
    return tuple(counts.items())


def _count(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _unusable(name: str, what: str) -> UserError:
    return UserError(
        f"This file does not say what is set up for a role. {what}",
        remedy="Take it from the API (`/roles/{role_id}/setup`) or from `tenfold interviews kit PLAN --json`.",
        place=Place(file=name),
    )
