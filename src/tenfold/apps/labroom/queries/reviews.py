"""Who is still blind, how far reviewers agree, and what a candidate is told of their work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.apps.labroom.models import LEAST_REVIEWS, LabInvitation, LabReview, SignedLabVerdict
from tenfold.apps.labroom.queries.rubric import Rated, Scale, list_rated
from tenfold.core.models import AuditEntry
from tenfold.core.seals import hash_of_content
from tenfold.labs.lab import Criterion, Lab
from tenfold.labs.verdicts import Graded, Outcome, Verdict


def is_unblinded(invitation: LabInvitation) -> bool:
    """Whether the automatic grade and all reviews may be read: every review asked for is in, and there are enough."""
    if invitation.tried_by_id is not None:
        return invitation.submitted_at is not None
    rows = list(LabReview.objects.filter(invitation=invitation).values_list("submitted_at", flat=True))
    return len(rows) >= LEAST_REVIEWS and all(rows)


def owed_reviews(invitation: LabInvitation) -> list[LabReview]:
    return list(LabReview.objects.filter(invitation=invitation, submitted_at=None).select_related("reviewer"))


@dataclass(frozen=True, slots=True)
class ReviewerRating:
    """What one reviewer said on one scale."""

    reviewer: str
    rated: Rated


@dataclass(frozen=True, slots=True)
class ScaleAgreement:
    """One scale with everybody's ratings. `spread`: highest minus lowest, None below two ratings."""

    scale: Scale
    ratings: Sequence[ReviewerRating]
    spread: int | None


def compare_reviews(scales: tuple[Scale, ...], reviews: Sequence[LabReview]) -> list[ScaleAgreement]:
    """Scale by scale, where reviewers differ most first."""
    found = []
    for number, scale in enumerate(scales):
        ratings = [ReviewerRating(str(one.reviewer), list_rated(scales, one.ratings)[number]) for one in reviews]
        values = [one.rated.rating for one in ratings if one.rated.rating is not None]
        found.append(ScaleAgreement(scale, ratings, max(values) - min(values) if len(values) > 1 else None))
    return sorted(found, key=lambda one: -(one.spread or 0))


def agreement_words(compared: Sequence[ScaleAgreement]) -> str:
    """`3 of 3 scales alike`, over those that at least two people rated."""
    rated = [one for one in compared if one.spread is not None]
    if not rated:
        return "No scale was rated by two people."
    alike = sum(one.spread == 0 for one in rated)
    far = sum((one.spread or 0) > 1 for one in rated)
    apart = f"; {far} two steps apart" if far else ""
    return f"Same rating on {alike} of {len(rated)} scales{apart}."


# What a candidate is told ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """One criterion: its public words, whether it was met, and what a strong answer does. No test is quoted."""

    what: str
    state: str
    earned: float
    points: int
    learn: str


@dataclass(frozen=True, slots=True)
class ScaleFeedback:
    """One scale of the reviewers: what they saw, in the rubric's own words, and what a strong answer shows."""

    ask: str
    seen: Sequence[str]
    strong: str


STATES = {None: "not decided; it did not count", 1.0: "met", 0.0: "not met"}


def criteria_feedback(lab: Lab, verdict: Verdict | None) -> list[CriterionFeedback]:
    """Empty where our own fault kept us from judging, or nothing was graded."""
    if verdict is None or verdict.outcome is Outcome.INFRA_ERROR:
        return []
    by_id = {one.id: one for one in lab.criteria}
    return [_criterion(by_id[one.criterion], one) for one in verdict.criteria if one.criterion in by_id]


def _criterion(criterion: Criterion, one: Graded) -> CriterionFeedback:
    return CriterionFeedback(criterion.what, criterion_state(one), one.earned, one.points, criterion.learn)


def criterion_state(one: Graded) -> str:
    """Met, partly met, not met, or not decided."""
    return STATES.get(one.share, "partly met")


def scales_feedback(scales: tuple[Scale, ...], reviews: Sequence[LabReview]) -> list[ScaleFeedback]:
    """What reviewers chose, without who chose it and without what they wrote."""
    found = []
    for scale in scales:
        chosen = sorted({one.ratings.get(scale.id, {}).get("rating") or 0 for one in reviews} - {0})
        found.append(ScaleFeedback(scale.ask, [scale.anchors[rating] for rating in chosen], scale.anchors[3]))
    return found


# Seals -------------------------------------------------------------------------------------------------------------


def hash_of_verdict(signed: SignedLabVerdict) -> str:
    said = [str(signed.invitation_id), signed.verdict, signed.reasons, signed.discussion]
    return hash_of_content([*said, signed.signed_name, signed.signed_at.isoformat()])


def hash_in_trail(entry: AuditEntry) -> str | None:
    """Of the verdict that an entry speaks of; None where the person was erased."""
    signed = SignedLabVerdict.objects.filter(pk=entry.of_id).first()
    if signed is not None:
        return hash_of_verdict(signed)
    return None if _was_erased(entry.data) else ""


def _was_erased(data: Mapping[str, str]) -> bool:
    application = data.get("application") or ""
    held = LabInvitation.objects.filter(application__pk=application).first() if application else None
    return held is None or held.erased_at is not None
