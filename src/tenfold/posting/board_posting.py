"""One posting of a job board, whatever the board: its text, the board's fields as labels, and the fields left over."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenfold.posting.model import SourceText
from tenfold.posting.webpage import from_html

FEWEST_WORDS_OF_TEXT = 6
"""A field with so many words holds text that somebody wrote for readers."""
MOST_FIELDS = 2000
_TAGS = re.compile(r"<[^>]{0,400}>")
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|ul|ol|li|br|h[1-6]|strong|b|em|span)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BoardPosting:
    """One posting of a board: its id there, its text with the board's fields as labels, its address, its safe HTML."""

    id: str
    board: str
    source: SourceText
    url: str
    html: str


def safe_html(fragment: str) -> str:
    """HTML from outside, cleaned so that it can be shown: no script, no style, no handlers, no foreign images."""
    import nh3  # noqa: PLC0415 - only where HTML goes out again

    tags = {
        "p",
        "br",
        "ul",
        "ol",
        "li",
        "strong",
        "b",
        "em",
        "i",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "div",
        "span",
    }
    return nh3.clean(fragment, tags=tags, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto"})


def posting(
    board: str, name: Any, body: str, labels: Mapping[str, Any], url: Any, *, record: Mapping[str, Any] | None = None
) -> BoardPosting:
    """The posting from its HTML body and the board's fields; text of `record` that went nowhere is named."""
    title = html.escape(text_of(labels.get("title")))
    clean = safe_html(f"<h1>{title}</h1>{body}" if title else body)
    source = from_html(clean)
    kept = {key: str(value) for key, value in labels.items() if isinstance(value, str | int | float) and value != ""}
    return BoardPosting(
        id=re.sub(r"[^\w.-]+", "-", str(name or title or "posting")).strip("-"),
        board=board,
        source=replace(source, labels=kept, unused=_find_unused(record or {}, source.text, kept)),
        url=url if isinstance(url, str) and url.startswith(("https://", "http://")) else "",
        html=clean,
    )


def section(heading: str, body: Any) -> str:
    """A heading with what stands below it, as HTML; empty where there is nothing."""
    inner = html_of(body)
    return f"<h3>{html.escape(heading)}</h3>{inner}" if inner else ""


def html_of(value: Any) -> str:
    """HTML of a field: as it is, with its entities resolved where the tags are escaped, plain text as paragraphs."""
    if isinstance(value, list):
        items = "".join(f"<li>{html_of(item)}</li>" for item in value if text_of(item).strip())
        return f"<ul>{items}</ul>" if items else ""
    text = text_of(value)
    if _ESCAPED_TAG.search(text):
        text = html.unescape(text)
    if "<" in text:
        return text
    items_of_plain = [item.strip() for item in re.split(r"&nbsp;|\u00a0{1,3}(?=\S)|\n", text) if item.strip()]
    if len(items_of_plain) > 1:
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items_of_plain) + "</ul>"
    return f"<p>{text.strip()}</p>" if text.strip() else ""


def _find_unused(record: Mapping[str, Any], text: str, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Fields that hold text for readers and whose text is in neither the posting's nor a label: name and beginning."""
    seen = _letters(text + " ".join(labels.values()))
    found = []
    for path, value in _strings(record):
        plain = " ".join(_TAGS.sub(" ", html.unescape(value)).split())
        if len(plain.split()) >= FEWEST_WORDS_OF_TEXT and _letters(plain)[:60] not in seen:
            found.append((path, plain[:120]))
    return tuple(found)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _strings(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, Any]] = [("", record)]
    for _ in range(MOST_FIELDS):
        if not waiting:
            return
        path, value = waiting.pop(0)
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            waiting.extend((f"{path}.{key}" if path else str(key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((path, inner) for inner in value)


def objects(rows: Any) -> list[Mapping[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def inner(row: Mapping[str, Any], key: str, name: str) -> Any:
    found = row.get(key)
    return found.get(name) if isinstance(found, dict) else None


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
