"""`tenfold retention`: tenure, on-call and promotions from files, without a server."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import UserError
from tenfold.practices.retention.cli.options import DAYS, Format, FormatOption, JsonOption, OrderOption, emit

if TYPE_CHECKING:
    from tenfold.connectors.dates import DateOrder
    from tenfold.connectors.tables import Table
    from tenfold.practices.retention.tenure import TenureAnswer

app = typer.Typer(
    help="How long people stay, what on-call, leaving and pay cost, and what the team delivers.",
    add_completion=False,
    no_args_is_help=True,
)


class Unit(StrEnum):
    """The unit of a column of durations."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@app.callback()
def retention() -> None:
    """How long people stay, what on-call, leaving and pay cost, and what the team delivers."""


@app.command(
    epilog="Examples: tenfold retention tenure people.csv --start joined --end left --person id --json · "
    "tenfold retention tenure people.csv --start joined --end left --observed-from 2015-01-01 --cause reason · "
    "tenfold retention tenure lists.csv --snapshot month --person id"
)
def tenure(
    *,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: one row a contract, or one row a person and list.")],
    start: Annotated[str | None, typer.Option(help="Column of starting dates.")] = None,
    end: Annotated[str | None, typer.Option(help="Column of last days; blank: still there.")] = None,
    snapshot: Annotated[str | None, typer.Option(help="Column of list dates, for lists taken now and then.")] = None,
    person: Annotated[str | None, typer.Option(help="Column that tells people apart.")] = None,
    cause: Annotated[str | None, typer.Option(help="Column of reasons for leaving.")] = None,
    duration: Annotated[str | None, typer.Option(help="Column of durations, where there are no dates.")] = None,
    event: Annotated[str | None, typer.Option(help="Column that says whether a duration has ended (1 or 0).")] = None,
    unit: Annotated[Unit, typer.Option(help="Unit of --duration.")] = Unit.YEARS,
    observed_from: Annotated[
        datetime | None, typer.Option("--observed-from", formats=DAYS, help="Leavers are recorded since then.")
    ] = None,
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=DAYS, help="The day the list was made.")] = None,
    date_order: OrderOption = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """How long people stay, with the data's traps named.

    A survival curve of the team. Left truncation is corrected by delayed entry, lists of leavers are refused, and
    every figure has its n and a 95 %
    interval.
    """
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention import presenters

    table, order = read_table(file), _order(date_order)
    day, begin = as_of.date() if as_of else None, observed_from.date() if observed_from else None
    if snapshot is not None:
        answer = _from_snapshots(table, snapshot, person, start, order)
    elif duration is not None:
        answer = _from_durations(table, duration, event, unit)
    else:
        answer = _from_stays(table, (start, end, person, cause), begin, day, order)
    emit(presenters.tenure_to_dict(answer), presenters.render_tenure(answer), as_json=json or format is Format.JSON)


