"""`tenfold retention toil | figures | loop`: interrupts, what is measured of a team, and whether hiring predicts."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import UserError
from tenfold.practices.retention.cli.options import (
    DAYS,
    Format,
    FormatOption,
    JsonOption,
    emit,
    number_in,
    parse_range,
)
from tenfold.practices.retention.cli.teams import app

if TYPE_CHECKING:
    from tenfold.checking.team_figures import TeamFigure


@app.command(
    epilog="Examples: tenfold retention toil tickets.csv --opened created --people 4 --hours 0.5/1/3 --json · "
    "tenfold retention toil tickets.csv --opened created --id key --pages pages.csv --at time --people 4 "
    "--self-report 0.4"
)
def toil(
    *,
    tickets: Annotated[Path, typer.Argument(help="CSV or XLSX of tickets, one row each.")],
    opened: Annotated[str, typer.Option(help="Column of when a ticket was opened.")] = "created",
    id: Annotated[str | None, typer.Option(help="Column of ticket numbers; default: the first.")] = None,
    pages: Annotated[Path | None, typer.Option(help="CSV or XLSX of pages.")] = None,
    at: Annotated[str, typer.Option(help="Column of the times of pages.")] = "time",
    people: Annotated[int, typer.Option(min=1, help="People in the team.")] = 1,
    hours: Annotated[str, typer.Option(help="Hours a ticket takes: least/likely/most.")] = "0.5/1/3",
    since: Annotated[datetime | None, typer.Option("--from", formats=DAYS, help="First day.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=DAYS, help="First day after.")] = None,
    self_report: Annotated[float | None, typer.Option(min=0, max=1, help="What people say: 0.4.")] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Interrupts as a share of a team's hours.

    Tickets at the hours that you say they take, pages at six hours each (Google's figure). What people report stands
    apart: it is another measure, not a correction.
    """
    from tenfold.connectors.lists import TicketColumns, read_tickets
    from tenfold.connectors.records import Page
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention.pages import read_pages
    from tenfold.practices.retention.toil import toil_share

    table = read_table(tickets)
    found = read_tickets(table, TicketColumns(id=id or table.header[0], opened=opened))
    paged = read_pages(read_table(pages), at=at).local if pages else ()
    if not found.items:
        raise UserError("No ticket could be read.", remedy="Check that --opened names a column of times.")
    times = [each.opened_at for each in found.items]
    begin = since.replace(tzinfo=UTC) if since else min(times)
    end = until.replace(tzinfo=UTC) if until else max(times)
    if begin >= end:
        raise UserError("The record covers no time.", remedy="Give --from and --until.")
    share = toil_share(
        found.items,
        [Page(at=moment.replace(tzinfo=UTC)) for moment in paged],
        people=people,
        since=begin,
        until=end,
        hours_per_ticket=parse_range(hours),
        self_report=self_report,
    )
    values = {
        "share": {"low": share.low, "likely": share.likely, "high": share.high},
        "tickets_per_week": share.tickets_per_week.value,
        "pages_per_week": share.pages_per_week.value,
        "self_report": share.self_report,
        "not_read": [f"{each.where}: {each.why}" for each in found.problems],
    }
    text = (
        f"Interrupts take {100 * share.likely:.0f} % of the team's hours ({100 * share.low:.0f} to "
        f"{100 * share.high:.0f} by the range of hours): {share.tickets_per_week.value:.1f} tickets and "
        f"{share.pages_per_week.value:.1f} pages a week."
    )
    said = [] if self_report is None else [f"People report {100 * self_report:.0f} %; that is another measure."]
    emit(values, "\n".join([text, *said]), as_json=json or format is Format.JSON)


@app.command(
    epilog="Examples: tenfold retention figures --pages pages.csv --at time --zone Europe/Berlin > team.json · "
    "tenfold retention figures --tickets tickets.csv --opened created --people 6 > team.json; "
    "tenfold audit plan.yaml --team team.json"
)
def figures(
    *,
    pages: Annotated[Path | None, typer.Option(help="CSV or XLSX of pages.")] = None,
    at: Annotated[str, typer.Option(help="Column of the times of pages.")] = "time",
    zone: Annotated[str | None, typer.Option(help="Column of time zones, or one zone.")] = None,
    tickets: Annotated[Path | None, typer.Option(help="CSV or XLSX of tickets.")] = None,
    opened: Annotated[str, typer.Option(help="Column of when a ticket was opened.")] = "created",
    people: Annotated[int | None, typer.Option(min=1, help="People in the team, for tickets.")] = None,
    hours: Annotated[str, typer.Option(help="Hours a ticket takes: least/likely/most.")] = "0.5/1/3",
    stays: Annotated[Path | None, typer.Option(help="CSV or XLSX of contracts.")] = None,
    start: Annotated[str, typer.Option(help="Column of starting dates.")] = "start",
    end: Annotated[str, typer.Option(help="Column of last days.")] = "end",
    json: JsonOption = False,  # noqa: ARG001 - it is always JSON; the flag is there as everywhere
) -> None:
    """What is measured of a team, as a file that `tenfold audit PLAN --team FILE` reads.

    Pages a shift, help-desk as a share of the team's time, and how many stay longer than 18 months, each with its 95 %
    interval, n, source and last day. What is not measured, and why, stands beside it.
    """
    from tenfold.checking.team_figures import TeamFigures, to_dict

    told = {
        "pages_per_shift": _page_load(pages, at, zone) if pages else NOTHING,
        "helpdesk_percent": _helpdesk_share(tickets, opened, people, hours) if tickets else NOTHING,
        "stay_18_months": _stay_share(stays, start, end) if stays else NOTHING,
    }
    missing = tuple((MEASURED[field], why) for field, why in told.items() if isinstance(why, str))
    found: dict[str, Any] = {field: each for field, each in told.items() if not isinstance(each, str)}
    emit(to_dict(TeamFigures(**found, missing=missing)), "", as_json=True)


