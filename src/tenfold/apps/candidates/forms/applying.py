"""The application form of the job page, and the forms of a candidate's own page."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from tenfold.apps.candidates.forms.files import MAX_BYTES, TAKEN, SentFileField
from tenfold.apps.candidates.models import Candidate, Source
from tenfold.apps.candidates.queries.applicant import Applicant
from tenfold.apps.candidates.queries.contact import is_email, is_link

MAX_SEVERAL = 5


def several(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,;]+", text) if one]


class ContactDetails(forms.Form):
    """Who somebody is and how they are reached."""

    name = forms.CharField(max_length=200, label="Name", widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.CharField(max_length=254, label="E-mail", widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(
        max_length=60, required=False, label="Telephone (optional)", widget=forms.TextInput({"autocomplete": "tel"})
    )
    location = forms.CharField(max_length=200, required=False, label="Where you live or want to work (optional)")
    links = forms.CharField(
        max_length=1_500,
        required=False,
        label="Addresses of your work or profile (optional)",
        help_text="One a line, beginning with https://",
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).strip()
        if not is_email(address):
            raise forms.ValidationError("This is not an e-mail address. Write it as name@example.org.")
        return address

    def clean_links(self) -> list[str]:
        links = several(self.cleaned_data["links"])
        wrong = [one for one in links if not is_link(one)]
        if wrong:
            raise forms.ValidationError("An address begins with https://.")
        if len(links) > MAX_SEVERAL:
            raise forms.ValidationError(f"At most {MAX_SEVERAL} addresses.")
        return links

    def applicant(self, **more: Any) -> Applicant:
        """What was given, once it is valid."""
        given = self.cleaned_data
        return Applicant(
            name=given["name"],
            emails=[given["email"]],
            phones=[given["phone"]] if given["phone"] else [],
            links=given["links"],
            location=given["location"],
            **more,
        )


class ApplicationForm(ContactDetails):
    """An application. `website` is for programs that fill in everything: people do not see it."""

    cv = SentFileField(label="CV (optional)", help_text=f"{TAKEN}, up to {MAX_BYTES // 1_000_000} MB")
    letter = forms.CharField(
        max_length=20_000,
        required=False,
        label="Anything you want to say (optional)",
        widget=forms.Textarea({"rows": 8}),
    )
    keep = forms.BooleanField(
        required=False, label="You may keep my data for two years and write to me about other roles (optional)"
    )
    website = forms.CharField(max_length=200, required=False, label="Leave this empty")

    field_order = ("name", "email", "phone", "location", "links", "cv", "letter", "keep", "website")

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))

    def application(self, source: Source) -> Applicant:
        given = self.cleaned_data
        files = [given["cv"]] if given["cv"] else []
        return self.applicant(letter=given["letter"], files=files, keep_for_future=given["keep"], source=source)


def details_of(candidate: Candidate) -> dict[str, str]:
    """What a person's own form begins with."""
    emails, phones = list(candidate.emails.all()), list(candidate.phones.all())
    return {
        "name": candidate.name,
        "email": emails[0].address if emails else "",
        "phone": phones[0].number if phones else "",
        "location": candidate.location,
        "links": "\n".join(one.url for one in candidate.links.all()),
    }
