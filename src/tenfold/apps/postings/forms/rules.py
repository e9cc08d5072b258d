"""What an organisation does not publish without."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from tenfold.apps.postings.models import PublishingRules


class RulesForm(forms.ModelForm[PublishingRules]):
    class Meta:
        model = PublishingRules
        fields: ClassVar = ["pay_range", "deadline", "accommodations", "no_fixes"]
