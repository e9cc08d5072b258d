"""Figures from what was kept: on-call, impact, the loop and pay rounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from tenfold.apps.employees.models import Employee, HrList
from tenfold.apps.employees.queries import published_tenure
from tenfold.apps.growth.models import CheckInRecord, StoredLadder
from tenfold.apps.growth.queries import parse_ladder
from tenfold.apps.pay.models import OwnPay
from tenfold.apps.pay.queries import CompanyBands, company_bands
from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.retention.models import OneOnOne, PayRound, Pulse, RecordKind, TeamRecord
from tenfold.checking.team_figures import TeamFigure, TeamFigures, TeamLadder, TeamShare, share_or_reason
from tenfold.connectors.lists import TicketColumns, read_tickets
from tenfold.connectors.payloads import Reading
from tenfold.connectors.records import Deployment, Incident, Page, Ticket
from tenfold.connectors.tables import Table
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.kit.errors import UserError
from tenfold.market.company_bands import BandAnswer, BandQuestion, NoBand, spot_of_person
from tenfold.market.suppression import is_shown, least_for_median
from tenfold.practices.retention.departure import Range
from tenfold.practices.retention.impact import (
    ErrorBudget,
    Measure,
    Window,
    availability,
    delivery_measures,
    model_measures,
)
from tenfold.practices.retention.oncall import OncallAnswer, log_pages, weigh_pages
from tenfold.practices.retention.pay_cycle import MeritCycle, PaidPerson, PayRange, run_merit_cycle
from tenfold.practices.retention.promotions import Observation, count_promotions
from tenfold.practices.retention.team_knowledge import FolderKnowledge, TeamKnowledge
from tenfold.practices.retention.team_load import TeamLoad, weigh_team
from tenfold.practices.retention.validity import ValidityLoop, close_loop
from tenfold.stats.disclosure import LEAST, block_means

SLO = 0.995
OPENED_NAMES = ("opened", "created", "created_at", "opened_at", "erstellt", "angelegt", "ouvert")
TIME_NAMES = ("time", "at", "created_at", "timestamp", "date", "zeit", "triggered_at", "started_at")
ROTATIONS = range(2, 9)


def is_asked(user: User, pulse: Pulse) -> bool:
    """Whether somebody is in the team that a pulse asks."""
    return Employee.objects.filter(team=pulse.team, user=user, left_date=None).exists()


def oncall_of(record: TeamRecord, *, business_hours: bool, rotations: range = ROTATIONS) -> OncallAnswer | None:
    """The replay of a record of pages; None where it holds none."""
    local = [datetime.fromisoformat(each) for each in record.values]
    return weigh_pages(log_pages(local), rotations, business_hours=business_hours) if local else None


@dataclass(frozen=True, slots=True)
class Impact:
    """What can be shown to leaders, and the error budget where requests are known."""

    measures: tuple[Measure, ...]
    budget: ErrorBudget | None
    sources: tuple[str, ...]


def impact_of(records: Sequence[TeamRecord], *, target: float = SLO) -> Impact:
    """Measures of the latest record of each kind."""
    latest = {record.kind: record for record in reversed(records)}
    measures: list[Measure] = []
    budget = None
    deployments = _deployments(latest.get(RecordKind.DEPLOYMENTS))
    incidents = _incidents(latest.get(RecordKind.INCIDENTS))
    if len(deployments) > 1:
        times = [each.finished_at for each in deployments]
        source = " and ".join(str(latest[k]) for k in (RecordKind.DEPLOYMENTS, RecordKind.INCIDENTS) if k in latest)
        measures += delivery_measures(deployments, incidents, Window(min(times), max(times), source))
    if looks := latest.get(RecordKind.LOOKS):
        measures += _model_measures(looks)
    if requests := latest.get(RecordKind.REQUESTS):
        found, budget = _availability(requests, target)
        measures.append(found)
    return Impact(tuple(measures), budget, tuple(str(each) for each in latest.values()))


def people_in(organisation: Organisation, record: TeamRecord | None) -> int:
    """Employees who are present in the team of a record, or in the organisation."""
    found = Employee.objects.filter(organisation=organisation, left_date=None)
    return (found.filter(team=record.team) if record is not None and record.team_id else found).count()


def load_of(tickets: TeamRecord, pages: TeamRecord | None, *, people: int, hours: Range) -> TeamLoad | None:
    """Shares of the team's hours; None where tickets and pages cover no common time."""
    opened = [Ticket("", datetime.fromisoformat(each)) for each in tickets.values]
    paged = [Page(datetime.fromisoformat(each).replace(tzinfo=UTC)) for each in pages.values] if pages else None
    try:
        return weigh_team(opened, paged, people=people, hours_per_ticket=hours)
    except ValueError:
        return None


