"""Places on an app's pages that apps above it fill: the job page's application form, a plan's candidates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

Fill = Callable[[HttpRequest, Any], SafeString]
_SLOTS: dict[str, dict[str, Fill]] = {}


def fill_slot(place: str, name: str, fill: Fill) -> None:
    """Adds a piece to a place (`job-page.apply`); pieces stand in the order in which apps are loaded."""
    _SLOTS.setdefault(place, {})[name] = fill


def slot_content(place: str, request: HttpRequest, thing: Any) -> SafeString:
    """All pieces of a place about one thing; empty where no app fills it."""
    return SafeString("".join(fill(request, thing) for fill in _SLOTS.get(place, {}).values()))
