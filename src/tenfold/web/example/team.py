"""The example's team, all invented: records of the HR system and the tools, a ladder with evidence, 1:1s, a pulse."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from tenfold.apps.employees import services as employees
from tenfold.apps.employees.models import Employee, HrListKind, Team
from tenfold.apps.employees.services import ParsedHrList
from tenfold.apps.growth import services as growth
from tenfold.apps.growth.models import Step, StoredLadder
from tenfold.apps.pay.models import PayUpload, UploadState
from tenfold.apps.retention import services as retention
from tenfold.apps.retention.models import RecordKind
from tenfold.apps.retention.services import ParsedRecord
from tenfold.core.models import Organisation, User
from tenfold.practices.growth.ladder import shipped_ladder
from tenfold.practices.retention.pulse import QUESTIONS
from tenfold.web.example.sources import seed_sources

TEAM = (
    ("Maren Oyelaran", "maren", "", "principal"),
    ("Teodor Brandt", "teodor", "maren", "senior"),
    ("Jonas Whitfield", "jonas", "teodor", "mid"),
    ("Priya Castellano", "priya", "maren", "senior"),
    ("Ines Aaltonen", "ines", "maren", "senior"),
    ("Wanjiru Sol", "", "teodor", "mid"),
    ("Aleks Moreau", "", "teodor", "junior"),
)
EVIDENCE = (
    ("model-serving.senior", "merged-change", 812, 40, "Rollback of any model in five minutes"),
    ("model-serving.senior", "incident-led", 77, 90, "Led the checkout outage; wrote what changed after it"),
    ("model-monitoring.senior", "design-document", 31, 130, "One alert per service level, not per metric"),
    ("ml-lifecycle.senior", "model-release", 404, 20, "Retraining with a gate on data, not on a date"),
    ("model-serving.staff", "design-document", 52, 15, "Serving standard that two other teams took over"),
)
ITEMS: tuple[tuple[str, str, int, list[str], float, int | None], ...] = (
    ("stretch-project", "Canary releases for three teams", 120, ["model-serving.staff"], 0.0, None),
    ("conference", "Talk on the checkout outage", 150, [], 1_400.0, None),
    ("certificate", "CKA", 100, ["delivery-automation.staff"], 400.0, 10),
)


def seed_team(*, group: Organisation, people: dict[str, User], start: datetime) -> None:
    """Everything that employees, growth and retention show."""
    chance = random.Random(20)  # noqa: S311 - the same example each time
    team, records = _employees(group, people, start)
    _ladder(group, people, records["teodor"], start)
    _records(group, team, people["ines"], start, chance)
    seed_sources(team=team, people=people, teodor=records["teodor"], start=start)
    _talks(records["teodor"], people, start)
    _pulse(team, people, start, chance)
    _pay_round(group, people["ines"], start)


def _employees(group: Organisation, people: dict[str, User], start: datetime) -> tuple[Team, dict[str, Employee]]:
    by = people["ines"]
    team = employees.create_team(organisation=group, name="ML platform", by=by, now=start)
    found = {}
    for number, (name, login, manager, level) in enumerate(TEAM):
        record = Employee(
            organisation=group,
            name=name,
            reference=f"T-{100 + number}",
            user=people.get(login),
            manager=people.get(manager),
            team=team,
            role="mlops",
            level=level,
            started_date=start.date() - timedelta(days=400 + 130 * number),
        )
        found[login or name] = employees.save_employee(employee=record, by=by, now=start)
    lists = _monthly_lists(start.date())
    employees.import_hr_list(organisation=group, parsed=lists, by=by, now=start + timedelta(days=3))
    return team, found


def _monthly_lists(today: date) -> ParsedHrList:
    """24 months of a group of some ninety people; one month was never exported."""
    chance = random.Random(9)  # noqa: S311 - the same example each time
    stays: list[tuple[date, date]] = []
    for _ in range(90):
        day = today - timedelta(days=chance.randint(200, 2_400))
        while day < today:
            end = day + timedelta(days=max(40, round(1_250 * chance.weibullvariate(1, 1.2))))
            stays.append((day, end))
            day = end + timedelta(days=chance.randint(20, 120))
    months = [_months_back(today, back) for back in range(24, 0, -1) if back != 11]
    rows = [
        (str(day), f"I-{number}", str(first))
        for day in months
        for number, (first, last) in enumerate(stays)
        if first <= day < last
    ]
    numbered = tuple(enumerate(rows, start=2))
    columns = ("snapshot", "person", "start")
    return ParsedHrList(HrListKind.SNAPSHOTS, "monthly lists (invented).csv", columns, numbered, person=1)


def _months_back(today: date, back: int) -> date:
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _ladder(group: Organisation, people: dict[str, User], employee: Employee, start: datetime) -> None:
    manager = people["maren"]
    ladder = growth.import_stored_ladder(organisation=group, ladder=shipped_ladder(), by=manager, now=start)
    growth.place_employee(employee=employee, ladder=ladder, level="senior", by=manager, now=start)
    for cell, kind, number, days, note in EVIDENCE:
        growth.add_evidence(
            employee=employee,
            cell=cell,
            kind=kind,
            link=f"https://git.tidewater.example/{kind}/{number}",
            on=start.date() - timedelta(days=days),
            note=note,
            by=people["teodor"],
            now=start,
        )
    own = {"model-serving.senior": "shown", "model-monitoring.senior": "shown", "model-serving.staff": "partly"}
    growth.save_check_in_step(employee=employee, step=Step.SELF, views=own, by=people["teodor"], now=start)
    other = {**own, "model-serving.staff": "not-yet"}
    growth.save_check_in_step(employee=employee, step=Step.MANAGER, views=other, by=manager, now=start)
    growth.save_growth_plan(
        employee=employee,
        budget=3_000.0,
        time_percent=20.0,
        until=start.date() + timedelta(days=365),
        by=manager,
        now=start,
    )
    for kind, what, days, cells, cost, checked in ITEMS:
        growth.add_growth_item(
            employee=employee,
            kind=kind,
            what=what,
            by_date=start.date() + timedelta(days=days),
            cells=cells,
            cost=cost,
            checked=start.date() - timedelta(days=checked) if checked else None,
            by=people["teodor"],
            now=start,
        )
    _calibration(ladder, people, start)


def _calibration(ladder: StoredLadder, people: dict[str, User], start: datetime) -> None:
    cells = ["model-serving.senior", "model-monitoring.senior", "ml-lifecycle.senior", "service-operations.senior"]
    known = {cell.id for cell in shipped_ladder().competencies}
    session = growth.call_calibration(
        ladder=ladder,
        name="Before the spring promotions",
        cases=[
            "Moved two models to a shared serving platform; rollback went from an hour to five minutes.",
            "Keeps three pipelines running, alone, and answers most questions about them by hand.",
            "Wrote the standard for alerts that two other teams chose to follow.",
        ],
        cells=[cell for cell in cells if cell in known],
        judges=[people["maren"], people["teodor"]],
        by=people["maren"],
        now=start,
    )
    views = ("shown", "partly", "not-yet")
    for judge, shift in (("maren", 0), ("teodor", 1)):
        said = {
            (case, cell): views[(case + number + (shift if number == 1 else 0)) % 3]
            for case in range(3)
            for number, cell in enumerate(session.cells)
        }
        growth.vote(session=session, views=said, by=people[judge], now=start)


def _records(group: Organisation, team: Team, by: User, start: datetime, chance: random.Random) -> None:
    begin = start - timedelta(weeks=26)
    looks, version = [], 1
    for hour in range(0, 26 * 7 * 24, 12):
        if chance.random() < 0.04:
            version += 1
        elif chance.random() < 0.005 and version > 1:
            version -= 1
        looks.append([(begin + timedelta(hours=hour)).isoformat(), "churn", "champion", str(version)])
    requests = []
    for day in range(28):
        total = chance.randint(90_000, 120_000)
        requests.append([(start - timedelta(days=28 - day)).isoformat(), total - chance.randint(50, 700), total])
    loop = [
        [competency, float(chance.randint(1, 4)), float(chance.randint(1, 3)), None]
        for competency in ("model-serving", "model-monitoring")
        for _ in range(6)
    ]
    for kind, name, values in (
        (RecordKind.PAGES, "pages of half a year (invented).csv", _pages(begin, chance)),
        (RecordKind.LOOKS, "looks at the registry (invented).csv", looks),
        (RecordKind.REQUESTS, "requests (invented).csv", requests),
        (RecordKind.LOOP, "hires of two years (invented).csv", loop),
    ):
        parsed = ParsedRecord(kind, name, values)
        retention.import_record(organisation=group, parsed=parsed, team=team, by=by, now=start + timedelta(days=4))


def _pages(begin: datetime, chance: random.Random) -> list[str]:
    found, at = [], begin.replace(tzinfo=None)
    while at < begin.replace(tzinfo=None) + timedelta(weeks=26):
        at += timedelta(hours=16 * chance.expovariate(1))
        found += [(at + timedelta(minutes=3 * number)).isoformat() for number in range(chance.choice((1, 1, 1, 3)))]
    return found


def _talks(employee: Employee, people: dict[str, User], start: datetime) -> None:
    manager = people["maren"]
    first = start.date()
    meeting = retention.start_one_on_ones(employee=employee, every_days=14, first=first, by=manager, now=start)
    for topic, text, by, days in (
        ("growth", "Wants to own the serving standard, not only write it.", "teodor", None),
        ("blockers", "Ask claims for a second pair of eyes on the night rotation.", "maren", 10),
    ):
        action_by = start.date() + timedelta(days=days) if days else None
        retention.add_note(meeting=meeting, topic=topic, text=text, action_by=action_by, by=people[by], now=start)


def _pulse(team: Team, people: dict[str, User], start: datetime, chance: random.Random) -> None:
    closed = retention.open_pulse(team=team, by=people["ines"], now=start)
    for login in ("maren", "teodor", "priya", "jonas", "ines"):
        choices = {question.id: chance.choice((2, 3, 4, 4, 5)) for question in QUESTIONS}
        retention.answer_pulse(pulse=closed, choices=choices, by=people[login])
    retention.close_pulse(pulse=closed, by=people["ines"], now=start + timedelta(days=7))
    retention.open_pulse(team=team, by=people["ines"], now=start + timedelta(days=20))


def _pay_round(group: Organisation, analyst: User, start: datetime) -> None:
    upload = PayUpload.objects.filter(organisation=group, state=UploadState.IMPORTED).first()
    if upload is not None:
        effective = date(start.year + 1, 1, 1)
        name = f"Pay round of {start.year + 1}"
        retention.start_round(
            upload=upload, name=name, budget_percent=3.5, effective=effective, by=analyst, now=start + timedelta(days=6)
        )
