"""What the candidate does over their signed link: accept, decline, ask; and what they are told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenfold.apps.candidates.models import Application, OutgoingMail
from tenfold.apps.candidates.services.actors import CANDIDATE
from tenfold.apps.candidates.services.mail import stop_mails
from tenfold.apps.candidates.services.moves import hire
from tenfold.apps.candidates.services.webhooks import announce
from tenfold.apps.offers.models import (
    AnswerKind,
    DeclineReason,
    Offer,
    OfferAnswer,
    OfferEvent,
    OfferQuestion,
    OfferSending,
    OfferState,
    OfferVersion,
)
from tenfold.apps.offers.queries.standing import expiry, hash_of_version, shown_version
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import on_day

MAX_QUESTIONS = 20
LONGEST_WORDS = 2_000


@transaction.atomic
def answer_offer(
    *,
    application: Application,
    number: int,
    kind: AnswerKind,
    now: datetime,
    name: str = "",
    reason: str = "",
    words: str = "",
) -> OfferAnswer:
    """One answer to the version that the candidate has read; to accept is to be hired.

    Raises:
        UserError: there is no offer (any more), another version took its place, it was answered, its day is over, the
            name is missing, or the reason is not one.
    """
    offer, version = _open_offer(application, number, now=now)
    if kind == AnswerKind.ACCEPTED and not name.strip():
        raise UserError("Type your name to accept.", remedy="Nothing was answered yet.", place=Place(field="name"))
    if reason and reason not in DeclineReason.values:
        raise UserError("Choose one of the reasons.", remedy="Nothing was answered yet.", place=Place(field="reason"))
    answer = OfferAnswer.objects.create(
        version=version,
        kind=kind,
        reason=(reason or DeclineReason.NOT_STATED) if kind == AnswerKind.DECLINED else "",
        words=words.strip()[:LONGEST_WORDS],
        name=name.strip()[:200],
        at=now,
    )
    _stop_what_waits(offer, now=now)
    offer.state = OfferState(kind.value)
    offer.save(update_fields=["state"])
    event = OfferEvent.ACCEPTED if kind == AnswerKind.ACCEPTED else OfferEvent.DECLINED
    data = {"application": str(application.pk), "role": str(application.role_id), "version": number}
    data |= {"reason": answer.reason, "sha256": hash_of_version(version)}
    record(kind=event, by=CANDIDATE.in_trail, of=offer, now=now, data=data)
    announce(event, application=offer.application, now=now, offer_id=str(offer.pk))
    if kind == AnswerKind.ACCEPTED:
        hire(application=offer.application, by=CANDIDATE, now=now)
    return answer


@transaction.atomic
def ask_question(*, application: Application, text: str, now: datetime) -> OfferQuestion:
    """Raises UserError where there is no offer to ask about, nothing is asked, or too much was."""
    offer = _standing(application)
    if offer is None or shown_version(offer, now=now) is None:
        raise UserError("There is no offer to ask about.", remedy="Answer the last mail instead.")
    if not text.strip():
        raise UserError("Write your question.", remedy="Nothing was sent.", place=Place(field="text"))
    if offer.questions.count() >= MAX_QUESTIONS:
        raise UserError("These are many questions.", remedy="Answer the last mail, or call us.")
    question = OfferQuestion.objects.create(offer=offer, text=text.strip()[:LONGEST_WORDS], asked_at=now)
    data = {"application": str(application.pk), "role": str(application.role_id)}
    record(kind=OfferEvent.QUESTION_ASKED, by=CANDIDATE.in_trail, of=offer, now=now, data=data)
    return question


@transaction.atomic
def answer_question(*, question: OfferQuestion, text: str, by: User, now: datetime) -> None:
    """The candidate reads it on their page. Raises UserError for an empty answer, or where one stands."""
    require(by, "offer.write", question)
    held = OfferQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if held.answered_at is not None:
        raise UserError("This question is answered.", remedy="Reload the page.")
    if not text.strip():
        raise UserError("Write an answer.", remedy="Nothing was saved.")
    held.answer, held.answered_by, held.answered_at = text.strip()[:LONGEST_WORDS], by, now
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    data = {"application": str(held.offer.application_id)}
    record(kind=OfferEvent.QUESTION_ANSWERED, by=by, of=held.offer, now=now, data=data)


def _open_offer(application: Application, number: int, *, now: datetime) -> tuple[Offer, OfferVersion]:
    """The offer, locked, and the version that the candidate sees; raises UserError where it cannot be answered."""
    offer = _standing(application)
    shown = shown_version(offer, now=now) if offer is not None else None
    if offer is None or shown is None:
        raise UserError("There is no offer to answer any more.", remedy="If you did not expect that, answer our mail.")
    if shown.number != number:
        raise UserError(
            "We have sent you a newer version of this offer since.",
            remedy="Please read it below first. Nothing was answered.",
        )
    if hasattr(shown, "answer"):
        raise UserError(f"You have {shown.answer.kind} this offer already.", remedy="If that was a slip, ask us below.")
    if not offer.application.is_open:
        raise UserError("Your application is closed.", remedy="If you did not expect that, answer our mail.")
    if now >= expiry(shown):
        raise UserError(
            f"This offer could be answered until {on_day(shown.expires_date)}.",
            remedy="If you would still like it, ask us below.",
        )
    return offer, shown


def _standing(application: Application) -> Offer | None:
    rows = Offer.objects.select_for_update(of=("self",)).filter(application=application)
    rows = rows.select_related("application__role__team", "application__candidate", "application__stage")
    found: Offer | None = rows.exclude(state=OfferState.WITHDRAWN).first()
    return found


def _stop_what_waits(offer: Offer, *, now: datetime) -> None:
    """Whoever answers what stands gets no other version half an hour later; its mail goes unsent."""
    waiting = OfferSending.objects.standing().filter(version__offer=offer, opens_at__gt=now)
    stop_mails(list(OutgoingMail.objects.filter(pk__in=waiting.values("mail_id"))), now=now)
    waiting.update(taken_back_at=now)
