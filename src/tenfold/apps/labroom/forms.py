"""What a review's page sends of each scale: a rating or “could not be seen”, and the evidence."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from tenfold.apps.labroom.queries.rubric import Scale
from tenfold.core.typed import whole

UNSEEN = "unseen"


def ratings_from(scales: tuple[Scale, ...], sent: QueryDict) -> dict[str, dict[str, Any]]:
    """By scale, what was sent; a scale of which nothing was sent is not there."""
    return {
        scale.id: _one(scale.id, sent)
        for scale in scales
        if any(f"{part}:{scale.id}" in sent for part in ("rating", "evidence"))
    }


def _one(name: str, sent: QueryDict) -> dict[str, Any]:
    rating = sent.get(f"rating:{name}", "")
    return {
        "rating": whole(rating),
        "unseen": rating == UNSEEN,
        "evidence": sent.get(f"evidence:{name}", "").replace("\x00", ""),
    }
