"""What changed between two texts of a plan, field by field, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tenfold.plan.yaml_io import load_plan

NAMED_BY = ("skill", "name", "decision", "team", "level", "role")
"""Keys by which an item of a list is known, so that a moved item is not told as two changes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field. `before` is empty where it was added, `after` where it was removed."""

    field: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        return "changed" if self.before and self.after else "added" if self.after else "removed"

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Every field that differs, in the order of the later text; what was removed comes last.

    Raises:
        UserError: one of the texts is not a plan.
    """
    old, new = dict(_leaves("", load_plan(before).document)), dict(_leaves("", load_plan(after).document))
    fields = [*new, *(field for field in old if field not in new)]
    return tuple(Change(f, old.get(f, ""), new.get(f, "")) for f in fields if old.get(f, "") != new.get(f, ""))


def _leaves(path: str, node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), value)
    elif isinstance(node, list) and all(_name(item) for item in node):
        for item in node:
            yield f"{path}[{_name(item)}]", _worded_item(item)
    elif isinstance(node, list):
        yield path, "\n".join(_phrase(item) for item in node)
    elif node is not None:
        yield path, _phrase(node)


def _name(item: Any) -> str:
    """What an item of a list is called: itself where it is one word, else its naming key."""
    if isinstance(item, Mapping):
        return next((str(item[key]) for key in NAMED_BY if item.get(key)), "")
    return str(item) if isinstance(item, str) and " " not in item else ""


def _worded_item(item: Any) -> str:
    if not isinstance(item, Mapping):
        return "yes"
    name = _name(item)
    rest = [f"{key}: {_phrase(value)}" for key, value in item.items() if value is not None and str(value) != name]
    return ", ".join(rest) or "yes"


def _phrase(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(_phrase(item) for item in value)
    return str(value).strip()
