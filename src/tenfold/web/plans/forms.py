"""Forms around plans; the plan's own form is told by the plan's types (`fields`)."""

from __future__ import annotations

from typing import Any

from django import forms

from tenfold.audit.intake import MOST_BYTES


class NewPlan(forms.Form):
    """A posting or plan, pasted or as a file."""

    text = forms.CharField(
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        label="Job posting, or a plan as YAML",
        widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
    )
    file = forms.FileField(required=False, max_length=200, label="Or a file", allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file = given.get("file")
        if file and file.size > MOST_BYTES:
            self.add_error("file", f"This is larger than {MOST_BYTES // 1_000_000} MB; a posting is a few pages.")
        elif not file and not (given.get("text") or "").strip():
            self.add_error("text", "Paste a posting, or choose a file.")
        return given

    def content(self) -> tuple[bytes, str]:
        """The bytes and the name that errors call them by."""
        file = self.cleaned_data.get("file")
        if file:
            return file.read(MOST_BYTES + 1), str(file.name)
        return self.cleaned_data["text"].encode(), "what you pasted"


class CommentForm(forms.Form):
    text = forms.CharField(max_length=4_000, label="Comment", widget=forms.Textarea({"rows": 3}))
    field = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        choices=[(1, "1 day"), (7, "7 days"), (30, "30 days"), (90, "90 days")], coerce=int, initial=7, label="Open for"
    )
    with_pay = forms.BooleanField(required=False, label="Show pay as well")
