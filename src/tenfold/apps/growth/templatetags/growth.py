"""Words of growth pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def kind_words(kind: str) -> str:
    """`merged-change` as `merged change`."""
    return str(kind).replace("-", " ")


@register.filter
def view_words(view: str) -> str:
    """`not-yet` as `not yet`; a dash where nothing was said."""
    return str(view).replace("-", " ") if view else "–"


@register.filter
def at(values: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key; nothing where it holds none."""
    return values.get(key, "")