def knowledge_of(record: TeamRecord) -> TeamKnowledge:
    """What a git log said when it was imported."""
    (since, until, commits, people), *folders = record.values
    return TeamKnowledge(
        datetime.fromisoformat(since),
        datetime.fromisoformat(until),
        commits,
        people,
        tuple(FolderKnowledge(*each) for each in folders),
    )


def read_opened_tickets(table: Table, opened: str = "") -> Reading[Ticket]:
    """Tickets of a table; the column of their times is known by its name where none is given.

    Raises:
        UserError: no such column, or dates contradict each other.
    """
    column = opened or next((name for name in (*OPENED_NAMES, *TIME_NAMES) if table.has_column(name)), "")
    if not column:
        raise UserError(
            "Which column holds the times at which tickets were opened?",
            remedy=f"Write one of: {', '.join(table.header[:20])}.",
        )
    return read_tickets(table, TicketColumns(id=table.header[0], opened=column))


def knowledge_values(found: TeamKnowledge) -> list[list[Any]]:
    """What is kept of a git log, as `knowledge_of` reads it: the window with its counts, then folders without names."""
    head = [found.since.isoformat(), found.until.isoformat(), found.commits, found.people]
    return [head, *([each.folder[:300], each.files, each.alone, each.changes] for each in found.folders)]


def loops_of(record: TeamRecord) -> list[tuple[str, int, ValidityLoop]]:
    """For each competency and month (6, 12) whether its assessment showed in evidence."""
    by_competency: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for competency, assessed, *later in record.values:
        for months, shown in zip((6, 12), later, strict=False):
            if shown is not None:
                by_competency[competency, months].append((assessed, shown))
    return [
        (competency, months, close_loop([a for a, _ in pairs], [s for _, s in pairs]))
        for (competency, months), pairs in sorted(by_competency.items())
    ]


@dataclass(frozen=True)
class RoundAnswer:
    """The cycle of the people paid in one currency; all amounts are in it. No sum goes over two currencies.

    `reasons` say why people could not be placed in a band, and how many; `rates` which stated exchange rates were used.
    `is_of_few`: too few people are paid in this currency for any figure but their own list's.
    """

    cycle: MeritCycle | None
    people: tuple[PaidPerson, ...]
    without_band: int
    is_of_few: bool = False
    currency: str = "USD"
    reasons: tuple[tuple[str, int], ...] = ()
    rates: tuple[str, ...] = ()

    @property
    def reasons_shown(self) -> list[tuple[str, int]]:
        """The reasons that five people or more share."""
        return [(says, n) for says, n in self.reasons if n >= least_for_median()]


def answer_round(found: PayRound, *, is_exact: bool) -> tuple[RoundAnswer, ...]:
    """By currency, the guideline and its raises for everybody whose role, level and place has a band.

    `is_exact` is for whoever brought the list in; everybody else gets figures of blocks of five people.
    """
    by_currency: dict[str, list[OwnPay]] = defaultdict(list)
    for row in OwnPay.objects.filter(upload=found.upload):
        by_currency[row.currency].append(row)
    bands = company_bands(found.organisation_id)
    return tuple(_round_in_currency(found, rows, bands, is_exact=is_exact) for _, rows in sorted(by_currency.items()))


def _round_in_currency(found: PayRound, rows: Sequence[OwnPay], bands: CompanyBands, *, is_exact: bool) -> RoundAnswer:
    answers = {row.line: bands.find(_band_question(row, found)) for row in rows}
    ranges = {
        line: PayRange(band.low, band.high)
        for line, band in answers.items()
        if isinstance(band, BandAnswer) and band.low < band.high
    }
    made = round_of(rows, ranges, found.ratings, found.budget_percent, is_exact=is_exact)
    reasons = Counter(band.says for band in answers.values() if isinstance(band, NoBand))
    rates = {band.how_converted for band in answers.values() if isinstance(band, BandAnswer) and band.rates}
    return replace(made, currency=rows[0].currency, reasons=tuple(reasons.most_common()), rates=tuple(sorted(rates)))


