"""Pages of a list by a cursor: newest first, stable while others write, the same cost on every page."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from tenfold.kit.errors import Place, UserError

Row = TypeVar("Row", bound=Model)
REMEDY = "Send a cursor as it came in next_cursor, or none for the first page."


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: list[Row]
    next_cursor: str | None


def page(rows: QuerySet[Row], *, by: str, cursor: str | None, limit: int) -> Page[Row]:
    """Up to `limit` rows after the cursor, by a time that never changes (`by`) and the id, both falling.

    Raises:
        UserError: the cursor is not one of ours.
    """
    ordered = rows.order_by(f"-{by}", "-pk")
    if cursor:
        at, pk = _decode(cursor)
        ordered = ordered.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at}, pk__lt=pk))
    found = list(ordered[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _encode(found[limit - 1], by) if more else None)


def _encode(row: Model, by: str) -> str:
    at: datetime = getattr(row, by)
    raw = json.dumps([at.isoformat(), str(row.pk)], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        raw: Any = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        at, pk = raw
        return datetime.fromisoformat(at).astimezone(UTC), uuid.UUID(pk)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error):
        raise UserError("This is not a cursor of ours.", remedy=REMEDY, place=Place(field="cursor")) from None
