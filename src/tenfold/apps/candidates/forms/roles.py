"""Forms about roles, their stages, moves, mails, meetings and lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from tenfold.apps.candidates.models import MailTemplate, RejectionReason, StageKind, TemplateKind
from tenfold.apps.candidates.services.roles import MAX_STAGES, StageDraft
from tenfold.core.models import TeamRole
from tenfold.core.typed import whole


class RejectionForm(forms.Form):
    """Why, and with which mail; without one nobody is written to."""

    reason = forms.ChoiceField(choices=[("", "Choose a reason"), *RejectionReason.choices], label="Reason")
    comment = forms.CharField(
        max_length=2_000, required=False, label="Comment for colleagues (optional)", widget=forms.Textarea({"rows": 2})
    )
    template = forms.ModelChoiceField(
        queryset=MailTemplate.objects.none(), required=False, label="Mail", empty_label="Send no mail"
    )

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]  # a choice of rows has one


class MailForm(forms.Form):
    subject = forms.CharField(max_length=200, label="Subject")
    body = forms.CharField(max_length=8_000, label="Text", widget=forms.Textarea({"rows": 12}))


class TemplateForm(MailForm):
    name = forms.CharField(max_length=80, label="Name of this text")
    kind = forms.ChoiceField(choices=TemplateKind.choices, label="Used for")
    field_order = ("name", "kind", "subject", "body")


class NoteForm(forms.Form):
    text = forms.CharField(max_length=5_000, label="Note", widget=forms.Textarea({"rows": 3}))


class FollowUpForm(forms.Form):
    text = forms.CharField(max_length=500, label="What is to be done")
    due_date = forms.DateField(label="By", widget=forms.DateInput({"type": "date"}))


class MeetingForm(forms.Form):
    """A meeting at one time, or several times to choose from; times are of the role's zone."""

    title = forms.CharField(max_length=120, label="What it is", initial="Interview")
    minutes = forms.IntegerField(min_value=5, max_value=480, initial=60, label="Minutes")
    times = forms.CharField(
        max_length=1_000,
        label="Time, or several to choose from",
        help_text="One a line: 2026-12-01 14:30",
        widget=forms.Textarea({"rows": 4, "placeholder": "2026-12-01 14:30", "spellcheck": "false"}),
    )
    place = forms.CharField(max_length=300, required=False, label="Room or link (optional)")
    panel = forms.MultipleChoiceField(label="Who takes part", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: list[tuple[str, str]], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["panel"].choices = people  # type: ignore[attr-defined]  # a choice field has choices

    def clean_times(self) -> list[datetime]:
        return [local_time(line, self.zone) for line in str(self.cleaned_data["times"]).splitlines() if line.strip()]


def local_time(text: str, zone: str) -> datetime:
    """An instant from a day and a time of day in a zone.

    Raises:
        ValidationError: it cannot be read, or that time of day does not exist there on that day.
    """
    plain = text.strip().replace("T", " ")
    try:
        naive = datetime.strptime(plain, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - its zone follows
    except ValueError:
        raise forms.ValidationError(f"“{plain[:40]}” is not a time. Write it as 2026-12-01 14:30.") from None
    local = naive.replace(tzinfo=ZoneInfo(zone))
    if local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != naive:
        raise forms.ValidationError(f"{plain} does not exist in {zone}: clocks are put forward then.")
    return local.astimezone(UTC)


class RoleForm(forms.Form):
    places = forms.CharField(
        max_length=500, required=False, label="Places whose law applies", help_text="Such as US-CO, CA-ON, DE"
    )
    decide_by = forms.DateField(required=False, label="Decide by", widget=forms.DateInput({"type": "date"}))
    zone = forms.CharField(max_length=60, label="Time zone of meetings")
    tool = forms.ChoiceField(
        choices=[("", "Not stated"), ("yes", "Yes"), ("no", "No")],
        required=False,
        label="Does software score, rank or screen people?",
    )

    @property
    def uses_tool(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["tool"])


def stages_from(data: QueryDict) -> list[StageDraft]:
    """Stages as the page's table sends them: one list a column, rows without a name left out."""
    columns = [data.getlist(name)[: MAX_STAGES + 5] for name in ("id", "name", "kind", "duty", "duty_of", "duty_days")]
    drafts = []
    for id_, name, kind, duty, duty_of, days in zip(*columns, strict=False):
        if not name.strip():
            continue
        drafts.append(
            StageDraft(
                name=name,
                kind=StageKind(kind) if kind in StageKind.values else StageKind.SCREEN,
                duty=duty,
                duty_of=TeamRole(duty_of) if duty_of in TeamRole.values else TeamRole.RECRUITER,
                duty_days=min(whole(days) or 0, 365) or None,
                id=id_,
            )
        )
    return drafts
