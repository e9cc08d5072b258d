"""Who reads the trail, and who sees pay."""

from __future__ import annotations

from tenfold.core.models import Membership
from tenfold.core.permissions import is_administrator, register

register(
    {
        "trail.view": is_administrator,
    }
)


def sees_pay(own: Membership) -> bool:
    return own.sees_pay
