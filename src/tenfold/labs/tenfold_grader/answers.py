"""What a system under test says, read within bounds: JSON, TOML and Prometheus text that may be meant to do harm.

Every reader takes bytes and either gives values or raises `BadAnswer`. Nothing here hangs, recurses without end or uses
memory out of proportion to `max_bytes`, whatever the bytes are.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 4 << 20
MAX_TOML_BYTES = 64 << 10
MAX_METRICS_BYTES = 512 << 10
MAX_DEPTH = 60
# What is opened and never closed reaches to the end, so that each byte is looked at once.
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_TOML_QUOTED = re.compile(
    r"\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|\"(?:[^\"\\\n]++|\\[^\n])*+\"?|'[^'\n]*+'?|#[^\n]*+", re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class BadAnswer(ValueError):
    """The bytes are no such document, or one beyond the bounds."""


def parse_json(content: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The value. Raises `BadAnswer` for what is no JSON, too long, nested too deep, or holds NaN or Infinity."""
    _check_size(content, max_bytes)
    _check_depth(content, max_depth)
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"this is no JSON: {str(error)[:200]}") from None


def _refuse_constant(word: str) -> Any:
    raise BadAnswer(f"{word} is not JSON")


def _check_size(content: bytes, max_bytes: int) -> None:
    if len(content) > max_bytes:
        raise BadAnswer(f"{len(content)} bytes, at most {max_bytes} are read")


def _check_depth(content: bytes, max_depth: int) -> None:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(content):
        first = content[found.start()]
        if first in b"[{":
            depth += 1
            if depth > max_depth:
                raise BadAnswer(f"nested more than {max_depth} deep")
        elif first in b"]}":
            depth -= 1


def parse_toml(content: bytes, *, max_bytes: int = MAX_TOML_BYTES, max_depth: int = MAX_DEPTH) -> dict[str, Any]:
    """The document. Raises `BadAnswer` for what is no TOML, no UTF-8, too long or nested too deep."""
    _check_size(content, max_bytes)
    try:
        text = content.decode("utf-8-sig")
        if _toml_depth(text) > max_depth:
            raise BadAnswer(f"nested more than {max_depth} deep")
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise BadAnswer("this is no UTF-8 text") from None
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise BadAnswer(f"this cannot be read as TOML: {str(error)[:200]}") from None


def _toml_depth(text: str) -> int:
    """How deep brackets nest, or a dotted key goes, whichever is more. Quoted text and comments do not count."""
    depth = deepest = 0
    bare = _TOML_QUOTED.sub('""', text)
    for sign in bare:
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    dots = max((line.partition("=")[0].count(".") for line in bare.splitlines()), default=0)
    return max(deepest, dots)


@dataclass(frozen=True)
class Sample:
    """One line of Prometheus text: labels and value."""

    labels: Mapping[str, str]
    value: float


def parse_prometheus(content: bytes, *, max_bytes: int = MAX_METRICS_BYTES) -> dict[str, list[Sample]]:
    """Samples by name, read with Prometheus' own client. Raises `BadAnswer`; `ImportError` without that client.

    Valid text may hold blanks and commas where it likes, escapes in labels, timestamps and exemplars: none of it is
    told apart by hand.
    """
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415  only labs with metrics need it

    _check_size(content, max_bytes)
    found: dict[str, list[Sample]] = {}
    try:
        for family in text_string_to_metric_families(content.decode("utf-8")):
            for sample in family.samples:
                found.setdefault(sample.name, []).append(Sample(dict(sample.labels), float(sample.value)))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise BadAnswer(f"this is no Prometheus text: {str(error)[:200] or type(error).__name__}") from None
    return found


def printable(text: str | bytes, most: int = 400) -> str:
    """Text of the system's own making, fit for a terminal and a page: no escape codes, no invisible direction marks."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words[-most:]).strip()


def same(mine: object, other: object, *, relative: float = 1e-6, absolute: float = 1e-9) -> bool:
    """The same answer, numbers within rounding. Booleans are no numbers; key order does not matter."""
    if isinstance(other, Mapping):
        return (
            isinstance(mine, Mapping)
            and mine.keys() == other.keys()
            and all(same(mine[key], other[key], relative=relative, absolute=absolute) for key in other)
        )
    if isinstance(other, list | tuple):
        return (
            isinstance(mine, list | tuple)
            and len(mine) == len(other)
            and all(same(one, two, relative=relative, absolute=absolute) for one, two in zip(mine, other, strict=True))
        )
    if isinstance(other, bool) or isinstance(mine, bool):
        return mine is other
    if isinstance(other, int | float):
        return isinstance(mine, int | float) and abs(mine - other) <= max(absolute, relative * abs(other))
    return mine == other
