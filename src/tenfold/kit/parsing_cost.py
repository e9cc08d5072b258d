"""Whether a text is cheap to parse: shown by counting its marks, else by parsing it apart within bounds.

Parsers of YAML and HTML take time that grows with the square of the nesting. Counting is linear and lets ordinary texts
pass at once; only what has very many marks is parsed once in a process that is killed where it takes too long.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MOST_BRACKETS = 300
"""That many `[` and `{` in YAML cost 0.03 s where each holds the next; 2,000 cost 4 s, and more end the process."""
MOST_YAML_MARKS = 20_000
"""Each begins at most one value, and a value costs about 0.1 ms."""
MOST_TAGS = 12_000
"""That many `<` in a page cost 0.3 s where each tag holds the next, and 100,000 cost 17 s."""
SECONDS, PAGE_SECONDS, MEMORY_MB = 4, 1, 500
"""Of the process apart. A page is parsed again afterwards, and a command may be given two of them."""
_MARKS = (":", "\n-", "- ", "? ", ",", "&", "*", "!")


def require_cheap_yaml(text: str) -> None:
    """Passes texts that are parsed in a few seconds at most, whether or not they are YAML.

    Raises:
        CannotBeUsed: it takes longer, or too much memory.
    """
    if _count(text, "[{") > MOST_BRACKETS or _count(text, _MARKS) > MOST_YAML_MARKS:
        _parse_apart("tenfold.kit.parsing_cost:parses_yaml", text, "This YAML", seconds=SECONDS)


def require_cheap_page(page: str) -> None:
    """The same of HTML.

    Raises:
        CannotBeUsed: it takes longer, or too much memory.
    """
    if page.count("<") > MOST_TAGS:
        _parse_apart("tenfold.kit.parsing_cost:parses_page", page, "This page", seconds=PAGE_SECONDS)


def is_within(document: Any, *, nodes: int, depth: int) -> bool:
    """Whether what a parser built has so few values, repeated ones counted each time, and is nested no deeper."""
    seen, stack = 0, [(document, 1)]
    while stack:
        node, level = stack.pop()
        seen += 1
        if seen > nodes or level > depth:
            return False
        if isinstance(node, dict):
            stack.extend((child, level + 1) for child in node.values())
        elif isinstance(node, list):
            stack.extend((child, level + 1) for child in node)
    return True


def _count(text: str, marks: Iterable[str]) -> int:
    return sum(text.count(mark) for mark in marks)


def _parse_apart(reader: str, text: str, what: str, *, seconds: int) -> None:
    from tenfold.kit.bounded import Bounds, read_bounded  # noqa: PLC0415 - few texts need it, and help is quick without

    bounds = Bounds(seconds=seconds, memory_mb=MEMORY_MB, answer_mb=1)
    read_bounded(reader, text.encode("utf-8", "replace"), bounds=bounds, what=what)


def parses_yaml(content: bytes) -> None:
    """Parses and forgets; what is wrong with the text is told by whoever reads it next."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only in the child
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        YAML(typ="rt").load(content.decode())
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError):
        return


def parses_page(content: bytes) -> None:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - only in the child

    tree = LexborHTMLParser(content.decode())
    tree.css_first("script")
