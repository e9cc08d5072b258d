"""A data source, and a table of names, as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tenfold.apps.employees.forms import read_table_upload
from tenfold.apps.employees.models import Team
from tenfold.apps.sources.models import DataSource, SourceKind
from tenfold.apps.sources.queries import repository_names
from tenfold.connectors.people import PeopleMap, read_people_map


class SourceForm(forms.ModelForm[DataSource]):
    """An address that is read on a schedule."""

    token = forms.CharField(
        label="Token",
        required=False,
        max_length=4000,
        strip=True,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="Read-only, with the least rights. It is encrypted here and sent to this address only. "
        "Blank: none, or the one that is kept.",
    )
    every_hours = forms.IntegerField(label="Read every … hours", min_value=1, max_value=720, initial=24)

    class Meta:
        model = DataSource
        fields = ("kind", "name", "url", "token", "team", "zone", "every_hours", "first_date")
        labels = {  # noqa: RUF012 - Django's own form of it
            "kind": "What it holds",
            "url": "Address",
            "zone": "Time zone of the team",
            "first_date": "Read from",
        }
        help_texts = {  # noqa: RUF012 - as above
            "url": "With {since} where the API takes the day to begin at, and {until} for today. Examples are below.",
            "zone": "For pages: which hours are night. Europe/Berlin.",
        }
        widgets = {"first_date": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012 - as above

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        team = self.fields["team"]
        team.queryset = Team.objects.filter(organisation=self.instance.organisation)  # type: ignore[attr-defined]
        team.empty_label = "All"  # type: ignore[attr-defined]  # a field of choices from rows
        self._offer_repositories()
        self._held = self.instance.token
        if self.instance.token:
            self.initial["token"] = ""

    def _offer_repositories(self) -> None:
        """Git is a choice only where the operator put repositories there; which ones, the page says."""
        names = repository_names(self.instance.organisation)
        kind = self.fields["kind"]
        if not names and self.instance.kind != SourceKind.GIT:
            kind.choices = [each for each in kind.choices if each[0] != SourceKind.GIT]  # type: ignore[attr-defined]
        elif names:
            self.fields["url"].help_text += f" For git, one of: {', '.join(names)}."

    def clean_token(self) -> str:
        return str(self.cleaned_data["token"]) or self._held


class PeopleMapForm(forms.Form):
    """A table that says whose names those are."""

    file = forms.FileField(
        label="The table",
        help_text="CSV or XLSX with the columns system (github.com), name, employee (the number in the HR system; "
        "blank: ignore the name).",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
    )

    def parse(self) -> PeopleMap:
        """Raises UserError where it is no such table, or a name is mapped twice."""
        file: UploadedFile = self.cleaned_data["file"]
        return read_people_map(read_table_upload(file))
