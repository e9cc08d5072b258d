"""Files of outside systems, notes, rounds: what comes in, as plain values without names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tenfold.apps.employees.forms import RangeField, read_table_upload
from tenfold.apps.employees.models import Team
from tenfold.apps.pay.models import PayUpload
from tenfold.apps.retention.models import RecordKind, Topic
from tenfold.apps.retention.queries import TIME_NAMES, knowledge_values, read_opened_tickets
from tenfold.apps.retention.services import ParsedRecord
from tenfold.connectors import forges, incident_tools
from tenfold.connectors.dates import UnreadableDate, date_order, parse_moment
from tenfold.connectors.git_local import GIT_COMMAND, parse_log
from tenfold.connectors.payloads import Node, Problem, parse_json
from tenfold.connectors.records import Deployment, Incident
from tenfold.connectors.tables import Table, parse_number
from tenfold.core.models import Organisation
from tenfold.kit.errors import Place, UserError
from tenfold.practices.retention.looks import LookColumns, read_looks
from tenfold.practices.retention.pages import read_pages
from tenfold.practices.retention.pay_equity import EquityRow
from tenfold.practices.retention.team_knowledge import team_knowledge

MAX_BYTES = 5_000_000
MAX_LOG_BYTES = 50_000_000
MOST_HOURS = 200
SHOWN_PROBLEMS = 3


class RecordForm(forms.Form):
    """A file of an outside system."""

    kind = forms.ChoiceField(label="What it is", choices=RecordKind.choices)
    file = forms.FileField(
        label="The file",
        help_text="Pages, looks, requests and assessments as CSV or XLSX; deployments and incidents as the JSON that "
        "GitHub, GitLab, PagerDuty, incident.io or Rootly give. Tickets as CSV or XLSX, "
        "a git log as text. At most 5 MB (a git log 50). Names of people are not kept.",
    )
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.none(), required=False, empty_label="All")
    at = forms.CharField(
        label="Column of times", required=False, max_length=100, help_text="For pages and tickets; blank: guessed."
    )
    zone = forms.CharField(
        label="Time zone, or its column", required=False, max_length=60, help_text="For pages: Europe/Berlin."
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = Team.objects.filter(organisation=organisation)  # type: ignore[attr-defined]

    def parse(self) -> ParsedRecord:
        """What the file says.

        Raises:
            UserError: it cannot be read, or holds nothing of this kind.
        """
        given, kind = self.cleaned_data, RecordKind(self.cleaned_data["kind"])
        if kind in (RecordKind.DEPLOYMENTS, RecordKind.INCIDENTS):
            return _from_json(given["file"], kind)
        if kind is RecordKind.KNOWLEDGE:
            return _knowledge(given["file"])
        table = read_table_upload(given["file"])
        if kind is RecordKind.PAGES:
            return _pages(table, given["at"], given["zone"])
        if kind is RecordKind.TICKETS:
            return _tickets(table, given["at"])
        if kind is RecordKind.LOOKS:
            return _looks(table)
        return _requests(table) if kind is RecordKind.REQUESTS else _loop(table)


def _pages(table: Table, at: str, zone: str) -> ParsedRecord:
    column = at or next((name for name in TIME_NAMES if table.has_column(name)), "")
    if not column:
        raise UserError("Which column holds the times?", remedy=f"Write one of: {', '.join(table.header[:20])}.")
    found = read_pages(table, at=column, zone_name=zone or None)
    notes = [warning.text for warning in found.warnings]
    values = [moment.isoformat() for moment in found.local]
    return ParsedRecord(RecordKind.PAGES, table.name, _some(values, RecordKind.PAGES), notes)


def _tickets(table: Table, opened: str) -> ParsedRecord:
    found = read_opened_tickets(table, opened)
    values = [_utc(each.opened_at) for each in found.items]
    return ParsedRecord(RecordKind.TICKETS, table.name, _some(values, RecordKind.TICKETS), _problems(found.problems))


def _knowledge(file: UploadedFile) -> ParsedRecord:
    """Folders with counts: names in the log are counted and dropped here."""
    name = _name_of(file, MAX_LOG_BYTES)
    found = team_knowledge(parse_log(file.read().decode("utf-8", "replace")))
    if found is None:
        raise UserError("This is no git log in the form that is needed.", remedy=f"Write it with: {GIT_COMMAND}")
    return ParsedRecord(RecordKind.KNOWLEDGE, name, knowledge_values(found))


def _looks(table: Table) -> ParsedRecord:
    found = read_looks(table, LookColumns())
    values = [[look.at.isoformat(), look.name, look.alias, look.version] for look in found.observations]
    return ParsedRecord(
        RecordKind.LOOKS, table.name, _some(values, RecordKind.LOOKS), [warning.text for warning in found.warnings]
    )


def _requests(table: Table) -> ParsedRecord:
    """Columns time, good, total: requests answered validly and in time, and all of them, by interval."""
    at, good, total = (table.position(name) for name in ("time", "good", "total"))
    order = date_order((row.cells[at] for row in table.rows), name=table.name)
    values = []
    for row in table.rows:
        try:
            moment = parse_moment(row.cells[at], order)
        except UnreadableDate as error:
            raise UserError(f"{error}.", place=Place(file=table.name, line=row.line, field="time")) from None
        counts = _number(table, row.line, row.cells[good]), _number(table, row.line, row.cells[total])
        if not 0 <= counts[0] <= counts[1]:
            raise UserError("More answers in time than requests.", place=Place(file=table.name, line=row.line))
        values.append([moment.replace(tzinfo=moment.tzinfo or UTC).isoformat(), *counts])
    if len(values) < 2:
        raise UserError("At least two intervals are needed.", remedy="Export a longer time.")
    return ParsedRecord(RecordKind.REQUESTS, table.name, values)


def _loop(table: Table) -> ParsedRecord:
    """Columns competency, assessed, shown_6, shown_12: figures of hires without their names."""
    columns = [table.position(name) for name in ("competency", "assessed", "shown_6", "shown_12")]
    values = []
    for row in table.rows:
        competency, assessed, *later = (row.cells[at] for at in columns)
        shown = [_number(table, row.line, cell) if cell else None for cell in later]
        values.append([competency[:60], _number(table, row.line, assessed), *shown])
    if not values:
        raise UserError("The file has column names and no rows.")
    return ParsedRecord(RecordKind.LOOP, table.name, values)


def _number(table: Table, line: int, cell: str, *, is_money: bool = False) -> float:
    try:
        return parse_number(cell, is_money=is_money)
    except ValueError:
        raise UserError(f"“{cell}” is not a number.", place=Place(file=table.name, line=line)) from None


def _from_json(file: UploadedFile, kind: RecordKind) -> ParsedRecord:
    name = _name_of(file, MAX_BYTES)
    root = parse_json(file.read(), name=name)
    if kind is RecordKind.DEPLOYMENTS:
        read = forges.read_deployments(root, name=name)
        values = [_deployment(each) for each in read.items]
        return ParsedRecord(kind, name, _some(values, kind), _problems(read.problems))
    incidents = _incident_reader(root)(root, name=name)
    values = [_incident(each) for each in incidents.items]
    return ParsedRecord(kind, name, _some(values, kind), _problems(incidents.problems))


def _name_of(file: UploadedFile, most: int) -> str:
    """The name of a file that is not too large."""
    if (file.size or 0) > most:
        raise UserError(f"This is larger than {most // 1_000_000} MB.", remedy="Export a shorter time.")
    return PurePath(str(file.name).replace("\\", "/")).name


def _incident_reader(root: Node) -> Callable[..., Any]:
    """Whose shape it is, by the keys of the answer: Rootly's is JSON:API, incident.io's has its own pagination."""
    if root.get("data").is_there:
        return incident_tools.read_rootly
    if root.get("pagination_meta").is_there:
        return incident_tools.read_incident_io
    return incident_tools.read_pagerduty_incidents


def _some(values: list[Any], kind: RecordKind) -> list[Any]:
    if not values:
        raise UserError(f"No {kind.label.lower()} were found in this file.", remedy="Check that it is the right one.")
    return values


def _deployment(found: Deployment) -> list[Any]:
    return [_utc(found.finished_at), found.environment, found.has_succeeded]


def _incident(found: Incident) -> list[Any]:
    return [_utc(found.started_at), _utc(found.resolved_at) if found.resolved_at else None]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat() if moment.tzinfo else moment.replace(tzinfo=UTC).isoformat()


def _problems(problems: tuple[Problem, ...]) -> list[str]:
    if not problems:
        return []
    first = "; ".join(f"{each.where}: {each.why}" for each in problems[:SHOWN_PROBLEMS])
    return [f"{len(problems)} could not be read: {first}"]


class LoadForm(forms.Form):
    """Whose hours, and what a ticket takes of them."""

    people = forms.IntegerField(label="People in the team", min_value=1, max_value=500)
    hours = RangeField(label="Hours a ticket takes: least / likely / most", initial="0.5 / 1 / 3")

    def clean_hours(self) -> tuple[float, float, float]:
        low, likely, high = self.cleaned_data["hours"]
        if not 0 < low <= likely <= high <= MOST_HOURS:
            raise forms.ValidationError("Write hours above 0, from the least to the most: 0.5 / 1 / 3.")
        return float(low), float(likely), float(high)


class NoteForm(forms.Form):
    """A note between two people."""

    topic = forms.ChoiceField(label="Topic", choices=Topic.choices)
    text = forms.CharField(label="Note", max_length=10_000, widget=forms.Textarea({"rows": "5"}))
    action_by = forms.DateField(
        label="If it is an action: by", required=False, widget=forms.DateInput({"type": "date"})
    )


class RoundForm(forms.Form):
    """A yearly pay round."""

    upload = forms.ModelChoiceField(label="Pay list", queryset=PayUpload.objects.none())
    name = forms.CharField(label="Name", max_length=120)
    budget_percent = forms.FloatField(label="Budget, % of pay", min_value=0.01, max_value=50, initial=3.5)
    effective_date = forms.DateField(label="In force from", widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, uploads: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["upload"].queryset = uploads  # type: ignore[attr-defined]  # a field of choices from rows


class EquityForm(forms.Form):
    """A table for gaps by category; nothing of it is stored."""

    file = forms.FileField(
        label="The table", help_text="CSV or XLSX with the columns pay, category and group. It is read and not stored."
    )
    group = forms.CharField(label="Group that is compared", max_length=40, initial="women")
    reference = forms.CharField(label="With the group", max_length=40, initial="men")

    def rows(self) -> list[EquityRow]:
        """Raises UserError where a column is missing, or a cell is no pay."""
        table = read_table_upload(self.cleaned_data["file"])
        pay, category, group = (table.position(name) for name in ("pay", "category", "group"))
        return [
            EquityRow(
                _number(table, row.line, row.cells[pay], is_money=True),
                row.cells[category],
                row.cells[group].casefold(),
            )
            for row in table.rows
        ]
