"""Writing to the audit trail, and checking that nobody rewrote it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import models, transaction

from tenfold.core.events import require_known
from tenfold.core.models import AuditEntry, ChainHead, User
from tenfold.core.models.trail import CoreEvent
from tenfold.core.permissions import organisation_id_of
from tenfold.core.seals import KEY, is_as_sealed
from tenfold.kit.hashchain import GENESIS, ChainBroken, seal_of

SYSTEM = "tenfold"
_COLUMNS = ("n", "at", "kind", "by", "by_id", "organisation_id", "of", "of_id", "data", "prev", "seal")
"""What a seal is made of: read without making a model of every line."""


@dataclass(frozen=True, slots=True)
class TrailVerdict:
    """A trail that holds: how many entries it has and the seal it ends with. Keep the seal elsewhere, too."""

    entries: int
    head: str


@transaction.atomic
def record(
    *, kind: StrEnum, by: User | str, of: models.Model, now: datetime, data: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Adds one entry; it stands or falls with the transaction around it.

    Raises:
        UnknownEvent: no app has declared this kind.
    """
    require_known(kind.value)
    head = _locked_head()
    who = by if isinstance(by, str) else by.email
    home, kept = organisation_id_of(of), dict(data or {})
    entry = AuditEntry(
        n=head.n + 1,
        at=now.astimezone(UTC),
        kind=kind.value,
        by=who,
        by_id=None if isinstance(by, str) else by.pk,
        organisation_id=home,
        of=_kind(of),
        of_id=str(of.pk),
        data=kept,
        prev=head.seal,
    )
    entry.seal = _seal(entry)
    entry.save(force_insert=True)
    head.n, head.seal = entry.n, entry.seal
    head.save(update_fields=["n", "seal"])
    return entry


def record_sight_of_pay(*, by: User | str, of: models.Model, now: datetime) -> AuditEntry | None:
    """Notes that someone saw pay figures: once a person, thing and day. None where today's is noted already."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), tzinfo=UTC)
    who = by if isinstance(by, str) else by.email
    recorded = AuditEntry.objects.filter(
        kind=CoreEvent.PAY_SEEN, by=who, of=_kind(of), of_id=str(of.pk), at__gte=midnight
    )
    return None if recorded.exists() else record(kind=CoreEvent.PAY_SEEN, by=by, of=of, now=now)


def verify_trail() -> TrailVerdict:
    """Checks every seal from the first entry to the last.

    Raises:
        ChainBroken: an entry was changed, removed or added out of turn, or what it speaks of was changed directly; it
            names the first that does not fit.
    """
    prev, n = GENESIS, 0
    for line in AuditEntry.objects.order_by("n").values_list(*_COLUMNS, named=True).iterator(chunk_size=2_000):
        if line.n != n or line.prev != prev:
            raise ChainBroken(n, "does not follow from the entry before")
        if line.seal != _seal(line):
            raise ChainBroken(n, "was changed after it was written")
        if KEY in line.data and not is_as_sealed(AuditEntry(**line._asdict())):
            raise ChainBroken(n, f"speaks of a {line.of} that was changed since, or is missing, outside Tenfold")
        prev, n = line.seal, n + 1
    head = ChainHead.objects.filter(pk=1).first()
    if head is not None and head.seal != prev:
        raise ChainBroken(n, "entries are missing at the end")
    return TrailVerdict(entries=n, head=prev)


def _kind(of: models.Model) -> str:
    return type(of).__name__.lower()


def _locked_head() -> ChainHead:
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update().get(pk=1)


def _seal(entry: AuditEntry) -> str:
    content = {
        "by": entry.by,
        "by_id": _text(entry.by_id),
        "organisation_id": _text(entry.organisation_id),
        "of": entry.of,
        "of_id": entry.of_id,
        "data": entry.data,
    }
    return seal_of(entry.n, entry.at.astimezone(UTC).isoformat(), entry.kind, content, entry.prev)


@lru_cache(maxsize=4_096)
def _text(value: uuid.UUID | None) -> str | None:
    return str(value) if value else None
