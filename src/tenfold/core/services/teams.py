"""Hiring teams: made, and their members added, changed and removed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tenfold.core.models import HiringTeam, Membership, Organisation, TeamMember, TeamRole, User
from tenfold.core.models.trail import CoreEvent
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError


@transaction.atomic
def create_team(
    *,
    organisation: Organisation,
    name: str,
    lead: Membership,
    by: User,
    now: datetime,
    others: Iterable[tuple[Membership, TeamRole]] = (),
) -> HiringTeam:
    """A team with its hiring manager, and whoever else is in it from the start.

    Raises:
        NotAllowed: the user may not make teams.
        UserError: the hiring manager is no member of this organisation.
    """
    require(by, "team.create", organisation)
    team = HiringTeam.objects.create(organisation=organisation, name=name[:120], created_by=by, created_at=now)
    record(kind=CoreEvent.TEAM_CREATED, by=by, of=team, now=now, data={"name": team.name})
    _set_member(team, lead, TeamRole.LEAD, by, now)
    for member, role in others:
        _set_member(team, member, role, by, now)
    return team


@transaction.atomic
def set_team_member(*, team: HiringTeam, member: Membership, role: TeamRole, by: User, now: datetime) -> TeamMember:
    """Adds a member to a team, or gives them another part in it.

    Raises:
        NotAllowed: the user may not change this team.
        UserError: no member of this organisation; or the team would be left without a hiring manager.
    """
    require(by, "team.edit", team)
    if role != TeamRole.LEAD:
        _keep_one_lead(team, member)
    return _set_member(team, member, role, by, now)


@transaction.atomic
def remove_team_member(*, team: HiringTeam, member: Membership, by: User, now: datetime) -> None:
    """Raises NotAllowed, or UserError where the team would be left without a hiring manager."""
    require(by, "team.edit", team)
    _keep_one_lead(team, member)
    if TeamMember.objects.filter(team=team, member=member).delete()[0]:
        record(kind=CoreEvent.TEAM_MEMBER_REMOVED, by=by, of=team, now=now, data={"member": member.pk})


def _set_member(team: HiringTeam, member: Membership, role: TeamRole, by: User, now: datetime) -> TeamMember:
    if member.organisation_id != team.organisation_id:
        raise UserError("This person is not a member of the organisation.", remedy="Invite them first.")
    part, _ = TeamMember.objects.update_or_create(
        team=team, member=member, defaults={"role": role}, create_defaults={"role": role, "added_at": now}
    )
    record(kind=CoreEvent.TEAM_MEMBER_SET, by=by, of=team, now=now, data={"member": member.pk, "role": role})
    return part


def _keep_one_lead(team: HiringTeam, member: Membership) -> None:
    leads = TeamMember.objects.select_for_update().filter(team=team, role=TeamRole.LEAD)
    ids = {lead.member_id for lead in leads}
    if ids == {member.pk}:
        raise UserError("A hiring team needs a hiring manager.", remedy="Make somebody else hiring manager first.")
