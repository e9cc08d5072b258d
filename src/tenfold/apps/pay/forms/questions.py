"""Forms of pay. What words mean is told by the engines' own readers; these only collect them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import UserError
from tenfold.kit.facts import load
from tenfold.kit.typed_numbers import NotANumber, read_amount
from tenfold.market.benchmark import PayQuestion
from tenfold.practices.pay import questions
from tenfold.practices.pay.compensation import ROUNDS, Exit, Grant
from tenfold.practices.pay.page import ROLES

BY_YEARS = "years"
BALANCED = 50
"""The scope that moves nothing, where the slider stands until it is moved."""
STAGES = ("pre-seed", "seed", "series-a", "series-b", "series-c", "later", "public")
WORKPLACES = (("", "Any"), ("remote", "Remote"), ("hybrid", "Hybrid"), ("onsite", "On site"))
FIRST = {"role": "mlops", "level": "senior", "years": "6", "scope": "50"}


def role_choices() -> list[tuple[str, str]]:
    names = catalogue().roles
    shown = [*ROLES, *(role for role in names if role not in (*ROLES, "other"))]
    return [(role, names[role].name) for role in shown]


def level_choices() -> list[tuple[str, str]]:
    return [(level.id, level.name) for level in catalogue().levels.values()]


def stage_choices() -> list[tuple[str, str]]:
    facts = load()
    known = [stage for stage in STAGES if f"pay.stage_{stage.replace('-', '_')}" in facts]
    return [("", "Not said"), *((stage, stage.replace("-", " ").capitalize()) for stage in known)]


class PayQuestionForm(forms.Form):
    """The question of the calculator. `question` and `offer` are there once it is valid."""

    role = forms.ChoiceField(choices=role_choices, label="Role")
    level = forms.ChoiceField(choices=lambda: [*level_choices(), (BY_YEARS, "By years")], label="Level")
    years = forms.IntegerField(min_value=0, max_value=25, required=False, label="Years of experience")
    place = forms.CharField(max_length=80, required=False, label="Place")
    workplace = forms.ChoiceField(choices=WORKPLACES, required=False, label="Workplace")
    scope = forms.IntegerField(min_value=0, max_value=100, required=False, label="Scope")
    stage = forms.ChoiceField(choices=stage_choices, required=False, label="Company stage")
    rescue = forms.BooleanField(required=False, label="A rescue mission")
    low = forms.CharField(max_length=20, required=False, label="From")
    high = forms.CharField(max_length=20, required=False, label="To")

    question: PayQuestion
    offer: tuple[float, float] | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        by_years = given["level"] == BY_YEARS
        try:
            self.question = questions.build_question(
                role=given["role"],
                level=None if by_years else given["level"],
                years=float(given["years"] if given["years"] is not None else FIRST["years"]) if by_years else None,
                place=given["place"] or None,
                workplace=given["workplace"] or None,
                scope=str(given["scope"]) if given["scope"] not in (None, BALANCED) else None,
                stage=given["stage"] or None,
                as_of=self.today,
            )
            self.offer = self._offer(given)
        except UserError as error:
            field = error.place.field or ""
            self.add_error(field if field in self.fields else "low", f"{error.what} {error.remedy}")
        return given

    @staticmethod
    def _offer(given: dict[str, Any]) -> tuple[float, float] | None:
        ends = [given[name] for name in ("low", "high") if given[name]]
        return questions.amounts("-".join(ends)) if ends else None


class UploadForm(forms.Form):
    """A list of own pay as a file."""

    file = forms.FileField(
        max_length=200,
        label="The list",
        help_text="CSV or XLSX with one row per person, at most 10 MB.",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    names_in = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=200,
        label="Line with the column names",
        help_text="Only if we do not find it ourselves: titles above it are skipped.",
    )
    also = forms.CharField(
        required=False,
        max_length=300,
        label="Columns with unusual names",
        help_text="Only columns that we recognise are stored. If pay or level stands under a name of your own, write "
        "it here; several with commas.",
    )


MAX_AMOUNT = 1e13
MONEY = {"inputmode": "decimal", "maxlength": "16"}
INSTRUMENTS = (
    ("none", "None"),
    ("rsu", "RSU: shares"),
    ("iso", "ISO: options"),
    ("nso", "NSO: options"),
)


class AmountField(forms.Field):
    """A figure as people type it: `180,000`, `65.000`, `180k`, `1.2m`, `$4.50`. `is_price`: with decimals."""

    def __init__(self, *, is_price: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_price = is_price

    def to_python(self, value: Any) -> float | None:
        said = str(value or "").strip()
        if not said:
            return None
        try:
            amount = read_amount(said, is_price=self.is_price)
        except NotANumber as refusal:
            raise forms.ValidationError(f"{refusal}.".replace("..", ".")[:200]) from None
        if amount >= MAX_AMOUNT:
            raise forms.ValidationError(f"“{said[:16]}” is larger than we can calculate with.")
        return amount


def money(label: str, *, help_text: str = "", required: bool = False, is_price: bool = False) -> AmountField:
    widget = forms.TextInput(MONEY)
    return AmountField(is_price=is_price, label=label, help_text=help_text, required=required, widget=widget)


class OfferForm(forms.Form):
    """One offer as the engine takes it. Two of them stand side by side, told apart by their prefix."""

    name = forms.CharField(max_length=40, label="Name")
    base = money("Base pay a year", required=True)
    bonus = money("Bonus target, %", is_price=True)
    payouts = forms.CharField(
        max_length=60, required=False, label="Bonus really paid", help_text="Past years in % of target: 70, 100, 90."
    )
    sign_on = money("Sign-on, once")
    benefits = money("Benefits a year")
    instrument = forms.ChoiceField(choices=INSTRUMENTS, label="Kind", required=False)
    units = money("Shares or options")
    vesting = money("Vesting, years", is_price=True)
    cliff = money("Cliff, months", is_price=True)
    strike = money("Strike a share", is_price=True, help_text="Options only.")
    fair = money("409A a share", is_price=True, help_text="Options only.")
    preferred = money("Last preferred price", is_price=True)
    diluted = money("Fully diluted", help_text="A private company’s; ask for it.")
    price = money("Share price", is_price=True, help_text="A public company’s.")
    volatility = money("Volatility a year, %", is_price=True, help_text="A public company’s.")

    def payouts_as_shares(self) -> tuple[float, ...]:
        pieces = self.cleaned_data["payouts"].replace("%", "").replace(";", ",").split(",")
        return tuple(float(piece) / 100 for piece in pieces if piece.strip())

    def grant(self, exits: Sequence[ExitForm]) -> Grant | None:
        """The equity as the engine takes it, with the scenarios that have a chance and a value."""
        given = self.cleaned_data
        if given["instrument"] in ("", "none") or not given["units"]:
            return None
        return Grant(
            instrument=given["instrument"],
            units=given["units"],
            strike_usd=given["strike"] or 0.0,
            fair_value_usd=given["fair"],
            preferred_price_usd=given["preferred"],
            fully_diluted=given["diluted"],
            vesting_years=given["vesting"] if given["vesting"] is not None else 4.0,
            cliff_months=given["cliff"] if given["cliff"] is not None else 12.0,
            share_price_usd=given["price"],
            volatility=given["volatility"] / 100 if given["volatility"] is not None else None,
            exits=tuple(each.scenario(number) for number, each in enumerate(exits) if each.has_figures),
        )

    def clean_payouts(self) -> str:
        words: str = self.cleaned_data["payouts"]
        for piece in words.replace("%", "").replace(";", ",").split(","):
            if piece.strip() and not piece.strip().replace(".", "", 1).isdecimal():
                raise forms.ValidationError("Percent of target with commas between: 70, 100, 90.")
        return words


class ExitForm(forms.Form):
    """One way that a private company may end: the reader's own scenario with its probability."""

    name = forms.CharField(max_length=40, required=False, label="Scenario")
    probability = money("Chance, %", is_price=True)
    value = money("Company sold for")
    years = money("In years", is_price=True)
    preference = money("Paid before you")
    rounds = forms.TypedChoiceField(
        choices=[(0, "No round before"), (1, "1 round before"), (2, "2 rounds before"), (3, "3 rounds before")],
        coerce=int,
        required=False,
        label="Rounds until then",
    )

    @property
    def has_figures(self) -> bool:
        given = self.cleaned_data
        return given["probability"] is not None and given["value"] is not None

    def scenario(self, number: int) -> Exit:
        given = self.cleaned_data
        return Exit(
            name=str(given["name"] or f"scenario {number + 1}"),
            probability=given["probability"] / 100,
            value_usd=given["value"],
            years=given["years"] or 4.0,
            preference_usd=given["preference"] or 0.0,
            rounds=ROUNDS[2 : 2 + (given["rounds"] or 0)],
        )
