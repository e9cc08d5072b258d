"""What a candidate is told of their own application."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from tenfold.apps.candidates.models import Application, ApplicationState, MailState, OpenRole, OutgoingMail, RoleStage
from tenfold.intake.notices import Notice, Reader, render_notice, required_notices, templates
from tenfold.law.duties import RoleDuty, Task, duties_for
from tenfold.law.places import full_name

QUIET = timedelta(minutes=30)
"""A decision is told once it can no longer be a slip: when its mail is out, or this long after it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where it is, what happens next, by when and by whom. `next_by` is our own aim, not a promise of the law."""

    headline: str
    stage: str
    next_step: str
    next_by: date | None
    with_whom: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ToldByLaw:
    """One thing that a law wants candidates to be told: its finished text, or what the law says."""

    title: str
    text: str
    cited: str


def progress(application: Application, *, now: datetime) -> Progress:
    state, stage = _shown_state(application, now=now)
    if state == ApplicationState.OPEN:
        days = stage.duty_lasts
        return Progress(
            headline="We are considering your application",
            stage=stage.name,
            next_step=stage.duty,
            next_by=localdate(application.stage_since + days) if days else None,
            with_whom=stage.get_duty_of_display().lower(),
            is_open=True,
        )
    words = {
        ApplicationState.REJECTED: "We have decided not to move forward with your application",
        ApplicationState.WITHDRAWN: "You have withdrawn your application",
        ApplicationState.HIRED: "You got the role",
    }
    return Progress(words[ApplicationState(state)], stage.name, "", None, "", is_open=False)


def _shown_state(application: Application, *, now: datetime) -> tuple[str, RoleStage]:
    """The state that a candidate may know: a rejection that can still be taken back is not told."""
    if application.state != ApplicationState.REJECTED or application.closed_at is None:
        return application.state, application.stage
    waits = OutgoingMail.objects.filter(
        application=application, move__kind="rejected", state__in=(MailState.HELD, MailState.SENDING)
    ).exists()
    if waits or now - application.closed_at < QUIET:
        return ApplicationState.OPEN, application.stage
    return application.state, application.stage


def notices(role: OpenRole, *, today: date) -> list[ToldByLaw]:
    """What the law of the role's places wants candidates to be told, as far as it surely applies."""
    if not role.places:
        return []
    found = duties_for(
        role.places,
        localdate(role.opened_at),
        uses_automated_tool=role.uses_automated_tool,
        as_of=today,
        employees=role.employees,
    )
    owed = [one for one in found.duties if one.task is Task.TELL_CANDIDATES and one.is_sure and one.begins <= today]
    return list(_tell_stage(owed, role))


def _tell_stage(owed: list[RoleDuty], role: OpenRole) -> Iterable[ToldByLaw]:
    values = {"employer": role.employer, "role": role.title, "contact": role.employer}
    written: set[str] = set()
    for id_, duties in required_notices(owed).items():
        template = templates()[id_]
        if template.to is Reader.CANDIDATE and set(template.fields) <= set(values) and all(values.values()):
            notice: Notice = render_notice(id_, duties, values)
            written |= {duty.id for duty in duties}
            yield ToldByLaw(notice.title, notice.text, notice.cited)
    for duty in owed:
        if duty.id not in written:
            yield ToldByLaw(duty.name, f"{duty.says} ({duty.timing})", duty.law)


def place_names(role: OpenRole) -> str:
    return "; ".join(full_name(place) for place in role.places)
