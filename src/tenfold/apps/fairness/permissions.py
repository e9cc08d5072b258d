"""Who sees groups of applicants, and who publishes a period: people analysts, who meet no candidate."""

from __future__ import annotations

from tenfold.core.models import Role
from tenfold.core.permissions import has_role, register

is_analyst = has_role({Role.PEOPLE_ANALYST})
register({"fairness.see": is_analyst, "fairness.publish": is_analyst})
