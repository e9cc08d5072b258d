"""Who reads the trail."""

from __future__ import annotations

from tenfold.core.permissions import is_administrator, register

register(
    {
        "trail.view": is_administrator,
    }
)
