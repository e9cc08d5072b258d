"""After a rotation the newest key alone opens every column, whatever was saved meanwhile and wherever it stopped."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from tenfold.apps.accounts.services.second_factors import SECRETS
from tenfold.apps.candidates.models import Application, ApplicationMove, Candidate
from tenfold.core import encryption
from tenfold.core.encryption import add_key, decrypt_text, encrypt_text, key_id_of, key_ring
from tenfold.core.services import keys
from tenfold.core.services.keys import encrypted_fields, rotate
from tests.company import Company
from tests.factories.candidates import applications_to, role_of


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path))
    for name in ("TENFOLD_KEY", "TENFOLD_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    key_ring.cache_clear()
    yield tmp_path
    key_ring.cache_clear()


@pytest.fixture
def people(company: Company) -> list[str]:
    """Names of applicants, as they are read."""
    applications_to(role_of(company), 7)
    return _names()


def _names() -> list[str]:
    return sorted(Candidate.objects.values_list("name", flat=True))


def _keys_in_use() -> set[bytes]:
    """Ids of the keys under which anything is stored, by the database itself."""
    used = set()
    for field in encrypted_fields():
        table, column = (connection.ops.quote_name(name) for name in (field.model._meta.db_table, field.column))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608 - our own columns
            used |= {key_id_of(_bytes(value)) for (value,) in cursor.fetchall()}
    return used


def _bytes(value: Any) -> bytes:
    return base64.urlsafe_b64decode(value) if isinstance(value, str) else bytes(value)


def _keep_only_the_newest_key(home: Path) -> None:
    file = home / encryption.FILE
    file.write_text(file.read_text().splitlines()[-1] + "\n")
    key_ring.cache_clear()


def test_the_newest_key_alone_opens_everything_afterwards(people: list[str], home: Path) -> None:
    letters = sorted(Application.objects.values_list("letter", flat=True))
    moves = ApplicationMove.objects.count()
    add_key()
    assert len(_keys_in_use()) == 1
    done = rotate()
    assert done.values > 7
    assert done.unopened == {}
    assert _keys_in_use() == {key_ring().newest_id}
    _keep_only_the_newest_key(home)
    assert _names() == people
    assert sorted(Application.objects.values_list("letter", flat=True)) == letters
    assert ApplicationMove.objects.count() == moves
    assert rotate().values == 0


def test_stopped_at_any_place_it_goes_on(people: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    add_key()
    whole, calls = keys.reseal, 0

    def fails_at_the_fifth(stored: bytes, *, place: str) -> bytes | None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt
        return whole(stored, place=place)

    monkeypatch.setattr(keys, "reseal", fails_at_the_fifth)
    monkeypatch.setattr(keys, "BATCH", 2)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    assert _names() == people
    rotate()
    assert _keys_in_use() == {key_ring().newest_id}
    assert _names() == people


def test_what_somebody_saves_meanwhile_stays(people: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    add_key()
    whole = keys.reseal
    one = Candidate.objects.order_by("pk").first()
    assert one is not None

    def saved_between(stored: bytes, *, place: str) -> bytes | None:
        if place.endswith("candidate.name"):
            Candidate.objects.filter(pk=one.pk).update(name="Renamed Meanwhile")
        return whole(stored, place=place)

    monkeypatch.setattr(keys, "reseal", saved_between)
    rotate()
    one.refresh_from_db()
    assert one.name == "Renamed Meanwhile"


def test_what_no_key_opens_is_told_and_left(people: list[str], home: Path) -> None:
    (home / encryption.FILE).unlink()
    key_ring.cache_clear()
    done = rotate()
    assert done.values == 0
    assert done.unopened["candidates.candidate.name"] == 7


def test_second_factors_are_among_them(company: Company, home: Path) -> None:
    sealed = {"secret": encrypt_text("JBSWY3DPEHPK3PXP", place=SECRETS)}
    held = Authenticator.objects.create(user=company.administrator, type="totp", data=sealed)
    codes = {"seed": encrypt_text("abc", place=SECRETS), "used_mask": 3}
    other = Authenticator.objects.create(user=company.administrator, type="recovery_codes", data=codes)
    add_key()
    rotate()
    _keep_only_the_newest_key(home)
    held.refresh_from_db()
    other.refresh_from_db()
    assert decrypt_text(held.data["secret"], place=SECRETS) == "JBSWY3DPEHPK3PXP"
    assert (decrypt_text(other.data["seed"], place=SECRETS), other.data["used_mask"]) == ("abc", 3)


def test_every_encrypted_column_of_the_code_is_found() -> None:
    source = Path(keys.__file__).parents[2] / "apps"
    written = sum(
        path.read_text("utf-8").count(f"= {kind}(")
        for path in source.rglob("*.py")
        for kind in ("EncryptedTextField", "EncryptedJSONField", "EncryptedBinaryField")
        if "migrations" not in path.parts
    )
    assert len(list(encrypted_fields())) == written > 20
    assert os.environ["TENFOLD_HOME"]
