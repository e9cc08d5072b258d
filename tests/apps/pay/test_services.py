from __future__ import annotations

import json
from datetime import date

import pytest

from tenfold.apps.pay.models import OwnPay, PayBand, PayUpload, UploadState
from tenfold.apps.pay.queries import company_bands
from tenfold.apps.pay.services import (
    BandScope,
    commit_import,
    create_upload,
    fail_import,
    remove,
    set_bands,
    start_import,
    state_rate,
    update_mapping,
)
from tenfold.core.models import AuditEntry
from tenfold.core.permissions import NotAllowed
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tenfold.market.company_bands import BandAnswer, BandQuestion, StatedRate, spot
from tenfold.market.pay_review import Person
from tests.company import NOW, Company
from tests.pay.lists import imported_list, listed, received_list

PEOPLE = [(line, Person(f"row {line}", "mlops", "senior", 160_000.0)) for line in range(2, 10)]


def test_only_who_sees_pay_brings_it_in_looks_at_it_and_erases_it(company: Company) -> None:
    with pytest.raises(NotAllowed):
        create_upload(organisation=company.organisation, listed=listed(), by=company["recruiter"], now=NOW)
    upload = imported_list(company)
    for act in (remove, start_import):
        with pytest.raises(NotAllowed):
            act(upload=upload, by=company["interviewer"], now=NOW)
    with pytest.raises(NotAllowed):
        set_bands(organisation=company.organisation, role="mlops", bands={}, by=company["recruiter"], now=NOW)
    for role in ("recruiter", "interviewer"):
        assert not PayUpload.objects.visible_to(company[role]).exists()
        assert not OwnPay.objects.visible_to(company[role]).exists()
    assert OwnPay.objects.visible_to(company["people-analyst"]).count() == 8


def test_another_company_finds_none_of_it(company: Company, other_company: Company) -> None:
    imported_list(company)
    set_bands(
        organisation=company.organisation, role="mlops", bands={"senior": (1.0, 2.0)}, by=company.administrator, now=NOW
    )
    stranger = other_company["administrator"]
    for kept in (PayUpload, OwnPay, PayBand):
        assert not kept.objects.visible_to(stranger).exists()


def test_a_list_is_kept_whole_and_its_rows_go(company: Company) -> None:
    upload = imported_list(company)
    assert (upload.state, upload.kept, upload.rows) == (UploadState.IMPORTED, 8, [])
    first = OwnPay.objects.get(line=2)
    assert (first.line, first.role, first.level, first.pay_usd_year) == (2, "mlops", "senior", 152_000)
    assert {"name", "title"}.isdisjoint(field.name for field in OwnPay._meta.get_fields())


def test_nothing_is_kept_where_one_person_cannot_be(company: Company) -> None:
    upload = received_list(company)
    start_import(upload=upload, by=company.administrator, now=NOW)
    broken = [*PEOPLE, (99, Person("row 99", "mlops", "senior", -1.0))]
    with pytest.raises(Exception, match=r"(?i)pay_is_above_nothing|constraint"):
        commit_import(upload=upload, people=broken, dropped={}, by=company.administrator, now=NOW)


def test_an_import_with_more_bad_rows_than_good_keeps_nothing(company: Company) -> None:
    upload = received_list(company)
    start_import(upload=upload, by=company.administrator, now=NOW)
    with pytest.raises(UserError, match="5 of 8 rows"):
        commit_import(upload=upload, people=PEOPLE[:3], dropped={"pay is empty": 5}, by=company.administrator, now=NOW)
    assert not OwnPay.objects.exists()
    fail_import(upload=upload, trouble="5 of 8 rows cannot be read.", now=NOW)
    upload.refresh_from_db()
    assert (upload.state, len(upload.rows)) == (UploadState.FAILED, 8)


def test_an_import_that_runs_twice_keeps_everybody_once(company: Company) -> None:
    upload = imported_list(company)
    commit_import(upload=upload, people=PEOPLE, dropped={}, by="worker", now=NOW)
    assert OwnPay.objects.count() == 8


def test_cells_are_mended_and_an_imported_list_is_closed(company: Company) -> None:
    upload = received_list(company)
    update_mapping(
        upload=upload, cells={3: {"Base salary": "199,000", "No such": "x"}}, by=company.administrator, now=NOW
    )
    assert upload.rows[1] == [3, ["MLOps Engineer", "senior", "199,000"]]
    assert upload.state == UploadState.CHECKED
    done = imported_list(company, "other.csv")
    with pytest.raises(UserError, match="already imported, or being imported"):
        update_mapping(upload=done, skipped=[2], by=company.administrator, now=NOW)


