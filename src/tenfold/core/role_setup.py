"""What is set up for a plan's role, as far as somebody may know it: apps that hold a part of it add theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from tenfold.checking.role_setup import RoleSetup
from tenfold.core.models import User

SetupPart = Callable[[UUID, User], Mapping[str, Any]]
"""Of a plan, by its id: fields of `RoleSetup`; none where no role was opened from it."""
_PARTS: dict[str, SetupPart] = {}


def register_setup(name: str, part: SetupPart) -> None:
    """Adds what an app sets up for roles.

    Raises:
        ValueError: the name is taken.
    """
    if _PARTS.get(name, part) is not part:
        raise ValueError(f"the setup {name} is registered twice")
    _PARTS[name] = part


def setup_of_plan(plan: UUID, user: User) -> RoleSetup | None:
    """None where no role was opened from the plan and nothing is measured of the team.

    `is_hidden` where the role's hiring team alone may know; figures of the team are for who may see those.
    """
    fields: dict[str, Any] = {}
    for part in _PARTS.values():
        fields |= part(plan, user)
    if not fields:
        return None
    team, is_open = fields.get("team"), fields.keys() != {"team"}
    if fields.get("is_hidden"):
        return RoleSetup(is_hidden=True, team=team)
    return RoleSetup(**fields, is_open=is_open)
