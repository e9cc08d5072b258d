"""Comments and share links."""

from __future__ import annotations

from django import forms


class CommentForm(forms.Form):
    text = forms.CharField(max_length=4_000, label="Comment", widget=forms.Textarea({"rows": 3}))
    field = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        choices=[(1, "1 day"), (7, "7 days"), (30, "30 days"), (90, "90 days")], coerce=int, initial=7, label="Open for"
    )
    with_pay = forms.BooleanField(required=False, label="Show pay as well")
