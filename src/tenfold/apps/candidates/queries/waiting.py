"""Who waits for whom: what needs a user, what a stage's duty is, and what the law wants done by when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import (
    AccommodationRequest,
    Application,
    ApplicationNote,
    ApplicationState,
    FollowUp,
    IncomingMail,
    Meeting,
    OpenRole,
    RoleStage,
    RoleTask,
)
from tenfold.apps.candidates.queries.retention import due_for_erasure
from tenfold.core.models import Organisation, TeamMember, User
from tenfold.core.todo import ToDo
from tenfold.kit.words import plural

MENTIONS_LAST = timedelta(days=7)
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """How many applications wait in a stage, for which part of the team, how many of them too long."""

    stage: str
    whom: str
    duty: str
    n: int
    late: int


def waiting_on_whom(role: OpenRole, *, now: datetime) -> list[WaitingLine]:
    """Stages with people in them and who has to act there, the latest first."""
    return waiting_in_roles([role], now=now).get(role.pk, [])


def waiting_in_roles(roles: Sequence[OpenRole], *, now: datetime) -> dict[UUID, list[WaitingLine]]:
    """As `waiting_on_whom`, by role, in two queries for all of them; roles in which nobody waits are left out."""
    rows = Application.objects.filter(role__in=roles, state=ApplicationState.OPEN).not_shut_away()
    held: Counter[object] = Counter()
    late: Counter[object] = Counter()
    stages = {stage.pk: stage for stage in RoleStage.objects.filter(role__in=roles)}
    for stage_id, since in rows.values_list("stage", "stage_since"):
        held[stage_id] += 1
        lasts = stages[stage_id].duty_lasts
        late[stage_id] += lasts is not None and since + lasts < now
    lines: dict[UUID, list[WaitingLine]] = {}
    for pk, stage in stages.items():
        if held[pk]:
            line = WaitingLine(stage.name, stage.get_duty_of_display(), stage.duty, held[pk], late[pk])
            lines.setdefault(stage.role_id, []).append(line)
    return {role: sorted(found, key=lambda line: (-line.late, -line.n)) for role, found in lines.items()}


def todo(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    """What waits for a user: their stages' duties, the law's tasks, follow-ups, mentions, answers, accommodations."""
    yield from _duties(user, organisation)
    yield from _follow_ups(user, organisation)
    yield from _law(user, organisation, now)
    yield from _mentions(user, organisation, now)
    yield from _answers(user, organisation, now)
    yield from _accommodations(user, organisation)
    yield from _meetings(user, organisation, now)
    yield from _erasures(user, organisation, now)


def _duties(user: User, organisation: Organisation) -> Iterator[ToDo]:
    """One line a stage whose duty is the user's part in the team, with the day of the longest wait.

    It leads to the pipeline; interviewers, who have none, to the list of roles.
    """
    run = set(OpenRole.objects.run_by(user).filter(organisation=organisation).values_list("pk", flat=True))
    parts = TeamMember.objects.filter(member__user=user, team__organisation=organisation).values_list("team", "role")
    mine = Q(pk__in=[])
    for team, part in parts:
        mine |= Q(role__team=team, stage__duty_of=part)
    rows = Application.objects.filter(mine, state=ApplicationState.OPEN).exclude(stage__duty="").not_shut_away()
    found: dict[tuple[UUID, UUID], list[tuple[datetime, int, str, str]]] = {}
    values = rows.values_list("role", "stage", "stage_since", "stage__duty_days", "role__title", "stage__duty")
    for role, stage, since, days, title, duty in values:
        found.setdefault((role, stage), []).append((since, days or 0, title, duty))
    for (role_id, _), waits in found.items():
        since, days, title, duty = min(waits)
        due = localdate(since + timedelta(days=days)) if days else None
        page = reverse("role", args=[role_id]) if role_id in run else reverse("roles")
        yield ToDo("Waits for you", f"{duty}: {plural(len(waits), 'person', 'people')}, {title}", page, due)


def _follow_ups(user: User, organisation: Organisation) -> Iterator[ToDo]:
    rows = FollowUp.objects.filter(of=user, done_at=None, application__role__organisation=organisation)
    for row in rows.select_related("application")[:20]:
        yield ToDo("Follow up", row.text, _page(row.application), row.due_date)


def _law(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    """One line for what is owed by one day to several people or in several roles; it leads to the first of these."""
    roles = OpenRole.objects.run_by(user).filter(organisation=organisation)
    rows = RoleTask.objects.filter(role__in=roles, done_at=None, is_sure=True, due_date__isnull=False)
    due = rows.filter(due_date__lte=localdate(now) + SOON, begins__lte=localdate(now)).select_related("role")
    alike: dict[tuple[str, date | None], Counter[tuple[UUID, str]]] = {}
    for row in due:
        alike.setdefault((row.says[:120], row.due_date), Counter())[row.role_id, row.role.title] += 1
    for (says, due_date), owed in alike.items():
        role_id, title = next(iter(owed))
        others = f" and {plural(len(owed) - 1, 'more role')}" if len(owed) > 1 else ""
        people = f" ({plural(owed.total(), 'person', 'people')})" if owed.total() > len(owed) else ""
        yield ToDo("By law", f"{title}{others}: {says}{people}", reverse("role-tasks", args=[role_id]), due_date)


def _mentions(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    rows = ApplicationNote.objects.filter(mentioned=user, application__role__organisation=organisation)
    for row in rows.filter(written_at__gt=now - MENTIONS_LAST).select_related("application", "written_by")[:20]:
        yield ToDo("Mentioned", f"{row.written_by or 'A colleague'} mentioned you", _page(row.application))


def _answers(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    roles = OpenRole.objects.run_by(user).filter(organisation=organisation)
    rows = IncomingMail.objects.filter(application__role__in=roles, received_at__gt=now - MENTIONS_LAST)
    for row in rows.select_related("application__role")[:20]:
        yield ToDo("Answer", f"A candidate answered: {row.application.role.title}", _page(row.application))


def _accommodations(user: User, organisation: Organisation) -> Iterator[ToDo]:
    rows = AccommodationRequest.objects.visible_to(user).filter(
        answered_at=None, application__role__organisation=organisation, application__state=ApplicationState.OPEN
    )
    for row in rows.select_related("application__role")[:20]:
        page = reverse("accommodations", args=[row.application.role_id])
        yield ToDo("Accommodation", f"To be arranged: {row.application.role.title}", page)


def _meetings(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    """Meetings that one attends and that are still set: nobody is reminded of one that was cancelled."""
    rows = Meeting.objects.filter(
        attendees__user=user, state="set", starts_at__gt=now, application__role__organisation=organisation
    )
    for row in rows.select_related("application")[:20]:
        yield ToDo("Meeting", row.title, _page(row.application), localdate(row.starts_at))


def _erasures(user: User, organisation: Organisation, now: datetime) -> Iterator[ToDo]:
    roles: Counter[tuple[UUID, str]] = Counter()
    for one in due_for_erasure(user, now=now):
        if one.role.organisation_id == organisation.pk:
            roles[one.role_id, one.role.title] += 1
    for (role_id, title), n in roles.items():
        page = reverse("role-retention", args=[role_id])
        yield ToDo("Erase", f"The retention period is over for {plural(n, 'person', 'people')}: {title}", page)


def _page(application: Application) -> str:
    return reverse("application", args=[application.pk])
