"""Who may do what with roles and candidates. A part in the hiring team decides, not the role in the organisation."""

from __future__ import annotations

from rules.predicates import Predicate as Rule

from tenfold.apps.candidates.models import Application, Candidate, CandidateFile, MeetingAttendee
from tenfold.core.models import Membership, Role, TeamRole
from tenfold.core.models.tenancy import Viewer
from tenfold.core.permissions import has_role, has_team_role, is_administrator, is_editor, register


def _sits_with(user: Viewer, thing: object) -> bool:
    application = thing.application if isinstance(thing, CandidateFile) else thing
    if not isinstance(application, Application) or not user.pk:
        return False
    return MeetingAttendee.objects.filter(meeting__application=application, user_id=user.pk).exists()


def _runs_a_role_of(user: Viewer, thing: object) -> bool:
    candidate = thing if isinstance(thing, Candidate) else getattr(thing, "candidate", None)
    return bool(user.pk) and candidate is not None and Candidate.objects.run_by(user).filter(pk=candidate.pk).exists()


sits_with = Rule(_sits_with, name="meets this candidate")
runs_a_role_of = Rule(_runs_a_role_of, name="runs a role that this candidate applied to")
runs_hiring = has_team_role({TeamRole.LEAD, TeamRole.RECRUITER, TeamRole.COORDINATOR}) | is_administrator
decides = has_team_role({TeamRole.LEAD, TeamRole.RECRUITER}) | is_administrator
arranges = has_team_role({TeamRole.RECRUITER, TeamRole.COORDINATOR})
is_analyst = has_role({Role.PEOPLE_ANALYST})

register(
    {
        "role.open": is_editor,
        "role.run": runs_hiring,
        "role.edit": decides,
        "role.count": runs_hiring | is_analyst,
        "application.view": runs_hiring | sits_with,
        "application.work": runs_hiring,
        "application.decide": decides,
        "candidate.work": runs_a_role_of,
        "candidate.import": decides,
        "candidate.export": decides,
        "accommodation.see": arranges,
        "mail-template.edit": is_editor,
        "webhook.manage": is_administrator,
    }
)


def may_meet_candidates(own: Membership) -> bool:
    """Whether the role can be part of a hiring team; asked before every page, so by the role alone."""
    return own.role != Role.PEOPLE_ANALYST
