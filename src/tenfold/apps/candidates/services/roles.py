"""Roles opened from approved plans, their stages edited, their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.db.models import CharField, F
from django.db.models.functions import Cast
from django.utils import timezone

from tenfold.apps.candidates.models import (
    Application,
    ApplicationState,
    CandidateEvent,
    OpenRole,
    RoleStage,
    StageKind,
)
from tenfold.apps.candidates.services.duties import refresh_role_tasks
from tenfold.apps.candidates.services.mail import add_default_templates
from tenfold.apps.plans.models import StoredPlan
from tenfold.core.models import Membership, TeamRole, User
from tenfold.core.permissions import require
from tenfold.core.services.teams import create_team
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.law.places import is_place
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import load_plan

MAX_STAGES = 20


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage as it is to be. `id` empty: a new one."""

    name: str
    kind: StageKind
    duty: str = ""
    duty_of: TeamRole = TeamRole.RECRUITER
    duty_days: int | None = None
    id: str = ""


MLOPS_STAGES = (
    StageDraft("Applied", StageKind.APPLIED, "Read the application and answer", TeamRole.RECRUITER, 5),
    StageDraft("First conversation", StageKind.SCREEN, "Hold the first interview", TeamRole.RECRUITER, 7),
    StageDraft("Lab", StageKind.LAB, "Send the lab and look at the result", TeamRole.REVIEWER, 10),
    StageDraft(
        "Interviews", StageKind.INTERVIEW, "Hold the interviews and fill in scorecards", TeamRole.INTERVIEWER, 10
    ),
    StageDraft("Debrief", StageKind.DEBRIEF, "Meet and decide by the stated rule", TeamRole.LEAD, 3),
    StageDraft("Offer", StageKind.OFFER, "Make the offer and hear the answer", TeamRole.LEAD, 7),
)
"""Where a role for MLOps begins; it is edited freely."""


@transaction.atomic
def open_role(*, plan: StoredPlan, lead: Membership, by: User, now: datetime, zone: str = "") -> OpenRole:
    """Opens a plan's approved version to applications, with a hiring team and the stages of the template.

    Raises:
        NotAllowed: only editors open roles.
        UserError: the plan is archived, its latest version is not approved, or a role of it is open already.
    """
    require(by, "role.open", plan)
    held = StoredPlan.objects.select_for_update().get(pk=plan.pk)
    if held.is_archived or not held.is_approved_as_is:
        raise UserError("A role is opened from an approved plan.", remedy="Have the latest version approved first.")
    if OpenRole.objects.filter(plan=held, closed_at=None).exists():
        raise UserError("A role of this plan is open already.", remedy="Open it under Hiring.")
    content = load_plan(held.latest().text).plan
    own = Membership.objects.filter(organisation=held.organisation, user=by).exclude(pk=lead.pk)
    others = [(member, TeamRole.RECRUITER) for member in own]  # whoever opens it for somebody else works on it
    team = create_team(organisation=held.organisation, name=held.title, lead=lead, by=by, now=now, others=others)
    role = OpenRole.objects.create(
        organisation=held.organisation,
        plan=held,
        team=team,
        title=held.title,
        employer=content.company.name or held.organisation.name,
        places=_places(content),
        employees=content.company.employees,
        uses_automated_tool=_uses_tool(content),
        decide_by=content.role.start_by,
        zone=known_zone(zone) or timezone.get_default_timezone_name(),
        opened_at=now,
        opened_by=by,
    )
    _write_stages(role, MLOPS_STAGES)
    record(
        kind=CandidateEvent.ROLE_OPENED,
        by=by,
        of=role,
        now=now,
        data={"plan": str(held.pk), "version": held.latest_number},
    )
    refresh_role_tasks(role, now=now)
    add_default_templates(organisation=held.organisation, by=by, now=now)
    return role


