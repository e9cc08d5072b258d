"""What the law of a role's places asks to tell somebody who was not chosen, and of which places nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from tenfold.apps.candidates.models import Application, ApplicationMove, Meeting, MeetingState, MoveKind
from tenfold.intake.notices import Notice, Reader, render_notice, required_notices, templates
from tenfold.kit.words import on_day
from tenfold.law.duties import RoleDuty, Subject, duties_for
from tenfold.law.places import full_name
from tenfold.law.role_rules import Event

OUTCOME = frozenset({Event.DECISION, Event.LAST_INTERVIEW})
THE_MAIL_ITSELF = "HOUSE-REPLY"
"""Our own rule that everybody is answered: the rejection does that."""


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """One text of ours with the duties it serves. `missing`: values that only a person knows."""

    id: str
    title: str
    duties: tuple[RoleDuty, ...]
    is_sure: bool
    known: Mapping[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeLaw:
    """`others`: duties without a text of ours. `not_in_table` and `silent`: two different answers, by place."""

    drafts: tuple[NoticeDraft, ...]
    others: tuple[RoleDuty, ...]
    not_in_table: tuple[str, ...]
    silent: tuple[str, ...]


def outcome_law(application: Application, *, now: datetime) -> OutcomeLaw:
    """Duties that count from the decision or the last interview, of this application, as the tables have them today."""
    role = application.role
    if not role.places:
        return OutcomeLaw((), (), (), ())
    days = _days(application, now)
    found = duties_for(
        role.places,
        localdate(role.opened_at),
        uses_automated_tool=role.uses_automated_tool,
        as_of=localdate(now),
        employees=role.employees,
        events=days,
    )
    owed = [one for one in found.duties if one.event in OUTCOME and one.id != THE_MAIL_ITSELF]
    owed = [one for one in owed if one.begins <= days[Event.DECISION]]
    drafts = tuple(_draft(id_, duties, application, days) for id_, duties in _texts(owed).items())
    written = {duty.id for one in drafts for duty in one.duties}
    unknown = {gap.place for gap in found.gaps if gap.subject is Subject.AUTOMATED_TOOLS}
    silent = tuple(full_name(one) for one in role.places if one not in unknown) if not owed else ()
    return OutcomeLaw(
        drafts,
        tuple(one for one in owed if one.id not in written),
        tuple(gap.sentence for gap in found.gaps if gap.subject is Subject.AUTOMATED_TOOLS),
        silent,
    )


def _texts(owed: list[RoleDuty]) -> dict[str, tuple[RoleDuty, ...]]:
    found = required_notices(owed)
    return {id_: duties for id_, duties in found.items() if templates()[id_].to is Reader.CANDIDATE}


def _days(application: Application, now: datetime) -> dict[Event, date]:
    kinds = (MoveKind.REJECTED, MoveKind.HIRED)
    decided = ApplicationMove.objects.filter(application=application, kind__in=kinds).order_by("number").last()
    held = Meeting.objects.filter(application=application, state=MeetingState.SET, starts_at__lte=now)
    last = held.order_by("starts_at").last()
    days = {Event.DECISION: localdate(decided.at if decided else now)}
    return days | ({Event.LAST_INTERVIEW: localdate(last.starts_at)} if last and last.starts_at else {})


def _draft(id_: str, duties: tuple[RoleDuty, ...], application: Application, days: Mapping[Event, date]) -> NoticeDraft:
    template, role = templates()[id_], application.role
    known = {
        "employer": role.employer or role.organisation.name,
        "role": role.title,
        "contact": role.employer or role.organisation.name,
        "decision_state": "has been made",
    }
    if Event.LAST_INTERVIEW in days:
        known["interview_date"] = on_day(days[Event.LAST_INTERVIEW])
    fields = template.fields
    return NoticeDraft(
        id=id_,
        title=template.title.replace("{role}", role.title),
        duties=duties,
        is_sure=any(one.is_sure for one in duties),
        known={name: known[name] for name in fields if name in known},
        missing=tuple(name for name in fields if name not in known),
    )


def render_chosen(law: OutcomeLaw, chosen: Mapping[str, Mapping[str, Any]]) -> list[Notice]:
    """The texts that go with a letter: those that are surely owed, and the others that somebody chose.

    Raises:
        UserError: a value is missing; a notice with a gap is not sent.
    """
    made = []
    for one in law.drafts:
        kept = chosen.get(one.id, {})
        if one.is_sure or kept.get("included"):
            made.append(render_notice(one.id, one.duties, {**one.known, **kept.get("values", {})}))
    return made
