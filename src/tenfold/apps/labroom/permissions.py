"""Who invites, arranges, sits in, reviews and signs. A part in the hiring team decides, by the rows of this moment."""

from __future__ import annotations

from rules.predicates import Predicate as Rule

from tenfold.apps.candidates.permissions import arranges, decides, runs_hiring
from tenfold.apps.labroom.models import LabInvitation, LabPartner, LabReview
from tenfold.core.models import TeamRole
from tenfold.core.models.tenancy import Viewer
from tenfold.core.permissions import has_team_role, is_member, register


def _is_own_review(user: Viewer, thing: object) -> bool:
    return isinstance(thing, LabReview) and bool(user.pk) and thing.reviewer_id == user.pk


def _is_partner(user: Viewer, thing: object) -> bool:
    if not isinstance(thing, LabInvitation) or not user.pk:
        return False
    return LabPartner.objects.filter(invitation=thing, user_id=user.pk).exists()


def _is_own_try(user: Viewer, thing: object) -> bool:
    return isinstance(thing, LabInvitation) and bool(user.pk) and thing.tried_by_id == user.pk


def _takes_part(user: Viewer, thing: object) -> bool:
    return isinstance(thing, LabInvitation) and LabInvitation.objects.visible_to(user).filter(pk=thing.pk).exists()


is_in_team = has_team_role(TeamRole.values)
is_partner = Rule(_is_partner, name="sits in on this lab")
is_own_try = Rule(_is_own_try, name="tries this lab")
is_own_review = Rule(_is_own_review, name="is asked for this review")
register(
    {
        "lab.browse": is_member,
        "lab.invite": runs_hiring,
        "lab.arrange": runs_hiring,
        "lab.set-time": arranges,
        "lab.join": is_partner & is_in_team,
        "lab.see": Rule(_takes_part, name="takes part in this lab"),
        "lab.work": is_own_try & is_member,
        "lab.review": is_own_review & is_in_team,
        "lab.decide": decides,
    }
)
