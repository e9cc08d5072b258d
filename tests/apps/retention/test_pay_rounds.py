"""A round keeps to its budget, is approved by a second person, and shows single people to whoever holds the list."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.pay.models import OwnPay
from tenfold.apps.pay.services import BandScope, set_bands
from tenfold.apps.retention import services as service
from tenfold.apps.retention.models import PayRound, RoundState
from tenfold.apps.retention.queries import answer_round
from tenfold.core.permissions import NotAllowed
from tenfold.kit.errors import UserError
from tests.company import NOW, Company
from tests.pay.lists import imported_list


@pytest.fixture
def started(company: Company) -> PayRound:
    bands = {"senior": (145_000.0, 165_000.0)}
    set_bands(organisation=company.organisation, role="mlops", bands=bands, by=company.administrator, now=NOW)
    return service.start_round(
        upload=imported_list(company),
        name="2027",
        budget_percent=3.5,
        effective=date(2027, 1, 1),
        by=company.administrator,
        now=NOW,
    )


def test_raises_stay_within_the_budget_and_the_band(started: PayRound) -> None:
    (answer,) = answer_round(started, is_exact=True)
    cycle = answer.cycle
    assert cycle is not None
    assert 0.99 * cycle.budget < cycle.cost <= cycle.budget + 0.01
    assert all(each.new_pay <= 165_000.01 for each in cycle.raises)


def test_whoever_started_it_does_not_approve_it(company: Company, started: PayRound) -> None:
    for role in ("administrator", "people-analyst", "recruiter"):
        with pytest.raises(NotAllowed):
            service.approve_round(found=started, by=company[role], now=NOW)
    service.approve_round(found=started, by=company["hiring-manager"], now=NOW)
    started.refresh_from_db()
    assert (started.state, started.approved_by) == (RoundState.APPROVED, company["hiring-manager"])
    with pytest.raises(UserError):
        service.rate_lines(found=started, ratings={"2": 3}, by=company.administrator)


def test_letters_come_after_approval_and_only_for_the_holder_of_the_list(company: Company, started: PayRound) -> None:
    client = Client()
    client.force_login(company.administrator)
    address = reverse("pay-round-letters", args=[started.pk])
    assert client.get(address).status_code == 302
    service.approve_round(found=started, by=company["hiring-manager"], now=NOW)
    assert client.get(address).content.decode().count("From 1 January 2027") == 8
    other = Client()
    other.force_login(company["hiring-manager"])
    assert other.get(address).status_code == 404


def test_a_round_of_few_shows_no_totals(company: Company) -> None:
    bands = {"senior": (145_000.0, 165_000.0)}
    set_bands(organisation=company.organisation, role="mlops", bands=bands, by=company.administrator, now=NOW)
    upload = imported_list(company, "few.csv", people=4)
    found = service.start_round(
        upload=upload, name="Few", budget_percent=3.0, effective=date(2027, 1, 1), by=company.administrator, now=NOW
    )
    client = Client()
    client.force_login(company["hiring-manager"])
    assert "Too few to show" in client.get(reverse("pay-round", args=[found.pk])).content.decode()


def test_exact_totals_are_for_the_holder_of_the_list_alone(company: Company, started: PayRound) -> None:
    """Others get the pay of blocks: all eight people have one and the same."""
    for role, pays, says_about in (("administrator", 8, False), ("hiring-manager", 1, True)):
        client = Client()
        client.force_login(company[role])
        page = client.get(reverse("pay-round", args=[started.pk]))
        assert len({person.pay for person in page.context["parts"][0]["answer"].people}) == pays
        assert ("Raises of about" in page.content.decode()) == says_about


def test_a_round_in_two_currencies_has_two_budgets_and_no_total_of_both(company: Company) -> None:
    """Half of the list is paid in EUR in Germany; each half is weighed against the band of its own currency."""
    bands = {"senior": (145_000.0, 165_000.0)}
    for scope in (BandScope("USD", "US"), BandScope("EUR", "DE")):
        set_bands(
            organisation=company.organisation, role="mlops", bands=bands, by=company.administrator, now=NOW, scope=scope
        )
    upload = imported_list(company, people=12)
    OwnPay.objects.filter(upload=upload, line__lt=8).update(currency="EUR", country="DE", pay_usd_year=1.0)
    found = service.start_round(
        upload=upload, name="Two", budget_percent=3.0, effective=date(2027, 1, 1), by=company.administrator, now=NOW
    )
    euros, dollars = answer_round(found, is_exact=True)
    assert (euros.currency, dollars.currency) == ("EUR", "USD")
    assert euros.cycle is not None
    assert dollars.cycle is not None
    assert euros.cycle.budget == pytest.approx(0.03 * sum(150_000 + 1_000 * line for line in range(2, 8)))
    assert dollars.cycle.budget == pytest.approx(0.03 * sum(150_000 + 1_000 * line for line in range(8, 14)))
    client = Client()
    client.force_login(company["hiring-manager"])
    page = client.get(reverse("pay-round", args=[found.pk])).content.decode()
    assert "Paid in EUR" in page
    assert "Paid in USD" in page
    set_bands(
        organisation=company.organisation,
        role="mlops",
        bands={},
        by=company.administrator,
        now=NOW,
        scope=BandScope("EUR", "DE"),
    )
    without, _ = answer_round(found, is_exact=True)
    assert (without.cycle, without.without_band) == (None, 6)
    assert "No band in EUR for Germany" in without.reasons[0][0]
