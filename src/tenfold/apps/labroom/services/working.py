"""A candidate at work: practice, the session begun, time, what is handed in, and its grading."""

from __future__ import annotations

from datetime import datetime

from asgiref.sync import async_to_sync
from django.db import transaction

from tenfold.apps.labroom.models import LabAppeal, LabInvitation, LabroomEvent
from tenfold.apps.labroom.queries.labs import lab_of
from tenfold.apps.labroom.queries.sessions import sandbox_here, session_of
from tenfold.apps.labroom.services.inviting import TRIED
from tenfold.core.jobs import job_named
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.labs import engines, home, sessions, variants
from tenfold.labs.engines import engine
from tenfold.labs.practice import practice_lab
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Outcome

GRADE_JOB, PREPARE_JOB = "labroom.grade", "labroom.prepare"
NO_WORK = "00000000-0000-0000-0000-000000000000"
"""The id of no piece of work: nobody waits on a page for it."""


@transaction.atomic
def begin_try(*, organisation: Organisation, lab: str, by: User, now: datetime) -> LabInvitation:
    """A colleague's own try of a lab, to know what candidates are asked; the one that is under way, if there is one."""
    require(by, "lab.browse", organisation)
    lab_of(lab)
    mine = LabInvitation.objects.filter(organisation=organisation, tried_by=by, lab=lab)
    if (open_one := mine.filter(submitted_at=None, expires_at__gt=now, withdrawn_at=None).first()) is not None:
        return open_one
    return LabInvitation.objects.create(
        organisation=organisation,
        tried_by=by,
        lab=lab,
        attempt=mine.count() + 1,
        invited_by=by,
        invited_at=now,
        expires_at=now + TRIED,
        consented_at=now,
    )


def prepare(invitation: LabInvitation) -> None:
    """Makes the person's variant ahead of time, so that the room opens at once. Raises UserError where it cannot."""
    place, lab = home.home(), lab_of(invitation.lab)
    with sandbox_here() as sandbox:
        seed = variants.seed_for(place, lab, invitation.alias, invitation.attempt)
        variants.variant(place, sandbox, lab, seed)


def prepare_later(invitation: LabInvitation) -> None:
    """Asks for `prepare` in the background."""
    job_named(PREPARE_JOB).enqueue(NO_WORK, invitation=str(invitation.pk))


def instruction(session: Session) -> str:
    """The task of this person's variant, as Markdown. Raises UserError."""
    with sandbox_here() as sandbox:
        return session.variant(home.home(), sandbox).instruction


def enter_practice(*, invitation: LabInvitation, now: datetime) -> Session:
    """The practice room of an invitation, made at the first visit. Raises UserError where no room can be made."""
    if (held := session_of(invitation, is_practice=True)) is not None and held.state is sessions.State.OPEN:
        return held

    place = home.home()
    with sandbox_here() as sandbox:
        lab = practice_lab(place, lab_of(invitation.lab))
        begun = sessions.start(place, sandbox, lab, candidate=invitation.alias, attempt=1, now=now)
    made = engines.keep(place, begun)
    LabInvitation.objects.filter(pk=invitation.pk).update(practice=made.id)
    invitation.practice = made.id
    return made


def begin(*, invitation: LabInvitation, now: datetime) -> Session:
    """The session of an invitation: the one that is under way, else a new one, which begins the attempt.

    Raises:
        UserError: no consent yet, the link is over or withdrawn, it is handed in, or no room can be made here.
    """
    if not invitation.is_open(now):
        raise UserError("This link is not open any more.", remedy="Ask whoever invited you for a new one.")
    if (held := session_of(invitation)) is not None:
        return held
    if invitation.consented_at is None:
        raise UserError("Please read what is recorded first, and agree.", remedy="Go back to the first page.")

    place = home.home()
    with sandbox_here() as sandbox:
        begun = sessions.start(
            place,
            sandbox,
            lab_of(invitation.lab),
            candidate=invitation.alias,
            attempt=invitation.attempt,
            accommodation=invitation.time_factor,
            now=now,
        )
    made = engines.keep(place, begun)
    _note_begun(invitation, made, now)
    return made


