"""`tenfold offers` on the database: one offer, the list without names and pay, measures. All people are invented."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tenfold.cli.app import leave
from tenfold.core.models import AuditEntry
from tests.company import Company
from tests.factories.candidates import application_to, role_of
from tests.factories.offers import TERMS, decided, offer_to


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert leave(["offers", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_an_offer_is_shown_by_its_id_or_its_applications_and_the_sight_of_pay_is_recorded(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    application = application_to(role_of(company))
    decided(company, application)
    offer = offer_to(company, application)
    before = AuditEntry.objects.count()
    told = answered(capsys, "show", str(offer.pk))
    assert told["versions"][0]["terms"]["base_year"] == TERMS.base_year
    assert answered(capsys, "show", str(application.pk)) == told
    assert AuditEntry.objects.count() == before + 1, "once a day for one and the same"
    assert leave(["offers", "show", str(offer.pk)]) == 0
    assert f"{TERMS.base_year:,.0f} {TERMS.currency} a year" in capsys.readouterr().out


def test_the_list_holds_neither_names_nor_pay(
    company: Company, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    role = role_of(company)
    people = [application_to(role, n) for n in range(3)]
    for one in people:
        decided(company, one)
        offer_to(company, one)
    out = tmp_path / "offers.csv"
    assert leave(["offers", "export", "--role", str(role.pk), "--out", str(out)]) == 0
    assert "3 offers written" in capsys.readouterr().out
    text = out.read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["application"] for row in rows} == {str(one.pk) for one in people}
    assert not any(str(one.candidate) in text for one in people)
    assert f"{TERMS.base_year:.0f}" not in text
    assert answered(capsys, "export", "--role", str(role.pk)) == [
        {**row, "version": int(row["version"])} for row in rows
    ]


def test_few_offers_are_not_enough_data_and_what_is_not_there_is_said(
    company: Company, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert leave(["offers", "measures"]) == 0
    assert capsys.readouterr().out.count("not enough data") == 3
    for words in (("show", str(uuid4())), ("show", "nonsense"), ("measures", "--role", str(uuid4()))):
        assert leave(["offers", *words]) == 2
        told = capsys.readouterr()
        assert not told.out
        assert "Try:" in told.err
    assert leave(["offers", "export", "--out", str(tmp_path / "absent" / "x.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
