"""Markdown of labs as HTML: tables, code and lists; nothing raw passes."""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


@lru_cache(64)
def render_markdown(text: str) -> SafeString:
    """Headings begin at the second level: the page has its own first one."""
    html = _READER.render(text).replace("<h2>", "<h3>").replace("</h2>", "</h3>")
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, link_rel="noopener noreferrer")
    return SafeString(clean)  # cleaned a line above


def without_heading(text: str) -> str:
    """The text below its first heading."""
    head, _, rest = text.partition("\n")
    return rest.lstrip() if head.startswith("# ") else text
