"""Reviews asked for, typed and handed in; verdicts signed; appeals answered. Nothing here moves or rejects anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tenfold.apps.labroom.models import (
    LEAST_REVIEWS,
    LabAppeal,
    LabInvitation,
    LabReview,
    LabroomEvent,
    LabVerdictKind,
    SignedLabVerdict,
)
from tenfold.apps.labroom.queries.reviews import hash_of_verdict, is_unblinded
from tenfold.apps.labroom.queries.rubric import LEAST_EVIDENCE, RATINGS, Scale, list_rated, rubric_for
from tenfold.core.models import TeamMember, User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import Place, UserError

LONGEST = 5_000
LEAST_REASONS = 5
"""Words."""
Ratings = Mapping[str, Mapping[str, Any]]


@transaction.atomic
def ask_reviews(*, invitation: LabInvitation, reviewers: Iterable[User], by: User, now: datetime) -> list[LabReview]:
    """Asks colleagues of the hiring team; who is asked already keeps their review.

    Raises:
        NotAllowed: the user does not run this hire.
        UserError: somebody outside the team, or the grade can be read already.
    """
    require(by, "lab.arrange", invitation)
    if is_unblinded(invitation):
        raise UserError("The grade and the reviews can be read already.", remedy="A new reviewer would not be blind.")
    made = []
    for person in reviewers:
        if LabReview.objects.filter(invitation=invitation, reviewer=person).exists():
            continue
        if not TeamMember.objects.filter(team=invitation.team, member__user=person).exists():
            raise UserError(f"{person} is not in the hiring team.", remedy="Add them on the page “Team” first.")
        one = LabReview.objects.create(invitation=invitation, reviewer=person, asked_by=by, asked_at=now)
        data = {"application": str(invitation.application_id or ""), "who": str(person.pk)}
        record(kind=LabroomEvent.REVIEW_ASKED, by=by, of=invitation, now=now, data=data)
        made.append(one)
    return made


@transaction.atomic
def excuse_reviewer(*, review: LabReview, by: User, now: datetime) -> None:
    """Takes back the asking. Raises UserError where the review is in."""
    require(by, "lab.arrange", review.invitation)
    held = LabReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if held.is_in:
        raise UserError("This review is in.", remedy="What was handed in stays.")
    data = {"who": str(held.reviewer_id)}
    record(kind=LabroomEvent.REVIEWER_EXCUSED, by=by, of=review.invitation, now=now, data=data)
    held.delete()


@transaction.atomic
def save_review(*, review: LabReview, ratings: Ratings, by: User, now: datetime) -> LabReview:
    """Keeps what is typed; nobody else sees it. What is in is not changed any more."""
    require(by, "lab.review", review)
    held = LabReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if not held.is_in:
        held.ratings, held.saved_at = _clean(rubric_for(held.invitation), ratings), now
        held.save(update_fields=["ratings", "saved_at"])
    return held


@transaction.atomic
def submit_review(*, review: LabReview, ratings: Ratings, by: User, now: datetime) -> None:
    """Hands a review in; from then on it stays as it is.

    Raises:
        NotAllowed: it is somebody else's, or the user has left the team.
        UserError: nothing was handed in yet, it is in already, or a rating has no evidence.
    """
    require(by, "lab.review", review)
    held = LabReview.objects.select_for_update(of=("self",)).select_related("invitation").get(pk=review.pk)
    if held.invitation.submitted_at is None:
        raise UserError("The candidate has not submitted yet.", remedy="Your ratings are kept until then.")
    if held.is_in:
        raise UserError("Your review is in.", remedy="Discuss what you see differently now, under “Discussion”.")
    scales = rubric_for(held.invitation)
    given = _clean(scales, ratings)
    _require_complete(scales, given)
    held.ratings, held.saved_at, held.submitted_at = given, now, now
    held.save(update_fields=["ratings", "saved_at", "submitted_at"])
    data = {"application": str(held.invitation.application_id or "")}
    record(kind=LabroomEvent.REVIEW_SUBMITTED, by=by, of=held.invitation, now=now, data=data)


def _clean(scales: tuple[Scale, ...], ratings: Ratings) -> dict[str, dict[str, Any]]:
    known = [one.id for one in scales]
    return {name: _one(ratings[name]) for name in known if name in ratings}


def _one(said: Mapping[str, Any]) -> dict[str, Any]:
    unseen = bool(said.get("unseen"))
    rating = said.get("rating")
    return {
        "rating": rating if rating in RATINGS and not unseen else None,
        "unseen": unseen,
        "evidence": str(said.get("evidence") or "").strip()[:LONGEST],
    }


def _require_complete(scales: tuple[Scale, ...], ratings: Ratings) -> None:
    for number, one in enumerate(list_rated(scales, ratings), start=1):
        place = Place(field=one.scale.id)
        if one.rating is None and not one.is_unseen:
            raise UserError(
                f"Scale {number} has no rating.", remedy="Rate it, or say that it could not be seen.", place=place
            )
        if one.rating is not None and len(one.evidence.split()) < LEAST_EVIDENCE:
            raise UserError(
                f"The rating of scale {number} points to no evidence.",
                remedy="Write what the person did, and when in the recording.",
                place=place,
            )


@transaction.atomic
def sign_verdict(
    *, invitation: LabInvitation, verdict: str, reasons: str, discussion: str, by: User, now: datetime
) -> SignedLabVerdict:
    """Signs a verdict in the user's own name, once the reviews are in and have been compared.

    Raises:
        NotAllowed: the user may not decide in this hire.
        UserError: no such verdict, too few reviews are in, one stands already, or reasons are missing.
    """
    require(by, "lab.decide", invitation)
    held = LabInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if verdict not in LabVerdictKind.values:
        raise UserError("Choose a verdict.", remedy="Nothing was signed.", place=Place(field="verdict"))
    if not is_unblinded(held):
        raise UserError(
            f"A verdict rests on {LEAST_REVIEWS} independent reviews.", remedy="Ask for reviews, and wait for them."
        )
    if SignedLabVerdict.objects.filter(invitation=held, taken_back_at=None).exists():
        raise UserError("A verdict stands already.", remedy="Take it back first, with the reason.")
    if len(reasons.split()) < LEAST_REASONS:
        raise UserError(
            "A verdict needs its reasons.", remedy="Say which evidence it rests on.", place=Place(field="reasons")
        )
    signed = SignedLabVerdict.objects.create(
        invitation=held,
        verdict=verdict,
        reasons=reasons.strip()[:LONGEST],
        discussion=discussion.strip()[:LONGEST],
        signed_by=by,
        signed_name=str(by)[:120],
        signed_at=now,
    )
    data = {"application": str(held.application_id or ""), KEY: hash_of_verdict(signed)}
    record(kind=LabroomEvent.VERDICT_SIGNED, by=by, of=signed, now=now, data=data)
    return signed


@transaction.atomic
def take_back_verdict(*, signed: SignedLabVerdict, why: str, by: User, now: datetime) -> None:
    """Ends a verdict; it stays to be read. Raises UserError without a reason."""
    require(by, "lab.decide", signed.invitation)
    held = SignedLabVerdict.objects.select_for_update(of=("self",)).get(pk=signed.pk)
    if not held.stands:
        raise UserError("This verdict was taken back already.", remedy="Reload the page.")
    if not why.strip():
        raise UserError("Say why it is taken back.", remedy="The verdict and this reason both stay.")
    held.taken_back_at, held.taken_back_by, held.taken_back_why = now, by, why.strip()[:1_000]
    held.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
    record(kind=LabroomEvent.VERDICT_TAKEN_BACK, by=by, of=held, now=now)


@transaction.atomic
def release_feedback(*, invitation: LabInvitation, by: User, now: datetime) -> None:
    """Lets the candidate read, criterion by criterion, what was observed. Raises UserError before a verdict stands."""
    require(by, "lab.decide", invitation)
    if not SignedLabVerdict.objects.filter(invitation=invitation, taken_back_at=None).exists():
        raise UserError("Sign the verdict first.", remedy="Feedback rests on it.")
    LabInvitation.objects.filter(pk=invitation.pk, feedback_at=None).update(feedback_at=now)
    record(kind=LabroomEvent.FEEDBACK_RELEASED, by=by, of=invitation, now=now)


@transaction.atomic
def appeal(*, invitation: LabInvitation, text: str, now: datetime) -> LabAppeal:
    """A candidate objects. Raises UserError before there is feedback, for an empty text, or while one waits."""
    if invitation.feedback_at is None:
        raise UserError("There is no result yet that could be objected to.", remedy="Write to us instead.")
    if len(text.split()) < LEAST_REASONS:
        raise UserError(
            "Say what you think was judged wrongly.", remedy="A sentence or two.", place=Place(field="text")
        )
    if LabAppeal.objects.filter(invitation=invitation, answered_at=None).exists():
        raise UserError("Your objection is with us already.", remedy="We answer it here.")
    made = LabAppeal.objects.create(invitation=invitation, text=text.strip()[:LONGEST], asked_at=now)
    record(kind=LabroomEvent.APPEALED, by="candidate", of=invitation, now=now)
    return made


@transaction.atomic
def answer_appeal(*, found: LabAppeal, answer: str, by: User, now: datetime) -> None:
    """Raises NotAllowed, or UserError for an empty or second answer."""
    require(by, "lab.decide", found.invitation)
    held = LabAppeal.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if held.answered_at is not None:
        raise UserError("This objection is answered.", remedy="Reload the page.")
    if len(answer.split()) < LEAST_REASONS:
        raise UserError("An objection is owed reasons.", remedy="Say what was looked at, and what follows.")
    held.answer, held.answered_by, held.answered_at = answer.strip()[:LONGEST], by, now
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    record(kind=LabroomEvent.APPEAL_ANSWERED, by=by, of=held.invitation, now=now)
