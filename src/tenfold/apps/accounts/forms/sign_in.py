"""Forms of how people sign in: providers, demands, groups, tokens of directories."""

from __future__ import annotations

from typing import Any

from django import forms

from tenfold.core.models import Role, SecondFactor

ROLE_OR_NONE = [("", "No access"), *Role.choices]
ROLE_OR_KEEP = [("", "No role of its own"), *Role.choices]
LASTS = [(90, "90 days"), (180, "180 days"), (365, "a year")]
PLAIN = {"autocomplete": "off"}


class _Provider(forms.Form):
    name = forms.CharField(
        max_length=80, label="Name on the button", widget=forms.TextInput({**PLAIN, "placeholder": "Harbour ID"})
    )
    client_id = forms.CharField(max_length=200, label="Client ID", widget=forms.TextInput(PLAIN))
    client_secret = forms.CharField(
        max_length=500,
        required=False,
        label="Client secret",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    groups_claim = forms.CharField(
        max_length=60, label="Claim with groups", initial="groups", widget=forms.TextInput(PLAIN)
    )
    default_role = forms.ChoiceField(
        choices=ROLE_OR_NONE,
        required=False,
        label="People in no group",
        help_text="New people whose groups have no meaning here.",
    )


class NewProvider(_Provider):
    """Everything about a provider; its issuer stays what it is."""

    issuer = forms.URLField(
        max_length=300,
        label="Issuer",
        assume_scheme="https",
        help_text="As its discovery document writes it.",
        widget=forms.TextInput({**PLAIN, "inputmode": "url", "placeholder": "https://id.example.org"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "issuer", "client_id", "client_secret", "groups_claim", "default_role"])


class ChangeProvider(_Provider):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_secret"].help_text = "Empty keeps the one that is stored."


class Demands(forms.Form):
    """What every session of a member must show."""

    single_sign_on_only = forms.BooleanField(required=False, label="Single sign-on only")
    second_factor = forms.ChoiceField(choices=SecondFactor.choices, required=False, label="Second factor required of")


class GroupMeaning(forms.Form):
    group = forms.CharField(max_length=200, label="Group", widget=forms.TextInput(PLAIN))
    role = forms.ChoiceField(choices=ROLE_OR_KEEP, required=False)
    sees_pay = forms.BooleanField(required=False, label="May see pay")


class NewDirectoryToken(forms.Form):
    default_role = forms.ChoiceField(
        choices=ROLE_OR_NONE, required=False, label="People in no group", help_text="Whose groups have no meaning here."
    )
    days = forms.TypedChoiceField(choices=LASTS, coerce=int, initial=365, label="Open for")
