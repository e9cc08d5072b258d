"""A trail that was cut or written anew, with all its seals in order, is found by what was noted outside."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection

from tenfold.apps.accounts.services import rename_organisation
from tenfold.core.models import ChainHead
from tenfold.core.services.heads import NOTING, missing_heads, note_head
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tests.company import NOW, Company

UNPROTECT = {
    "sqlite": ["DROP TRIGGER trail_no_delete"],
    "postgresql": ["SET CONSTRAINTS ALL IMMEDIATE", "DROP TRIGGER trail_no_change ON core_auditentry"],
}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    cache.clear()
    for name in NOTING:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TENFOLD_HEADS_FILE", str(tmp_path / "heads"))
    return tmp_path / "heads"


class Listener(BaseHTTPRequestHandler):
    """Keeps what is posted; answers 500 as often as it is told."""

    posted: ClassVar[list[dict[str, Any]]] = []
    failures = 0

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if Listener.failures:
            Listener.failures -= 1
            self.send_response(500)
        else:
            Listener.posted.append(said)
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Listener]]:
    Listener.posted, Listener.failures = [], 0
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("TENFOLD_HEADS_WEBHOOK", f"http://127.0.0.1:{server.server_port}/heads")
        yield Listener
        server.shutdown()


def test_a_head_is_noted_once_a_day_in_each_place(
    company: Company, file: Path, listener: type[Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENFOLD_HEADS_MAIL", "operator@x.example")
    assert note_head(NOW) == list(NOTING)
    assert note_head(NOW + timedelta(hours=3)) == []
    assert note_head(NOW + timedelta(days=1)) == list(NOTING)
    noted = file.read_text().splitlines()
    assert len(noted) == 2
    assert [one.body.strip() for one in mail.outbox] == noted
    assert [one["line"] for one in listener.posted] == noted
    assert missing_heads(file) == []


@pytest.mark.parametrize("place", ["TENFOLD_HEADS_MAIL", "TENFOLD_HEADS_WEBHOOK"])
def test_each_place_is_enough_by_itself(
    company: Company, listener: type[Listener], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if place.endswith("MAIL"):
        monkeypatch.delenv("TENFOLD_HEADS_WEBHOOK")
        monkeypatch.setenv(place, "operator@x.example")
    assert note_head(NOW) == [place]
    assert len(mail.outbox) + len(listener.posted) == 1


def test_what_failed_is_tried_again_and_holds_nothing_else_up(
    company: Company, file: Path, listener: type[Listener]
) -> None:
    listener.failures = 2
    assert note_head(NOW) == ["TENFOLD_HEADS_FILE"]
    assert note_head(NOW) == []
    assert note_head(NOW) == ["TENFOLD_HEADS_WEBHOOK"]
    assert len(file.read_text().splitlines()) == len(listener.posted) == 1


def test_a_listener_that_is_away_stops_no_worker(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_HEADS_WEBHOOK", "http://127.0.0.1:9/heads")
    assert note_head(NOW) == []


def test_what_a_webhook_was_told_finds_a_cut_tail(company: Company, listener: type[Listener], tmp_path: Path) -> None:
    note_head(NOW)
    kept = tmp_path / "kept-elsewhere"
    kept.write_text(listener.posted[0]["line"] + "\n")
    assert missing_heads(kept) == []
    kept.write_text(f"{NOW.date()} {listener.posted[0]['entry'] + 1} {'0' * 64}\n")
    assert missing_heads(kept) == [f"{NOW.date()} {listener.posted[0]['entry'] + 1}"]


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
    assert note_head(NOW) == []


def test_a_file_that_cannot_be_written_stops_no_worker(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_HEADS_FILE", "/nowhere/heads")
    assert note_head(NOW) == []


@pytest.mark.parametrize("said", ["x", "2026-01-01 a b", "1 2 3 4"])
def test_a_file_of_something_else_is_told(company: Company, tmp_path: Path, said: str) -> None:
    (tmp_path / "x").write_text(said)
    with pytest.raises(UserError, match="cannot be read"):
        missing_heads(tmp_path / "x")
