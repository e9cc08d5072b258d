"""Pay in the web: the same answers as the command line, and the company's own pay from file to review."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from typer.testing import CliRunner

from tenfold.apps.pay.forms import uploads as reading
from tenfold.apps.pay.models import OwnPay, PayBand, PayUpload, UploadState
from tenfold.apps.pay.queries import mapping_from
from tenfold.apps.pay.services import start_import
from tenfold.core.models import AuditEntry
from tenfold.market.pay_review import bands
from tenfold.practices.pay.cli import app
from tests.company import NOW, Company
from tests.pay.lists import FAULTY, GOOD, imported_list, received_list
from tests.worker import do_waiting_work

ASKED = {"role": "mlops", "level": "senior", "place": "Denver, CO", "scope": "30", "low": "165k", "high": "195,000"}
Browser = Callable[[str], Client]


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page(client: Client, name: str, *args: object, **asked: str) -> str:
    response = client.get(reverse(name, args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


def sent(client: Client, name: str, text: str | bytes) -> str:
    """Where an upload leads."""
    content = text.encode() if isinstance(text, str) else text
    response = client.post(reverse("new-pay-upload"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def refused(client: Client, name: str, content: bytes) -> str:
    response = client.post(reverse("new-pay-upload"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert not PayUpload.objects.exists()
    return words_of(response.content.decode())


def test_the_calculator_says_what_the_command_says(signed_in: Browser) -> None:
    said = words_of(page(signed_in("interviewer"), "pay", **ASKED))
    asked = ["estimate", "--role", "mlops", "--level", "senior", "--place", "Denver, CO", "--scope", "30"]
    values = json.loads(CliRunner().invoke(app, [*asked, "--offer", "165k-195k", "--json"]).output)
    assert f"{values['p50']:,.0f}" in said
    assert f"{values['p10']:,.0f}" in said
    assert f"percentile {100 * values['offer']['percentile']:.0f}" in said
    assert f"n = {values['n']} ads" in said
    assert values["pooled_from"] in said
    assert all(note in said for note in values["notes"])


def test_with_scripts_only_what_moves_is_sent(signed_in: Browser) -> None:
    response = signed_in("recruiter").get(reverse("pay"), ASKED, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert html.count("<svg") == 2
    assert 'hx-swap-oob="true"' in html
    assert "style=" not in html


def test_a_refusal_says_what_would_make_it_answerable_and_the_nearest(signed_in: Browser) -> None:
    said = words_of(page(signed_in("recruiter"), "pay", role="ai-infrastructure", level="staff", place="Leeds, UK"))
    assert "Not enough data." in said
    assert "What would help: Import pay data of that country" in said
    assert "(a different job)" in said
    assert "GBP" in said
    assert "tenfold market" not in said


def test_a_place_that_is_none_is_said_at_its_field(signed_in: Browser) -> None:
    response = signed_in("recruiter").get(reverse("pay"), {"place": "Qwertyville"})
    assert response.status_code == 422
    assert "No place that we know is called “Qwertyville”" in response.content.decode()


@pytest.mark.parametrize("asked", [{"low": "much"}, {"low": "190k", "high": "150k"}, {"years": "-3"}, {"scope": "400"}])
def test_what_cannot_be_asked_is_told_and_nothing_breaks(asked: dict[str, str], signed_in: Browser) -> None:
    response = signed_in("recruiter").get(reverse("pay"), asked)
    assert response.status_code == 422
    assert "We cannot answer that yet" in response.content.decode()


def test_an_offer_to_start_from_lies_in_the_middle(signed_in: Browser) -> None:
    html = page(signed_in("recruiter"), "pay", do="place")
    low, high = (re.search(rf'name="{end}"[^>]*\svalue="([\d,]+)"', html) for end in ("low", "high"))
    assert low is not None
    assert high is not None
    assert 150_000 < int(low[1].replace(",", "")) < int(high[1].replace(",", "")) < 220_000


@pytest.mark.parametrize("role", ["mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops"])
def test_every_role_has_a_page_in_the_house(role: str, signed_in: Browser) -> None:
    html = page(signed_in("interviewer"), "pay-role", role)
    assert "style=" not in html
    assert "tenfold market" not in html
    assert "By level" in html
    assert "Sources" in html


def test_no_other_role_has_one(signed_in: Browser) -> None:
    assert signed_in("recruiter").get("/pay/roles/wizard/").status_code == 404


def test_two_offers_are_compared_part_by_part_and_equity_never_joins_base(signed_in: Browser) -> None:
    client = signed_in("recruiter")
    example = words_of(page(client, "pay-offers"))
    assert "Both offers are invented" in example
    posted = {
        "a-name": "Harbour", "a-base": "180k", "a-instrument": "none",
        "b-name": "Quay", "b-base": "160,000", "b-instrument": "iso", "b-units": "20000", "b-strike": "1.2",
    }  # fmt: skip
    for letter in "ab":
        posted |= {f"{letter}-exit-{number}-rounds": "0" for number in range(3)}
    response = client.post(reverse("pay-offers"), posted)
    said = words_of(response.content.decode())
    assert response.status_code == 200
    assert "720,000" in said
    assert "not valued: Equity of a private company is valued only under exits that you name" in said
    assert "cash over four years in 100 of 100 simulations" in said


def test_an_offer_that_contradicts_itself_is_told(signed_in: Browser) -> None:
    posted = {"a-name": "Harbour", "a-base": "ninety", "b-name": "Quay", "b-base": "160k"}
    response = signed_in("recruiter").post(reverse("pay-offers"), posted)
    assert response.status_code == 422
    assert "is not an amount; write 165000" in response.content.decode()


def test_a_list_comes_in_is_mended_imported_and_reviewed(company: Company, signed_in: Browser) -> None:
    client = signed_in("people-analyst")
    at = sent(client, "people.csv", FAULTY)
    columns = client.get(at).content.decode()
    assert "Employee name" in words_of(columns)
    assert "Rosa Lund" not in columns

    mapped = {"column:title": "Job title", "column:level": "Grade", "column:pay": "Base salary (USD)"}
    same = {"same:currency": "USD", "same:period": "year", "column:place": "Location"}
    assert client.post(at, {"do": "map", **mapped, **same}).status_code == 302
    rows = words_of(client.get(at).content.decode())
    assert "Line 7 Pay is not an amount" in rows
    assert "P3 3 rows" in rows or "P3 2 rows" in rows

    client.post(at, {"do": "mend", "level:P3": "senior"})
    rows = words_of(client.get(at).content.decode())
    assert "Line 8 Pay comes to 152 USD a year, which no full-time pay is" in rows
    assert client.post(at, {"do": "import"}).status_code == 302
    assert PayUpload.objects.get().state == UploadState.CHECKED  # with bad rows only on purpose

    upload = PayUpload.objects.get()
    pay_column = upload.columns.index("Base salary (USD)")
    mended = {f"cell:7:{pay_column}": "157,000", "line": ["7", "8"], "skip": ["8"]}
    client.post(at, {"do": "import", **mended})
    assert not OwnPay.objects.exists()
    do_waiting_work()
    upload.refresh_from_db()
    assert (upload.state, upload.kept, upload.dropped) == (UploadState.IMPORTED, 7, {"left out by hand": 1})
    assert "7 people are imported" in words_of(client.get(at).content.decode())

    review = words_of(page(client, "pay-own"))
    assert "of 7 people are paid below the market’s median" in review
    assert "Too few" not in review
    assert "No one is scored here" in review


def test_an_xlsx_list_is_read_as_a_csv_is(signed_in: Browser) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in GOOD.splitlines():
        book.active.append(line.split(";"))
    file = io.BytesIO()
    book.save(file)
    sent(signed_in("administrator"), "people.xlsx", file.getvalue())
    upload = PayUpload.objects.get()
    assert upload.columns == ["Job title", "Grade", "Base salary (USD)", "Location"]
    assert upload.rows[0] == [2, ["MLOps Engineer", "Senior", "181,000", "Denver, CO"]]


def test_files_that_are_no_lists_are_refused_and_nothing_is_kept(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("administrator")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("notes.txt", "x")
    assert "neither CSV nor XLSX" in refused(client, "people.exe", b"MZ")
    assert "not an XLSX workbook" in refused(client, "people.xlsx", other.getvalue())
    assert "not a whole XLSX" in refused(client, "people.xlsx", b"PK\x03\x04broken")
    assert "workbook with the name of a CSV" in refused(client, "people.csv", other.getvalue())
    assert "not a CSV file in UTF-8" in refused(client, "people.csv", b"title;pay\n\xff\xfe\x00;1\n")
    assert "nothing below it" in refused(client, "people.csv", b"Job title,Base salary\n")
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert "more than 3 rows" in refused(client, "people.csv", GOOD.encode())
    monkeypatch.setattr(reading, "MAX_BYTES", 20)
    assert "larger than" in refused(client, "people.csv", GOOD.encode())
    with_bomb = io.BytesIO()
    with zipfile.ZipFile(with_bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "x")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr(reading, "MAX_BYTES", 10_000_000)
    monkeypatch.setattr(reading, "MAX_UNPACKED_BYTES", 1_000_000)
    assert "unpacks to more" in refused(client, "people.xlsx", with_bomb.getvalue())


def test_fewer_than_five_people_are_never_shown(company: Company, signed_in: Browser) -> None:
    imported_list(company, people=4)
    said = words_of(page(signed_in("people-analyst"), "pay-own"))
    assert "Too few to show." in said
    assert not re.search(r"15\d,000", said)


def test_costs_are_told_in_round_figures_for_few_targets(company: Company, signed_in: Browser) -> None:
    imported_list(company)
    client = signed_in("people-analyst")
    assert "75th percentile of the market" in words_of(page(client, "pay-own", target="75"))
    assert "market’s median" in words_of(page(client, "pay-own", target="51"))  # not one of the few
    cost = re.search(r"costs ([\d,]+) USD", words_of(page(client, "pay-own", target="75")))
    assert cost is not None
    assert cost[1].endswith(",000")


def test_single_lines_are_for_whoever_brought_the_list(company: Company, signed_in: Browser) -> None:
    upload = imported_list(company)
    assert "Line 2 " in words_of(page(signed_in("administrator"), "pay-upload-rows", upload.pk))
    assert "line by line" not in page(signed_in("people-analyst"), "pay-own")


@pytest.mark.parametrize("name", ["pay-own", "pay-upload", "pay-upload-rows", "pay-bands"])
def test_whoever_looks_at_pay_stands_in_the_trail(name: str, company: Company, signed_in: Browser) -> None:
    upload = imported_list(company)
    page(signed_in("administrator"), name, *([upload.pk] if "upload" in name else []))
    seen = AuditEntry.objects.filter(kind="pay.seen", by=company.administrator.email)
    assert seen.count() == 1


def test_columns_that_the_form_does_not_ask_about_still_count() -> None:
    columns = ["Title", "Pay", "FTE", "Country"]
    said = {"title": "Title", "pay": "Pay", "fte": "FTE", "country": "Country"}
    upload = PayUpload(columns=columns, mapping={"columns": said, "same": {"full_time_hours": "38"}, "levels": {}})
    posted = {
        "column:title": "Title",
        "column:pay": "Pay",
        "column:country": "Country",
        "same:currency": "USD",
        "same:period": "year",
    }
    found = mapping_from(posted, upload)
    assert found["columns"] == said
    assert found["same"]["full_time_hours"] == "38"


def test_bands_are_proposed_from_the_market_and_set_by_hand(company: Company, signed_in: Browser) -> None:
    client = signed_in("hiring-manager")
    proposed = client.post(reverse("pay-bands"), {"role": "mlops", "do": "propose", "spread": "40"}).content.decode()
    senior = next(band for band in bands("mlops") if band.level == "senior")
    assert f'value="{senior.minimum:,.0f}"' in proposed
    assert not PayBand.objects.exists()
    given = {"role": "mlops", "do": "set", "low:senior": "120k", "high:senior": "150,000"}
    assert client.post(reverse("pay-bands"), given).status_code == 302
    assert [(band.level, band.low_year, band.high_year) for band in PayBand.objects.all()] == [
        ("senior", 120_000, 150_000)
    ]
    assert "The whole band lies below the market’s median." in page(client, "pay-bands", role="mlops")
    imported_list(company)
    assert "8 above" in words_of(page(client, "pay-own"))
    wrong = client.post(reverse("pay-bands"), {**given, "high:senior": ""})
    assert wrong.status_code == 422
    assert "Senior has one end only" in wrong.content.decode()
    assert PayBand.objects.count() == 1


def test_bands_of_two_currencies_stand_side_by_side_and_a_rate_is_stated(company: Company, signed_in: Browser) -> None:
    client = signed_in("hiring-manager")
    address = reverse("pay-bands")
    berlin = {"role": "mlops", "do": "set", "currency": "eur", "place": "Berlin", "valid_from": "2026-01-01"}
    ends = {"low:senior": "80.000", "high:senior": "104.000"}
    assert client.post(address, {**berlin, **ends}).status_code == 302
    in_dollars = {"role": "mlops", "do": "set", "low:senior": "150k", "high:senior": "190k"}
    assert client.post(address, in_dollars).status_code == 302
    assert set(PayBand.objects.values_list("currency", "place", "low_year")) == {
        ("EUR", "DE:berlin", 80_000),
        ("USD", "", 150_000),
    }
    dollars = page(client, "pay-bands", role="mlops")
    assert "80,000" not in dollars
    assert "EUR, Berlin, Germany" in words_of(dollars)
    euros = client.get(address, {"role": "mlops", "currency": "EUR", "place": "Berlin, Germany"}).content.decode()
    assert 'value="80,000"' in euros
    assert "150,000" not in euros
    proposal = client.post(address, {**berlin, "do": "propose", "currency": "PLN", "place": ""})
    assert proposal.status_code == 422
    assert "are in USD" in proposal.content.decode()
    for wrong in ({"place": "Portland"}, {"valid_from": "soon"}, {"currency": "E1"}):
        assert client.post(address, {**berlin, **ends, **wrong}).status_code == 422
    rate = {"do": "rate", "per_usd": "0,92", "rate_currency": "EUR", "rate_day": "2026-11-01"}
    assert client.post(address, rate).status_code == 302
    assert "1 USD = 0.92 EUR, 1 November 2026" in words_of(page(client, "pay-bands", role="mlops"))


def test_an_import_that_was_lost_opens_the_list_again(company: Company, signed_in: Browser) -> None:
    upload = received_list(company)
    start_import(upload=upload, by=company.administrator, now=NOW)  # and no work was queued
    said = words_of(page(signed_in("administrator"), "pay-upload", upload.pk))
    assert "The import failed" in said
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED


def test_the_pages_ask_the_database_as_often_for_thirty_lists_as_for_one(company: Company, signed_in: Browser) -> None:
    client = signed_in("administrator")
    imported_list(company, "0.csv", people=6)
    page(client, "pay-own")  # today's look is noted once

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, "pay-own", list=str(first.pk))
        return len(queries)

    first = PayUpload.objects.get()
    few = asked()
    for number in range(1, 30):
        imported_list(company, f"{number}.csv", people=2)
    for line in range(100, 130):
        OwnPay.objects.create(
            organisation=company.organisation,
            upload=first,
            line=line,
            role="devops",
            level="senior",
            pay_local_year=1e5,
            pay_usd_year=1e5,
        )
    assert asked() == few
