"""YAML front matter above a Markdown posting, as static sites keep their job pages.

Short values become labels of the posting (title, place, pay); longer ones and lists become text of their own, under the
key as a heading, so that a posting whose duties stand in the front matter is read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tenfold.kit.errors import CannotBeUsed
from tenfold.kit.parsing_cost import is_within, require_cheap_yaml

_FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*\r?$\n?(?P<body>.*)\Z", re.DOTALL | re.MULTILINE)
LARGEST = 100_000
MOST_NODES, DEEPEST = 5_000, 20
_AMOUNT = re.compile(r"\$\s*(\d[\d,]*(?:\.\d+)?)\s*$")
_SHORT = 80
_META = frozenset(
    {"layout", "permalink", "tags", "active", "team", "slug", "draft", "updated", "external_url", "application_link"}
)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """The labels that front matter states, and the posting's text; the text as it was where there is none."""
    found = _FENCE.match(text)
    if found is None or len(found["yaml"]) > LARGEST:
        return {}, text
    fields = _fields(found["yaml"])
    if fields is None:
        return {}, text
    paragraphs = [*_paragraphs(fields), found["body"].strip()]
    return _labels(fields), "\n\n".join(part for part in paragraphs if part) + "\n"


def _fields(yaml: str) -> Mapping[str, Any] | None:
    from ruamel.yaml import YAML  # noqa: PLC0415 - only where a posting has front matter
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        require_cheap_yaml(yaml)
        fields = YAML(typ="safe", pure=True).load(yaml)
    except (
        YAMLError,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        AssertionError,
        RecursionError,
        CannotBeUsed,
    ):
        return None
    is_small = is_within(fields, nodes=MOST_NODES, depth=DEEPEST)
    return fields if isinstance(fields, dict) and is_small else None


def _labels(fields: Mapping[str, Any]) -> dict[str, str]:
    labels = {"title": _short(fields.get("title")), "location": _short(fields.get("location"))}
    low, high = _amount(fields, "min"), _amount(fields, "max")
    if low is not None and high is not None:
        labels |= {"pay_min": str(low), "pay_max": str(high), "pay_currency": "USD", "pay_period": "YEAR"}
    return {key: value for key, value in labels.items() if value}


def _amount(fields: Mapping[str, Any], end: str) -> float | None:
    """`min_payrange: $143,736`: dollars a year; amounts without a currency are left alone."""
    for key, value in fields.items():
        words = str(key).casefold()
        if end in words and ("pay" in words or "salary" in words):
            found = _AMOUNT.match(str(value).strip())
            amount = float(found[1].replace(",", "")) if found else 0.0
            return amount if amount >= 10_000 else None
    return None


def _paragraphs(fields: Mapping[str, Any]) -> Iterator[str]:
    title = _short(fields.get("title"))
    if title:
        yield f"# {title}"
    for key, value in fields.items():
        if str(key) in _META or value in (None, "", []) or key == "title":
            continue
        heading = str(key).replace("_", " ").capitalize()
        if isinstance(value, list | dict) or (isinstance(value, str) and len(value) > _SHORT):
            yield f"## {heading}"
            yield "\n".join(_lines(value))
        elif isinstance(value, str):
            yield f"{heading}: {value}"


def _lines(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(value, dict):
        for inner in value.values():
            yield from _lines(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from (f"- {line.removeprefix('- ')}" for line in _lines(inner, depth + 1))
    elif value is not None:
        yield str(value).strip()


def _short(value: Any) -> str:
    return value.strip() if isinstance(value, str) and len(value) <= 2 * _SHORT else ""
