"""Open roles with their teams, and people who apply to them. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tenfold.apps.candidates.models import Application, OpenRole, Source
from tenfold.apps.candidates.queries.applicant import Applicant, UploadedFile
from tenfold.apps.candidates.services.applying import apply
from tenfold.apps.candidates.services.duplicates import merge
from tenfold.apps.candidates.services.imports import create_import
from tenfold.apps.candidates.services.meetings import set_meeting
from tenfold.apps.candidates.services.moves import move_applications
from tenfold.apps.candidates.services.notes import set_follow_up
from tenfold.apps.candidates.services.privacy import ask_accommodation
from tenfold.apps.candidates.services.roles import open_role
from tenfold.apps.candidates.services.webhooks import save_endpoint
from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.services import approve
from tenfold.core.models import Membership, TeamRole
from tenfold.core.services.teams import set_team_member
from tests.company import GOOD_PLAN, NOW, Company

FIRST = ("Ana", "Bela", "Chidi", "Dora", "Emeka", "Farid", "Greta", "Hana", "Ilse", "Jun", "Kofi", "Lena", "Mira")
LAST = ("Adeyemi", "Brandvold", "Castell", "Dimitrova", "Eriksen", "Fontaine", "Grabowski", "Hashemi", "Ivanova")


def role_of(
    company: Company, *, places: list[str] | None = None, now: datetime = NOW, text: str = GOOD_PLAN
) -> OpenRole:
    """An open role led by the hiring manager, with the recruiter and the interviewer in the team."""
    plan = company.plan(text)
    approve(plan=plan, number=1, by=company.administrator, now=now)
    role = role_in_team(company, plan, now=now)
    if places is not None:
        OpenRole.objects.filter(pk=role.pk).update(places=places)
        role.refresh_from_db()
    return role


def role_in_team(company: Company, plan: StoredPlan, *, now: datetime = NOW) -> OpenRole:
    """An open role of an approved plan, led by the hiring manager, with recruiter and interviewer in the team."""
    members = {one.role: one for one in Membership.objects.filter(organisation=company.organisation)}
    role = open_role(plan=plan, lead=members["hiring-manager"], by=company.people["recruiter"], now=now)
    set_team_member(
        team=role.team,
        member=members["interviewer"],
        role=TeamRole.INTERVIEWER,
        by=company.administrator,
        now=now,
    )
    return role


def applicant(n: int = 0, **values: Any) -> Applicant:
    """The n-th invented person: another name and address for every n."""
    name = f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]}{_numeral(n // len(FIRST) // len(LAST))}"
    given: dict[str, Any] = {
        "name": name,
        "emails": [f"person{n}@invented.example"],
        "phones": [f"+4930{2_000_000 + n * 37}"],
        "links": [f"https://profiles.example/p{n}"],
        "location": f"Street {n}",
        "letter": f"Why I apply, number {n}.",
        "source": (Source.JOB_PAGE, Source.REFERRAL, Source.JOB_BOARD)[n % 3],
    }
    return Applicant(**{**given, **values})


def application_to(role: OpenRole, n: int = 0, *, now: datetime = NOW, **values: Any) -> Application:
    made = apply(role=role, applicant=applicant(n, **values), now=now)
    return Application.objects.select_related("role__team", "role__organisation", "candidate", "stage").get(pk=made.pk)


def applications_to(role: OpenRole, count: int) -> list[Application]:
    return [application_to(role, n) for n in range(count)]


def _numeral(n: int) -> str:
    return "" if n == 0 else f"-{chr(64 + n % 26 + 1)}{n}"


@dataclass(frozen=True)
class PeopleInRole:
    """One of everything that can be addressed, of a role's people."""

    application: Application
    other: UUID
    batch: UUID
    move: UUID
    waiting: UUID
    follow_up: UUID
    mail: UUID
    meeting: UUID
    file: UUID
    merge: UUID
    webhook: UUID
    task: str
    accommodation: str


def people_in(company: Company, role: OpenRole) -> PeopleInRole:
    """Somebody who was moved, is met by the interviewer and was merged with somebody else, with all of it."""
    by, now = company["recruiter"], datetime.now(UTC)
    cv = UploadedFile("cv.txt", "text/plain", b"invented")
    one, other = application_to(role, 0, files=[cv]), application_to(role, 1)
    done = move_applications(applications=[one], stage=role.stages.get(kind="lab"), by=by, now=now)
    one.refresh_from_db()
    meeting = set_meeting(
        application=one,
        title="Talk",
        starts_at=now + timedelta(days=3),
        minutes=60,
        place="",
        panel=[company["interviewer"]],
        by=by,
        now=now,
    )
    endpoint, _ = save_endpoint(
        organisation=company.organisation, url="https://hooks.example/x", kinds=[], by=company.administrator, now=now
    )
    rows = [{"line": 2, "name": "Kim Invented", "email": "k@invented.example"}]
    follow_up = set_follow_up(application=one, text="Call", of=by, due_date=now.date(), by=by, now=now)
    return PeopleInRole(
        application=one,
        other=other.candidate_id,
        batch=done.id,
        move=done.moves[0].pk,
        waiting=create_import(role=role, rows=rows, shape="table", by=by, now=now).pk,
        follow_up=follow_up.pk,
        mail=one.mails.all()[0].pk,
        meeting=meeting.pk,
        file=one.files.all()[0].pk,
        merge=merge(kept=one.candidate, merged=other.candidate, by=by, now=now).pk,
        webhook=endpoint.pk,
        task=str(role.tasks.all()[0].pk),
        accommodation=str(ask_accommodation(application=one, text="More time", now=now).pk),
    )
