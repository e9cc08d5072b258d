"""Who may do what: one predicate a verb, asked alike by pages, the API and services. Each app registers its own.

`may(user, "plan.edit", plan)` asks; `require` raises `NotAllowed`. What lists show is told by the models' `visible_to`.
Seeing pay is a right of its own: no role carries it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from rules.predicates import Predicate as Rule
from rules.rulesets import RuleSet

from tenfold.core.models import HiringTeam, Membership, Organisation, Role, TeamMember, TeamRole, User
from tenfold.core.models.tenancy import Viewer

EDITORS = frozenset({Role.ADMINISTRATOR, Role.HIRING_MANAGER, Role.RECRUITER})
DECIDERS = frozenset({Role.ADMINISTRATOR, Role.HIRING_MANAGER})


class NotAllowed(PermissionDenied):
    """This person may not do this here."""


def membership(user: Viewer, thing: object) -> Membership | None:
    """What the user is in the organisation that a thing belongs to."""
    if not isinstance(user, User) or not user.is_active:
        return None
    home = organisation_id_of(thing)
    return next((own for own in user.memberships.all() if own.organisation_id == home), None)


def organisation_id_of(thing: object) -> uuid.UUID | None:
    """The organisation of an organisation, of what carries it, or of what hangs on a plan."""
    if isinstance(thing, Organisation):
        return thing.pk
    if hasattr(thing, "organisation_id"):
        return thing.organisation_id  # type: ignore[no-any-return]  # every model's is a UUID
    plan = getattr(thing, "plan", None)
    return plan.organisation_id if plan else None


def has_role(roles: Iterable[str]) -> Rule:
    """Whether the user has one of these roles where a thing belongs."""
    allowed = frozenset(roles)

    def holds(user: Viewer, thing: object) -> bool:
        own = membership(user, thing)
        return own is not None and own.role in allowed

    return Rule(holds, name=f"is {' or '.join(sorted(allowed))}")


def _can_see_pay(user: Viewer, thing: object) -> bool:
    own = membership(user, thing)
    return own is not None and own.sees_pay


can_see_pay = Rule(_can_see_pay, name="sees pay")
is_member = has_role(Role.values)
is_editor = has_role(EDITORS)
is_decider = has_role(DECIDERS)
is_administrator = has_role({Role.ADMINISTRATOR})

PERMISSIONS = RuleSet()
"""What can be asked: filled by `register`, by core and by each app's `permissions` once models are there."""


def register(rules: Mapping[str, Rule]) -> None:
    """Adds what an app lets people do.

    Raises:
        ValueError: a permission of that name is there already with another rule.
    """
    for name, rule in rules.items():
        if PERMISSIONS.get(name, rule) is not rule:
            raise ValueError(f"the permission {name} is registered twice")
        PERMISSIONS[name] = rule


def has_team_role(roles: Iterable[str]) -> Rule:
    """Whether the user has one of these parts in a hiring team, or in the team of what is asked about (`.team`)."""
    allowed = frozenset(roles)

    def holds(user: Viewer, thing: object) -> bool:
        team = thing if isinstance(thing, HiringTeam) else getattr(thing, "team", None)
        own = membership(user, thing)
        if team is None or own is None:
            return False
        return any(part.member_id == own.pk and part.role in allowed for part in TeamMember.objects.filter(team=team))

    return Rule(holds, name=f"is {' or '.join(sorted(allowed))} of the team")


leads_team = has_team_role({TeamRole.LEAD, TeamRole.RECRUITER})
register(
    {
        "organisation.view": is_member,
        "organisation.manage": is_administrator,
        "pay.see": can_see_pay,
        "team.create": is_editor,
        "team.edit": leads_team | is_administrator,
    }
)


def may(user: Viewer, permission: str, thing: object) -> bool:
    """Raises KeyError for a permission that does not exist: a misspelt one never passes."""
    return bool(PERMISSIONS[permission](user, thing))


def require(user: Viewer, permission: str, thing: object) -> None:
    if not may(user, permission, thing):
        raise NotAllowed(f"{user} may not {permission} here")
