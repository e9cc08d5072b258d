"""Names and anchors looked up by their id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def value_of(held: Mapping[str, Any], key: object) -> Any:
    """What a mapping holds under a key, or the key itself: an id that has no name is better than nothing."""
    return held.get(str(key), key)
