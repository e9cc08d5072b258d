"""Where the posting contradicts itself: read once, told by the practice that each contradiction belongs to."""

from __future__ import annotations

from tenfold.checking.case import Case
from tenfold.posting.contradictions import Contradiction, contradictions

PAY_KINDS = frozenset({"pay-stated-twice"})


def posting_contradictions(case: Case) -> tuple[Contradiction, ...]:
    """Nothing where there is no posting."""
    return case.cached(_find_contradictions)


def _find_contradictions(case: Case) -> tuple[Contradiction, ...]:
    return contradictions(case.reading) if case.reading else ()
