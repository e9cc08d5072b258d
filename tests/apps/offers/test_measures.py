"""Figures of offers say n and interval, or that there is not enough data; no small count is left to be reckoned."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from tenfold.apps.candidates.models import Application, OpenRole
from tenfold.apps.candidates.services.moves import hire
from tenfold.apps.offers.models import AnswerKind, DeclineReason
from tenfold.apps.offers.queries.measures import Measure, _reasons, measure
from tenfold.apps.offers.services.answering import answer_offer
from tenfold.stats.proportions import wilson
from tenfold.stats.publication import LEAST
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.offers import OPEN, decided, offer_to, sent


def answered(company: Company, role: OpenRole, n: int, kind: str) -> None:
    application = application_to(role, n)
    decided(company, application)
    sent(company, offer_to(company, application))
    if kind != "open":
        reason = "pay" if kind == "declined" else ""
        answer_offer(application=application, number=1, kind=AnswerKind(kind), name="Ana", reason=reason, now=OPEN)


def test_few_offers_are_not_enough_data_and_many_have_an_interval(company: Company) -> None:
    role = role_of(company)
    for n, kind in enumerate(("accepted", "declined", "declined", "declined", "open")):
        answered(company, role, n, kind)
    few = measure([role], now=OPEN)
    assert few.acceptance == Measure(None, None, None, 4, 1)
    assert (few.n_declined, few.days_to_fill.value) == (None, None)
    late = NOW + timedelta(days=60)  # what nobody answered has run out
    found = measure([role], now=late)
    low, high = wilson(1, 5)
    assert found.acceptance == Measure(0.2, low, high, 5, 1)


def test_withdrawn_offers_and_drafts_count_for_nothing(company: Company) -> None:
    role = role_of(company)
    application = application_to(role)
    decided(company, application)
    offer_to(company, application)
    assert measure([role], now=NOW + timedelta(days=90)).acceptance.n == 0


def test_days_to_fill_are_a_median_with_interval_and_open_roles_count(company: Company) -> None:
    roles = []
    for n in range(9):
        role = role_of(company)
        OpenRole.objects.filter(pk=role.pk).update(opened_at=NOW)
        application = application_to(role)
        if n < 6:
            hire(application=application, by=company.administrator, now=NOW)
            Application.objects.filter(pk=application.pk).update(closed_at=NOW + timedelta(days=10 * (n + 1)))
        roles.append(OpenRole.objects.get(pk=role.pk))
    found = measure(roles, now=NOW + timedelta(days=200)).days_to_fill
    assert (found.n, found.n_events) == (9, 6)
    assert found.value == pytest.approx(50)  # of nine the fifth, where only those filled would say 35
    assert found.low is not None
    assert found.low < 50
    assert measure(roles[4:], now=NOW + timedelta(days=200)).days_to_fill.value is None


@pytest.mark.parametrize("seed", range(200))
def test_no_small_count_is_shown_or_left_to_be_reckoned(seed: int) -> None:
    """Every count that is told is of five or more, and together they are all: nothing is left to be worked out."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    values = chance.sample(DeclineReason.values, chance.randint(1, 6))
    counts = Counter({value: chance.randint(1, 12) for value in values})
    told = _reasons(counts)
    assert sum(one.n for one in told) == counts.total()
    assert all(one.n >= LEAST for one in told) or len(told) == 1
