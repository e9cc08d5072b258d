"""Who edits ladders, and who may write about whom."""

from __future__ import annotations

from rules.predicates import Predicate

from tenfold.apps.employees.models import Employee
from tenfold.core.models.tenancy import Viewer
from tenfold.core.permissions import is_decider, is_member, membership, register


def _is_self(user: Viewer, thing: object) -> bool:
    return isinstance(thing, Employee) and membership(user, thing) is not None and thing.user_id == user.pk


def _is_manager(user: Viewer, thing: object) -> bool:
    return isinstance(thing, Employee) and membership(user, thing) is not None and thing.manager_id == user.pk


is_self = Predicate(_is_self, name="is this employee")
is_manager = Predicate(_is_manager, name="manages this employee")
register(
    {
        "ladder.view": is_member,
        "ladder.edit": is_decider,
        "growth.see": is_self | is_manager,
        "growth.place": is_manager,
        "growth.add-evidence": is_self | is_manager,
        "check-in.self": is_self,
        "check-in.manager": is_manager,
        "check-in.together": is_manager,
        "growth.plan": is_self | is_manager,
        "calibration.call": is_decider,
    }
)
