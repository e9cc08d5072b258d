"""What an opened role owes besides its posting and its automated tools: typed rows of `data/role_duties.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from tenfold.kit.calendar_days import add_business_days, add_months
from tenfold.kit.facts import Evidence
from tenfold.law.automation import Tool
from tenfold.law.dated import Span, Standing, span, table


class Event(StrEnum):
    """What the days of a duty are counted from. Only the opening of a role is always known."""

    OPENED = "opened"
    FIRST_INTERVIEW = "first-interview"
    LAST_INTERVIEW = "last-interview"
    TEST = "test"
    TOOL_USED = "tool-used"
    DECISION = "decision"
    STARTED = "started"
    CLOSED = "closed"
    REQUEST = "request"

    @property
    def words(self) -> str:
        return _EVENT_WORDS[self]


_EVENT_WORDS = {
    Event.OPENED: "the role is opened",
    Event.FIRST_INTERVIEW: "the first interview",
    Event.LAST_INTERVIEW: "the applicant's last interview",
    Event.TEST: "the exercise",
    Event.TOOL_USED: "the tool is used",
    Event.DECISION: "the decision",
    Event.STARTED: "the person hired begins to work",
    Event.CLOSED: "the role is closed",
    Event.REQUEST: "the request",
}


class Audience(StrEnum):
    """Who is told, or for whom something is done."""

    CANDIDATES = "candidates"
    EMPLOYEES = "employees"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Within:
    """A term counted from an event, in days, working days or months; None of them: no number of days is set."""

    calendar: int | None = None
    business: int | None = None
    months: int | None = None

    def after(self, start: date) -> date | None:
        """The last day of the term; None where no number of days is set."""
        if self.calendar is not None:
            return start + timedelta(days=self.calendar)
        if self.business is not None:
            return add_business_days(start, self.business)
        return None if self.months is None else add_months(start, self.months)

    @property
    def words(self) -> str:
        for number, unit in ((self.calendar, "day"), (self.business, "working day"), (self.months, "month")):
            if number:
                return f"{number} {unit}{'' if number == 1 else 's'}"
        return ""


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One row. `before`: the duty falls due before its event and not after it."""

    id: str
    place: str
    name: str
    law: str
    says: str
    event: Event
    within: Within
    before: bool
    to: Audience
    span: Span
    from_evidence: Evidence
    tools: frozenset[Tool]
    evidence: Evidence
    sources: tuple[str, ...]
    checked: date
    employees_at_least: int = 0
    employees_says: str = ""
    standing: Standing = Standing.LAW


@cache
def role_rules() -> dict[str, RoleRule]:
    """Every row by id, in the order of the table."""
    rows = table("role_duties")
    return {key: _rule(key, row, rows.checked) for key, row in rows.rows.items()}


def _rule(key: str, row: Mapping[str, Any], checked: date) -> RoleRule:
    employees = row.get("employees", {})
    return RoleRule(
        id=key,
        place=row["place"],
        name=row["name"],
        law=row["law"],
        says=row["says"],
        event=Event(row["event"]),
        within=Within(**row.get("within", {})),
        before=row.get("before", False),
        to=Audience(row["to"]),
        span=span(row),
        from_evidence=Evidence(row.get("from_evidence", row["evidence"])),
        tools=frozenset(Tool(tool) for tool in row.get("tools", ["any"])),
        evidence=Evidence(row["evidence"]),
        sources=tuple(row["sources"]),
        checked=checked,
        employees_at_least=employees.get("at_least", 0),
        employees_says=employees.get("says", ""),
    )