def test_the_same_file_is_not_counted_twice(company: Company) -> None:
    imported_list(company)
    with pytest.raises(UserError, match="imported already"):
        received_list(company)


def test_the_trail_tells_what_was_done_and_no_pay(company: Company) -> None:
    upload = imported_list(company)
    set_bands(
        organisation=company.organisation,
        role="mlops",
        bands={"senior": (163_211.0, 207_499.0)},
        by=company.administrator,
        now=NOW,
    )
    remove(upload=upload, by=company.administrator, now=NOW)
    entries = list(AuditEntry.objects.order_by("n"))
    said = [entry.kind for entry in entries if entry.kind.startswith("pay.")]
    assert said == [
        "pay.received",
        "pay.looked-over",
        "pay.import-started",
        "pay.imported",
        "pay.bands-set",
        "pay.removed",
    ]
    told = json.dumps([entry.data for entry in entries])
    assert not any(figure in told for figure in ("163211", "207499", "152000", "152,000"))
    assert not OwnPay.objects.exists()
    verify_trail()


def test_bands_replace_those_of_their_role_alone(company: Company) -> None:
    def put(role: str, **bands: tuple[float, float]) -> None:
        set_bands(organisation=company.organisation, role=role, bands=bands, by=company.administrator, now=NOW)

    put("mlops", mid=(120.0, 150.0), senior=(150.0, 200.0))
    put("devops", senior=(140.0, 180.0))
    put("mlops", senior=(160.0, 210.0))
    assert [(band.role, band.level, band.low_year) for band in PayBand.objects.order_by("role")] == [
        ("devops", "senior", 140),
        ("mlops", "senior", 160),
    ]
    with pytest.raises(UserError, match="backwards"):
        put("mlops", senior=(210.0, 160.0))


def test_bands_of_another_currency_place_or_day_stay(company: Company) -> None:
    def put(low: float, currency: str, place: str, start: date) -> None:
        scope = BandScope(currency, spot(place).code, start)
        ends = {"senior": (low, 2 * low)}
        set_bands(
            organisation=company.organisation, role="mlops", bands=ends, by=company.administrator, now=NOW, scope=scope
        )

    this_year, next_year = date(2026, 1, 1), date(2027, 1, 1)
    put(150e3, "USD", "US", this_year)
    put(80e3, "EUR", "Berlin", this_year)
    put(90e3, "EUR", "Berlin", next_year)
    put(84e3, "EUR", "Berlin", this_year)  # mended: the later band still ends it

    def low_on(currency: str, place: str, day: date) -> float | None:
        asked = BandQuestion("mlops", "senior", currency, spot(place), day)
        found = company_bands(company.organisation.pk).find(asked)
        return found.low if isinstance(found, BandAnswer) else None

    assert low_on("EUR", "Berlin", date(2026, 12, 31)) == 84e3
    assert low_on("EUR", "Berlin", next_year) == 90e3
    assert low_on("USD", "Denver, CO", next_year) == 150e3
    assert low_on("EUR", "Denver, CO", next_year) is None
    set_bands(
        organisation=company.organisation,
        role="mlops",
        bands={},
        by=company.administrator,
        now=NOW,
        scope=BandScope("EUR", spot("Berlin").code, date(2027, 6, 1)),
    )
    assert (low_on("EUR", "Berlin", date(2027, 5, 31)), low_on("EUR", "Berlin", date(2027, 6, 1))) == (90e3, None)


def test_a_rate_is_stated_by_who_sees_pay_and_a_later_one_replaces_it(company: Company) -> None:
    def state(rate: StatedRate, by: str = "administrator") -> None:
        state_rate(organisation=company.organisation, rate=rate, by=company[by], now=NOW)

    with pytest.raises(NotAllowed):
        state(StatedRate("EUR", 0.9, NOW.date()), by="recruiter")
    for wrong in (
        StatedRate("USD", 1, NOW.date()),
        StatedRate("EURO", 1, NOW.date()),
        StatedRate("EUR", 0, NOW.date()),
    ):
        with pytest.raises(UserError):
            state(wrong)
    state(StatedRate("eur", 0.9, date(2026, 1, 1)))
    state(StatedRate("EUR", 0.92, date(2026, 11, 1)))
    held = company_bands(company.organisation.pk)
    assert held.rates == {"EUR": StatedRate("EUR", 0.92, date(2026, 11, 1))}
