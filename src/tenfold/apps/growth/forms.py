"""Ladders, evidence, plans and calibration sessions as forms."""

from __future__ import annotations

from typing import Any

from django import forms

from tenfold.apps.growth.models import StoredLadder
from tenfold.core.models import Organisation, User
from tenfold.kit.errors import UserError
from tenfold.practices.growth.growth_plan import ItemKind
from tenfold.practices.growth.ladder import Ladder, shipped_ladder
from tenfold.practices.growth.ladder_imports import LadderForm as Form
from tenfold.practices.growth.ladder_imports import LadderSource, import_ladder
from tenfold.practices.growth.placement import EvidenceKind

MAX_BYTES = 1_000_000


def words(value: str) -> str:
    """`merged-change` as `Merged change`."""
    return value.replace("-", " ").capitalize()


class LadderImportForm(forms.Form):
    """The ladder that we ship, or a file in another company's form."""

    source = forms.ChoiceField(
        label="Which ladder",
        choices=(("shipped", "Tenfold’s MLOps ladder, five levels"), ("file", "A file")),
        widget=forms.RadioSelect,
        initial="shipped",
    )
    file = forms.FileField(
        label="The file",
        required=False,
        help_text="YAML of this form or the Financial Times’, JSON of Snowflake’s, Dropbox’s pages, Markdown of "
        "engineeringladders.com. At most 1 MB.",
    )

    def ladder(self) -> Ladder:
        """The ladder that was chosen.

        Raises:
            UserError: no file, too large, or no ladder.
        """
        if self.cleaned_data["source"] == "shipped":
            return shipped_ladder()
        file = self.cleaned_data["file"]
        if file is None:
            raise UserError("No file was chosen.", remedy="Choose one, or take the ladder that we ship.")
        if file.size > MAX_BYTES:
            raise UserError("The file is larger than 1 MB.", remedy="Split it.")
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError("The file is not UTF-8 text.", remedy="Save it as UTF-8.") from None
        return import_ladder([LadderSource(text, str(file.name))], Form.AUTO)


class EvidenceForm(forms.Form):
    """One piece of evidence at one entry."""

    cell = forms.ChoiceField(label="Entry of the ladder")
    kind = forms.ChoiceField(label="Kind", choices=[(kind.value, words(kind)) for kind in EvidenceKind])
    link = forms.URLField(label="Link", required=False, max_length=500, assume_scheme="https")
    date = forms.DateField(label="When", required=False, widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label="In a few words", required=False, max_length=500)

    def __init__(self, *args: Any, ladder: Ladder, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cell"].choices = grouped_cells(ladder)  # type: ignore[attr-defined]  # a field of choices


class PlanForm(forms.Form):
    """What is set aside."""

    budget = forms.FloatField(label="Learning budget", required=False, min_value=0)
    time_percent = forms.FloatField(label="Share of time, %", required=False, min_value=0, max_value=100)
    until_date = forms.DateField(label="Until", widget=forms.DateInput({"type": "date"}))


class ItemForm(forms.Form):
    """One thing to do by a day."""

    kind = forms.ChoiceField(label="Kind", choices=[(kind.value, words(kind)) for kind in ItemKind])
    what = forms.CharField(label="What", max_length=300)
    by_date = forms.DateField(label="By", widget=forms.DateInput({"type": "date"}))
    cell = forms.ChoiceField(label="For which entry", required=False)
    cost = forms.FloatField(label="Cost", required=False, min_value=0)
    checked_date = forms.DateField(
        label="Certificate checked on",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text="Examinations are retired; say when somebody looked whether this one is still offered.",
    )

    def __init__(self, *args: Any, ladder: Ladder, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "None in particular"), *grouped_cells(ladder)]
        self.fields["cell"].choices = choices  # type: ignore[attr-defined]  # a field of choices


class CalibrationForm(forms.Form):
    """A session: cases without names, entries, judges."""

    name = forms.CharField(label="Name", max_length=120)
    ladder = forms.ModelChoiceField(label="Ladder", queryset=StoredLadder.objects.none())
    cells = forms.MultipleChoiceField(label="Entries", widget=forms.SelectMultiple({"size": "8"}))
    cases = forms.CharField(
        label="Cases",
        widget=forms.Textarea({"rows": "8"}),
        max_length=20_000,
        help_text="Evidence without names, one case a paragraph, with blank lines between.",
    )
    judges = forms.ModelMultipleChoiceField(
        label="Judges", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organisation: Organisation, ladder: Ladder, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ladder"].queryset = StoredLadder.objects.filter(organisation=organisation)  # type: ignore[attr-defined]
        people = User.objects.filter(memberships__organisation=organisation)
        self.fields["judges"].queryset = people  # type: ignore[attr-defined]  # a field of choices from rows
        self.fields["cells"].choices = grouped_cells(ladder)  # type: ignore[attr-defined]  # a field of choices

    def case_texts(self) -> list[str]:
        paragraphs = self.cleaned_data["cases"].replace("\r\n", "\n").split("\n\n")
        return [" ".join(each.split()) for each in paragraphs if each.strip()][:20]


def grouped_cells(ladder: Ladder) -> list[tuple[str, list[tuple[str, str]]]]:
    """Entries by level, for a field of choices."""
    return [
        (level.name, [(cell.id, cell.summary[:110]) for cell in ladder.current if cell.level == level.id])
        for level in ladder.levels
    ]
