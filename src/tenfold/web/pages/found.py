"""Figures and help, for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tenfold.audit.registry import PRACTICES
from tenfold.core.models import Organisation, User
from tenfold.core.search import Hit
from tenfold.kit.facts import load


def find_figures(_user: User, _organisation: Organisation, text: str, limit: int) -> Iterator[Hit]:
    """Figures whose statement or source holds every word."""
    words = text.casefold().split()
    held = (f for f in load().values() if all(word in f"{f.statement} {f.source}".casefold() for word in words))
    for _, fact in zip(range(limit), held, strict=False):
        yield Hit("Figure", fact.statement, fact.source, f"{reverse('figures')}#{fact.key}")


def help_actions(_user: User, _organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "Help", "The ten checks, why, and their sources", reverse("help"))
    for practice in PRACTICES:
        yield Hit("Page", f"Help: {practice.title}", practice.promise, f"{reverse('help')}#{practice.id}")
    yield Hit("Page", "Figures", "Every figure that the checks rest on", reverse("figures"))
