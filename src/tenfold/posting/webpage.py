"""HTML postings: whole pages or the fragments that job boards send."""

from __future__ import annotations

import json
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tenfold.kit.parsing_cost import require_cheap_page
from tenfold.posting.model import LineKind, SourceText
from tenfold.posting.source import Run, SourceBuilder, visible

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "head",
        "nav",
        "footer",
        "form",
        "button",
        "select",
        "option",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "aside",
        "ul",
        "ol",
        "table",
        "tr",
        "td",
        "th",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "address",
        "figure",
        "body",
        "html",
        "hr",
        "details",
        "summary",
        "fieldset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
    ]
)
_BOLD = frozenset(("b", "strong"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def from_html(page: str) -> SourceText:
    """The text of an HTML posting, with what its JSON-LD states as labels. Survives broken markup.

    Raises:
        CannotBeUsed: nested so deep that parsing takes seconds.
    """
    page = visible(page)
    require_cheap_page(page)
    tree = LexborHTMLParser(page)
    builder = SourceBuilder(labels=_linked_data_labels(tree))
    reader = _Reader(builder)
    if tree.body is not None:
        _walk(tree.body, reader)
    reader.flush()
    return builder.done()


class _Reader:
    """Turns the walk's enter and leave events into blocks."""

    def __init__(self, builder: SourceBuilder) -> None:
        self.builder = builder
        self.runs: list[Run] = []
        self.bold = 0
        self.items = 0
        self.heading = 0
        self.preformatted = 0

    def flush(self) -> None:
        if any(run.text.strip() for run in self.runs):
            kind = LineKind.HEADING if self.heading else LineKind.BULLET if self.items else LineKind.PARAGRAPH
            self.builder.add(kind, self.runs, self.heading)
        self.runs = []

    def enter(self, tag: str) -> None:
        if tag in _BLOCKS or tag == "br":
            self.flush()
        self.bold += tag in _BOLD
        self.items += tag == "li"
        self.preformatted += tag == "pre"
        if tag in _HEADINGS:
            self.heading = int(tag[1])

    def leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        self.bold -= tag in _BOLD
        self.items -= tag == "li"
        self.preformatted -= tag == "pre"
        if tag in _HEADINGS:
            self.heading = 0

    def words(self, text: str) -> None:
        if self.preformatted:
            for line in text.split("\n"):
                self.runs.append(Run(line))
                self.flush()
            return
        self.runs.append(Run(" ".join(text.split("\n")), bold=self.bold > 0))


def _walk(top: LexborNode, reader: _Reader) -> None:
    """Depth first without recursion, so that nesting has no limit."""
    node: LexborNode | None = top
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            reader.words(node.text_content or "")
        elif tag not in _SKIPPED:
            reader.enter(tag)
            if node.child is not None:
                node = node.child
                continue
            reader.leave(tag)
        node = _next_after(node, top, reader)


def _next_after(node: LexborNode, top: LexborNode, reader: _Reader) -> LexborNode | None:
    """The node that follows in document order, leaving the elements that end on the way."""
    while node.mem_id != top.mem_id:
        if node.next is not None:
            return node.next
        parent = node.parent
        if parent is None:
            return None
        reader.leave(parent.tag or "")
        node = parent
    return None


def _linked_data_labels(tree: LexborHTMLParser) -> dict[str, str]:
    from tenfold.posting.linked_data import job_posting, labels_of_posting  # noqa: PLC0415 - only pages that have it

    for script in tree.css('script[type="application/ld+json"]'):
        found = job_posting(_parse(script.text() or ""))
        if found is not None:
            return labels_of_posting(found)
    return {}


def _parse(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