def _band_question(row: OwnPay, found: PayRound) -> BandQuestion:
    where = spot_of_person(row.country, row.metro_cbsa)
    return BandQuestion(row.role, row.level, row.currency, where, found.effective_date)


def round_of(
    rows: Sequence[OwnPay],
    ranges: Mapping[int, PayRange],
    ratings: Mapping[str, int],
    budget_percent: float,
    *,
    is_exact: bool,
) -> RoundAnswer:
    """A round over a list's lines in one currency, with the range of each line that has one.

    Whoever sets bands and budgets would read single pay from exact totals.
    """
    pays = {row.line: row.pay_local_year for row in rows} if is_exact else _pays_of_blocks(rows)
    people = tuple(
        PaidPerson(str(row.line), pays[row.line], ranges[row.line], ratings.get(str(row.line), 1))
        for row in rows
        if row.line in ranges and row.line in pays
    )
    cycle = run_merit_cycle(people, budget_percent) if people else None
    return RoundAnswer(cycle, people, len(rows) - len(people), is_of_few=bool(rows) and not pays)


def _pays_of_blocks(rows: Sequence[OwnPay]) -> dict[int, float]:
    """Each line's pay as its block's, before anybody asks: within its role and level, small groups together."""
    shown = is_shown(Counter((row.role, row.level) for row in rows))
    pools: dict[tuple[str, str], list[OwnPay]] = defaultdict(list)
    for row in rows:
        pools[(row.role, row.level) if (row.role, row.level) in shown else ("", "")].append(row)
    return {
        row.line: pay
        for members in pools.values()
        if len(members) >= LEAST
        for row, pay in zip(members, block_means([each.pay_local_year for each in members]), strict=True)
    }


def _deployments(record: TeamRecord | None) -> list[Deployment]:
    return [
        Deployment(str(number), datetime.fromisoformat(at), environment, succeeded)
        for number, (at, environment, succeeded) in enumerate(record.values if record else [])
    ]


