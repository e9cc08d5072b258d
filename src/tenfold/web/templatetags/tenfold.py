"""Assets by name, the strip, dates and money as people write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenfold.audit.registry import PRACTICES
from tenfold.audit.wording import STATE_WORDS, day
from tenfold.kit.findings import State

register = template.Library()


@cache
def _manifest(_written: float) -> dict[str, str]:
    known: dict[str, str] = json.loads((Path(settings.STATIC_ROOT) / "manifest.json").read_text(encoding="utf-8"))
    return known


@register.simple_tag
def asset(name: str) -> str:
    """Where a bundled file is served: `app.css` becomes `/static/app-1A2B3C4D.css`."""
    path = Path(settings.STATIC_ROOT) / "manifest.json"
    return f"{settings.STATIC_URL}{_manifest(path.stat().st_mtime)[name]}"


@register.inclusion_tag("parts/strip.html")
def strip(states: Mapping[str, str], size: str = "small") -> dict[str, Any]:
    """Ten marks from a mapping of practice to state; what is not told is unknown."""
    cells = [
        {"practice": p.id, "title": p.title, "state": State(states.get(p.id, State.UNKNOWN)).value} for p in PRACTICES
    ]
    for cell in cells:
        cell["word"] = STATE_WORDS[State(cell["state"])].lower()
    return {"cells": cells, "size": size}


@register.simple_tag
def mark(state: str) -> SafeString:
    """The drawn mark of a state."""
    return format_html('<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><use href="#mark-{}"/></svg>', state)


@register.filter
def on_day(value: date | datetime | None) -> str:
    """`18 November 2026`."""
    if value is None:
        return ""
    return day(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def prose(text: str) -> SafeString:
    """Words in backquotes stand as code; everything else as it is."""
    pieces = text.split("`")
    return SafeString("").join(
        format_html("<code>{}</code>", piece) if place % 2 else format_html("{}", piece)
        for place, piece in enumerate(pieces)
    )


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key, "")
