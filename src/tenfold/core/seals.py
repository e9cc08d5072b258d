"""What trail entries speak of, held by a hash in the entry: a change of the thing itself is found as well."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.core.models import AuditEntry

KEY = "sha256"
"""The detail of an entry that holds the hash."""
Current = Callable[["AuditEntry"], str | None]
_CURRENT: dict[str, Current] = {}


def hash_of_content(content: Any) -> str:
    """SHA-256 of a text, or of values as JSON with sorted keys."""
    text = content if isinstance(content, str) else json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def register_seal(kind: str, current: Current) -> None:
    """Says how the content of what an entry of this kind speaks of is hashed today.

    `current` answers None where the thing was removed as it may be, and "" where it is missing and may not.
    """
    _CURRENT[kind] = current


def is_as_sealed(entry: AuditEntry) -> bool:
    """Whether the thing is still what the entry says; entries without a hash say nothing of it."""
    current, sealed = _CURRENT.get(entry.kind), entry.data.get(KEY)
    if current is None or sealed is None:
        return True
    now = current(entry)
    return now is None or now == sealed
