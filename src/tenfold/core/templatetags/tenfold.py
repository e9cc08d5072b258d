"""Assets by name, the strip, dates and money as people write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenfold.audit.excerpts import Block, Piece
from tenfold.audit.registry import PRACTICES
from tenfold.audit.wording import STATE_WORDS, day
from tenfold.catalogue.store import catalogue
from tenfold.core.slots import slot_content
from tenfold.kit.findings import State
from tenfold.posting.model import LineKind

register = template.Library()


@cache
def _manifest(_written: float) -> dict[str, str]:
    known: dict[str, str] = json.loads((Path(settings.STATIC_ROOT) / "manifest.json").read_text(encoding="utf-8"))
    return known


@register.simple_tag
def asset(name: str) -> str:
    """Where a bundled file is served: `app.css` becomes `/static/app-1A2B3C4D.css`."""
    path = Path(settings.STATIC_ROOT) / "manifest.json"
    return f"{settings.STATIC_URL}{_manifest(path.stat().st_mtime)[name]}"


@register.simple_tag
def strip(states: Mapping[str, str], size: str = "small", *, hides_pay: bool = False) -> SafeString:
    """Ten marks from a mapping of practice to state; what is missing is unanswered."""
    if hides_pay:
        states = {**states, "pay": State.HIDDEN.value}
    return _draw_strip("ui/strip.html", _states(states), size)


@register.simple_tag
def strip_links(states: Mapping[str, str]) -> SafeString:
    """The strip with names, each leading to its practice in the panel."""
    return _draw_strip("ui/strip_links.html", _states(states), "named")


def _states(states: Mapping[str, str]) -> tuple[State, ...]:
    return tuple(State(states.get(practice.id, State.UNANSWERED)) for practice in PRACTICES)


def _draw_strip(template: str, states: tuple[State, ...], size: str) -> SafeString:
    return (_strip_anew if settings.DEBUG else _strip)(template, states, size)


def _strip_anew(template: str, states: tuple[State, ...], size: str) -> SafeString:
    cells = [
        {
            "practice": practice.id,
            "title": practice.title,
            "shown": practice.title.replace("Requirements", "Require\u00adments"),
            "state": state.value,
            "word": STATE_WORDS[state].lower(),
        }
        for practice, state in zip(PRACTICES, states, strict=True)
    ]
    return render_to_string(template, {"cells": cells, "size": size})


_strip = lru_cache(maxsize=1_024)(_strip_anew)
"""Plans of one organisation show the same few strips again and again."""


@register.simple_tag
def posting_block(block: Block) -> SafeString:
    """One line of a posting with its marked places; each leads to the note that rests on it."""
    inner = format_html_join("", "{}", ((_piece(piece),) for piece in block.pieces))
    if block.kind is LineKind.HEADING:
        return format_html('<p class="heading">{}</p>', inner)
    return format_html('<p class="item">{}</p>' if block.kind is LineKind.BULLET else "<p>{}</p>", inner)


def _piece(piece: Piece) -> SafeString | str:
    if not piece.marked:
        return piece.text
    practice = piece.findings[0].partition("-")[0] if piece.findings else ""
    link = format_html('<a href="#check-{}">{}</a>', practice, piece.text)
    return (
        format_html('<mark id="{}">{}</mark>', piece.anchor, link)
        if piece.anchor
        else format_html("<mark>{}</mark>", link)
    )


@register.filter
def linked_data(data: Mapping[str, Any]) -> SafeString:
    """JSON-LD for a page's head; nothing in it can end the script element."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.simple_tag
@cache
def mark(state: str) -> SafeString:
    """The drawn mark of a state."""
    return format_html('<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><use href="#mark-{}"/></svg>', state)


@register.filter
def on_day(value: date | datetime | None) -> str:
    """`18 November 2026`."""
    if value is None:
        return ""
    return day(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def prose(text: str) -> SafeString:
    """Words in backquotes stand as code; everything else as it is."""
    return _prose(str(text))


@lru_cache(maxsize=2_048)
def _prose(text: str) -> SafeString:
    pieces = ((place % 2, piece) for place, piece in enumerate(text.split("`")))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", piece) if code else piece,) for code, piece in pieces)
    )


@register.filter
def skill_words(skill: str) -> str:
    """A skill or competency by its name; what the catalogue does not know as it is written."""
    known_skills = catalogue()
    known = known_skills.skills.get(skill) or known_skills.competencies.get(skill)
    return known.name if known else skill


@register.filter
def undo_address(tags: str | None) -> str:
    """Where a notice's “Undo” is sent: tags begin with `undo:`; nothing for other notices."""
    return (tags or "").removeprefix("undo:") if (tags or "").startswith("undo:") else ""


@register.simple_tag
def sign_strip() -> SafeString:
    """The sign on the pages for signing in: ten good checks. A drawing, so pages hide it from screen readers."""
    return strip({practice.id: State.GOOD.value for practice in PRACTICES})


@register.simple_tag(takes_context=True)
def slot(context: Mapping[str, Any], place: str, thing: Any) -> SafeString:
    """What apps above put into a place of this page."""
    return slot_content(place, context["request"], thing)
