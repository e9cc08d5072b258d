"""Who says what is read, and whose names those are."""

from __future__ import annotations

from tenfold.apps.employees.models import KEEPERS
from tenfold.core.permissions import has_role, register

register({"sources.manage": has_role(KEEPERS)})
