"""The calculator: a question of pay, its distribution, and an offer placed on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from tenfold.apps.pay.forms.questions import BY_YEARS, FIRST, PayQuestionForm
from tenfold.catalogue.store import catalogue
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import signed_in
from tenfold.core.typed import whole
from tenfold.kit.facts import Fact, load
from tenfold.market import charts
from tenfold.market.benchmark import NotSupported, PayEstimate, estimate
from tenfold.market.places import places
from tenfold.practices.pay import assumptions, presenters
from tenfold.practices.pay.page import ROLES

AXIS_USD = (80_000.0, 340_000.0)
"""What the axis reaches at least, so that a distribution is seen to move where the question changes."""
ROUND_TO_USD = 5_000


@dataclass(frozen=True)
class CalculatorAnswer:
    """What the market says, as a page shows it.

    Of a refusal, `estimate` is what was borrowed for the job, else the nearest, which is another job.
    """

    refusal: NotSupported | None
    estimate: PayEstimate | None
    offer: tuple[float, float] | None
    assumed: tuple[Fact, ...]

    @property
    def sentence(self) -> str:
        if self.refusal is not None:
            return "Not enough data."
        return presenters.posted_sentence(self.estimate) if self.estimate else ""

    @property
    def offer_sentence(self) -> str:
        return presenters.offer_sentence(self.estimate, self.offer) if self.estimate and self.offer else ""

    @property
    def nearest_sentence(self) -> str:
        is_shown = self.refusal is not None and self.refusal.borrowed is None
        return presenters.posted_sentence(self.estimate) if is_shown and self.estimate else ""

    @property
    def borrowed_sentence(self) -> str:
        lent = self.refusal.borrowed if self.refusal else None
        return presenters.borrowed_sentence(lent) if lent else ""

    @property
    def basis(self) -> str:
        return presenters.basis_sentence(self.estimate) if self.estimate else ""

    @property
    def scope(self) -> str:
        return presenters.scope_sentence(self.estimate) if self.estimate else ""

    @property
    def assumptions(self) -> list[str]:
        if self.estimate is None or self.refusal is not None:
            return []
        return [line.strip() for line in assumptions.in_words(self.assumed, self.estimate)[2:]]

    @property
    def offer_is_low(self) -> bool:
        if self.estimate is None or self.offer is None:
            return False
        return 100 * self.estimate.percentile_of(sum(self.offer) / 2) < load().number("pay.look_below")

    @property
    def picture(self) -> SafeString:
        """The same dots that the command line and the role pages draw, on an axis that stays."""
        at = self.estimate
        if at is None:
            return SafeString("")
        drawn = charts.both(
            lambda width: charts.dot_plot(
                charts.quantile_dots(at.quantile),
                median=at.p50,
                median_interval=at.median_interval,
                what=f"Posted pay, {presenters.title_of(at)}",
                offer=self.offer,
                offer_is_low=self.offer_is_low,
                width=width,
                spanning=AXIS_USD,
                is_own=self.refusal is None,
            )
        )
        return SafeString(drawn)


def answer_of(form: PayQuestionForm) -> CalculatorAnswer:
    """The engines' answer to a valid question."""
    answer = estimate(form.question)
    refusal = answer if isinstance(answer, NotSupported) else None
    return CalculatorAnswer(
        refusal=refusal,
        estimate=(refusal.borrowed or refusal.nearest)
        if refusal
        else answer
        if isinstance(answer, PayEstimate)
        else None,
        offer=form.offer,
        assumed=assumptions.assumptions_for(stage=form.question.stage, rescue=form.cleaned_data["rescue"]),
    )


@rate_limit(600, per_minutes=1)
@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """The whole page, or by htmx the parts that move with the question."""
    signed_in(request)
    form = question_form(request.GET, today=timezone.localdate())
    answer = answer_of(form) if form.is_valid() else None
    placed = answer is not None and request.GET.get("do") == "place"
    if answer and placed:
        form, answer = _with_an_offer(request.GET, answer, form.today)
    share = whole(str(form["scope"].value()))
    infra = 50 if share is None else min(100, share)
    context: dict[str, Any] = {
        "form": form,
        "answer": answer,
        "by_years": BY_YEARS,
        "level_of_years": _level_of_years(form),
        "infra": infra,
        "infra_rest": 100 - infra,
        "role_pages": ROLES,
        "placed": placed,
    }
    if getattr(request, "htmx", False):
        context["moving"] = True
        response = render(request, "pay/answer.html", context, status=422 if form.errors else 200)
        if placed:
            response["HX-Replace-Url"] = f"{request.path}?{_without_the_button(form.data)}"
        return response
    context["metros"] = sorted(metro.name for metro in places().metros.values())
    return render(request, "pay/calculator.html", context, status=422 if form.errors else 200)


def question_form(given: QueryDict, *, today: date) -> PayQuestionForm:
    """The form with what was given; what was not is as the page first shows it."""
    data = given.copy()
    for name, value in FIRST.items():
        data.setdefault(name, value)
    return PayQuestionForm(data, today=today)


def _with_an_offer(given: QueryDict, answer: CalculatorAnswer, today: date) -> tuple[PayQuestionForm, CalculatorAnswer]:
    """An offer to start from: the middle fifth of the distribution, in round figures."""
    data = given.copy()
    if answer.estimate is not None:
        for name, probability in (("low", 0.4), ("high", 0.6)):
            data[name] = f"{round(answer.estimate.quantile(probability) / ROUND_TO_USD) * ROUND_TO_USD:,}"
    form = question_form(data, today=today)
    return (form, answer_of(form)) if form.is_valid() else (form, answer)


def _without_the_button(data: Any) -> str:
    kept = data.copy()
    kept.pop("do", None)
    return str(kept.urlencode())


def _level_of_years(form: PayQuestionForm) -> str:
    try:
        return catalogue().level_for_years(float(form["years"].value())).name.lower()
    except (TypeError, ValueError):
        return ""
