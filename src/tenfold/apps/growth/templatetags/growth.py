"""Words of growth pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from tenfold.apps.growth.models import GrowthItem
from tenfold.practices.growth.ladder import Ladder

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
def cell_names(item: GrowthItem, ladder: Ladder) -> str:
    """What an item is for, as “Model serving, staff”; an entry that the ladder no longer has by its id."""
    return "; ".join(_cell_name(ladder, cell_id) for cell_id in item.cells)


def _cell_name(ladder: Ladder, cell_id: str) -> str:
    cell = ladder.cell(cell_id)
    if cell is None:
        return cell_id
    themes, levels = ({one.id: one.name for one in part} for part in (ladder.themes, ladder.levels))
    return f"{themes[cell.theme]}, {levels[cell.level].lower()}"


@register.filter
def at(values: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key; nothing where it holds none."""
    return values.get(key, "")
