"""Two edits of one plan brought together, field by field.

What only one of the two touched is kept as that one left it. Where both touched the same field differently, it is a
conflict: the merged text has the first editor's answer ("mine"), and both are told. Items of lists are known by name
(`skill`, `name`, …), lists of texts by their texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from tenfold.plan.yaml_io import dump, load_plan, parse_yaml

NAMED_BY = ("skill", "name", "decision", "team", "level", "role")


@dataclass(frozen=True, slots=True)
class EditedTwice:
    """A field that both changed: its path, and what it was, is with me, and is with them. None: not there."""

    field: str
    before: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class MergedPlan:
    """The text that both edits amount to. `taken`: fields that are theirs; `conflicts`: fields that hold mine."""

    text: str
    taken: tuple[str, ...]
    conflicts: tuple[EditedTwice, ...]


def merge_plans(base: str, mine: str, theirs: str) -> MergedPlan:
    """Brings together two texts that began from the same one.

    Raises:
        UserError: `mine` is not a plan, or the two together are none (a lowest pay above the highest).
    """
    merge = _Merge()
    start, own = load_plan(base).document, load_plan(mine).document
    merged = parse_yaml(theirs)
    merge.maps("", start, own, merged)
    text = dump(merged)
    load_plan(text)
    return MergedPlan(text, tuple(merge.taken), tuple(merge.conflicts))


def take_field(document: CommentedMap, source: Mapping[str, Any], field: str) -> None:
    """Sets one field of a document to what another has there: `pay.max`, or `requirements.must[kubernetes].depth`."""
    steps = list(_steps(field))
    value = _value_at(source, steps)
    owner: Any = document
    for step in steps[:-1]:
        below = _child(owner, step)
        if below is None:
            below = _add(owner, step, CommentedMap())
        owner = below
    _set_at(owner, steps[-1], deepcopy(value))


class _Merge:
    """One merging; goes through the three documents and changes theirs in place."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.conflicts: list[EditedTwice] = []

    def maps(self, path: str, base: Any, mine: Any, theirs: Any) -> None:
        for key in dict.fromkeys([*mine, *theirs, *base]):
            field = f"{path}.{key}" if path else str(key)
            self._one(field, theirs, key, base.get(key), mine.get(key))

    def _one(self, field: str, owner: Any, key: Any, base: Any, mine: Any) -> None:
        theirs = owner.get(key)
        if _same(mine, base) or _same(mine, theirs):
            if not _same(theirs, base) and not _same(mine, theirs):
                self.taken += _differing(field, base, theirs)
            return
        if _same(theirs, base):
            _set_at(owner, key, deepcopy(mine))
        elif isinstance(theirs, CommentedMap) and isinstance(mine, CommentedMap):
            self.maps(field, base if isinstance(base, Mapping) else {}, mine, theirs)
        elif (
            all(isinstance(one, CommentedSeq) for one in (theirs, mine))
            and not self._lists(field, owner, key, base if isinstance(base, list) else [], mine)
        ) or not (isinstance(theirs, CommentedSeq) and isinstance(mine, CommentedSeq)):
            self._conflict(field, owner, key, base, mine)

    def _conflict(self, field: str, owner: Any, key: Any, base: Any, mine: Any) -> None:
        self.conflicts.append(EditedTwice(field, plain(base), plain(mine), plain(owner.get(key))))
        _set_at(owner, key, deepcopy(mine))

    def _lists(self, field: str, owner: Any, key: Any, base: list[Any], mine: list[Any]) -> bool:
        """Merges two lists item by item; False where items have no names of their own to be known by."""
        theirs = owner[key]
        sides = [_by_name(items) for items in (base, mine, theirs)]
        if any(side is None for side in sides):
            return False
        was, own, other = (side or {} for side in sides)
        if _is_rewritten(was, own, other):
            return False
        holder = CommentedMap(other)
        for name in dict.fromkeys([*own, *other, *was]):
            self._one(f"{field}[{name}]", holder, name, was.get(name), own.get(name))
        theirs[:] = list(holder.values())
        return True


def _differing(field: str, base: Any, theirs: Any) -> list[str]:
    """The fields below one that are no longer as they were."""
    if not isinstance(base, Mapping) or not isinstance(theirs, Mapping):
        return [field]
    keys = dict.fromkeys([*theirs, *base])
    changed = [key for key in keys if not _same(base.get(key), theirs.get(key))]
    return [one for key in changed for one in _differing(f"{field}.{key}", base.get(key), theirs.get(key))]


def _is_rewritten(was: Mapping[str, Any], own: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Texts that both took out while both put others in: one sentence worded anew twice, which no list tells apart."""
    texts = all(isinstance(item, str) and " " in item for item in (*was.values(), *own.values(), *other.values()))
    both_lost = [name for name in was if name not in own and name not in other]
    return bool(texts and both_lost and set(own) - set(was) and set(other) - set(was))


def _by_name(items: list[Any]) -> dict[str, Any] | None:
    """Items by what they are called; None where two are called alike, or one has no name."""
    named = {name_of(item): item for item in items}
    return named if len(named) == len(items) and "" not in named else None


def name_of(item: Any) -> str:
    """What an item of a list is called: its naming key, or itself where it is a text."""
    if isinstance(item, Mapping):
        return next((str(item[key]) for key in NAMED_BY if item.get(key)), "")
    return str(item) if item is not None and not isinstance(item, list) else ""


def plain(node: Any) -> Any:
    """Values without comments and spelling, to compare and to show."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items() if value is not None}
    if isinstance(node, list):
        return [plain(item) for item in node]
    return str(node).rstrip("\n") if isinstance(node, str) else node


def _same(one: Any, other: Any) -> bool:
    """Equal as values; a section without answers is as good as none, and a bare skill as one without details."""
    return bool(_reduce(one) == _reduce(other))


def _reduce(node: Any) -> Any:
    value = plain(node)
    if isinstance(value, dict):
        kept = {key: _reduce(inner) for key, inner in value.items()}
        kept = {key: inner for key, inner in kept.items() if inner not in (None, {})}
        return kept.get("skill") if set(kept) == {"skill"} else kept or None
    return [_reduce(item) for item in value] if isinstance(value, list) else value


def _set_at(owner: Any, step: Any, value: Any) -> None:
    """Sets or removes a key of a map, or the item of that name in a list."""
    if isinstance(owner, list):
        place = next((at for at, item in enumerate(owner) if name_of(item) == step), None)
        if value is None:
            if place is not None:
                del owner[place]
        elif place is None:
            owner.append(value)
        else:
            owner[place] = value
    elif value is None:
        owner.pop(step, None)
    else:
        owner[step] = value


def _steps(field: str) -> Iterator[str]:
    """`a.b[name with. dots].c` as its steps."""
    step, depth = "", 0
    for sign in field:
        if sign == "[" and depth == 0:
            yield from filter(None, [step])
            step, depth = "", 1
        elif sign == "]" and depth == 1:
            yield step
            step, depth = "", 0
        elif sign == "." and depth == 0:
            yield from filter(None, [step])
            step = ""
        else:
            step += sign
    yield from filter(None, [step])


def _child(owner: Any, step: str) -> Any:
    if isinstance(owner, list):
        return next((item for item in owner if name_of(item) == step), None)
    return owner.get(step) if isinstance(owner, Mapping) else None


def _value_at(source: Any, steps: list[str]) -> Any:
    for step in steps:
        source = _child(source, step)
    return source


def _add(owner: Any, step: str, value: Any) -> Any:
    _set_at(owner, step, value)
    return value