@transaction.atomic
def change_role(
    *,
    role: OpenRole,
    by: User,
    now: datetime,
    places: Sequence[str],
    decide_by: date | None,
    uses_automated_tool: bool | None,
    zone: str,
) -> None:
    """Raises NotAllowed, or UserError for a place or time zone that is not one."""
    require(by, "role.edit", role)
    unknown = [place for place in places if not is_place(place)]
    if unknown:
        raise UserError(f"There is no place “{unknown[0]}”.", remedy="Use ids such as US-CO, CA-ON or DE.")
    if not known_zone(zone):
        raise UserError(f"There is no time zone “{zone}”.", remedy="Write it as Europe/Berlin.")
    role.places, role.decide_by, role.zone = list(places), decide_by, zone
    role.uses_automated_tool = uses_automated_tool
    role.save(update_fields=["places", "decide_by", "zone", "uses_automated_tool"])
    record(kind=CandidateEvent.ROLE_CHANGED, by=by, of=role, now=now, data={"places": list(places)})
    refresh_role_tasks(role, now=now)


@transaction.atomic
def set_stages(*, role: OpenRole, stages: Sequence[StageDraft], by: User, now: datetime) -> None:
    """The stages as they are to be from now on, in this order. What applications went through stays readable.

    Raises:
        NotAllowed: only those who decide edit stages.
        UserError: no stage, one name twice, or a stage is left out while open applications are in it.
    """
    require(by, "role.edit", role)
    names = [stage.name.strip().casefold() for stage in stages]
    if not stages or len(stages) > MAX_STAGES or "" in names or len(set(names)) != len(names):
        raise UserError("Each stage needs a name of its own.", remedy=f"Between one and {MAX_STAGES} stages.")
    kept = {stage.id for stage in stages if stage.id}
    leaving = [stage for stage in role.stages.kept() if str(stage.pk) not in kept]
    held = Application.objects.filter(stage__in=leaving, state=ApplicationState.OPEN)
    if held.exists():
        raise UserError("There are open applications in a stage that is left out.", remedy="Move them first.")
    RoleStage.objects.filter(pk__in=[stage.pk for stage in leaving]).update(removed_at=now)
    _write_stages(role, stages)
    record(kind=CandidateEvent.ROLE_CHANGED, by=by, of=role, now=now, data={"stages": len(stages)})


@transaction.atomic
def close_role(*, role: OpenRole, by: User, now: datetime) -> None:
    """Takes no more applications. Those that are open stay to be decided."""
    require(by, "role.edit", role)
    role.closed_at = now
    role.save(update_fields=["closed_at"])
    record(kind=CandidateEvent.ROLE_CLOSED, by=by, of=role, now=now, data={"plan": str(role.plan_id)})
    refresh_role_tasks(role, now=now)


def known_zone(name: str) -> str:
    """The name where it is a time zone's, else nothing."""
    return str(ZoneInfo(name)) if name in available_timezones() else ""


def _write_stages(role: OpenRole, stages: Sequence[StageDraft]) -> None:
    ours = {str(stage.pk): stage for stage in role.stages.kept()}
    # Names that are all different for the moment in which two stages swap theirs.
    RoleStage.objects.filter(role=role, removed_at=None).update(name=Cast(F("pk"), CharField()))
    for position, draft in enumerate(stages):
        row = ours.get(draft.id) or RoleStage(role=role)
        row.name, row.kind, row.position = draft.name.strip()[:60], draft.kind, position
        row.duty, row.duty_of, row.duty_days = draft.duty.strip()[:200], draft.duty_of, draft.duty_days
        row.save()


def _places(content: HiringPlan) -> list[str]:
    named = [*(content.company.jurisdictions or []), *(content.role.places or [])]
    return [place for place in dict.fromkeys(named) if is_place(place)]


def _uses_tool(content: HiringPlan) -> bool | None:
    interviews = content.interviews
    return getattr(interviews, "ai_screening", None)
