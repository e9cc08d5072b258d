"""What an opened role owes by the law of its places, as dated tasks: notices, answers, audits, records.

Values in, values out. The day of asking (`as_of`) never moves a due date and never adds or drops a task: it only tells
which are coming, open or overdue. What has no row is named as a gap, never left out in silence. Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tenfold.kit.calendar_days import add_business_days, add_months
from tenfold.kit.errors import UserError
from tenfold.kit.facts import Evidence
from tenfold.law.automation import (
    SCREENING,
    AutomationDuty,
    AutomationRule,
    Kind,
    Tool,
    automation_rules,
    open_conditions,
)
from tenfold.law.coverage import Job, coverage
from tenfold.law.dated import NOT_LEGAL_ADVICE, Certainty, Standing
from tenfold.law.lookup import FEDERATIONS, known_places, places_not_in_table
from tenfold.law.places import WORLD, ancestors
from tenfold.law.places import Kind as PlaceKind
from tenfold.law.places import place as place_of
from tenfold.law.retention import Record, RetentionRow, retention_for
from tenfold.law.role_rules import Audience, Event, RoleRule, role_rules
from tenfold.law.rules import Duty as PayDuty
from tenfold.law.rules import Moment, PayRule, pay_rules

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)
"""Days beyond these are typing errors."""


class Task(StrEnum):
    """What sort of thing is to be done."""

    TELL_CANDIDATES = "tell-candidates"
    TELL_EMPLOYEES = "tell-employees"
    ANSWER_PERSON = "answer-person"
    POST = "say-in-the-posting"
    AUDIT = "audit"
    PROCESS = "run-the-process-so"
    KEEP = "keep"
    ERASE = "erase"


class State(StrEnum):
    """Where a task stands on a day: its law not yet begun, to do, late; records still to be kept, or no longer."""

    COMING = "coming"
    OPEN = "open"
    OVERDUE = "overdue"
    KEEP = "keep"
    TERM_OVER = "term-over"


@dataclass(frozen=True, slots=True)
class RoleDuty:
    """One task. `due` is None where the event it is counted from has no day yet, or the law sets no number of days.

    `begins` is the first day on which the law asks for it of this role. `usable_from`: a tool that is announced on that
    day may be used from then on. `reaches` is maybe where `conditions` are open.
    """

    id: str
    task: Task
    place: str
    name: str
    law: str
    says: str
    timing: str
    event: Event
    due: date | None
    begins: date
    reaches: Certainty
    conditions: tuple[str, ...]
    evidence: Evidence
    sources: tuple[str, ...]
    checked: date
    required: bool = True
    usable_from: date | None = None
    advice: str = NOT_LEGAL_ADVICE

    def state(self, as_of: date) -> State:
        if as_of < self.begins:
            return State.COMING
        late = self.due is not None and as_of > self.due
        if self.task is Task.KEEP:
            return State.TERM_OVER if late else State.KEEP
        return State.OVERDUE if late else State.OPEN

    @property
    def is_sure(self) -> bool:
        """Whether it is surely owed, by a source that was read."""
        return self.required and self.reaches is Certainty.YES and self.evidence.may_decide


class Subject(StrEnum):
    """What a table is on, as far as places can be missing from it."""

    PAY = "pay in postings"
    AUTOMATED_TOOLS = "automated tools in hiring"


class Gap(NamedTuple):
    """A place of whose own law on a subject our table has no row."""

    place: str
    subject: Subject

    @property
    def sentence(self) -> str:
        return f"{place_of(self.place).name} is not in our table on {self.subject}."


@dataclass(frozen=True, slots=True)
class RoleDuties:
    """Every task of a role, the next due first, and the places that are not in our tables."""

    duties: tuple[RoleDuty, ...]
    gaps: tuple[Gap, ...]
    as_of: date
    advice: str = NOT_LEGAL_ADVICE

    def in_state(self, *states: State) -> tuple[RoleDuty, ...]:
        return tuple(duty for duty in self.duties if duty.state(self.as_of) in states)

    @property
    def not_in_table(self) -> tuple[str, ...]:
        """Ids of the places with a gap, each once."""
        return tuple(dict.fromkeys(gap.place for gap in self.gaps))


@dataclass(frozen=True, slots=True)
class _Role:
    places: tuple[str, ...]
    opened: date
    closed: date | None
    tools: frozenset[Tool] | None
    employees: int | None
    days: Mapping[Event, date]

    @property
    def last(self) -> date:
        return self.closed or LATEST


def duties_for(
    places: Iterable[str],
    opened: date,
    closed: date | None = None,
    *,
    uses_automated_tool: bool | None,
    as_of: date,
    employees: int | None = None,
    tools: Iterable[Tool] | None = None,
    events: Mapping[Event, date] | None = None,
) -> RoleDuties:
    """The tasks of a role that is open from `opened` to `closed` (None: still open), in the order of their due dates.

    Args:
        places: ids of where the work can be done, as `pay_transparency.rules_for` takes them.
        opened: the first day of the role.
        closed: its last day, from which records are counted.
        uses_automated_tool: whether software scores, ranks or screens; None where that is not known, and then
            what depends on it is a maybe.
        as_of: the day from which tasks are looked at; it moves no due date.
        employees: all that the employer has.
        tools: which sorts exactly, instead of `uses_automated_tool`: video, facial recognition, no person deciding.
        events: days of events of one application, where they are known: its last interview, the decision, a request.

    Raises:
        UserError: an id is not a place's, the role closes before it opens, or a day is out of all bounds.
    """
    role = _Role(
        places=known_places(places),
        opened=opened,
        closed=closed,
        tools=_tools(uses_automated_tool, tools),
        employees=employees,
        days={**({Event.CLOSED: closed} if closed else {}), **(events or {}), Event.OPENED: opened},
    )
    _check(role)
    found = [*_from_role_rules(role), *_from_automation(role), *_from_pay(role), *_from_retention(role)]
    return RoleDuties(tuple(sorted(found, key=_when)), tuple(_gaps(role.places)), as_of)


def _tools(uses_automated_tool: bool | None, tools: Iterable[Tool] | None) -> frozenset[Tool] | None:
    if tools is not None:
        return frozenset(tools)
    if uses_automated_tool is None:
        return None
    return frozenset(SCREENING if uses_automated_tool else ())


def _check(role: _Role) -> None:
    for name, day in (("opening", role.opened), *((str(event), day) for event, day in role.days.items())):
        if not EARLIEST <= day <= LATEST:
            raise UserError(
                f"The day of the {name}, {day.isoformat()}, cannot be meant.",
                remedy=f"Give a day from {EARLIEST.year} to {LATEST.year}.",
            )
    if role.closed and role.closed < role.opened:
        raise UserError(
            f"The role closes on {role.closed.isoformat()}, before it opens on {role.opened.isoformat()}.",
            remedy="Swap the two days, or leave the closing day out.",
        )


def _when(duty: RoleDuty) -> tuple[date, date, str]:
    return duty.due or date.max, duty.begins, duty.id


# Each table as tasks ------------------------------------------------------------------------------------------


def _from_role_rules(role: _Role) -> Iterator[RoleDuty]:
    for rule in role_rules().values():
        reach = _reach(rule, role)
        if reach is None or _before_its_law(rule, rule.event, role):
            continue
        start = role.days.get(rule.event)
        yield RoleDuty(
            id=rule.id,
            task=_TASK_OF_AUDIENCE[rule.to],
            place=rule.place,
            name=rule.name,
            law=rule.law,
            says=rule.says,
            timing=_timing(rule),
            event=rule.event,
            due=start if rule.before or start is None else rule.within.after(start),
            begins=_begins(rule, role),
            reaches=Certainty.MAYBE if reach else Certainty.YES,
            conditions=reach,
            evidence=rule.evidence,
            sources=rule.sources,
            checked=rule.checked,
        )


_TASK_OF_AUDIENCE = {
    Audience.CANDIDATES: Task.TELL_CANDIDATES,
    Audience.EMPLOYEES: Task.TELL_EMPLOYEES,
    Audience.PERSON: Task.ANSWER_PERSON,
}


def _timing(rule: RoleRule) -> str:
    if rule.before:
        return f"before {rule.event.words}"
    days = rule.within.words
    return f"within {days} of {rule.event.words}" if days else f"on the day {rule.event.words}"


class _Due(NamedTuple):
    event: Event
    timing: str
    on_the_day: bool = False


_MOMENTS = {
    "posting": _Due(Event.OPENED, "in the posting", on_the_day=True),
    "before-use": _Due(Event.TOOL_USED, "before the tool is used", on_the_day=True),
    "before-test": _Due(Event.TEST, "before the exercise", on_the_day=True),
    "before-decision": _Due(Event.DECISION, "before the decision", on_the_day=True),
    "with-decision": _Due(Event.DECISION, "with the decision at the latest", on_the_day=True),
    "after-decision": _Due(Event.DECISION, "after the decision; the law sets no number of days"),
    "on-request": _Due(Event.REQUEST, "on request"),
    "during": _Due(Event.OPENED, "while the role is open"),
    "always": _Due(Event.OPENED, "at all times"),
}

_TASK_OF_KIND = {
    Kind.POSTING_STATEMENT: Task.POST,
    Kind.NOTICE: Task.TELL_CANDIDATES,
    Kind.DISCLOSURE: Task.TELL_CANDIDATES,
    Kind.CONSENT: Task.TELL_CANDIDATES,
    Kind.ACCOMMODATION: Task.TELL_CANDIDATES,
    Kind.AUDIT: Task.AUDIT,
    Kind.EXPLANATION: Task.ANSWER_PERSON,
    Kind.ACCESS: Task.ANSWER_PERSON,
}


def _from_automation(role: _Role) -> Iterator[RoleDuty]:
    for rule in automation_rules().values():
        reach = _reach(rule, role)
        for duty in rule.duties if reach is not None else ():
            if (duty.first or EARLIEST) <= role.last and not _before_its_law(rule, _MOMENTS[duty.moment].event, role):
                yield _automation_task(rule, duty, reach or (), role)


def _automation_task(rule: AutomationRule, duty: AutomationDuty, reach: tuple[str, ...], role: _Role) -> RoleDuty:
    due, notice_days = _MOMENTS[duty.moment], duty.business_days_before
    start, begins = role.days.get(due.event), max(_begins(rule, role), duty.first or EARLIEST)
    timing = due.timing
    usable_from = None
    if notice_days:
        timing = f"at least {notice_days} working days {due.timing}"
        usable_from = add_business_days(begins, notice_days)
        start = start and add_business_days(start, -notice_days)
    return RoleDuty(
        id=f"{rule.id}/{duty.kind}" + (f"@{duty.moment}" if _is_repeated(rule, duty) else ""),
        task=_TASK_OF_KIND.get(duty.kind, Task.PROCESS),
        place=rule.place,
        name=rule.name,
        law=rule.law,
        says=duty.says,
        timing=timing,
        event=due.event,
        due=start if due.on_the_day else None,
        begins=begins,
        reaches=Certainty.MAYBE if reach else Certainty.YES,
        conditions=reach,
        evidence=duty.evidence,
        sources=duty.sources,
        checked=rule.checked,
        required=duty.required,
        usable_from=usable_from,
    )


def _is_repeated(rule: AutomationRule, duty: AutomationDuty) -> bool:
    return sum(other.kind is duty.kind for other in rule.duties) > 1


_PAY_MOMENTS = {
    Moment.BEFORE_INTERVIEW: _Due(Event.FIRST_INTERVIEW, Moment.BEFORE_INTERVIEW.words, on_the_day=True),
    Moment.AFTER_INTERVIEW: _Due(Event.LAST_INTERVIEW, Moment.AFTER_INTERVIEW.words),
    Moment.ON_REQUEST: _Due(Event.REQUEST, Moment.ON_REQUEST.words),
    Moment.AFTER_OFFER: _Due(Event.REQUEST, Moment.AFTER_OFFER.words),
    Moment.BEFORE_HIRE: _Due(Event.DECISION, Moment.BEFORE_HIRE.words, on_the_day=True),
}


def _from_pay(role: _Role) -> Iterator[RoleDuty]:
    """What a pay-transparency rule asks after the posting; the posting itself is looked at by `examine`."""
    job = Job(role.places, employees=role.employees)
    for rule in pay_rules().values():
        later = [duty for duty in rule.duties if duty.moment is not Moment.POSTING]
        if not later or rule.span.overlaps(role.opened, role.last) is Certainty.NO:
            continue
        reach = coverage(rule, job, max(role.opened, rule.span.first or role.opened))
        if reach.reaches is not Certainty.NO:
            yield from (_pay_task(rule, duty, reach.conditions, role) for duty in later)


def _pay_task(rule: PayRule, duty: PayDuty, conditions: tuple[str, ...], role: _Role) -> RoleDuty:
    due = _PAY_MOMENTS[duty.moment]
    return RoleDuty(
        id=f"{rule.id}/{duty.part}",
        task=Task.TELL_CANDIDATES,
        place=rule.place,
        name=rule.name,
        law=rule.law,
        says=duty.says,
        timing=due.timing,
        event=due.event,
        due=role.days.get(due.event) if due.on_the_day else None,
        begins=max(role.opened, duty.span.first or rule.span.first or role.opened),
        reaches=Certainty.MAYBE if conditions else Certainty.YES,
        conditions=conditions,
        evidence=duty.evidence,
        sources=duty.sources,
        checked=rule.checked,
    )


def _from_retention(role: _Role) -> Iterator[RoleDuty]:
    for record in Record:
        for row in retention_for(role.places, role.last, record).rows:
            if record is Record.AUTOMATED_DECISION and role.tools == frozenset():
                continue
            if row.keep_months:
                yield _record_task(row, Task.KEEP, row.keep_months, row.evidence, role)
            if row.keep_at_most_months:
                yield _record_task(row, Task.ERASE, row.keep_at_most_months, row.at_most_evidence, role)


def _record_task(row: RetentionRow, task: Task, months: int, evidence: Evidence, role: _Role) -> RoleDuty:
    conditions = _record_conditions(row, role)
    term = f"{months} months from {row.after}"
    return RoleDuty(
        id=f"{row.id}/{task}",
        task=task,
        place=row.place,
        name=row.name,
        law=row.law if evidence is not Evidence.HOUSE_RULE else "house rule",
        says=row.says if task is Task.KEEP or evidence is not Evidence.HOUSE_RULE else f"Erase after {term}.",
        timing=f"for {term}" if task is Task.KEEP else f"{term} at the latest",
        event=Event.CLOSED,
        due=add_months(role.closed, months) if role.closed else None,
        begins=max(role.opened, row.first or role.opened),
        reaches=Certainty.MAYBE if conditions else Certainty.YES,
        conditions=conditions,
        evidence=evidence,
        sources=row.sources,
        checked=row.checked,
    )


def _record_conditions(row: RetentionRow, role: _Role) -> tuple[str, ...]:
    within = any(row.place in ancestors(where) for where in role.places)
    open_ones = {
        f"you are one of the {row.only_for}": bool(row.only_for),
        f"a candidate is in {row.name}": not within,
        "software scores or ranks candidates": row.record is Record.AUTOMATED_DECISION and role.tools is None,
    }
    return tuple(words for words, is_open in open_ones.items() if is_open)


# Reach --------------------------------------------------------------------------------------------------------


def _reach(rule: RoleRule | AutomationRule, role: _Role) -> tuple[str, ...] | None:
    """What is open before a rule reaches the role at some time while it is open; None where it never does."""
    if rule.span.overlaps(role.opened, role.last) is Certainty.NO:
        return None
    return open_conditions(rule, role.places, min(_begins(rule, role), role.last), role.tools, role.employees)


def _begins(rule: RoleRule | AutomationRule, role: _Role) -> date:
    return max(role.opened, rule.span.earliest or role.opened)


def _before_its_law(rule: RoleRule | AutomationRule, event: Event, role: _Role) -> bool:
    """Whether the event a duty is counted from lies on a day on which the rule did not hold."""
    day = role.days.get(event)
    return event is not Event.OPENED and day is not None and rule.span.holds(day) is Certainty.NO


def _gaps(places: tuple[str, ...]) -> Iterator[Gap]:
    unread = set(places_not_in_table(places))
    for where in places:
        if where in unread:
            yield Gap(where, Subject.PAY)
        if where != WORLD and not _is_in_automation(where):
            yield Gap(where, Subject.AUTOMATED_TOOLS)


def _is_in_automation(where: str) -> bool:
    """Whether a row on automated tools is of the place, or of an outer place whose law is the place's."""
    with_row = {rule.place for rule in automation_rules().values() if rule.standing is not Standing.REPEALED}
    if where in with_row:
        return True
    here = place_of(where)
    if here.kind is PlaceKind.STATE and here.parent in FEDERATIONS:
        return False
    return bool(here.parent) and here.parent != WORLD and _is_in_automation(here.parent)
