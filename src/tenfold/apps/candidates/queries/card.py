"""Everything about one person on one card: all rows that are them, all applications that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    Candidate,
    CandidateFile,
    CandidateMerge,
    IncomingMail,
    Meeting,
    OutgoingMail,
)
from tenfold.apps.candidates.queries.contact import plain_email
from tenfold.apps.candidates.queries.groups import group_ids
from tenfold.apps.candidates.queries.history import standing_moves, why_not_undone
from tenfold.core.models import User


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A move as the card tells it. `can_undo`: it is the last one, and may be taken back."""

    move: ApplicationMove
    who: str
    why: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail of the thread, ours or theirs."""

    mail: OutgoingMail | IncomingMail
    is_ours: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonCard:
    """`people`: the rows that are this person. `applications`: all that the reader may see, the one asked for first."""

    people: tuple[Candidate, ...]
    applications: tuple[Application, ...]
    merges: tuple[CandidateMerge, ...]
    moves: tuple[MoveLine, ...]
    mails: tuple[MailLine, ...]
    meetings: tuple[Meeting, ...]

    @property
    def emails(self) -> list[Any]:
        """Every address once: rows that were merged often have the same."""
        return _once((plain_email(one.address), one) for row in self.people for one in row.emails.all())

    @property
    def phones(self) -> list[Any]:
        return _once((one.index or one.number, one) for row in self.people for one in row.phones.all())

    @property
    def links(self) -> list[Any]:
        return _once((one.url, one) for row in self.people for one in row.links.all())

    @property
    def files(self) -> list[Any]:
        return [one for row in self.people for one in row.files.all()]


def _once(rows: Iterable[tuple[str, Any]]) -> list[Any]:
    """The first row of each key, in their order."""
    found: dict[str, Any] = {}
    for key, row in rows:
        found.setdefault(key, row)
    return list(found.values())


def person_card(application: Application, user: User) -> PersonCard:
    """The card by way of one application, for somebody who runs its hiring."""
    ids = group_ids(application.candidate)
    people = Candidate.objects.filter(pk__in=ids).prefetch_related("emails", "phones", "links")
    rows = sorted(people.prefetch_related(_files(user)), key=lambda row: ids.index(row.pk))
    seen = Application.objects.run_by(user).filter(candidate__in=ids).select_related("role", "stage")
    applications = sorted(seen, key=lambda one: (one.pk != application.pk, -one.applied_at.timestamp()))
    mails = [
        *(
            MailLine(one, True, one.written_at)
            for one in application.mails.filter(to_user=None).select_related("written_by")
        ),
        *(MailLine(one, False, one.received_at) for one in application.replies.all()),
    ]
    return PersonCard(
        people=tuple(rows),
        applications=tuple(applications),
        merges=tuple(CandidateMerge.objects.filter(merged__in=ids).select_related("merged", "kept")),
        moves=tuple(_moves(application)),
        mails=tuple(sorted(mails, key=lambda line: line.at, reverse=True)),
        meetings=tuple(application.meetings.prefetch_related("attendees__user", "slots")),
    )


def _files(user: User) -> Any:
    """Files without their content, which only the download reads; of applications that the user runs alone."""
    seen = CandidateFile.objects.filter(application__in=Application.objects.run_by(user).not_shut_away())
    return Prefetch("files", queryset=seen.defer("content"))


def _moves(application: Application) -> Iterator[MoveLine]:
    moves = list(application.moves.select_related("from_stage", "to_stage", "comment"))
    names = _names(moves)
    standing = {one.pk for one in standing_moves(moves)}
    for move in reversed(moves):
        comment = getattr(move, "comment", None)
        yield MoveLine(
            move,
            names.get(move.by_id, "A former colleague") if move.by_id else move.actor.capitalize(),
            comment.text if comment else "",
            move.pk in standing and not why_not_undone(move, moves),
        )


def _names(moves: list[ApplicationMove]) -> Mapping[UUID | None, str]:
    ids = {move.by_id for move in moves if move.by_id}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
