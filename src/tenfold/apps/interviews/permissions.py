"""Who makes kits, asks for scorecards and fills them in. What others wrote is told by `Scorecard.visible_to`."""

from __future__ import annotations

from rules.predicates import Predicate as Rule

from tenfold.apps.candidates.permissions import runs_hiring
from tenfold.apps.interviews.models import Scorecard
from tenfold.core.models import TeamRole
from tenfold.core.models.tenancy import Viewer
from tenfold.core.permissions import has_team_role, is_editor, register


def _is_own(user: Viewer, thing: object) -> bool:
    return isinstance(thing, Scorecard) and bool(user.pk) and thing.interviewer_id == user.pk


is_own_scorecard = Rule(_is_own, name="is asked for this scorecard")
is_in_team = has_team_role(TeamRole.values)
register(
    {
        "interviews.see-kit": is_in_team | runs_hiring,
        "interviews.arrange": runs_hiring,
        "interviews.edit-questions": is_editor,
        "scorecard.fill": is_own_scorecard & is_in_team,
    }
)
