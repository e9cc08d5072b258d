"""Markdown of labs as HTML: tables, code and lists; nothing raw passes."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from tenfold.labs.lab import PLACEHOLDER

_READER = MarkdownIt("commonmark", {"html": False}).enable("table")
_EMPTY_HEAD = re.compile(r"<thead>\s*<tr>(?:\s*<td></td>)+\s*</tr>\s*</thead>")
"""Tables of labs often have no words in their head; a screen reader would announce nothing."""
_TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


@lru_cache(64)
def render_markdown(text: str) -> SafeString:
    """Headings begin at the second level: the page has its own first one, so a text comes `without_heading`."""
    html = _READER.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>").replace("<th></th>", "<td></td>")
    html = _EMPTY_HEAD.sub("", html)
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, link_rel="noopener noreferrer")
    return SafeString(clean)  # cleaned a line above


def mark_placeholders(html: SafeString) -> SafeString:
    """Rendered text with the words that each candidate's variant sets, marked."""
    return SafeString(PLACEHOLDER.sub(lambda found: f"<mark>{found[1].replace('_', ' ')}</mark>", html))


def without_heading(text: str) -> str:
    """The text below its first heading."""
    head, _, rest = text.partition("\n")
    return rest.lstrip() if head.startswith("# ") else text
