"""A trail that was cut or written anew, with all its seals in order, is found by what was noted outside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection

from tenfold.apps.accounts.services import rename_organisation
from tenfold.core.models import ChainHead
from tenfold.core.services.heads import missing_heads, note_head
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tests.company import NOW, Company

UNPROTECT = {
    "sqlite": ["DROP TRIGGER trail_no_delete"],
    "postgresql": ["SET CONSTRAINTS ALL IMMEDIATE", "DROP TRIGGER trail_no_change ON core_auditentry"],
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TENFOLD_HEADS_FILE", str(tmp_path / "heads"))
    monkeypatch.setenv("TENFOLD_HEADS_MAIL", "operator@x.example")
    return tmp_path / "heads"


def test_a_head_is_noted_once_a_day_in_the_file_and_by_mail(company: Company, file: Path) -> None:
    first = note_head(NOW)
    assert note_head(NOW + timedelta(hours=3)) is None
    second = note_head(NOW + timedelta(days=1))
    assert file.read_text().splitlines() == [first, second]
    assert [one.body.strip() for one in mail.outbox] == [first, second]
    assert missing_heads(file) == []


def test_a_cut_tail_with_a_head_that_fits_is_found(company: Company, file: Path) -> None:
    rename_organisation(organisation=company.organisation, name="Other", by=company.administrator, now=NOW)
    note_head(NOW)
    with connection.cursor() as cursor:  # somebody with the database's password, who knows how it is built
        for statement in UNPROTECT[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("DELETE FROM core_auditentry WHERE n = (SELECT max(n) FROM core_auditentry)")
        cursor.execute("SELECT n, seal FROM core_auditentry ORDER BY n DESC LIMIT 1")
        n, seal = cursor.fetchone()
    ChainHead.objects.filter(pk=1).update(n=n, seal=seal)
    verify_trail()  # finds nothing: seals and head fit one another
    assert missing_heads(file) == [f"{NOW.date()} {n + 1}"]


def test_without_a_file_nothing_is_noted(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TENFOLD_HEADS_FILE", raising=False)
    assert note_head(NOW) is None


def test_a_file_that_cannot_be_written_stops_no_worker(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_HEADS_FILE", "/nowhere/heads")
    assert note_head(NOW) is None


@pytest.mark.parametrize("said", ["x", "2026-01-01 a b", "1 2 3 4"])
def test_a_file_of_something_else_is_told(company: Company, tmp_path: Path, said: str) -> None:
    (tmp_path / "x").write_text(said)
    with pytest.raises(UserError, match="cannot be read"):
        missing_heads(tmp_path / "x")
