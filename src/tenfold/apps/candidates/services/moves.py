"""Applications moved, rejected, withdrawn, hired; and every one of these taken back, one or a batch."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    ApplicationState,
    CandidateEvent,
    MailTemplate,
    MoveComment,
    MoveKind,
    OpenRole,
    OutgoingMail,
    RejectionReason,
    RoleStage,
)
from tenfold.apps.candidates.queries.history import hash_of_move, stage_since, why_not_undone
from tenfold.apps.candidates.services.actors import CANDIDATE, Actor, colleague
from tenfold.apps.candidates.services.duties import refresh_application_tasks
from tenfold.apps.candidates.services.mail import HOLD, hold_from_template, take_back_of_move
from tenfold.apps.candidates.services.webhooks import announce
from tenfold.core.models import User
from tenfold.core.permissions import require
from tenfold.core.seals import KEY
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

MAX_BATCH = 500
EVENTS = {
    MoveKind.APPLIED: CandidateEvent.APPLIED,
    MoveKind.MOVED: CandidateEvent.MOVED,
    MoveKind.REJECTED: CandidateEvent.REJECTED,
    MoveKind.WITHDRAWN: CandidateEvent.WITHDRAWN,
    MoveKind.HIRED: CandidateEvent.HIRED,
    MoveKind.UNDONE: CandidateEvent.UNDONE,
}


@dataclass(frozen=True, slots=True)
class Batch:
    """What one call did to several applications; `id` takes all of it back."""

    id: uuid.UUID
    moves: tuple[ApplicationMove, ...]
    mails: tuple[OutgoingMail, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """`kept`: applications where something happened since. `mails_gone`: mails that had been sent already."""

    undone: int
    kept: int
    mails_taken_back: int
    mails_gone: int


@transaction.atomic
def move_applications(
    *, applications: Sequence[Application], stage: RoleStage, by: User, now: datetime, comment: str = ""
) -> Batch:
    """Moves open applications of one role to a stage; those that are there already stay.

    Raises:
        NotAllowed: the user does not run this role's hiring.
        UserError: an application is closed, the stage is another role's or was removed, or there are too many.
    """
    role = _require(applications, "application.work", by)
    if stage.role_id != role.pk or stage.removed_at is not None:
        raise UserError("This stage is not part of the role.", remedy="Reload the page and choose another.")
    batch = uuid.uuid4()
    moves = [
        _add(one, kind=MoveKind.MOVED, stage=stage, actor=colleague(by), now=now, batch=batch, comment=comment)
        for one in _lock(applications)
        if _is_open(one) and one.stage_id != stage.pk
    ]
    return Batch(batch, tuple(moves))


@transaction.atomic
def reject_applications(
    *,
    applications: Sequence[Application],
    reason: RejectionReason,
    by: User,
    now: datetime,
    comment: str = "",
    template: MailTemplate | None = None,
) -> Batch:
    """Rejects open applications. Mails wait half an hour, and none is written unless every one can be.

    Raises:
        NotAllowed: the user may not decide in this role.
        UserError: an application is closed, there are too many, or a mail lacks a value.
    """
    _require(applications, "application.decide", by)
    batch, moves, mails = uuid.uuid4(), [], []
    for one in _lock(applications):
        _is_open(one)
        move = _add(
            one,
            kind=MoveKind.REJECTED,
            state=ApplicationState.REJECTED,
            actor=colleague(by),
            now=now,
            batch=batch,
            comment=comment,
            reason=reason,
        )
        moves.append(move)
        if template is not None:
            mails.append(
                hold_from_template(application=one, template=template, by=by, now=now, after=now + HOLD, move=move)
            )
    return Batch(batch, tuple(moves), tuple(mails))


@transaction.atomic
def hire(*, application: Application, by: User | Actor, now: datetime) -> ApplicationMove:
    """By a colleague, or by the candidate who accepts an offer.

    Raises:
        NotAllowed: a colleague who may not decide in this role.
        UserError: the application is closed.
    """
    actor = by if isinstance(by, Actor) else colleague(by)
    actor.require("application.decide", application)
    (held,) = _lock([application])
    _is_open(held)
    return _add(held, kind=MoveKind.HIRED, state=ApplicationState.HIRED, actor=actor, now=now)


@transaction.atomic
def withdraw(*, application: Application, now: datetime, actor: Actor = CANDIDATE) -> ApplicationMove | None:
    """The candidate ends it; None where it was over already."""
    (held,) = _lock([application])
    if not held.is_open:
        return None
    return _add(held, kind=MoveKind.WITHDRAWN, state=ApplicationState.WITHDRAWN, actor=actor, now=now)


@transaction.atomic
def undo_move(*, move: ApplicationMove, by: User, now: datetime) -> TakenBack:
    """Takes one move back: the application is where it was before, and a mail that waits is never sent.

    Raises:
        NotAllowed: rejections and hires are taken back by who may decide, anything else by who runs the hiring.
        UserError: something happened since, or the person has applied again.
    """
    require(by, _permission_to_undo(move), move.application)
    (held,) = _lock([move.application])
    why = _why_not(held, move)
    if why:
        raise UserError("This cannot be taken back.", remedy=why)
    return _undo(held, move, by=by, now=now, batch=None)


@transaction.atomic
def undo_batch(*, role: OpenRole, batch: uuid.UUID, by: User, now: datetime) -> TakenBack:
    """Takes back all moves of one call that are still the last of their application.

    Raises:
        NotAllowed: as for a single move.
        UserError: there is no such batch in this role.
    """
    moves = list(
        ApplicationMove.objects.filter(batch=batch, application__role=role)
        .exclude(kind=MoveKind.UNDONE)
        .select_related("application__role__team")
    )
    if not moves:
        raise UserError("There is nothing of this to take back.", remedy="Reload the page.")
    for permission in {_permission_to_undo(move) for move in moves}:
        require(by, permission, role)
    held = {one.pk: one for one in _lock([move.application for move in moves])}
    again, done = uuid.uuid4(), []
    for move in moves:
        application = held[move.application_id]
        if not _why_not(application, move) and not _applied_again(application, move):
            done.append(_undo(application, move, by=by, now=now, batch=again))
    return TakenBack(
        undone=len(done),
        kept=len(moves) - len(done),
        mails_taken_back=sum(one.mails_taken_back for one in done),
        mails_gone=sum(one.mails_gone for one in done),
    )


def begin(application: Application, *, actor: Actor, now: datetime) -> ApplicationMove:
    """The first move of an application that was just made; `application.stage` is where it begins."""
    return _write(
        application,
        ApplicationMove(
            application=application,
            number=1,
            kind=MoveKind.APPLIED,
            to_stage_id=application.stage_id,
            to_state=ApplicationState.OPEN,
        ),
        actor=actor,
        now=now,
    )


# One move ------------------------------------------------------------------------------------------------------


def _require(applications: Sequence[Application], permission: str, by: User) -> OpenRole:
    roles = {one.role_id: one.role for one in applications}
    if len(roles) != 1:
        raise UserError("Choose applications of one role.", remedy="Nothing was changed.")
    if len(applications) > MAX_BATCH:
        raise UserError(f"At most {MAX_BATCH} at once.", remedy="Choose fewer.")
    (role,) = roles.values()
    require(by, permission, role)
    return role


def _lock(applications: Iterable[Application]) -> list[Application]:
    """The rows as they are now, locked in one order, so that two batches never wait for each other."""
    ids = sorted({one.pk for one in applications}, key=str)
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "role__team", "candidate__erasure_request"
    )
    return list(rows.filter(pk__in=ids).order_by("pk").prefetch_related("moves"))


def _is_open(application: Application) -> bool:
    if not application.is_open:
        raise UserError("One of these applications is closed already.", remedy="Reload the page; nothing was changed.")
    return True


def _add(
    application: Application,
    *,
    kind: MoveKind,
    actor: Actor,
    now: datetime,
    stage: RoleStage | None = None,
    state: ApplicationState = ApplicationState.OPEN,
    batch: uuid.UUID | None = None,
    comment: str = "",
    reason: str = "",
    undoes: ApplicationMove | None = None,
) -> ApplicationMove:
    move = ApplicationMove(
        application=application,
        number=max(one.number for one in application.moves.all()) + 1,
        kind=kind,
        batch=batch,
        from_stage_id=application.stage_id,
        from_state=application.state,
        to_stage_id=stage.pk if stage else application.stage_id,
        to_state=state,
        reason=reason,
        undoes=undoes,
    )
    return _write(application, move, actor=actor, now=now, comment=comment)


def _write(
    application: Application, move: ApplicationMove, *, actor: Actor, now: datetime, comment: str = ""
) -> ApplicationMove:
    """The move, the row that it changes, the trail, what others are told and what the law asks from then on."""
    move.actor, move.by_id, move.at = actor.label, actor.user.pk if actor.user else None, now
    move.save(force_insert=True)
    if comment:
        MoveComment.objects.create(move=move, application=application, text=comment[:2_000])
    moves = [*(application.moves.all() if move.number > 1 else ()), move]
    application.stage_id, application.state = move.to_stage_id, move.to_state
    application.stage_since = stage_since(moves) or now
    application.closed_at = None if application.is_open else now
    application.save(update_fields=["stage", "state", "stage_since", "closed_at"])
    data = {
        "role": str(application.role_id),
        "move": move.number,
        "batch": str(move.batch or ""),
        "reason": move.reason,
        KEY: hash_of_move(move),
    }
    kind = EVENTS[MoveKind(move.kind)]
    record(kind=kind, by=actor.in_trail, of=application, now=now, data=data)
    announce(kind, application=application, now=now, move=move)
    refresh_application_tasks(application, now=now)
    return move


def _undo(
    application: Application, move: ApplicationMove, *, by: User, now: datetime, batch: uuid.UUID | None
) -> TakenBack:
    try:
        with transaction.atomic():
            _add(
                application,
                kind=MoveKind.UNDONE,
                stage=move.from_stage,
                state=ApplicationState(move.from_state),
                actor=colleague(by),
                now=now,
                batch=batch,
                undoes=move,
            )
    except IntegrityError:
        raise UserError(
            "This person has applied to the role again since.", remedy="Work with the newer application."
        ) from None
    taken, gone = take_back_of_move(move, by=by, now=now)
    return TakenBack(undone=1, kept=0, mails_taken_back=taken, mails_gone=gone)


def _why_not(application: Application, move: ApplicationMove) -> str:
    """Why a move cannot be taken back; "" where it can. Nobody who is erased, or is to be, is taken up again."""
    candidate = application.candidate
    if candidate.erased_at is not None or hasattr(candidate, "erasure_request"):
        return "This person's data was erased, or is about to be."
    return why_not_undone(move, list(application.moves.all()))


def _applied_again(application: Application, move: ApplicationMove) -> bool:
    """Whether taking it back would open a second application of the same person."""
    if move.from_state != ApplicationState.OPEN or application.is_open:
        return False
    others = Application.objects.filter(role=application.role_id, candidate=application.candidate_id)
    return others.filter(state=ApplicationState.OPEN).exclude(pk=application.pk).exists()


def _permission_to_undo(move: ApplicationMove) -> str:
    return "application.decide" if move.kind in (MoveKind.REJECTED, MoveKind.HIRED) else "application.work"