def _incidents(record: TeamRecord | None) -> list[Incident]:
    return [
        Incident(str(number), datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
        for number, (start, end) in enumerate(record.values if record else [])
    ]


def _model_measures(record: TeamRecord) -> list[Measure]:
    looks = [
        Observation(datetime.fromisoformat(at), name, alias, version) for at, name, alias, version in record.values
    ]
    answer = count_promotions(looks)
    return model_measures(answer.changes, {}, Window(answer.first, answer.last, str(record)))


def _availability(record: TeamRecord, target: float) -> tuple[Measure, ErrorBudget]:
    times = [datetime.fromisoformat(at) for at, _, _ in record.values]
    good, total = (sum(row[place] for row in record.values) for place in (1, 2))
    return availability(good, total, Window(min(times), max(times), str(record)), target=target)


def round_lines(answers: Sequence[RoundAnswer]) -> list[dict[str, Any]]:
    """Line by line with its currency, for whoever brought the list in."""
    lines = []
    for answer in answers:
        by_id = {person.id: person for person in answer.people}
        raises = answer.cycle.raises if answer.cycle else ()
        lines += [{"person": by_id[each.id], "raise": each, "currency": answer.currency} for each in raises]
    return sorted(lines, key=lambda line: int(line["person"].id))


def team_measured(plan: UUID, user: User) -> dict[str, Any]:
    """The field `team` of `RoleSetup`: what is stored of the teams of a plan's organisation, for who may see it."""
    found = StoredPlan.objects.filter(pk=plan).select_related("organisation").first()
    if found is None:
        return {}
    if not may(user, "teams.see", found.organisation):
        has_any = TeamRecord.objects.filter(organisation=found.organisation).exists()
        return {"team": TeamFigures(is_hidden=True)} if has_any else {}
    told: dict[str, Any] = {**_measured_loads(found.organisation), **_measured_people(found.organisation)}
    if all(isinstance(each, str) for each in told.values()):
        return {}
    missing = tuple((NAMES[field], why) for field, why in told.items() if isinstance(why, str))
    return {"team": TeamFigures(**{k: v for k, v in told.items() if not isinstance(v, str)}, missing=missing)}


NAMES = {
    "pages_per_shift": "pages of on-call",
    "helpdesk_percent": "help-desk",
    "stay_18_months": "staying",
    "one_on_ones_on_time": "1:1s",
    "placed": "placements",
    "checked_in": "check-ins",
    "pulse": "pulse",
    "ladder": "ladder",
}
NOTHING = "nothing stored"
A_YEAR, HALF_A_YEAR = timedelta(days=365), timedelta(days=183)


def _measured_loads(organisation: Organisation) -> dict[str, TeamFigure | str]:
    """Pages and tickets of the latest records, and how many stay, each as a figure or why there is none."""
    kinds = {each.kind: each for each in TeamRecord.objects.filter(organisation=organisation).order_by("imported_at")}
    pages, tickets = kinds.get(RecordKind.PAGES), kinds.get(RecordKind.TICKETS)
    return {
        "pages_per_shift": _pages_figure(pages) if pages else NOTHING,
        "helpdesk_percent": _helpdesk_figure(organisation, tickets) if tickets else NOTHING,
        "stay_18_months": _stay_figure(organisation),
    }


def _pages_figure(record: TeamRecord) -> TeamFigure | str:
    answer = oncall_of(record, business_hours=False, rotations=range(2, 3))
    if answer is None:
        return NOTHING
    mean = answer.load.mean
    return TeamFigure(mean.value, mean.low, mean.high, answer.pages, str(record), max(record.values)[:10])


def _helpdesk_figure(organisation: Organisation, record: TeamRecord) -> TeamFigure | str:
    people = people_in(organisation, record)
    load = load_of(record, None, people=people, hours=Range(0.5, 1, 3)) if people else None
    if load is None or not load.helpdesk.is_enough:
        return "not enough data"
    share = load.helpdesk
    until = load.window.until.date().isoformat()
    return TeamFigure(100 * share.likely, 100 * share.low, 100 * share.high, share.events, str(record), until)


def _stay_figure(organisation: Organisation) -> TeamFigure | str:
    listed = HrList.objects.filter(organisation=organisation).first()
    if listed is None:
        return NOTHING
    try:
        answer = published_tenure(listed)
    except UserError:
        return "the list could not be read"
    found = answer.curve.at(1.5) if answer.curve else None
    if found is None:
        return answer.refused or "not enough data"
    low, high = (None if end is None else 100 * end for end in (found.low, found.high))
    return TeamFigure(100 * found.value, low, high, answer.n, str(listed), answer.as_of.isoformat())


def _measured_people(organisation: Organisation) -> dict[str, TeamShare | TeamLadder | str]:
    """Shares of the people who are there: placed, checked in, 1:1s in time; the ladder, and the latest pulse."""
    today = timezone.localdate()
    present = Employee.objects.filter(organisation=organisation).present()
    placed = present.filter(placement__isnull=False, evidence__date__gte=today - A_YEAR).distinct().count()
    recent = CheckInRecord.objects.filter(employee__in=present, started_at__date__gte=today - HALF_A_YEAR)
    checked = len({each.employee_id for each in recent if each.is_finished})
    talks = OneOnOne.objects.filter(employee__in=present)
    in_time = talks.filter(next_date__gte=today).count()
    ladder = StoredLadder.objects.filter(organisation=organisation).order_by("-created_at").first()
    return {
        "ladder": _ladder_in_force(ladder) if ladder else NOTHING,
        "placed": share_or_reason(placed, present.count(), "placements", today) if ladder else NOTHING,
        "checked_in": share_or_reason(checked, present.count(), "check-ins", today) if ladder else NOTHING,
        "one_on_ones_on_time": share_or_reason(in_time, talks.count(), "1:1s", today) if talks else NOTHING,
        "pulse": _pulse_share(organisation),
    }


def _ladder_in_force(stored: StoredLadder) -> TeamLadder:
    ladder = parse_ladder(stored.text(), stored.name)
    return TeamLadder(stored.name, stored.latest_number, tuple(level.id for level in ladder.levels))


def _pulse_share(organisation: Organisation) -> TeamShare | str:
    latest = (
        Pulse.objects.filter(team__organisation=organisation, closed_at__isnull=False).order_by("-closed_at").first()
    )
    if latest is None:
        return NOTHING
    fifths = [each for each in latest.result.get("fifths", {}).values() if each is not None]
    if not fifths or latest.closed_at is None:
        return "fewer than five answers"
    day = timezone.localdate(latest.closed_at)
    return TeamShare(sum(each >= 3 for each in fifths), len(fifths), f"pulse of {latest.team}", day.isoformat())
