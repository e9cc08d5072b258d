"""A plan's range beside the company's own bands: on the plan's page and by the API for who sees pay, nobody else."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.test import Client
from django.urls import reverse

from tenfold.apps.pay.models import PayBand
from tenfold.apps.pay.services import BandScope, set_bands
from tenfold.audit.check_text import check_text
from tenfold.core.own_bands import own_bands_of
from tenfold.core.scopes import Scope
from tenfold.practices.pay.band_file import read_bands
from tests.company import GOOD_PLAN, NOW, Company
from tests.web.api_client import program_of

BANDS = {"senior": (150_000.0, 195_000.0)}


def set_band(company: Company, scope: BandScope = BandScope(), bands: dict[str, tuple[float, float]] = BANDS) -> None:  # noqa: B008 - a value
    set_bands(
        organisation=company.organisation, role="mlops", bands=bands, by=company.administrator, now=NOW, scope=scope
    )


def page_of(company: Company, role: str, name: str, *arguments: object) -> str:
    client = Client()
    client.force_login(company[role])
    return client.get(reverse(name, args=arguments)).content.decode()


def test_who_sees_pay_reads_how_the_range_lies_to_the_band(company: Company) -> None:
    set_band(company)
    plan = company.plan()
    for name in ("plan", "plan-report"):
        assert "ends above it by 11,000 USD" in page_of(company, "administrator", name, plan.pk)
        assert "your band" not in page_of(company, "recruiter", name, plan.pk).casefold()  # does not see pay


def test_a_range_within_the_band_has_no_note_and_no_verdict_turns(company: Company) -> None:
    set_band(company, bands={"senior": (150_000.0, 215_000.0)})
    bands = own_bands_of(company.organisation.pk)
    with_bands, without = (check_text(GOOD_PLAN, as_of=NOW.date(), bands=one) for one in (bands, None))
    assert with_bands.states == without.states
    told = [finding for section in with_bands.report.sections for finding in section.notes]
    assert not any("band" in one.finding.what for one in told)


def test_another_currency_is_said_and_not_compared(company: Company) -> None:
    set_band(company, BandScope("EUR", "", NOW.date()))
    page = page_of(company, "administrator", "plan-report", company.plan().pk)
    assert "no exchange rate to USD is stated" in page
    assert "ends above it" not in page


def test_the_file_and_the_api_hold_every_band(company: Company, tmp_path: Path) -> None:
    set_band(company)
    set_band(company, BandScope("EUR", "DE", NOW.date()), {"senior": (80_000.0, 105_000.0)})
    client = Client()
    client.force_login(company.administrator)
    text = client.get(reverse("pay-bands"), {"as": "csv"}).content.decode()
    file = tmp_path / "bands.csv"
    file.write_text(text)
    read = {(one.level, one.low, one.high, one.currency, one.place, one.valid_from) for one in read_bands(file)}
    kept = PayBand.objects.values_list("level", "low_year", "high_year", "currency", "place", "valid_from")
    assert read == set(kept)  # the command line reads what the page gives
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["currency"], row["place"], row["low"]) for row in rows] == [
        ("EUR", "Germany", "80000.0"),
        ("USD", "", "150000.0"),
    ]
    told = program_of(company, "administrator").get("/pay/bands")["bands"]
    assert [(one["currency"], one["place_name"], one["low_year"]) for one in told] == [
        ("EUR", "Germany", 80_000.0),
        ("USD", "anywhere", 150_000.0),
    ]


def test_who_sees_no_pay_gets_no_band(company: Company) -> None:
    set_band(company)
    client = Client()
    client.force_login(company["recruiter"])
    assert client.get(reverse("pay-bands"), {"as": "csv"}).status_code == 403
    assert program_of(company, "administrator", [Scope.PLANS_READ]).ask("GET", "/pay/bands").status_code == 403
