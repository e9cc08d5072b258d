"""What is encrypted opens only with its key, where it belongs, as it was written; keys come and go by their ids."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.core import encryption
from tenfold.core.encryption import (
    CannotDecrypt,
    add_key,
    blind_index,
    blind_indexes,
    decrypt,
    decrypt_text,
    encrypt,
    encrypt_text,
    key_id_of,
    key_ring,
    new_key,
)
from tenfold.kit.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own; keys are read anew before and after."""
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path))
    for name in ("TENFOLD_KEY", "TENFOLD_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    key_ring.cache_clear()
    yield tmp_path
    key_ring.cache_clear()


@given(st.text(), st.binary())
def test_everything_comes_back_and_never_looks_the_same_twice(text: str, value: bytes) -> None:
    assert decrypt_text(encrypt_text(text, place="a.b"), place="a.b") == text
    assert decrypt(encrypt(value, place="a.b"), place="a.b") == value
    assert encrypt_text(text, place="a.b") != encrypt_text(text, place="a.b")


@given(st.binary(min_size=1), st.data())
def test_no_bit_can_be_changed(value: bytes, data: st.DataObject) -> None:
    stored = bytearray(encrypt(value, place="a.b"))
    at = data.draw(st.integers(0, len(stored) * 8 - 1))
    stored[at // 8] ^= 1 << at % 8
    with pytest.raises(CannotDecrypt):
        decrypt(bytes(stored), place="a.b")


@pytest.mark.parametrize(
    "stored", ["", "ada@example.org", "AQ==", "é", base64.urlsafe_b64encode(b"\x01" * 40).decode()]
)
def test_what_was_never_encrypted_is_refused(stored: str) -> None:
    with pytest.raises(CannotDecrypt):
        decrypt_text(stored, place="a.b")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(CannotDecrypt, match="elsewhere"):
        decrypt_text(encrypt_text("120,000", place="a.pay"), place="a.nickname")


def test_the_key_file_is_its_owner_s_even_where_it_was_not(home: Path) -> None:
    encrypt_text("x", place="a.b")
    path = home / encryption.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    key_ring.cache_clear()
    key_ring()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_key_writes_and_the_old_one_still_reads(home: Path) -> None:
    before, index = encrypt_text("before", place="a.b"), blind_index("before", place="a.b")
    add_key()
    after = encrypt_text("after", place="a.b")
    assert key_id_of(base64.urlsafe_b64decode(before)) != key_id_of(base64.urlsafe_b64decode(after))
    assert decrypt_text(before, place="a.b") == "before"
    assert index in blind_indexes("before", place="a.b")
    assert index != blind_index("before", place="a.b")
    newest = (home / encryption.FILE).read_text().split()[-1]
    (home / encryption.FILE).write_text(newest + "\n")
    key_ring.cache_clear()
    assert decrypt_text(after, place="a.b") == "after"
    with pytest.raises(CannotDecrypt, match="is not here"):
        decrypt_text(before, place="a.b")


def test_keys_of_another_process_are_found_without_a_restart(home: Path) -> None:
    key_ring()
    held = (home / encryption.FILE).read_text()
    (home / encryption.FILE).write_text(held + new_key() + "\n")
    key_ring.cache_clear()
    stored = encrypt_text("x", place="a.b")
    newest = (home / encryption.FILE).read_text()
    (home / encryption.FILE).write_text(held)
    key_ring.cache_clear()
    key_ring()
    (home / encryption.FILE).write_text(newest)
    assert decrypt_text(stored, place="a.b") == "x"


def test_the_environment_comes_before_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_KEY", f"{new_key()},{new_key()}")
    assert len(key_ring().keys) == 2
    assert not (home / encryption.FILE).exists()
    with pytest.raises(UserError, match="TENFOLD_KEY"):
        add_key()


@pytest.mark.parametrize("wrong", ["abc", "x" * 44, base64.urlsafe_b64encode(b"short").decode()])
def test_a_key_that_is_none_is_told(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_KEY", wrong)
    with pytest.raises(UserError, match="32 bytes"):
        key_ring()


def test_indexes_of_two_places_do_not_join() -> None:
    assert blind_index("ada@example.org", place="a.b") == blind_index("ada@example.org", place="a.b")
    assert blind_index("ada@example.org", place="a.b") != blind_index("ada@example.org", place="self-identification.b")


def test_processes_that_start_together_agree_on_one_key(home: Path) -> None:
    code = "from tenfold.core.encryption import key_ring; print(key_ring().newest_id.hex())"
    started = [
        subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TENFOLD_HOME": str(home)}, stdout=-1)
        for _ in range(6)
    ]
    said = {process.communicate()[0] for process in started}
    assert len(said) == 1
    assert [path.name for path in home.iterdir()] == [encryption.FILE]
