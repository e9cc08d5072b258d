"""What instruments other than interviews found of one applicant, for the page on which is decided: labs add theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from tenfold.core.models import User


@dataclass(frozen=True, slots=True)
class InstrumentEvidence:
    """One criterion of one instrument. `competency`: id in the catalogue; `url`: where to see it, such as a replay."""

    competency: str
    instrument: str
    criterion: str
    says: str
    url: str = ""


Evidence = Callable[[UUID, User], Iterable[InstrumentEvidence]]
"""Of an application, by its id, for somebody who may read its debrief."""
_SOURCES: dict[str, Evidence] = {}


def register_evidence(name: str, evidence: Evidence) -> None:
    """Adds what an app knows of an application.

    Raises:
        ValueError: the name is taken.
    """
    if _SOURCES.get(name, evidence) is not evidence:
        raise ValueError(f"the evidence {name} is registered twice")
    _SOURCES[name] = evidence


def evidence_of(application: UUID, user: User) -> Iterator[InstrumentEvidence]:
    for source in _SOURCES.values():
        yield from source(application, user)
