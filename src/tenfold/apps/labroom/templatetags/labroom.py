"""Figures and words of labs as people write them."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenfold.labs.lab import CriterionKind

register = template.Library()
KINDS = {
    CriterionKind.BEHAVIOUR: "It works",
    CriterionKind.NO_COLLATERAL: "Nothing else broke",
    CriterionKind.EVIDENCE: "What was written down",
    CriterionKind.DIAGNOSIS: "The cause was named",
}

LINES = (("+++", "place"), ("---", "place"), ("@@", "place"), ("+", "added"), ("-", "removed"))
"""How a line of a diff begins, and the class it is drawn with."""


@register.filter
def kind_in_words(kind: str) -> str:
    """What a criterion tests, as a hiring manager would say it."""
    return KINDS[CriterionKind(kind)]


@register.filter
def percent(share: float | None) -> str:
    """`94 %`; nothing where nothing was measured (report cards write -1)."""
    return "" if share is None or share < 0 else f"{share * 100:.0f} %"


@register.filter
def diff_lines(diff: str) -> SafeString:
    """A unified diff, its lines marked as added, removed or a place in the file."""
    return format_html_join("\n", "{}", ((_line(one),) for one in diff.splitlines()))


def _line(line: str) -> str:
    name = next((name for start, name in LINES if line.startswith(start)), "")
    return format_html('<span class="{}">{}</span>', name, line) if name else line
