"""What was stored of an erased person, ciphertext included, is in none of the database's own files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from tenfold.apps.candidates.services.actors import CANDIDATE
from tenfold.apps.candidates.services.privacy import erase
from tenfold.core.encryption import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from tests.apps.candidates.test_privacy import LATER, busy_application, interviewed_and_offered
from tests.company import found

ENCRYPTED = (EncryptedBinaryField, EncryptedJSONField, EncryptedTextField)
LONGEST = 1_500
"""Longer values may be stored in pieces, or compressed."""
NEEDLE = 40


def stored() -> set[bytes]:
    """The ends of all encrypted values, as they lie in the database: no two values end alike."""
    return set(_stored())


def _stored() -> Iterator[bytes]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ENCRYPTED):
                with connection.cursor() as cursor:
                    cursor.execute(f'SELECT "{field.column}" FROM "{model._meta.db_table}"')  # noqa: S608 - our own names
                    for (value,) in cursor.fetchall():
                        held = value.encode() if isinstance(value, str) else bytes(value or b"")
                        if NEEDLE < len(held) < LONGEST:
                            yield held[-NEEDLE:]


def files() -> list[Path]:
    """Of this database alone. PostgreSQL's log of changes is rotated by who runs it: docs/people-operator.md."""
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        return [path for path in name.parent.glob(f"{name.name}*") if not path.name.endswith("-shm")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
        folder, oid = cursor.fetchone()
    return [path for path in (Path(folder) / "base" / str(oid)).iterdir() if path.is_file()]


def write_out(*, vacuum: bool = False) -> None:
    """All that is committed is in the files; `vacuum`: and nothing that was deleted, as the operator's guide has it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        if vacuum:
            cursor.execute("VACUUM (FULL)")
        cursor.execute("CHECKPOINT")


def found_in_files(needles: set[bytes]) -> set[bytes]:
    content = b"\0".join(path.read_bytes() for path in files())
    return {needle for needle in needles if needle in content}


def leaves_no_byte() -> int:
    """Erases somebody with traces everywhere; how many stored values went, none of which is found afterwards."""
    company = found("Harbour Parcel")
    one = busy_application(company)
    interviewed_and_offered(company, one)
    before = stored()
    write_out()
    assert found_in_files(before) == before, "the test looks where values lie"
    erase(candidate=one.candidate, actor=CANDIDATE, now=LATER)
    gone = before - stored()
    write_out(vacuum=True)
    left = found_in_files(gone)
    assert left == set(), f"{len(left)} of {len(gone)} values that were erased are still in the files"
    return len(gone)


@pytest.mark.django_db(transaction=True)
def test_after_erasure_no_stored_byte_of_the_person_is_left_on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("of PostgreSQL")
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("runs alone (`bin/check --nightly`): an open transaction elsewhere keeps deleted rows in the files")
    assert leaves_no_byte() >= 20


def test_after_erasure_no_stored_byte_of_the_person_is_left_in_sqlites_file(tmp_path: Path) -> None:
    """In a home of its own, with the settings that the server runs with."""
    from tests.web.test_hiring_journey import in_django

    script = (
        "from django.core.management import call_command\n"
        "from tests.apps.candidates import test_erased_bytes as test\n"
        "call_command('migrate', verbosity=0)\n"
        "print('GONE', test.leaves_no_byte())"
    )
    assert int(in_django(tmp_path, script).rpartition("GONE ")[2]) >= 20