@app.command(
    epilog="Examples: tenfold retention oncall pages.csv --at created_at --zone Europe/Berlin --json · "
    "tenfold retention oncall pages.csv --at time --zone zone --compare 2:8 · "
    "tenfold retention oncall log_entries.json --zone Europe/Berlin --people 3 --business-hours"
)
def oncall(
    *,
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX: one row a page; or JSON of PagerDuty (log entries) or Alertmanager.")
    ],
    at: Annotated[str | None, typer.Option(help="Column of the times of pages; JSON needs none.")] = None,
    zone: Annotated[str | None, typer.Option(help="Column of time zones, or one zone: Europe/Berlin.")] = None,
    people: Annotated[int | None, typer.Option(min=1, max=50, help="People in the rotation.")] = None,
    compare: Annotated[str | None, typer.Option(help="Rotations to compare, such as 2:8.")] = None,
    business_hours: Annotated[bool, typer.Option("--business-hours", help="Only office hours reach the team.")] = False,
    since: Annotated[datetime | None, typer.Option("--from", formats=DAYS, help="First day of the record.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=DAYS, help="Last day of the record.")] = None,
    date_order: OrderOption = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Pages per shift and local night, by rotation.

    The same pages are replayed on each rotation asked about. Team level: no name is read. Beside each rotation
    stands what pages at a constant rate would give.
    """
    from tenfold.connectors.payloads import read_node
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention import presenters
    from tenfold.practices.retention.oncall import log_pages, weigh_pages
    from tenfold.practices.retention.pages import read_page_json, read_pages, record_warnings

    rotations = _rotations(people, compare)
    begin, last = since.date() if since else None, until.date() if until else None
    if begin and last and begin > last:
        raise UserError("--from is after --until.", remedy="Swap them.")
    is_json = file.suffix.casefold() == ".json"
    if at is None and not is_json:
        raise UserError("Which column holds the times of pages?", remedy="Add --at COLUMN.")
    table = read_page_json(read_node(file), name=str(file)) if is_json else read_table(file)
    column = "time" if is_json or at is None else at
    pages = read_pages(table, at=column, zone_name=zone, order=_order(date_order))
    answer = weigh_pages(log_pages(pages.local, since=begin, until=last), rotations, business_hours=business_hours)
    warnings = [*pages.warnings, *record_warnings(answer)]
    text = presenters.render_oncall(answer, warnings)
    emit(presenters.oncall_to_dict(answer, warnings), text, as_json=json or format is Format.JSON)


@app.command(epilog="Example: tenfold retention promotions looks.csv --json")
def promotions(
    *,
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX of looks (time, name, alias, version), or a log that `poll` wrote.")
    ],
    time: Annotated[str, typer.Option(help="Column of the times of looks.")] = "time",
    name: Annotated[str, typer.Option(help="Column of model names.")] = "name",
    alias: Annotated[str, typer.Option(help="Column of aliases.")] = "alias",
    version: Annotated[str, typer.Option(help="Column of versions; blank: the alias points to nothing.")] = "version",
    date_order: OrderOption = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """How often models are promoted, from looks.

    A registry keeps no history of its aliases, so it is looked at now and then. Between two looks more may have
    happened than they show; the rate carries the interval that this leaves.
    """
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention import presenters
    from tenfold.practices.retention.looks import LookColumns, is_log, read_log, read_looks
    from tenfold.practices.retention.promotions import count_promotions

    looks = (
        read_log(file)
        if is_log(file)
        else read_looks(read_table(file), LookColumns(time, name, alias, version), order=_order(date_order))
    )
    answer = count_promotions(looks.observations)
    values = presenters.promotions_to_dict(answer)
    values["warnings"] += [presenters.warning_to_dict(warning) for warning in looks.warnings]
    text = "\n".join(
        [presenters.render_promotions(answer), *(f"! {each.kind}: {each.text}" for each in looks.warnings)]
    )
    emit(values, text, as_json=json or format is Format.JSON)


def _rotations(people: int | None, compare: str | None) -> range:
    if people is not None and compare is not None:
        raise UserError("--people and --compare exclude each other.", remedy="Leave one out.")
    if people is not None:
        return range(people, people + 1)
    first, colon, last = (compare or "2:8").partition(":")
    if not (colon and first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= 50):
        raise UserError(f"“{compare}” is no range of rotations.", remedy="Write --compare 2:8.")
    return range(int(first), int(last) + 1)


def _from_stays(
    table: Table,
    columns: tuple[str | None, str | None, str | None, str | None],
    observed_from: date | None,
    as_of: date | None,
    order: DateOrder | None,
) -> TenureAnswer:
    from tenfold.practices.retention.stays import StayColumns, read_stays
    from tenfold.practices.retention.tenure import tenure_of_stays

    start, end, person, cause = columns
    if start is None or end is None:
        raise UserError(
            "Which columns hold the dates?",
            remedy="For contracts: --start C --end C. For lists: --snapshot C --person C.",
        )
    if observed_from and as_of and observed_from >= as_of:
        raise UserError("--observed-from must be before --as-of.", remedy="Swap them, or leave one out.")
    named = StayColumns(start, end, person, cause)
    today = date.today()  # noqa: DTZ011 - the reader's own day
    listed = read_stays(table, named, as_of=as_of, today=today, order=order)
    return tenure_of_stays(listed, observed_from=observed_from)


def _from_snapshots(
    table: Table, snapshot: str, person: str | None, start: str | None, order: DateOrder | None
) -> TenureAnswer:
    from tenfold.practices.retention.snapshots import read_snapshots
    from tenfold.practices.retention.tenure import tenure_of_snapshots

    if person is None:
        raise UserError("Which column tells people apart?", remedy="Add --person C.")
    return tenure_of_snapshots(read_snapshots(table, snapshot=snapshot, person=person, start=start, order=order))


def _from_durations(table: Table, duration: str, event: str | None, unit: Unit) -> TenureAnswer:
    from tenfold.practices.retention.durations import read_durations
    from tenfold.practices.retention.tenure import tenure_of_spells

    if event is None:
        raise UserError("Which column says whether a duration has ended?", remedy="Add --event C (1 ended, 0 not).")
    per_year = {Unit.DAYS: 365.25, Unit.MONTHS: 12.0, Unit.YEARS: 1.0}[unit]
    spells = read_durations(table, duration=duration, event=event, per_year=per_year)
    return tenure_of_spells(spells, as_of=date.today())  # noqa: DTZ011 - no date is in the data


def _order(word: str | None) -> DateOrder | None:
    from tenfold.connectors.dates import DateOrder

    if word is None:
        return None
    try:
        return DateOrder(word.casefold())
    except ValueError:
        raise UserError(f"“{word}” is no order of dates.", remedy="Use --date-order dmy or --date-order mdy.") from None
