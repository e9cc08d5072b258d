"""What the company's own records tell of the team that a plan hires for: of the team as a whole, never of a person.

The plan says what shall be; this says what was measured. Checks compare the two in notes, never in their verdicts.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from tenfold.kit.errors import Place, UserError

FORMAT = "tenfold-team-figures/1"
FEWEST_PEOPLE = 5
"""Of fewer people no share is told."""
FIFTHS = 5


@dataclass(frozen=True, slots=True)
class TeamFigure:
    """A figure with its 95 % interval (a bound is None where the data set none), its n, its source and last day."""

    value: float
    low: float | None
    high: float | None
    n: int
    source: str
    until: str

    def holds(self, value: float) -> bool:
        """Whether a value that somebody stated lies within the interval."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class TeamShare:
    """About so many of so many, on a day; of people in fifths, so that no two of them tell of one person."""

    count: int
    of: int
    source: str
    until: str


@dataclass(frozen=True, slots=True)
class TeamLadder:
    """The ladder in force: its name, version and levels."""

    name: str
    version: int
    levels: tuple[str, ...]


@dataclass(frozen=True)
class TeamFigures:
    """What is measured. `missing`: what is not, and why (nothing stored, too few, hidden from this reader)."""

    pages_per_shift: TeamFigure | None = None
    helpdesk_percent: TeamFigure | None = None
    stay_18_months: TeamFigure | None = None
    one_on_ones_on_time: TeamShare | None = None
    placed: TeamShare | None = None
    checked_in: TeamShare | None = None
    pulse: TeamShare | None = None
    ladder: TeamLadder | None = None
    missing: tuple[tuple[str, str], ...] = ()
    is_hidden: bool = False


def share_or_reason(count: int, of: int, source: str, until: date) -> TeamShare | str:
    """A share of people in fifths, or why none is told: with fewer than five it would speak of persons."""
    if of < FEWEST_PEOPLE:
        return "fewer than five people"
    return TeamShare(round(FIFTHS * count / of), FIFTHS, source, until.isoformat())


def to_dict(figures: TeamFigures) -> dict[str, Any]:
    """As `read_figures` reads it."""
    return {"format": FORMAT, **asdict(figures)}


def read_figures(raw: bytes, *, name: str) -> TeamFigures:
    """Figures from a file that `tenfold retention figures` wrote.

    Raises:
        UserError: it is none, or a figure in it is not in the form that Tenfold writes.
    """
    try:
        held = json.loads(raw.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError):
        raise _unusable(name, "This is not JSON.", "") from None
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise _unusable(name, f"It is not of the form {FORMAT}.", "format")
    return TeamFigures(**{field.name: _read(held, field.name, name) for field in fields(TeamFigures)})


def _read(held: Mapping[str, Any], field: str, name: str) -> Any:
    value = held.get(field)
    try:
        if field == "is_hidden":
            return bool(value)
        if field == "missing":
            return tuple((str(what), str(why)) for what, why in value or ())
        if value is None:
            return None
        if field == "ladder":
            return TeamLadder(str(value["name"]), int(value["version"]), tuple(str(one) for one in value["levels"]))
        if "value" in value:
            low, high = (None if value[end] is None else float(value[end]) for end in ("low", "high"))
            return TeamFigure(float(value["value"]), low, high, int(value["n"]), *_origin(value))
        return TeamShare(int(value["count"]), int(value["of"]), *_origin(value))
    except (KeyError, TypeError, ValueError):
        raise _unusable(name, "A figure is not in the form that Tenfold writes.", field) from None


def _origin(value: Mapping[str, Any]) -> tuple[str, str]:
    return str(value["source"]), date.fromisoformat(value["until"]).isoformat()


def _unusable(name: str, what: str, field: str) -> UserError:
    return UserError(
        f"This file holds no figures of a team. {what}",
        remedy="Make it with `tenfold retention figures --pages pages.csv --at time > team.json`.",
        place=Place(file=name, field=field or None),
    )
