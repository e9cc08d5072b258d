"""Organisations, people and hiring teams, the audit trail, background work, API tokens."""

from tenfold.core.models.api import ApiToken, IdempotencyRecord
from tenfold.core.models.background import Work, WorkerBeat, WorkState
from tenfold.core.models.limits import RequestCount
from tenfold.core.models.teams import HiringTeam, TeamMember, TeamRole
from tenfold.core.models.tenancy import Membership, Organisation, Role, SecondFactor, User, Viewer
from tenfold.core.models.trail import AuditEntry, ChainHead

__all__ = [
    "ApiToken",
    "AuditEntry",
    "ChainHead",
    "HiringTeam",
    "IdempotencyRecord",
    "Membership",
    "Organisation",
    "RequestCount",
    "Role",
    "SecondFactor",
    "TeamMember",
    "TeamRole",
    "User",
    "Viewer",
    "Work",
    "WorkState",
    "WorkerBeat",
]
