"""Which labs are in use for a role, for the plan's checks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.labroom.models import LabInvitation
from tenfold.checking.role_setup import SetUpLab
from tenfold.core.models import User
from tenfold.core.permissions import may


def labs_set_up(plan: UUID, user: User) -> dict[str, Any]:
    """The field `labs` of `RoleSetup`: how many people were invited, for who runs the hiring."""
    role = OpenRole.objects.latest_of_plan(plan)
    if role is None:
        return {}
    rows = LabInvitation.objects.of_people().filter(application__role=role, withdrawn_at=None)
    counted = (
        rows.order_by()
        .values_list("lab")
        .annotate(
            invited=Count("application", distinct=True),
            handed_in=Count("application", distinct=True, filter=Q(submitted_at__isnull=False)),
        )
    )
    counts = may(user, "lab.invite", role)
    return {
        "labs": tuple(
            SetUpLab(lab, invited if counts else None, handed_in if counts else None)
            for lab, invited, handed_in in sorted(counted)
        )
    }
