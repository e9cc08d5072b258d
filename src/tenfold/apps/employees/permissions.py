"""Who keeps records of employees, and who sees figures of teams."""

from __future__ import annotations

from tenfold.apps.employees.models import KEEPERS, READERS
from tenfold.core.permissions import has_role, register

register(
    {
        "employees.keep": has_role(KEEPERS),
        "employees.see-tenure": has_role(READERS),
    }
)
