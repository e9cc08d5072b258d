"""All open questions as one piece of YAML: paste it into the plan, fill it in, ask again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tenfold.kit.findings import Question


def answer_sheet(questions: Iterable[Question]) -> str:
    """Nested keys without values, each with its question above it. Keys without a value are unanswered, so it loads."""
    tree: dict[str, Any] = {}
    for question in questions:
        *parents, last = question.field.partition("[")[0].split(".")
        node = tree
        for parent in parents:
            below = node.get(parent)
            node[parent] = node = below if isinstance(below, dict) else {}
        node.setdefault(last, question.ask)
    return "\n".join(_lines(tree, 0))


def _lines(tree: dict[str, Any], depth: int) -> Iterable[str]:
    for key, below in tree.items():
        blanks = "  " * depth
        if isinstance(below, dict):
            yield f"{blanks}{key}:"
            yield from _lines(below, depth + 1)
        else:
            yield f"{blanks}# {' '.join(below.split())}"
            yield f"{blanks}{key}:"
