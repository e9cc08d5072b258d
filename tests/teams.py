"""A team whose people are invented: records, a ladder with evidence, 1:1s, a pulse, a pay round."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tenfold.apps.employees import services as employees
from tenfold.apps.employees.models import Employee, HrList, HrListKind, Team
from tenfold.apps.employees.services import ParsedHrList
from tenfold.apps.growth import services as growth
from tenfold.apps.growth.models import CalibrationSession, EvidencePiece, GrowthItem, StoredLadder
from tenfold.apps.retention import services as retention
from tenfold.apps.retention.models import OneOnOne, OneOnOneNote, Pulse, RecordKind, TeamRecord
from tenfold.apps.retention.services import ParsedRecord
from tenfold.apps.sources.models import DataSource, OutsideChange, SourceKind
from tenfold.apps.sources.services.keeping import save_source
from tenfold.apps.sources.services.names import keep_changes, review_name
from tenfold.connectors.records import Change
from tenfold.core.models import User
from tenfold.practices.growth.ladder import shipped_ladder
from tests.company import NOW, Company
from tests.practices.retention.companies import company as invented_company

CELLS = ("model-serving.mid", "model-serving.senior")


@dataclass(frozen=True)
class People:
    """What the tests of employees, growth and retention begin with."""

    team: Team
    employee: Employee
    listed: HrList
    ladder: StoredLadder
    piece: EvidencePiece
    item: GrowthItem
    session: CalibrationSession
    meeting: OneOnOne
    note: OneOnOneNote
    pulse: Pulse
    record: TeamRecord


def hr_list() -> ParsedHrList:
    firm = invented_company(3)
    rows = tuple((number, row.cells) for number, row in enumerate(firm.contracts().rows, start=2))
    return ParsedHrList(HrListKind.STAYS, "people.csv", ("person", "start", "end"), rows, 0, as_of=date(2025, 6, 30))


def page_times(weeks: int = 12) -> list[str]:
    chance, at = random.Random(7), datetime(2026, 3, 2, 8)  # noqa: S311, DTZ001 - invented local times
    found = []
    while at < datetime(2026, 3, 2, 8) + timedelta(weeks=weeks):  # noqa: DTZ001 - as above
        at += timedelta(hours=20 * chance.expovariate(1))
        found.append(at.isoformat())
    return found


def employ(company: Company, *, user: User | None, manager: User | None, team: Team, name: str) -> Employee:
    person = Employee(
        organisation=company.organisation,
        name=name,
        reference=f"E-{name}",
        user=user,
        manager=manager,
        team=team,
        role="mlops",
        level="mid",
        started_date=date(2024, 5, 1),
    )
    return employees.save_employee(employee=person, by=company.administrator, now=NOW)


def people(company: Company) -> People:
    """The interviewer is employed and managed by the hiring manager."""
    by, manager = company.administrator, company["hiring-manager"]
    team = employees.create_team(organisation=company.organisation, name="Platform", by=by, now=NOW)
    employee = employ(company, user=company["interviewer"], manager=manager, team=team, name="Noor Example")
    listed = employees.import_hr_list(organisation=company.organisation, parsed=hr_list(), by=by, now=NOW)
    ladder = growth.import_stored_ladder(organisation=company.organisation, ladder=shipped_ladder(), by=by, now=NOW)
    growth.place_employee(employee=employee, ladder=ladder, level="mid", by=manager, now=NOW)
    piece = growth.add_evidence(
        employee=employee,
        cell=CELLS[0],
        kind="merged-change",
        link="https://git.example/812",
        on=date(2026, 5, 4),
        note="Rollback in five minutes",
        by=manager,
        now=NOW,
    )
    growth.save_growth_plan(
        employee=employee, budget=2000.0, time_percent=20.0, until=date(2027, 6, 30), by=manager, now=NOW
    )
    item = growth.add_growth_item(
        employee=employee,
        kind="stretch-project",
        what="Canary releases for two models",
        by_date=date(2027, 3, 1),
        cells=[CELLS[1]],
        cost=0.0,
        checked=None,
        by=manager,
        now=NOW,
    )
    session = growth.call_calibration(
        ladder=ladder,
        name="Spring",
        cases=["Built the rollback of two models and ran it under load."],
        cells=list(CELLS),
        judges=[by, manager],
        by=by,
        now=NOW,
    )
    meeting = retention.start_one_on_ones(
        employee=employee, every_days=14, first=date(2026, 11, 20), by=manager, now=NOW
    )
    note = retention.add_note(
        meeting=meeting, topic="growth", text="Wants to lead the canary work", action_by=None, by=manager, now=NOW
    )
    pulse = retention.open_pulse(team=team, by=by, now=NOW)
    record = retention.import_record(
        organisation=company.organisation,
        parsed=ParsedRecord(RecordKind.PAGES, "pages.csv", page_times()),
        team=team,
        by=by,
        now=NOW.astimezone(UTC),
    )
    return People(team, employee, listed, ladder, piece, item, session, meeting, note, pulse, record)


def source_with_change(company: Company, employee: Employee) -> tuple[DataSource, OutsideChange]:
    """A forge that was read once, with one merged change of somebody."""
    by = company.administrator
    source = DataSource(
        organisation=company.organisation,
        kind=SourceKind.CHANGES,
        name="Scoring",
        url="https://forge.example/pulls",
        first_date=date(2026, 1, 1),
    )
    save_source(source=source, by=by, now=NOW)
    merged = Change("7", "noor-there", NOW - timedelta(days=2), merged_at=NOW - timedelta(days=1))
    keep_changes(source, [merged], now=NOW)
    change = OutsideChange.objects.get(source=source)
    review_name(name=change.author, employee=employee, by=by, now=NOW)
    change.refresh_from_db()
    return source, change