def _page_load(file: Path, at: str, zone: str | None) -> TeamFigure:
    from tenfold.checking.team_figures import TeamFigure
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention.oncall import log_pages, weigh_pages
    from tenfold.practices.retention.pages import read_pages

    read = read_pages(read_table(file), at=at, zone_name=zone)
    mean = weigh_pages(log_pages(read.local), range(2, 3), business_hours=False).load.mean
    return TeamFigure(mean.value, mean.low, mean.high, len(read.local), file.name, max(read.local).date().isoformat())


def _helpdesk_share(file: Path, opened: str, people: int | None, hours: str) -> TeamFigure | str:
    from tenfold.checking.team_figures import TeamFigure
    from tenfold.connectors.lists import TicketColumns, read_tickets
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention.team_load import weigh_team

    if people is None:
        raise UserError("A share needs the number of people in the team.", remedy="Add --people N.")
    table = read_table(file)
    found = read_tickets(table, TicketColumns(id=table.header[0], opened=opened)).items
    if len({each.opened_at for each in found}) < 2:
        return "fewer than two tickets with a time"
    load = weigh_team(found, None, people=people, hours_per_ticket=parse_range(hours))
    share = load.helpdesk
    if not share.is_enough:
        return f"{share.events} tickets are too few for a share"
    until = load.window.until.date().isoformat()
    return TeamFigure(100 * share.likely, 100 * share.low, 100 * share.high, share.events, file.name, until)


def _stay_share(file: Path, start: str, end: str) -> TeamFigure | str:
    from tenfold.checking.team_figures import TeamFigure
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention.stays import StayColumns, read_stays
    from tenfold.practices.retention.tenure import tenure_of_stays

    today = date.today()  # noqa: DTZ011 - the reader's own day
    answer = tenure_of_stays(read_stays(read_table(file), StayColumns(start, end), as_of=None, today=today))
    found = answer.curve.at(1.5) if answer.curve else None
    if found is None:
        return answer.refused or "the list does not reach 18 months"
    low, high = (None if bound is None else 100 * bound for bound in (found.low, found.high))
    return TeamFigure(100 * found.value, low, high, answer.n, file.name, answer.as_of.isoformat())


NOTHING = "no file given"
MEASURED = {"pages_per_shift": "pages of on-call", "helpdesk_percent": "help-desk", "stay_18_months": "staying"}


@app.command(epilog="Example: tenfold retention loop hires.csv --assessed lab --shown evidence_12 --json")
def loop(
    *,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX, one row a hire and competency.")],
    assessed: Annotated[str, typer.Option(help="Column of the assessment at hiring.")] = "assessed",
    shown: Annotated[str, typer.Option(help="Column of the evidence later; blank rows do not count.")] = "shown",
    competency: Annotated[str | None, typer.Option(help="Column of competencies, to compare each apart.")] = None,
    spread: Annotated[
        float | None, typer.Option(min=0, help="Standard deviation of the assessment among everyone assessed.")
    ] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Whether an assessment at hiring shows in evidence later.

    Rank correlation with its interval, and the hires still needed to tell. Only hires can be compared, so the
    correlation is lower than among all candidates; --spread corrects for that.
    """
    from tenfold.connectors.tables import read_table, require_rows
    from tenfold.practices.retention.validity import close_loop

    table = require_rows(read_table(file))
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in table.rows:
        if row.cells[table.position(shown)] and row.cells[table.position(assessed)]:
            name = row.cells[table.position(competency)] if competency else "all"
            pairs[name].append((number_in(table, row, assessed), number_in(table, row, shown)))
    answers = {
        name: close_loop([a for a, _ in each], [s for _, s in each], all_assessed_sd=spread)
        for name, each in sorted(pairs.items())
    }
    values = [
        {
            "competency": name,
            "answer": found.answer.value,
            "n": found.n,
            "still_needed": found.still_needed,
            "correlation": found.correlation,
            "low": found.low,
            "high": found.high,
            "corrected": found.corrected,
            "note": found.note,
        }
        for name, found in answers.items()
    ]
    lines = [
        f"{name}: {found.answer}, n = {found.n}, {found.still_needed} still needed" for name, found in answers.items()
    ]
    emit({"loops": values}, "\n".join(lines) or "No row has both figures.", as_json=json or format is Format.JSON)
