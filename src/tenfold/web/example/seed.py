"""Makes the example: a group of companies, five people, plans in different health, comments, sixty applicants."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files

from django.db import transaction

from tenfold.apps.accounts.services import add_member, found_organisation, new_user
from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.services import approve, comment, create_plan, save_version, settle_comment
from tenfold.apps.postings.services import publish
from tenfold.core.models import Organisation, Role, User
from tenfold.web.example.hiring import seed_hiring
from tenfold.web.example.own_pay import seed_own_pay
from tenfold.web.example.team import seed_team

NAME = "Tidewater Group"
PEOPLE = (
    ("Maren Oyelaran", "maren", Role.ADMINISTRATOR, True),
    ("Teodor Brandt", "teodor", Role.HIRING_MANAGER, True),
    ("Priya Castellano", "priya", Role.RECRUITER, False),
    ("Jonas Whitfield", "jonas", Role.INTERVIEWER, False),
    ("Ines Aaltonen", "ines", Role.PEOPLE_ANALYST, True),
)
Team = dict[str, User]


@transaction.atomic
def seed_example(*, now: datetime) -> User:
    """The example's administrator, who opens it; made where it is not there yet. Nobody in it has a password."""
    there = Organisation.objects.filter(is_example=True).first()
    if there is not None:
        return User.objects.filter(memberships__organisation=there, memberships__role=Role.ADMINISTRATOR).earliest(
            "joined_at"
        )
    start = now - timedelta(days=23)
    team = {
        login: new_user(name=name, email=f"{login}@tidewater.example", password=None, is_example=True)
        for name, login, _, _ in PEOPLE
    }
    group = found_organisation(name=NAME, administrator=team["maren"], now=start, is_example=True)
    for _, login, role, sees_pay in PEOPLE[1:]:
        add_member(organisation=group, user=team[login], role=role, sees_pay=sees_pay, by=team["maren"], now=start)
    _premature(group, team, start)
    _rescue(group, team, start)
    sound = _sound(group, team, start)
    seed_own_pay(group=group, analyst=team["ines"], start=start)
    seed_team(group=group, people=team, start=start)
    seed_hiring(plans=[sound, *_sister_plans(group, team, start)], team=team, now=now)
    return team["maren"]


def person_of_example(role: str) -> User | None:
    """The first of the example's people in a role; None where nobody has it now, or the example was removed."""
    rows = User.objects.filter(
        is_example=True, memberships__organisation__is_example=True, memberships__role=role
    ).order_by("joined_at")
    return rows.first()


def _sound(group: Organisation, team: Team, start: datetime) -> StoredPlan:
    """Approved and open to candidates after two rounds of changes."""
    final = _text("sound")
    first = final.replace("min: 172,000", "min: 150,000").replace("max: 206,000", "max: 178,000")
    plan = _plan(group, first, team["teodor"], start + timedelta(days=6), "First draft from last year's plan")
    asked = comment(
        plan=plan,
        text="The range is a year old. What does the market say now?",
        field="pay.max",
        by=team["ines"],
        now=start + timedelta(days=8),
    )
    _save(plan, final, team["teodor"], start + timedelta(days=12), "Range raised to what senior MLOps postings pay now")
    settle_comment(comment=asked, by=team["teodor"], now=start + timedelta(days=12))
    approve(plan=plan, number=2, by=team["maren"], now=start + timedelta(days=14))
    opened = start + timedelta(days=15)
    publish(plan=plan, by=team["priya"], now=opened)
    return plan


def _sister_plans(group: Organisation, team: Team, start: datetime) -> list[StoredPlan]:
    """Two more approved plans, for the roles that are hired for beside the first."""
    made = []
    for title in ("ML Platform Engineer, Operations", "MLOps Engineer, Night Rotation"):
        text = _text("sound").replace("title: Senior MLOps Engineer", f"title: {title}")
        plan = _plan(group, text, team["teodor"], start, "From the plan of the first role")
        approve(plan=plan, number=1, by=team["maren"], now=start)
        made.append(plan)
    return made


def _rescue(group: Organisation, team: Team, start: datetime) -> None:
    """A platform in trouble, and a posting that asks one person to be four."""
    final = _text("rescue")
    first = final.replace("max: 139000", "max: 130000").replace("    - torchserve\n", "")
    plan = _plan(group, first, team["teodor"], start + timedelta(days=16), "Started from the old posting")
    _save(plan, final, team["teodor"], start + timedelta(days=19), "Raised the upper end a little")
    for text, field, by, day in (
        ("Two people around the clock will not hold. Can claims carry the night?", "on_call.people", "jonas", 20),
        ("Candidates ask about the pay range on every call. May I publish it?", "pay.min", "priya", 21),
    ):
        comment(plan=plan, text=text, field=field, by=team[by], now=start + timedelta(days=day))


def _premature(group: Organisation, team: Team, start: datetime) -> None:
    """Nothing runs in production yet."""
    plan = _plan(group, _text("premature"), team["priya"], start + timedelta(days=2), "Started from a few questions")
    comment(
        plan=plan,
        text="Nothing is in production before summer. Is this a contractor for three months instead?",
        field="situation.models_in_production",
        by=team["teodor"],
        now=start + timedelta(days=3),
    )


def _plan(group: Organisation, text: str, by: User, now: datetime, why: str) -> StoredPlan:
    return create_plan(organisation=group, text=text, by=by, now=now, why=why)


def _save(plan: StoredPlan, text: str, by: User, now: datetime, why: str) -> None:
    save_version(plan=plan, text=text, base_number=plan.latest_number, by=by, now=now, why=why)


def _text(name: str) -> str:
    return (files("tenfold.web.example") / "plans" / f"{name}.yaml").read_text("utf-8")
