"""What lint finds, and keys asked of one TOML table, each noted where it is missing or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeVar

from tenfold.kit.errors import Place


class Rule(StrEnum):
    """Ids of what lint finds."""

    MISSING_FILE = "missing-file"
    NOT_TOML = "not-toml"
    MISSING_KEY = "missing-key"
    BAD_VALUE = "bad-value"
    UNKNOWN_KEY = "unknown-key"
    NOT_CITED = "criterion-not-cited"
    CITES_UNKNOWN = "cites-unknown-criterion"
    POINTS = "points-not-100"
    TOO_FEW = "too-few"
    LEADS_OUTSIDE = "leads-outside"
    SPECIAL_FILE = "special-file"
    TOO_LARGE = "too-large"
    UNKNOWN_PLACEHOLDER = "unknown-placeholder"
    CYCLIC_TEMPLATE = "cyclic-template"
    NO_SOURCE = "fault-without-source"
    HARBOR = "harbor"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing wrong with a lab's folder."""

    rule: Rule
    what: str
    place: Place

    def __str__(self) -> str:
        return f"{self.place}: {self.what} [{self.rule}]"


class Notes(Protocol):
    """Who is told."""

    def note(self, rule: Rule, what: str, path: str | Path, line: int | None, field: str | None) -> None: ...

    def line_of(self, name: str, key: str, *, raw: bool = False, nth: int = 0) -> int: ...


_Choice = TypeVar("_Choice", bound=StrEnum)


class MissingKey(Exception):
    """A key without which no lab can be made; noted already."""


class TableReader:
    """Keys asked of one table, each noted where it is missing or wrong."""

    def __init__(
        self, reading: Notes, file: str, table: Mapping[str, Any], where: str, line: int | None = None
    ) -> None:
        self._reading, self._file, self._table, self._where, self._line = reading, file, table, where, line

    def _get(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        if key not in self._table:
            self._complain(Rule.MISSING_KEY, key, f"{key} is missing: {what}")
        value = self._table[key]
        if isinstance(value, bool) or not isinstance(value, kind):
            self._complain(Rule.BAD_VALUE, key, f"{key} must be {what}, not {value!r}")
        return value

    def _complain(self, rule: Rule, key: str, what: str) -> None:
        line = self._line or self._reading.line_of(self._file, key)
        self._reading.note(rule, what, self._file, line, f"{self._where}.{key}")
        raise MissingKey

    def text(self, key: str) -> str:
        value = str(self._get(key, str, "a text"))
        if not value.strip():
            self._complain(Rule.BAD_VALUE, key, f"{key} is empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self._get(key, list, "a list of texts"))

    def path_inside(self, key: str) -> str:
        value = self.text(key)
        if value.startswith("/") or ".." in PurePosixPath(value).parts:
            self._complain(Rule.LEADS_OUTSIDE, key, f"{key} must lie in the workspace, and {value} does not")
        return value

    def number(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        if default is not None and key not in self._table:
            return default
        value = int(self._get(key, int, f"a number from {low} to {high}"))
        if not low <= value <= high:
            self._complain(Rule.BAD_VALUE, key, f"{key} must lie between {low} and {high}, not be {value}")
        return value

    def pair(self, key: str) -> tuple[int, int]:
        value = self._get(key, list, "two percentages")
        if len(value) != 2 or not 0 <= value[0] <= value[1] <= 100:
            self._complain(Rule.BAD_VALUE, key, f"{key} must be two percentages, the lower first")
        return int(value[0]), int(value[1])

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        value = self.text(key)
        try:
            return kind(value)
        except ValueError:
            self._complain(Rule.BAD_VALUE, key, f"{key} must be one of {', '.join(kind)}, not {value!r}")
            raise

    def no_others(self, known: set[str]) -> None:
        for key in sorted(set(self._table) - known):
            line = self._reading.line_of(self._file, key)
            self._reading.note(Rule.UNKNOWN_KEY, f"{key} is not known here", self._file, line, f"{self._where}.{key}")
