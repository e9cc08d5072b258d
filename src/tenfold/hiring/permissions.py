"""Who may do what: one predicate a verb, tested the same by pages, the API and services.

`may(user, "plan.edit", plan)` asks; `require` raises `NotAllowed`. What lists show is told by the models' `visible_to`.
Seeing pay is a right of its own: no role carries it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from rules.predicates import Predicate as Rule
from rules.rulesets import RuleSet

from tenfold.hiring.models import Membership, Organisation, Role, User
from tenfold.hiring.models.people import Viewer

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
    wanted = frozenset(roles)

    def holds(user: Viewer, thing: object) -> bool:
        own = membership(user, thing)
        return own is not None and own.role in wanted

    return Rule(holds, name=f"is {' or '.join(sorted(wanted))}")


def _sees_pay(user: Viewer, thing: object) -> bool:
    own = membership(user, thing)
    return own is not None and own.sees_pay


sees_pay = Rule(_sees_pay, name="sees pay")
is_member = has_role(Role.values)
is_editor = has_role(EDITORS)
is_decider = has_role(DECIDERS)
is_administrator = has_role({Role.ADMINISTRATOR})

PERMISSIONS = RuleSet(
    {
        "organisation.view": is_member,
        "organisation.manage": is_administrator,
        "trail.view": is_administrator,
        "pay.see": sees_pay,
        "plan.create": is_editor,
        "plan.view": is_member,
        "plan.comment": is_member,
        "plan.edit": is_editor,
        "plan.share": is_editor,
        "plan.approve": is_decider,
        "posting.publish": is_editor,
    }
)


def may(user: Viewer, permission: str, thing: object) -> bool:
    """Raises KeyError for a permission that does not exist: a misspelt one never passes."""
    return bool(PERMISSIONS[permission](user, thing))


def require(user: Viewer, permission: str, thing: object) -> None:
    if not may(user, permission, thing):
        raise NotAllowed(f"{user} may not {permission} here")
