"""The company's own pay bands for checks below the app that keeps them: it registers how they are read."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tenfold.market.company_bands import OwnBands

Reader = Callable[[UUID], OwnBands]
_READERS: dict[str, Reader] = {}


def register_own_bands(read: Reader) -> None:
    _READERS["bands"] = read


def own_bands_of(organisation: UUID) -> OwnBands | None:
    """For somebody who sees pay, which is the caller's question. None where no app keeps bands."""
    read = _READERS.get("bands")
    return read(organisation) if read else None
