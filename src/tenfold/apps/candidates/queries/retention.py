"""How long what is kept of an application, by kind of record and place: at least, at most, and on what it rests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from tenfold.apps.candidates.models import Application, Consent, OpenRole, Purpose
from tenfold.core.models import User
from tenfold.kit.calendar_days import add_months
from tenfold.kit.facts import Evidence
from tenfold.law.retention import Record, RetentionRow, retention_for, retention_rows

RECORDS = (Record.SELECTION, Record.AUTOMATED_DECISION, Record.POSTING, Record.REJECTED_CANDIDATE)
WORDS = {
    Record.SELECTION: "Application and selection records",
    Record.AUTOMATED_DECISION: "Records of automated tools",
    Record.POSTING: "Posting and application form",
    Record.REJECTED_CANDIDATE: "Data of people who were not hired",
}
HOUSE_MONTHS = 24
"""After this much time without a rule that says otherwise, we propose to erase: our own figure, not the law's."""
MONTHS_DIFFER = timedelta(days=5)
"""A month after the 31st is up to three days shorter; one more for the zone."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One kind of record of one application. `keep_until`: erased no earlier, by `law`; `erase_by`: no later."""

    record: Record
    keep_until: date | None
    erase_by: date | None
    rows: tuple[RetentionRow, ...]
    law: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.record]


def clocks(application: Application, *, today: date) -> list[Clock]:
    """The clocks that run for a closed application; none while it is open."""
    if application.closed_at is None:
        return []
    start = localdate(application.closed_at)
    return [one for record in _records(application.role) if (one := _clock(application.role, record, start, today))]


def _records(role: OpenRole) -> Iterable[Record]:
    """A tool's records only where a tool is used, or where nobody has said."""
    return (one for one in RECORDS if one is not Record.AUTOMATED_DECISION or role.uses_automated_tool is not False)


def _clock(role: OpenRole, record: Record, start: date, today: date) -> Clock | None:
    found = retention_for(role.places, today, record)
    if not found.rows:
        return None
    binding = _binding(found.rows)
    least, most = (binding.keep_months if binding else None), found.keep_at_most_months
    return Clock(
        record,
        add_months(start, least) if least else None,
        add_months(start, max(most, least or 0)) if most else None,
        found.rows,
        binding.law if binding else "",
    )


def _binding(rows: Iterable[RetentionRow]) -> RetentionRow | None:
    """The row that asks to keep the longest, of those that are law, that we read, and that every employer is under."""
    asking = [
        row
        for row in rows
        if row.keep_months and not row.only_for and row.evidence.may_decide and row.evidence is not Evidence.HOUSE_RULE
    ]
    return max(asking, key=lambda row: row.keep_months or 0, default=None)


def kept_until(applications: Iterable[Application], *, today: date) -> tuple[date | None, str]:
    """Until when the law wants these records kept, and which law; None where nothing does."""
    running = [
        (clock.keep_until, clock.law)
        for application in applications
        for clock in clocks(application, today=today)
        if clock.keep_until and clock.keep_until > today
    ]
    return max(running) if running else (None, "")


def erase_by(application: Application, *, today: date) -> date | None:
    """The day by which everything of a closed application should be gone, unless the person agreed to longer."""
    ruled = _ruled_erasure(application, today=today)
    agreed = _agreed_until(application) if ruled else None
    return max(ruled, agreed) if ruled and agreed else ruled


def _ruled_erasure(application: Application, *, today: date) -> date | None:
    """As law and our own rule have it: the same for all whose application to a role was closed on a day."""
    if application.closed_at is None:
        return None
    limits = [clock.erase_by for clock in clocks(application, today=today) if clock.erase_by]
    own = add_months(localdate(application.closed_at), HOUSE_MONTHS)
    least, _ = kept_until([application], today=today)
    return max(day for day in (min([*limits, own]), least) if day)


def _never_due_after(now: datetime) -> datetime:
    """Whoever was rejected later than this is not due yet, whatever the place."""
    bounds = [row.keep_at_most_months for row in retention_rows().values() if row.keep_at_most_months]
    today = localdate(now)
    earliest = add_months(today, -min([*bounds, HOUSE_MONTHS]))
    return now - (today - earliest) + MONTHS_DIFFER


def _agreed_until(application: Application) -> date | None:
    given = [
        one.until
        for one in application.candidate.consents.all()
        if one.purpose == Purpose.FUTURE_ROLES and one.withdrawn_at is None and one.until
    ]
    return max(given, default=None)


def due_for_erasure(user: User, *, now: datetime) -> list[Application]:
    """Closed applications of people whose time is over, who are in no open one, and whom nobody holds."""
    closed = (
        Application.objects.run_by(user)
        .filter(closed_at__lte=_never_due_after(now), candidate__erased_at=None, candidate__is_held=False)
        .exclude(candidate__applications__state="open")
        .select_related("role", "candidate")
        .prefetch_related("candidate__consents")
    )
    today = localdate(now)
    ruled: dict[tuple[UUID, date], date | None] = {}
    return [one for one in closed if _is_due(one, ruled, today)]


def _is_due(application: Application, ruled: dict[tuple[UUID, date], date | None], today: date) -> bool:
    """Whether the day is over; law is asked once a role and day."""
    key = (application.role_id, localdate(application.closed_at))
    if key not in ruled:
        ruled[key] = _ruled_erasure(application, today=today)
    day, agreed = ruled[key], _agreed_until(application)
    return day is not None and day <= today and (agreed is None or agreed <= today)


def consents_of(application: Application) -> list[Consent]:
    return list(application.candidate.consents.all())
