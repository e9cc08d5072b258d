"""A plan has one market: panel, what-if, calculator and role page show the same one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tenfold.apps.pay.views.calculator import answer_of, question_form
from tenfold.apps.plans.presenters.panel import calculator_query
from tenfold.audit.check_text import check_text
from tenfold.audit.what_if import measure
from tenfold.catalogue.store import catalogue
from tenfold.law.places import full_name
from tenfold.market.benchmark import NotSupported, PayEstimate
from tenfold.market.model import default_model
from tenfold.market.places import places
from tenfold.plan.document import RoleSection
from tenfold.plan.yaml_io import CommentedMap, dump
from tenfold.practices.pay import page
from tenfold.practices.pay.benchmark import market_says
from tenfold.practices.pay.presenters import estimate_to_dict
from tests.company import Company
from tests.plans import sections

TODAY = date(2026, 11, 18)
TOWNS = ["Denver, CO", "Berlin", "Portland", "Leeds, UK", "Nowhere at all", "Portland, ME", "Texas", "Delaware"]
PLACES = [*TOWNS, *(metro.name for metro in places().metros.values()), *map(full_name, default_model().countries)]

plans = st.fixed_dictionaries(
    {"tenfold_plan": st.just(1), "role": sections(RoleSection)},
    optional={
        "company": st.fixed_dictionaries({"place": st.sampled_from(PLACES)}),
        "requirements": st.fixed_dictionaries(
            {"years_min": st.integers(0, 60)},
            optional={"must": st.lists(st.sampled_from(["kubernetes", "terraform", "pytorch", "spark"]), unique=True)},
        ),
        "pay": st.fixed_dictionaries(
            {
                "min": st.integers(1, 200_000),
                "max": st.integers(200_000, 400_000),
                "currency": st.sampled_from(["USD", "EUR"]),
                "period": st.sampled_from(["YEAR", "MONTH"]),
            }
        ),
    },
)


def text_of(plan: dict[str, Any]) -> str:
    return dump(CommentedMap(plan))


@given(plans)
def test_what_if_compares_with_the_market_of_the_pay_check(plan: dict[str, Any]) -> None:
    checked = check_text(text_of(plan), as_of=TODAY)
    measured = measure(checked.plan.plan, reading=checked.reading, as_of=TODAY)
    assert measured.market == market_says(checked.case)


@given(plans)
def test_the_calculator_opened_from_a_plan_shows_the_market_of_the_pay_check(plan: dict[str, Any]) -> None:
    checked = check_text(text_of(plan), as_of=TODAY)
    market = market_says(checked.case)
    query = calculator_query(checked)
    assert bool(query) == (market is not None and checked.plan.plan.role.family != "other")
    if not query:
        return
    form = question_form(QueryDict(query), today=TODAY)
    assert form.is_valid(), form.errors
    answer = answer_of(form)
    if isinstance(market, NotSupported):
        assert answer.refusal is not None
        assert answer.refusal.reason == market.reason
    else:
        assert answer.refusal is None
        assert figures(answer.estimate) == figures(market)


@given(st.sampled_from(page.ROLES), st.sampled_from(list(catalogue().levels)))
def test_a_role_page_shows_the_market_of_a_plan_that_says_role_and_level_alone(role: str, level: str) -> None:
    checked = check_text(text_of({"tenfold_plan": 1, "role": {"family": role, "level": level}}), as_of=TODAY)
    shown = next(at for at in page.role_page(role, as_of=TODAY).levels if at.level.id == level)
    assert shown.answer == market_says(checked.case)


def figures(market: PayEstimate | None) -> dict[str, Any]:
    """What is read off a page; years beside a level, and a region, are told in notes."""
    assert market is not None
    return {name: value for name, value in estimate_to_dict(market).items() if name != "notes"}


def test_the_pages_print_one_median_for_one_plan(company: Company, signed_in: Callable[[str], Client]) -> None:
    plan = company.plan(
        "tenfold_plan: 1\ncompany:\n  place: Denver, CO\nrole:\n  family: mlops\n  level: senior\n  workplace: hybrid\n"
        "  scope: 30/70\nrequirements:\n  must: [kubernetes, terraform, pytorch, mlflow]\n"
    )
    manager = signed_in("hiring-manager")
    panel = manager.get(reverse("plan", args=[plan.pk])).content.decode()
    link = re.search(r'href="(/pay/\?[^"]+)"', panel)
    assert link, "the pay check leads to the calculator"
    tried = manager.get(reverse("plan-what-if", args=[plan.pk])).content.decode()
    row = re.search(r"The market\s*<span.*?</tr>", tried, re.DOTALL)
    assert row
    checked = check_text(plan.latest().text, as_of=date.today())  # noqa: DTZ011 - as the pages ask
    market = market_says(checked.case)
    assert isinstance(market, PayEstimate)
    median = f"{market.p50 / 1000:.0f}k"
    calculator = manager.get(link[1].replace("&amp;", "&")).content.decode()
    assert f"posted at {median}" in calculator
    assert row[0].count(median) == 2
    assert f"median {median}" in panel
