"""Uploaded tables, HR lists and employees as forms."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tenfold.apps.employees.models import Employee, HrListKind, Team
from tenfold.apps.employees.queries import guess_column
from tenfold.apps.employees.services import ParsedHrList
from tenfold.catalogue.store import catalogue
from tenfold.connectors.tables import Table, parse_table
from tenfold.core.models import Organisation, User
from tenfold.kit.errors import UserError

MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_ROWS = 50_000


def read_table_upload(file: UploadedFile) -> Table:
    """The table in an uploaded CSV or XLSX.

    Raises:
        UserError: too large, neither of both, or no table.
    """
    name = PurePath(str(file.name).replace("\\", "/")).name
    if (file.size or 0) > MAX_BYTES:
        raise UserError(f"This is larger than {MAX_BYTES // 1_000_000} MB.", remedy="Leave out columns, or split it.")
    raw = file.read()
    if raw[:4] == b"PK\x03\x04":
        _require_small_workbook(raw)
    table = parse_table(raw, name=name)
    if len(table.rows) > MAX_ROWS:
        raise UserError(f"This has more than {MAX_ROWS:,} rows.", remedy="Split the list.")
    return table


def _require_small_workbook(raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            parts = book.infolist()
    except zipfile.BadZipFile:
        raise UserError("This is not a whole XLSX workbook.", remedy="Download or export it again.") from None
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise UserError("This workbook unpacks to more than a list holds.", remedy="Export the one sheet as CSV.")


class HrListForm(forms.Form):
    """An HR list: a file, and what its columns are called where that cannot be guessed."""

    file = forms.FileField(
        label="The list",
        help_text="CSV or XLSX, at most 5 MB. Only the columns below are kept; names and numbers of people are not.",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
    )
    kind = forms.ChoiceField(label="What it is", choices=HrListKind.choices, widget=forms.RadioSelect)
    start = forms.CharField(label="Column of starting dates", required=False, max_length=100)
    end = forms.CharField(label="Column of last days", required=False, max_length=100)
    snapshot = forms.CharField(label="Column of list dates", required=False, max_length=100)
    person = forms.CharField(label="Column that tells people apart", required=False, max_length=100)
    cause = forms.CharField(label="Column of reasons for leaving", required=False, max_length=100)
    as_of = forms.DateField(label="The day the list was made", required=False)
    observed_from = forms.DateField(
        label="Leavers are recorded since", required=False, help_text="Where people who left earlier are not in it."
    )
    date_order = forms.ChoiceField(
        label="Dates such as 03/04/2021",
        choices=(("", "Decided by the dates themselves"), ("dmy", "Day first"), ("mdy", "Month first")),
        required=False,
    )

    def parse(self) -> ParsedHrList:
        """The list in the columns that are kept.

        Raises:
            UserError: it is no table, or a column is missing.
        """
        given = self.cleaned_data
        table = read_table_upload(given["file"])
        kind = HrListKind(given["kind"])
        wanted = ("start", "end", "person", "cause") if kind is HrListKind.STAYS else ("snapshot", "person", "start")
        needed = {"start", "end"} if kind is HrListKind.STAYS else {"snapshot", "person"}
        found = {field: guess_column(table, field, given.get(field, "")) for field in wanted}
        missing = [self.fields[field].label for field in wanted if field in needed and found[field] is None]
        if missing:
            raise UserError(
                f"Not found: {', '.join(str(label).lower() for label in missing)}.",
                remedy=f"Write their names as in the first row, which has: {', '.join(table.header[:20])}.",
            )
        columns = tuple(field for field in wanted if found[field] is not None)
        at = [table.position(str(found[field])) for field in columns]
        rows = tuple((row.line, tuple(row.cells[place][:100] for place in at)) for row in table.rows)
        return ParsedHrList(
            kind=kind,
            name=table.name,
            columns=columns,
            rows=rows,
            person=columns.index("person") if "person" in columns else None,
            date_order=given["date_order"],
            as_of=given["as_of"],
            observed_from=given["observed_from"],
        )


class EmployeeForm(forms.ModelForm[Employee]):
    """One employee."""

    role = forms.ChoiceField(label="Role")
    level = forms.ChoiceField(label="Level")

    class Meta:
        model = Employee
        fields = ("name", "reference", "team", "role", "level", "manager", "user", "started_date", "left_date")
        labels = {  # noqa: RUF012 - Django's own form of it
            "reference": "Number in the HR system",
            "user": "Account here",
            "started_date": "First day",
            "left_date": "Last day",
        }
        widgets = {  # noqa: RUF012 - as above
            "started_date": forms.DateInput({"type": "date"}),
            "left_date": forms.DateInput({"type": "date"}),
        }

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        people = User.objects.filter(memberships__organisation=organisation)
        self.fields["manager"].queryset = people  # type: ignore[attr-defined]  # a field of choices from rows
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # as above
        self.fields["team"].queryset = Team.objects.filter(organisation=organisation)  # type: ignore[attr-defined]
        self.fields["role"].choices = [(each.id, each.name) for each in catalogue().roles.values()]  # type: ignore[attr-defined]
        self.fields["level"].choices = [(each.id, each.name) for each in catalogue().levels.values()]  # type: ignore[attr-defined]


class RangeField(forms.CharField):
    """A figure as `4`, or `3-6`, or `3 / 4 / 6`: least, likely, most."""

    def clean(self, value: Any) -> tuple[float, float, float]:
        words = super().clean(value).replace("–", "-").replace("to", "-").replace("/", "-")
        try:
            ends = [float(part.strip().replace(",", "").replace("%", "")) for part in words.split("-")]
        except ValueError:
            raise forms.ValidationError("Write a number, or the lowest, likely and highest: 3 / 4 / 6.") from None
        if len(ends) == 1:
            return ends[0], ends[0], ends[0]
        if len(ends) == 2:
            return ends[0], sum(ends) / 2, ends[1]
        if len(ends) == 3:
            return ends[0], ends[1], ends[2]
        raise forms.ValidationError("Write at most three figures: lowest, likely and highest.")


class DepartureForm(forms.Form):
    """The company's own figures of what a departure costs; money in one currency, shares in percent."""

    loaded_pay_year = RangeField(label="Pay with on-costs, a year", initial="200000 / 225000 / 260000")
    vacancy_months = RangeField(label="Months until a successor starts", initial="4 / 6 / 9")
    cover_share = RangeField(label="Cover meanwhile, % of that pay", initial="20 / 40 / 70")
    ramp_months = RangeField(label="Months until fully productive", initial="3 / 5 / 8")
    ramp_lost = RangeField(label="Output lost on average in them, %", initial="30 / 45 / 60")
    interview_hours = RangeField(label="Hours of interviewing", initial="40 / 60 / 100")
    recruiter_hours = RangeField(label="Hours of recruiting", initial="30 / 50 / 80")
    handover_hours = RangeField(label="Hours of handing over", initial="20 / 40 / 80")
    hourly_rate = RangeField(label="What an hour costs", initial="90 / 110 / 130")
    agency_fee = RangeField(label="Agency fee", initial="0 / 0 / 45000")
