"""JSON from outside systems: each value asked for by its path, so that what is wrong can be said with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from tenfold.connectors.dates import UnreadableDate, parse_moment
from tenfold.kit.errors import Place, UserError

MAX_ITEMS = 500_000
LATEST_S, LATEST_MS = 10**11, 4 * 10**12
"""A number of at least this is milliseconds since 1970, not seconds; one beyond the second is no time of ours."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
T = TypeVar("T")


class BadPayload(ValueError):
    """A value is missing or of another kind; the text says where and what."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One item that could not be read: where it stands and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What could be read, and what could not."""

    items: tuple[T, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A value inside a payload, with its path."""

    value: Any
    path: str

    def get(self, *names: str) -> Node:
        """The value below, by one of several names, or a node of None."""
        found = self.value if isinstance(self.value, dict) else {}
        for name in names:
            if found.get(name) is not None:
                return Node(found[name], f"{self.path}.{name}")
        return Node(None, f"{self.path}.{names[0]}")

    @property
    def is_there(self) -> bool:
        return self.value is not None

    def items(self) -> Iterator[Node]:
        if not isinstance(self.value, list):
            raise BadPayload(f"{self.path} is not a list")
        for index, item in enumerate(self.value):
            yield Node(item, f"{self.path}[{index}]")

    def text(self) -> str:
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float):
            raise BadPayload(f"{self.path} is not text")
        return str(self.value)

    def text_or(self, other: str = "") -> str:
        return self.text() if self.is_there else other

    def number(self) -> float:
        try:
            value = float(self.text())
        except (ValueError, OverflowError):
            raise BadPayload(f"{self.path} is not a number") from None
        if value - value != 0:
            raise BadPayload(f"{self.path} is not a finite number")
        return value

    def moment(self) -> datetime:
        """The moment in UTC; milliseconds or seconds since 1970, or text. Without a zone it is UTC."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return self._since_1970(self.value)
        try:
            found = parse_moment(self.text())
        except (UnreadableDate, OverflowError, OSError) as error:
            raise BadPayload(f"{self.path} is not a time ({error})") from None
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

    def _since_1970(self, count: float) -> datetime:
        if not 0 <= count < LATEST_MS:
            raise BadPayload(f"{self.path} is not a time ({count!r})")
        return datetime.fromtimestamp(count / 1000 if count >= LATEST_S else count, UTC)

    def moment_or_none(self) -> datetime | None:
        """The moment, or None where it is absent, blank or the year 1 (Go's zero time)."""
        if not self.is_there or self.value == "" or str(self.value).startswith("0001-01-01"):
            return None
        return self.moment()


def parse_json(raw: bytes | str, *, name: str) -> Node:
    """A JSON payload as a node; letters that no database can hold (NUL, half a pair) are replaced by U+FFFD.

    Raises:
        UserError: it is not JSON.
    """
    try:
        return Node(_storable(json.loads(raw)), "$")
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"This is not JSON: {str(error).splitlines()[0] if str(error) else 'it cannot be read'}.",
            remedy="Save the API's answer whole.",
            place=Place(file=name),
        ) from None


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value


def read_node(path: Path) -> Node:
    """A JSON file; raises UserError where it cannot be read, or is no JSON."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        place = Place(file=str(path))
        raise UserError(f"The file cannot be read: {error.strerror}.", remedy="Check the path.", place=place) from None
    return parse_json(raw, name=str(path))


def read_items(root: Node, read: Callable[[Node], T | None], *, name: str, under: tuple[str, ...] = ()) -> Reading[T]:
    """Every item of a list at the top or under one of some keys; those that cannot be read are problems.

    Raises:
        UserError: there is no list, or none of its items can be read.
    """
    found = root if isinstance(root.value, list) or not under else root.get(*under)
    items: list[T] = []
    problems: list[Problem] = []
    try:
        for node in found.items():
            if len(items) + len(problems) >= MAX_ITEMS:
                break
            _read_one(node, read, items, problems)
    except BadPayload as error:
        raise UserError(
            f"No list was found: {error}.",
            remedy=f"Expected a list{' under ' + ' or '.join(under) if under else ''}.",
            place=Place(file=name),
        ) from None
    if problems and not items:
        first = problems[0]
        raise UserError(
            f"None of {len(problems)} items can be read; the first: {first.why}.",
            remedy="Check that the file comes from the system that was named.",
            place=Place(file=name, field=first.where),
        )
    return Reading(tuple(items), tuple(problems))


def _read_one(node: Node, read: Callable[[Node], T | None], items: list[T], problems: list[Problem]) -> None:
    try:
        item = read(node)
    except BadPayload as error:
        problems.append(Problem(node.path, str(error)))
    else:
        if item is not None:
            items.append(item)
