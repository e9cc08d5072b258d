"""Everything that has to be looked up again: figures, rows of law, the status of certificates and tools."""

from __future__ import annotations

from tenfold.catalogue.dated import status_reviews
from tenfold.kit.facts import load
from tenfold.kit.review import Review, fact_reviews
from tenfold.law.review import law_reviews


def every_review() -> list[Review]:
    """All of it, due or not; `kit.review.due` picks what is due on a day."""
    facts = load()
    return [*fact_reviews(facts), *law_reviews(facts), *status_reviews(facts)]