@transaction.atomic
def _note_begun(invitation: LabInvitation, made: Session, now: datetime) -> None:
    held = LabInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not held.session:
        held.session, held.begun_at = made.id, now
        held.save(update_fields=["session", "begun_at"])
        record(kind=LabroomEvent.BEGUN, by=_actor(held), of=held, now=now, data=_data(held))
    invitation.session, invitation.begun_at = held.session, held.begun_at


@transaction.atomic
def set_time_factor(*, invitation: LabInvitation, factor: float, by: User, now: datetime) -> None:
    """An accommodation. It counts at once, in a session that runs as well; the trail holds that it was set, not what.

    Raises:
        NotAllowed: only recruiters and coordinators of the team arrange accommodations.
        UserError: a factor below 1 or above 5.
    """
    require(by, "lab.set-time", invitation)
    if not 1 <= factor <= 5:
        raise UserError("The factor is between 1 and 5: 1.5 gives half as much time again.")
    LabInvitation.objects.filter(pk=invitation.pk).update(time_factor=factor)
    if (session := session_of(invitation)) is not None and session.state is sessions.State.OPEN:
        session.accommodate(factor, "coordinator", now)
    record(kind=LabroomEvent.TIME_SET, by=by, of=invitation, now=now, data=_data(invitation))


@transaction.atomic
def note_submitted(*, invitation: LabInvitation, snapshot: str, now: datetime) -> None:
    """That the work is in, once, and asks for its grading. The engine has kept the work itself by then."""
    held = LabInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if held.submitted_at is not None:
        return
    held.submitted_at = now
    held.save(update_fields=["submitted_at"])
    record(kind=LabroomEvent.SUBMITTED, by=_actor(held), of=held, now=now, data={**_data(held), "snapshot": snapshot})
    job_named(GRADE_JOB).enqueue(NO_WORK, invitation=str(held.pk))
    transaction.on_commit(lambda: _erase_practice(held), robust=True)  # the work is in, whatever becomes of practice


def _erase_practice(invitation: LabInvitation) -> None:
    """What was tried in practice is nobody's business, and is gone once it has served."""
    if invitation.practice:
        engines.erase(home.home(), invitation.practice)
        LabInvitation.objects.filter(pk=invitation.pk).update(practice="")


def grade(invitation: LabInvitation, *, again: bool = False) -> Outcome:
    """Grades what was handed in, and notes that it was. `again`: anew, beside the first verdict, which still counts."""
    session = session_of(invitation)
    if session is None:
        raise UserError("Nothing was handed in.", remedy="A session is graded once it is submitted.")
    verdict = async_to_sync(engine().grade)(session, again=again)
    _note_graded(invitation, verdict.outcome, again=again)
    return verdict.outcome


@transaction.atomic
def _note_graded(invitation: LabInvitation, outcome: Outcome, *, again: bool) -> None:
    now = sessions.utc_now()
    if outcome is not Outcome.INFRA_ERROR:
        LabInvitation.objects.filter(pk=invitation.pk, graded_at=None).update(graded_at=now)
    if again:
        LabAppeal.objects.filter(invitation=invitation, answered_at=None).update(graded_again_at=now)
    data = {**_data(invitation), "again": again, "ours": outcome is Outcome.INFRA_ERROR}
    record(kind=LabroomEvent.GRADED, by="tenfold", of=invitation, now=now, data=data)


def ask_regrade(*, invitation: LabInvitation, by: User) -> None:
    """Grades anew in the background, beside the verdict that counts."""
    require(by, "lab.decide", invitation)
    job_named(GRADE_JOB).enqueue(NO_WORK, invitation=str(invitation.pk), again=True)


def _actor(invitation: LabInvitation) -> User | str:
    return invitation.tried_by or "candidate"


def _data(invitation: LabInvitation) -> dict[str, object]:
    return {"lab": invitation.lab, "application": str(invitation.application_id or "")}
