"""What a scorecard's page sends of each question: a rating or “not asked”, the evidence, a link to where it stands."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from tenfold.apps.interviews.models import InterviewRound
from tenfold.core.typed import whole

SKIPPED = "not-asked"


def ratings_from(round_: InterviewRound, sent: QueryDict) -> dict[str, dict[str, Any]]:
    """By question, what was sent; a question of which nothing was sent is not there."""
    return {
        question["id"]: _one(question["id"], sent)
        for question in round_.questions
        if any(f"{part}:{question['id']}" in sent for part in ("rating", "evidence", "link"))
    }


def _one(name: str, sent: QueryDict) -> dict[str, Any]:
    rating = sent.get(f"rating:{name}", "")
    return {
        "rating": whole(rating),
        "skipped": rating == SKIPPED,
        "evidence": sent.get(f"evidence:{name}", "").replace("\x00", ""),
        "link": sent.get(f"link:{name}", "").replace("\x00", ""),
    }
