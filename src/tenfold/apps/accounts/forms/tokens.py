from __future__ import annotations

from typing import Any

from django import forms

from tenfold.core.scopes import Scope

LASTS = [(30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "a year")]


class NewToken(forms.Form):
    """`sees_pay`: whether the person may give away the sight of pay."""

    name = forms.CharField(
        max_length=80,
        label="What is it for?",
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "Nightly sync to the careers page"}),
    )
    scopes = forms.TypedMultipleChoiceField(
        coerce=Scope, widget=forms.CheckboxSelectMultiple, label="What may it do?", choices=()
    )
    days = forms.TypedChoiceField(choices=LASTS, coerce=int, initial=90, label="Open for")

    def __init__(self, *args: Any, sees_pay: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [scope for scope in Scope if sees_pay or scope is not Scope.PAY_SEE]
        self.fields["scopes"].choices = [(scope.value, scope.words) for scope in offered]  # type: ignore[attr-defined]
