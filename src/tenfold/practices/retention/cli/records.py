"""`tenfold retention toil | loop`: interrupts as a share of a team's time, and whether hiring predicts."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

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
