"""A list of pay as a European HR team has it: titles above, columns of one name, own currencies, slips in many rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenfold.apps.pay.models import OwnPay, PayUpload
from tenfold.apps.pay.queries import check, dropped_of
from tenfold.apps.pay.services import commit_import, start_import
from tests.company import NOW, Company

Browser = Callable[[str], Client]
HEADER = "Personalnummer;Stelle;Grundgehalt;Währung;Land;Betrag;Betrag"


def sheet(*rows: str, above: tuple[str, ...] = (), header: str = HEADER) -> bytes:
    return "\r\n".join([*above, header, *rows]).encode("cp1252") + b"\r\n"


def row(pay: str, currency: str = "EUR", country: str = "Deutschland") -> str:
    return f"4711;Senior MLOps Engineer;{pay};{currency};{country};1;2"


def upload(client: Client, content: bytes, **also: str) -> PayUpload:
    sent = client.post(reverse("new-pay-upload"), {"file": SimpleUploadedFile("gehalt.csv", content), **also})
    assert sent.status_code == 302, sent.content.decode()[:2_000]
    held: PayUpload = PayUpload.objects.get()
    return held


def columns(client: Client, held: PayUpload) -> None:
    told = {f"column:{field}": column for field, column in held.mapping["columns"].items()}
    client.post(reverse("pay-upload", args=[held.pk]), {"do": "map", "same:period": "year", **told})
    held.refresh_from_db()


def test_titles_above_the_names_and_two_columns_of_one_name_are_read(company: Company, signed_in: Browser) -> None:
    client = signed_in("administrator")
    held = upload(client, sheet(row("85.000"), above=("Vergütungsübersicht 2026;;;", "Stand: 1. November 2026;;;")))
    assert "Grundgehalt" in held.columns
    assert held.rows[0][0] == 4, "lines are those of the file"
    assert "Personalnummer" in held.personal


def test_where_no_names_are_recognised_the_first_lines_are_shown_and_one_is_chosen(signed_in: Browser) -> None:
    client = signed_in("administrator")
    content = "\n".join(["x;y;z", "Titel;Lohn;Ort", "Senior MLOps Engineer;85.000;Berlin"] * 1).encode()
    odd = content.replace(b"Titel;Lohn;Ort", b"q1;q2;q3")
    file = {"file": SimpleUploadedFile("gehalt.csv", odd)}
    refused = client.post(reverse("new-pay-upload"), file)
    assert refused.status_code == 422
    assert "Which line holds the names of the columns?" in refused.content.decode()
    assert "Line 2" in refused.content.decode()
    held = upload(client, odd, names_in="2", also="q1, q2")
    assert held.columns == ["q1", "q2"]
    assert [line for line, _ in held.rows] == [3]


def test_pay_abroad_is_kept_in_its_own_currency_and_compared_with_its_own_market(
    company: Company, signed_in: Browser
) -> None:
    client = signed_in("administrator")
    held = upload(client, sheet(*[row(f"{80 + n}.000") for n in range(6)]))
    columns(client, held)
    import_whole(held, company)
    kept = OwnPay.objects.filter(upload=held).order_by("line")
    assert [(one.country, one.currency, one.pay_local_year) for one in kept][:2] == [
        ("DE", "EUR", 80_000.0),
        ("DE", "EUR", 81_000.0),
    ]
    shown = client.get(reverse("pay-own")).content.decode()
    assert "Traceback" not in shown


def test_a_currency_without_a_rate_waits_for_one_and_the_page_says_so(company: Company, signed_in: Browser) -> None:
    client = signed_in("administrator")
    held = upload(client, sheet(*[row(f"{300 + n}.000", "RON", "Romania") for n in range(3)]))
    columns(client, held)
    address = reverse("pay-upload", args=[held.pk])
    before = client.get(address).content.decode()
    assert "enter the exchange rate" in before
    assert 'aria-describedby="import-waits"' in before
    refused = client.post(address, {"do": "mend", "rate:RON": "nothing"}, follow=True)
    assert "is not an exchange rate" in refused.content.decode()
    client.post(address, {"do": "mend", "rate:RON": "4,55"})
    held.refresh_from_db()
    assert held.mapping["rates"] == {"RON": "4.55"}
    assert "rate:RON" not in client.get(address).content.decode()


def test_one_slip_in_many_rows_is_mended_once(company: Company, signed_in: Browser) -> None:
    client = signed_in("administrator")
    held = upload(client, sheet(*[row("n.n.") for _ in range(4)], *[row(f"{80 + n}.000") for n in range(6)]))
    columns(client, held)
    address = reverse("pay-upload", args=[held.pk])
    shown = client.get(address).content.decode()
    assert "4 rows" in shown
    place = held.columns.index("Grundgehalt")
    client.post(address, {"do": "mend", "alike:0:key": f"{place}:n.n.", "alike:0:to": "82.500"})
    held.refresh_from_db()
    assert [cells[place] for _, cells in held.rows][:5] == ["82.500"] * 4 + ["80.000"]
    assert not check(held, today=NOW.date()).problems


def test_rows_with_one_slip_are_left_out_together(company: Company, signed_in: Browser) -> None:
    client = signed_in("administrator")
    held = upload(client, sheet(*[row("n.n.") for _ in range(3)], *[row(f"{80 + n}.000") for n in range(6)]))
    columns(client, held)
    place = held.columns.index("Grundgehalt")
    sent = {"do": "mend", "alike:0:key": f"{place}:n.n.", "alike:0:skip": "on"}
    client.post(reverse("pay-upload", args=[held.pk]), sent)
    held.refresh_from_db()
    assert held.skipped == [2, 3, 4]


def import_whole(held: PayUpload, company: Company) -> None:
    start_import(upload=held, by=company.administrator, now=NOW)
    found = check(held, today=NOW.date())
    commit_import(
        upload=held,
        people=found.people,
        dropped=dropped_of(held, found),
        by=company.administrator,
        now=NOW + timedelta(minutes=1),
    )


DATED = "Stelle;Grundgehalt;Währung;Land;Stand"


def dated(*days: str) -> bytes:
    rows = (f"Senior MLOps Engineer;{80 + n}.000;EUR;Deutschland;{day}" for n, day in enumerate(days))
    return sheet(*rows, header=DATED)


@pytest.mark.parametrize("mark", ["/", "-"])
@pytest.mark.parametrize(("order", "day"), [("day-first", date(2026, 4, 3)), ("month-first", date(2026, 3, 4))])
def test_dates_that_can_be_read_two_ways_are_asked_about_once(
    company: Company, signed_in: Browser, mark: str, order: str, day: date
) -> None:
    client = signed_in("administrator")
    held = upload(client, dated(*[f"03{mark}04{mark}2026"] * 3))
    columns(client, held)
    address = reverse("pay-upload", args=[held.pk])
    asked = client.get(address).content.decode()
    assert "Day or month first?" in asked
    assert "3 April 2026" in asked
    assert "4 March 2026" in asked
    assert "say whether the day or the month comes first" in asked
    client.post(address, {"do": "mend", "date_order": order})
    held.refresh_from_db()
    found = check(held, today=NOW.date())
    assert (found.seen, found.problems) == ((day,) * 3, ())
    assert "Day or month first?" not in client.get(address).content.decode()
    columns(client, held)
    assert held.mapping["same"]["date_order"] == order, "another look at the columns keeps the answer"


@pytest.mark.parametrize("mark", ["/", "-"])
@pytest.mark.parametrize(
    ("telling", "day"), [("25{0}04{0}2026", date(2026, 4, 3)), ("04{0}25{0}2026", date(2026, 3, 4))]
)
def test_one_date_that_tells_the_order_answers_for_all(
    company: Company, signed_in: Browser, mark: str, telling: str, day: date
) -> None:
    client = signed_in("administrator")
    held = upload(client, dated(f"03{mark}04{mark}2026", telling.format(mark)))
    columns(client, held)
    assert "Day or month first?" not in client.get(reverse("pay-upload", args=[held.pk])).content.decode()
    assert check(held, today=NOW.date()).seen == (day, date(2026, 4, 25))
