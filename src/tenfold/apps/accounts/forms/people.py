"""Forms of people: the first administrator, invitations, roles."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from django import forms
from django.contrib.auth import password_validation

from tenfold.core.models import Role, User


class NewPassword(forms.Form):
    """A name and a password that the validators accept."""

    name = forms.CharField(max_length=120, label="Your name", widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        max_length=256,
        label="Password",
        help_text="At least ten characters. A short sentence is easy to remember.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        person = User(email=given.get("email", self.initial.get("email", "")), name=given.get("name", ""))
        if password := given.get("password"):
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


class FirstAdministrator(NewPassword):
    organisation = forms.CharField(
        max_length=120, label="Your organisation", widget=forms.TextInput({"autocomplete": "organization"})
    )
    email = forms.EmailField(max_length=254, label="E-mail", widget=forms.EmailInput({"autocomplete": "email"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["organisation", "name", "email", "password"])


class InvitePerson(forms.Form):
    email = forms.EmailField(max_length=254, label="E-mail", widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(choices=Role.choices, initial=Role.HIRING_MANAGER)
    sees_pay = forms.BooleanField(required=False, label="May see pay")


class ChangeMember(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
    sees_pay = forms.BooleanField(required=False, label="May see pay")


class _Plain:
    """Labels as the rest of the application writes them, and nothing in the fields before something is typed."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)


LABELS = {
    "email": "E-mail",
    "oldpassword": "Password until now",
    "password1": "New password",
    "password2": "New password, once more",
}


class ForgottenPassword(_Plain, account.ResetPasswordForm):  # type: ignore[misc]  # allauth carries no types
    pass


class ChangePassword(_Plain, account.ChangePasswordForm):  # type: ignore[misc]  # as above
    pass


class PasswordByLink(_Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    pass
