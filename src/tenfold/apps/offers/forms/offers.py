"""The form of an offer: its terms as one types them, with the plan's answers to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms

from tenfold.apps.offers.models import DeclineReason, OfferVersion
from tenfold.apps.offers.queries.comparing import RolePlan
from tenfold.apps.offers.queries.terms import LONGEST_WORDS, Terms, engine_offer, terms_from
from tenfold.apps.pay.forms.questions import ExitForm, OfferForm, level_choices
from tenfold.core.models import User
from tenfold.kit.errors import UserError
from tenfold.law.places import full_name, is_place
from tenfold.plan.answers import Nothing
from tenfold.practices.pay.equity import Grant

EXITS = 3
WORKPLACES = (("", "Not stated"), ("remote", "Remote"), ("hybrid", "Hybrid"), ("onsite", "On site"))
DAY = {"type": "date"}
SAME_NAMES = {
    "name": "name",
    "base_usd_year": "base",
    "bonus_target_percent": "bonus",
    "sign_on_usd": "sign_on",
    "benefits_usd_year": "benefits",
    "strike_usd": "strike",
    "fair_value_usd": "fair",
    "preferred_price_usd": "preferred",
    "fully_diluted": "diluted",
    "vesting_years": "vesting",
    "cliff_months": "cliff",
    "share_price_usd": "price",
}
"""Which field of the form a complaint of the engine is about, where they differ in name."""


def _words(label: str, *, help_text: str = "", rows: int = 3) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST_WORDS, widget=widget, strip=True
    )


class OfferTermsForm(OfferForm):
    """`terms` is there once it is valid. Scenarios of the equity are forms of their own (`exits`)."""

    name = forms.CharField(max_length=200, label="Title")
    level = forms.ChoiceField(choices=level_choices, label="Level")
    currency = forms.RegexField(r"^[A-Z]{3}$", label="Currency", help_text="ISO code: USD, EUR, GBP.")
    benefits_words = _words("Benefits in words", rows=2)
    place = forms.CharField(max_length=200, label="Place", help_text="Such as Denver, CO.")
    workplace = forms.ChoiceField(choices=WORKPLACES, required=False, label="Workplace")
    start_date = forms.DateField(label="Start date", widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    manager = forms.CharField(max_length=200, label="Manager")
    rescue = _words("What the hire inherits", help_text="Told to the candidate where a platform is in trouble.")
    conditions = _words("Conditions", help_text="Such as the right to work in the country.", rows=2)
    expires_date = forms.DateField(label="To be answered by", widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    approvers = forms.MultipleChoiceField(label="Who approves", widget=forms.CheckboxSelectMultiple)
    why_outside = _words("Why it is outside a range", rows=2)
    why = _words("What changed, and why", help_text="Stays with the version; the candidate does not see it.", rows=2)

    def __init__(self, data: Any = None, *, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.fields["approvers"].choices = [(key, str(one)) for key, one in self.people.items()]  # type: ignore[attr-defined]
        given = (kwargs.get("initial") or {}).get("exits", [])
        self.exits = [
            ExitForm(data, prefix=f"exit-{n}", initial=given[n] if n < len(given) else {}) for n in range(EXITS)
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(one.is_valid() for one in self.exits)])

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        grant = self.grant(self.exits)
        return Terms(
            title=given["name"],
            level=given["level"],
            base_year=given["base"],
            currency=given["currency"],
            place=given["place"],
            workplace=given["workplace"],
            start_date=given["start_date"],
            manager=given["manager"],
            bonus_percent=given["bonus"] or 0.0,
            bonus_payouts=self.payouts_as_shares(),
            sign_on=given["sign_on"] or 0.0,
            benefits_year=given["benefits"] or 0.0,
            benefits=given["benefits_words"],
            grant=asdict(grant) if grant else None,
            rescue=given["rescue"],
            conditions=given["conditions"],
        )

    @property
    def chosen_approvers(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data["approvers"]]

    def add_problem(self, problem: UserError) -> None:
        """At the field that it is about, or above all of them."""
        said = (problem.place.field or "").rpartition(".")[2]
        field = SAME_NAMES.get(said, said)
        self.add_error(field if field in self.fields else None, f"{problem.what} {problem.remedy}")


# What a form begins with ---------------------------------------------------------------------------------------


def from_plan(found: RolePlan | None, *, title: str, manager: str) -> dict[str, Any]:
    """What the plan says; its pay is left to be typed, for a range is no offer."""
    begun: dict[str, Any] = {"name": title, "manager": manager, "vesting": "4", "cliff": "12"}
    if found is None:
        return begun
    plan = found.plan
    places = [full_name(one) if is_place(one) else one for one in plan.role.places or []]
    begun |= {
        "level": plan.role.level or "",
        "workplace": plan.role.workplace.value if plan.role.workplace else "",
        "place": plan.company.place or (places[0] if places else ""),
        "currency": plan.pay.currency,
        "rescue": plan.role.rescue_statement or "",
    }
    if isinstance(plan.pay.bonus_percent, int | float):
        begun["bonus"] = f"{plan.pay.bonus_percent:g}"
    if plan.pay.benefits and not isinstance(plan.pay.benefits, Nothing):
        begun["benefits_words"] = "; ".join(plan.pay.benefits)
    return begun


def from_version(version: OfferVersion) -> dict[str, Any]:
    """A version as the form shows it, to be changed into the next."""
    terms = terms_from(version.terms)
    begun = {
        "name": terms.title,
        "level": terms.level,
        "base": _as_typed(terms.base_year),
        "currency": terms.currency,
        "bonus": _as_typed(terms.bonus_percent),
        "payouts": ", ".join(_as_typed(100 * one) for one in terms.bonus_payouts),
        "sign_on": _as_typed(terms.sign_on),
        "benefits": _as_typed(terms.benefits_year),
        "benefits_words": terms.benefits,
        "place": terms.place,
        "workplace": terms.workplace,
        "start_date": terms.start_date,
        "manager": terms.manager,
        "rescue": terms.rescue,
        "conditions": terms.conditions,
        "expires_date": version.expires_date,
        "why_outside": version.why_outside,
        "approvers": [str(one.pk) for one in version.approvers.all()],
    }
    return begun | _from_grant(engine_offer(terms).grant)


def _from_grant(grant: Grant | None) -> dict[str, Any]:
    if grant is None:
        return {"vesting": "4", "cliff": "12"}
    return {
        "instrument": grant.instrument,
        "units": _as_typed(grant.units),
        "vesting": _as_typed(grant.vesting_years),
        "cliff": _as_typed(grant.cliff_months),
        "strike": _as_typed(grant.strike_usd),
        "fair": _as_typed(grant.fair_value_usd),
        "preferred": _as_typed(grant.preferred_price_usd),
        "diluted": _as_typed(grant.fully_diluted),
        "price": _as_typed(grant.share_price_usd),
        "volatility": _as_typed(100 * grant.volatility) if grant.volatility is not None else "",
        "exits": [
            {
                "name": one.name,
                "probability": _as_typed(100 * one.probability),
                "value": _as_typed(one.value_usd),
                "years": _as_typed(one.years),
                "preference": _as_typed(one.preference_usd),
                "rounds": len(one.rounds),
            }
            for one in grant.exits
        ],
    }


def _as_typed(amount: float | None) -> str:
    """As one types it: no figure where there is none, no decimals where there are none."""
    if not amount:
        return ""
    return f"{amount:,.0f}" if float(amount).is_integer() else f"{round(amount, 4):g}"


class AnswerForm(forms.Form):
    """What the candidate sends: which version they read, and their answer."""

    number = forms.IntegerField(min_value=1, max_value=9_999)
    name = forms.CharField(max_length=200, required=False)
    reason = forms.ChoiceField(choices=[("", "Choose one"), *DeclineReason.choices], required=False)
    words = forms.CharField(max_length=2_000, required=False)
