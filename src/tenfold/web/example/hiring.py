"""The example's hiring: three roles in different health, sixty invented people, a rejection taken back, two offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tenfold.apps.candidates.models import (
    Application,
    MailTemplate,
    OpenRole,
    RejectionReason,
    RoleStage,
    Source,
    TemplateKind,
)
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.services.actors import Actor
from tenfold.apps.candidates.services.applying import apply
from tenfold.apps.candidates.services.meetings import set_meeting
from tenfold.apps.candidates.services.moves import move_applications, reject_applications, undo_batch, withdraw
from tenfold.apps.candidates.services.notes import add_note
from tenfold.apps.candidates.services.roles import open_role
from tenfold.apps.plans.models import StoredPlan
from tenfold.core.models import Membership, TeamRole, User
from tenfold.core.services.teams import set_team_member
from tenfold.web.example.interviews import seed_interviews
from tenfold.web.example.offers import seed_offers

FIRST = ("Amara", "Björn", "Chen", "Dilnoza", "Esteban", "Freya", "Goran", "Hiroko", "Imani", "Joost", "Keoni", "Leila")
LAST = ("Vantongeren", "Okonjo-Hale", "Petrescu", "Lindqvarn", "Samaraweera")
IMPORTED = Actor("import")
Team = Mapping[str, User]


def seed_hiring(*, plans: Sequence[StoredPlan], team: Team, now: datetime) -> None:
    """A healthy role, one that waits too long, one that few people apply for; all from approved plans."""
    people = iter(range(60))
    start = now - timedelta(days=20)
    healthy, slow, thin = (_role(plan, team, start) for plan in plans)
    _healthy(healthy, team, [next(people) for _ in range(36)], start=start, now=now)
    _slow(slow, team, [next(people) for _ in range(18)], start=start)
    _thin(thin, [next(people) for _ in range(6)], start=start)


def _role(plan: StoredPlan, team: Team, now: datetime) -> OpenRole:
    members = {one.user_id: one for one in Membership.objects.filter(organisation=plan.organisation)}
    role = open_role(plan=plan, lead=members[team["teodor"].pk], by=team["priya"], now=now)
    for login, part in (("maren", TeamRole.COORDINATOR), ("jonas", TeamRole.INTERVIEWER)):
        set_team_member(team=role.team, member=members[team[login].pk], role=part, by=team["teodor"], now=now)
    return role


def _healthy(role: OpenRole, team: Team, people: Sequence[int], *, start: datetime, now: datetime) -> None:
    """People at every stage, most of them moved within days; a batch rejected by mistake and taken back."""
    made = [_apply(role, n, start + timedelta(days=n % 9)) for n in people]
    by, stages = team["priya"], list(role.stages.kept())
    for depth, stage in enumerate(stages[1:5], start=1):
        reached = made[: [0, 26, 14, 8, 3][depth]]
        _move(reached, stage, by, now=now - timedelta(days=2 * (6 - depth)))
    mistaken = _fresh(made[28:33])
    batch = reject_applications(
        applications=mistaken,
        reason=RejectionReason.MUST_HAVES,
        by=by,
        now=now - timedelta(hours=3),
        template=_text(role),
    )
    undo_batch(role=role, batch=batch.id, by=by, now=now - timedelta(hours=2, minutes=50))
    reject_applications(
        applications=_fresh(made[20:24]), reason=RejectionReason.LAB, by=by, now=now - timedelta(days=3)
    )
    withdraw(application=_fresh(made[24:25])[0], now=now - timedelta(days=1))
    _talk(_fresh(made[:1])[0], team, now=now)
    seed_interviews([_fresh([one])[0] for one in made[:3]], team, now=now)
    accepting, waiting = (_fresh([one])[0] for one in made[3:5])
    seed_offers(accepting=accepting, waiting=waiting, team=team, now=now)
    again = Applicant(
        name=f"{_name(people[5])}", emails=["another-address@invented.example"], phones=["+1 303 555 0105"],
        source=Source.REFERRAL,
    )  # fmt: skip
    apply(role=role, applicant=again, now=now - timedelta(days=1), actor=IMPORTED)


def _talk(application: Application, team: Team, *, now: datetime) -> None:
    add_note(
        application=application,
        text="Explained a canary release well; unsure about feature stores. @Teodor, can you join?",
        by=team["priya"],
        now=now - timedelta(days=1),
    )
    set_meeting(
        application=application,
        title="Interview",
        starts_at=(now + timedelta(days=3)).replace(hour=15, minute=0, second=0, microsecond=0),
        minutes=60,
        place="Video link follows",
        panel=[team["jonas"], team["teodor"]],
        by=team["priya"],
        now=now,
    )


def _slow(role: OpenRole, team: Team, people: Sequence[int], *, start: datetime) -> None:
    """Many applied, and hardly anybody was answered since."""
    made = [_apply(role, n, start + timedelta(days=1)) for n in people]
    _move(made[:4], list(role.stages.kept())[1], team["priya"], now=start + timedelta(days=3))


def _thin(role: OpenRole, people: Sequence[int], *, start: datetime) -> None:
    for n in people:
        _apply(role, n, start + timedelta(days=12 + n % 5))


def _apply(role: OpenRole, n: int, at: datetime) -> Application:
    applicant = Applicant(
        name=_name(n),
        emails=[f"applicant{n}@invented.example"],
        phones=[f"+1 303 555 01{n:02d}"],
        links=[f"https://profiles.example/applicant{n}"],
        location=("Denver, CO", "Boulder, CO", "Remote")[n % 3],
        letter="I have run models in production before, and I do not exist.",
        source=(Source.JOB_PAGE, Source.REFERRAL, Source.JOB_BOARD, Source.SOURCED)[n % 4],
    )
    return apply(role=role, applicant=applicant, now=at, actor=IMPORTED)


def _name(n: int) -> str:
    return f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]}"


def _fresh(applications: Sequence[Application]) -> list[Application]:
    rows = Application.objects.select_related("role__team", "role__organisation", "candidate", "stage")
    return list(rows.filter(pk__in=[one.pk for one in applications]).order_by("pk"))


def _move(applications: Sequence[Application], stage: RoleStage, by: User, *, now: datetime) -> None:
    for chunk in _chunks(_fresh(applications)):
        move_applications(applications=chunk, stage=stage, by=by, now=now)


def _chunks(rows: list[Application]) -> Iterator[list[Application]]:
    """A few a day, as people work."""
    for start in range(0, len(rows), 10):
        yield rows[start : start + 10]


def _text(role: OpenRole) -> MailTemplate:
    return MailTemplate.objects.get(organisation=role.organisation, kind=TemplateKind.REJECTION)
