"""Who sees figures of teams, who runs pulses and pay rounds."""

from __future__ import annotations

from rules.predicates import Predicate

from tenfold.apps.employees.models import KEEPERS, READERS
from tenfold.apps.retention.models import OneOnOne, PayRound
from tenfold.core.models.tenancy import Viewer
from tenfold.core.permissions import can_see_pay, has_role, is_decider, membership, register


def _is_one_of_the_two(user: Viewer, thing: object) -> bool:
    if not isinstance(thing, OneOnOne) or membership(user, thing.employee) is None:
        return False
    return user.pk in (thing.manager_id, thing.employee.user_id)


def _is_another_person(user: Viewer, thing: object) -> bool:
    return isinstance(thing, PayRound) and thing.started_by_id != user.pk


register(
    {
        "teams.see": has_role(READERS),
        "teams.keep": has_role(READERS),
        "pulse.run": has_role(KEEPERS),
        "one-on-one.write": Predicate(_is_one_of_the_two, name="is one of the two"),
        "pay-round.run": can_see_pay,
        "pay-round.approve": can_see_pay & is_decider & Predicate(_is_another_person, name="did not start it"),
    }
)
