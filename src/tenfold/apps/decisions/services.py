"""Decisions signed and taken back. Nothing here moves or rejects anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tenfold.apps.candidates.models import Application, ApplicationState
from tenfold.apps.decisions.models import Decision, DecisionEvent, Verdict
from tenfold.apps.decisions.queries import debrief, hash_of_decision, owes_scorecard
from tenfold.apps.decisions.queries.packet import packet_content
from tenfold.apps.interviews.models import Scorecard
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

LEAST_REASONS = 5
"""Words."""


@transaction.atomic
def sign(*, application: Application, verdict: str, reasons: str, by: User, now: datetime) -> Decision:
    """Signs a decision in the user's own name.

    Raises:
        NotAllowed: the user may not decide in this role.
        UserError: no such verdict, no scorecard is in, the user owes one, a decision stands, or reasons are missing.
    """
    require(by, "decision.sign", application)
    if verdict not in Verdict.values:
        raise UserError("Choose what is decided.", remedy="Nothing was signed.")
    held = Application.objects.select_for_update(of=("self",)).select_related("role__team").get(pk=application.pk)
    if owes_scorecard(held, by):
        raise UserError(
            "You have not submitted your own scorecard.", remedy="Submit it first; then read the others’ and decide."
        )
    cards = Scorecard.objects.that_count().filter(application=held)
    n = cards.handed_in().count()
    if not n:
        raise UserError("No scorecard is in.", remedy="A decision rests on evidence: ask for scorecards first.")
    if Decision.objects.filter(application=held, taken_back_at=None).exists():
        raise UserError("A decision stands already.", remedy="Take it back first, with the reason.")
    if len(reasons.split()) < LEAST_REASONS:
        raise UserError(
            "A decision needs its reasons.", remedy="Say which evidence it rests on, in a sentence or more."
        )
    packet: Any = packet_content(held, debrief(held, by))
    decision = Decision.objects.create(
        application=held,
        verdict=verdict,
        reasons=reasons.strip()[:5_000],
        packet=packet,
        scorecards=n,
        owed=cards.count() - n,
        signed_by=by,
        signed_name=str(by)[:120],
        signed_at=now,
    )
    data = {"application": str(held.pk), "role": str(held.role_id), KEY: hash_of_decision(decision)}
    record(kind=DecisionEvent.SIGNED, by=by, of=decision, now=now, data=data)
    return decision


@transaction.atomic
def take_back(*, decision: Decision, why: str, by: User, now: datetime) -> None:
    """Ends a decision; it stays to be read, with who took it back and why. Raises UserError without a reason."""
    require(by, "decision.sign", decision)
    held = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if not held.stands:
        raise UserError("This decision was taken back already.", remedy="Reload the page.")
    if not why.strip():
        raise UserError("Say why it is taken back.", remedy="The decision and this reason both stay.")
    held.taken_back_at, held.taken_back_by, held.taken_back_why = now, by, why.strip()[:1_000]
    held.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
    data = {"application": str(held.application_id)}
    record(kind=DecisionEvent.TAKEN_BACK, by=by, of=held, now=now, data=data)


def export_person(person_id: str) -> list[dict[str, Any]]:
    """What was decided on a candidate, and why; nothing of it while somebody of an open application still writes.

    The candidate's link stands in mails that colleagues can read, and reasons speak of what others wrote.
    """
    rows = Decision.objects.filter(application__candidate__pk=person_id)
    waiting = Scorecard.objects.filter(submitted_at=None, application__state=ApplicationState.OPEN)
    owed = set(waiting.filter(application__candidate__pk=person_id).values_list("application", flat=True))
    return [_to_export(one, is_whole=one.application_id not in owed) for one in rows]


def _to_export(one: Decision, *, is_whole: bool) -> dict[str, Any]:
    told = {"at": one.signed_at.isoformat(), "stands": one.stands}
    if not is_whole:
        return told | {"reasons": "Interviewers are still writing; this is here once all of them are done."}
    return told | {"verdict": one.verdict, "reasons": one.reasons}


def erase_person(person_id: str, now: datetime) -> int:
    """Removes every decision on a candidate; that there was one stays in the trail, by id."""
    del now
    return int(Decision.objects.filter(application__candidate__pk=person_id).delete()[0])
