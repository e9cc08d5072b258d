"""Figures from the world, each with value, unit, date, source and an evidence mark.

Facts live in `data/facts.toml` beside the code that rests on them and are looked up by key; a key starts with the
name of the folder that keeps it (`timing.manual_share` stands in `practices/timing/data/facts.toml`). The operator may
change house rules, and only those, in a file of their own.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import tomli

from tenfold.kit.errors import Place, UserError

FACTS_REMEDY = "Look at `tenfold facts` for the rule's present value and unit."
HOUSE_RULES_VARIABLE = "TENFOLD_HOUSE_RULES"


class Evidence(StrEnum):
    """How well a figure is supported, strongest first."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DERIVED = "derived"
    HOUSE_RULE = "house-rule"
    UNCONFIRMED = "unconfirmed"

    @property
    def may_decide(self) -> bool:
        """An unconfirmed figure never drives a verdict by itself."""
        return self is not Evidence.UNCONFIRMED


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure or statement about the world.

    `value` is a number, a text, or a tuple of numbers (a range, a series); `n` and `interval` are given where the
    figure is an estimate. `interval` is the 95 % interval in the unit of the value. `cited` marks a statement that
    rules rest on in words: no code reads its value, so editing it would change nothing and is refused.
    """

    key: str
    value: Any
    unit: str
    statement: str
    as_of: date
    source: str
    evidence: Evidence
    url: str = ""
    n: int | None = None
    interval: tuple[float, float] | None = None
    cited: bool = False
    edited: bool = False

    @property
    def editable(self) -> bool:
        """Whether the operator may set another value: house rules that code reads."""
        return self.edited or (self.evidence is Evidence.HOUSE_RULE and not self.cited)

    @property
    def number(self) -> float:
        """The value as a number; a `TypeError` when it is not one."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise TypeError(f"{self.key} is not a number: {self.value!r}")
        return float(self.value)

    @property
    def bounds(self) -> tuple[float, float]:
        """The value as a range of two numbers."""
        low, high = self.value
        return float(low), float(high)


class FactBook(Mapping[str, Fact]):
    """All facts by key. `book["timing.manual_share"].number`."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = dict(facts)

    def __getitem__(self, key: str) -> Fact:
        return self._facts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def number(self, key: str) -> float:
        return self[key].number

    def with_house_rules(self, path: Path) -> FactBook:
        """This book with the operator's house rules from a TOML file: one `"key" = value` a line.

        Raises:
            UserError: the file cannot be read, names an unknown key, or changes what is not a house rule.
        """
        changed = dict(self._facts)
        for key, value in _flat(_parse(_bytes_of(path), str(path))):
            changed[key] = self._edit(key, value, path)
        return FactBook(changed)

    def _edit(self, key: str, value: Any, path: Path) -> Fact:
        place = Place(file=str(path), field=key)
        fact = self._facts.get(key)
        if fact is None:
            raise UserError(f"There is no house rule “{key}”.", remedy=FACTS_REMEDY, place=place)
        if fact.evidence is not Evidence.HOUSE_RULE:
            raise UserError(
                f"“{key}” is a fact from {fact.source}, not a house rule, and cannot be edited.",
                remedy="Only rows marked house-rule in `tenfold facts` can be changed.",
                place=place,
            )
        if fact.cited:
            raise UserError(
                f"“{key}” is a statement that rules cite in words; no rule reads a value from it.",
                remedy="`tenfold facts --house-rules` shows what can be set.",
                place=place,
            )
        if _shape(value) != _shape(fact.value) or not _finite(value):
            raise UserError(
                f"“{key}” needs a value like {fact.value!r}, not {value!r}.",
                remedy=FACTS_REMEDY,
                place=place,
            )
        value = tuple(value) if isinstance(value, list) else value
        return replace(fact, value=value, source=f"house rule edited in {path.name}", url="", edited=True)


def load() -> FactBook:
    """Every fact shipped, with the operator's house rules laid over them where `TENFOLD_HOUSE_RULES` names a file."""
    book = _load_shipped()
    override = os.environ.get(HOUSE_RULES_VARIABLE)
    if not override:
        return book
    path = Path(override)
    if not path.is_file():
        raise UserError(
            f"{HOUSE_RULES_VARIABLE} names {override}, which is not a file.",
            remedy="Correct the path or unset the variable.",
        )
    return book.with_house_rules(path)


@cache
def _load_shipped() -> FactBook:
    facts: dict[str, Fact] = {}
    for folder in _folders_with_facts():
        source = folder / "data" / "facts.toml"
        for key, table in _tables(_parse(source.read_bytes(), f"{folder.name}/data/facts.toml")):
            facts[f"{folder.name}.{key}"] = _fact(f"{folder.name}.{key}", table)
    return FactBook(facts)


def _folders_with_facts() -> Iterator[Traversable]:
    root = files("tenfold")
    for parent in (root, root / "practices"):
        for folder in sorted(parent.iterdir(), key=lambda entry: entry.name):
            if (folder / "data" / "facts.toml").is_file():
                yield folder


def _fact(key: str, table: Mapping[str, Any]) -> Fact:
    value = table["value"]
    interval = table.get("interval")
    return Fact(
        key=key,
        value=tuple(value) if isinstance(value, list) else value,
        unit=table.get("unit", ""),
        statement=table["statement"],
        as_of=table["as_of"],
        source=table["source"],
        evidence=Evidence(table["evidence"]),
        url=table.get("url", ""),
        n=table.get("n"),
        interval=(float(interval[0]), float(interval[1])) if interval else None,
        cited=table.get("cited", False),
    )


def _tables(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, table in document.items():
        if "value" in table:
            yield key, table
        else:
            for inner, below in _tables(table):
                yield f"{key}.{inner}", below


def _flat(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _shape(value: Any) -> tuple[str, ...]:
    """What kind of value it is: a list of words may be longer or shorter, a list of figures may not."""
    if isinstance(value, list | tuple) and value and all(isinstance(item, str) for item in value):
        return ("words",)
    if isinstance(value, list | tuple):
        return tuple(shape for item in value for shape in _shape(item))
    return ("number",) if isinstance(value, int | float) and not isinstance(value, bool) else (type(value).__name__,)


def _finite(value: Any) -> bool:
    numbers = value if isinstance(value, list | tuple) else [value]
    return all(math.isfinite(number) for number in numbers if isinstance(number, float))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"This file of house rules cannot be read: {error.strerror}.",
            remedy="Check the path.",
            place=Place(file=str(path)),
        ) from error


def _parse(raw: bytes, name: str) -> dict[str, Any]:
    try:
        return tomli.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"This is not valid TOML: {error}",
            remedy="Correct the line that is named.",
            place=Place(file=name),
        ) from error
