"""Whether erased people are gone: no row of theirs is left, and no word that is looked for stands anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from tenfold.apps.candidates.models import Application, Candidate
from tenfold.apps.candidates.queries.history import find_unexplained, missing_in_trail
from tenfold.core.encryption import CannotDecrypt
from tenfold.core.home import home

MAX_FILE_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that should not be there: where, and what. The word that was found is not repeated."""

    place: str
    what: str


def traces_of_erased() -> Iterator[Trace]:
    """Rows and values of erased people that erasure should have removed."""
    from_candidate = _kept_relations(Candidate)
    from_application = _kept_relations(Application)
    for candidate in Candidate.objects.exclude(erased_at=None).iterator(chunk_size=500):
        for name in ("name", "location", "external_id", "external_index", "hold_reason"):
            if getattr(candidate, name):
                yield Trace("candidates.Candidate", f"{name} of {candidate.pk}")
        yield from _rows(candidate, from_candidate)
        for application in candidate.applications.all():
            if application.letter or application.source_detail:
                yield Trace("candidates.Application", f"text of {application.pk}")
            yield from _rows(application, from_application)


MAY_STAY = frozenset({"applications", "moves", "tasks", "meetings", "later", "former"})
"""Relations that hold ids, days and words of ours: counts stay right by them."""


def _kept_relations(model: type[models.Model]) -> list[str]:
    related = model._meta.related_objects  # noqa: SLF001 - Django's documented interface
    names = [one.get_accessor_name() for one in related]
    return [name for name in names if name and not name.endswith("+") and name not in MAY_STAY]


def _rows(owner: models.Model, relations: Sequence[str]) -> Iterator[Trace]:
    for name in relations:
        try:
            held = getattr(owner, name)
        except models.ObjectDoesNotExist:
            continue
        if not isinstance(held, models.Manager) or held.exists():
            yield Trace(name, f"rows of {owner.pk}")


def unexplained_applications() -> Iterator[Trace]:
    """Applications whose rows their moves and the trail do not explain."""
    for application in Application.objects.prefetch_related("moves").iterator(chunk_size=500):
        moves = list(application.moves.all())
        for what in (*find_unexplained(application, moves), *missing_in_trail(application, moves)):
            yield Trace(f"application {application.pk}", what)


def traces_of_words(words: Sequence[str]) -> Iterator[Trace]:
    """Where any of the words stands: every column of every table as it is read, and every file of the home."""
    looked_for = [word.casefold() for word in words if word.strip()]
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all().iterator(chunk_size=500):  # noqa: SLF001 - whatever a manager hides
            if any(word in _content(row) for word in looked_for):
                yield Trace(model._meta.label, f"row {row.pk}")  # noqa: SLF001 - Django's documented interface
    for path in sorted(home().rglob("*")):
        if path.is_file() and path.stat().st_size <= MAX_FILE_BYTES and _holds(path, looked_for):
            yield Trace("file", path.name)


def _content(row: models.Model) -> str:
    fields = row._meta.concrete_fields  # noqa: SLF001 - Django's documented interface
    return "\n".join(_words(row, field.attname) for field in fields).casefold()


def _words(row: models.Model, name: str) -> str:
    try:
        value: Any = getattr(row, name)
    except CannotDecrypt:
        return ""
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def _holds(path: Path, words: Sequence[str]) -> bool:
    content = path.read_bytes().decode("utf-8", "replace").casefold()
    return any(word in content for word in words)
