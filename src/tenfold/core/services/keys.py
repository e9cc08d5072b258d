"""Everything that is encrypted, written anew under the newest key: an older one then opens no column any longer.

It may be stopped and started again at any time: what is done is under the newest key already. Each value is compared
when it is written, so that what somebody saves meanwhile stays.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from tenfold.core.encryption import (
    CannotDecrypt,
    EncryptedBinaryField,
    EncryptedJSONField,
    EncryptedTextField,
    decrypt,
    encrypt,
    key_id_of,
    key_ring,
)

BATCH = 200
Change = Callable[[], int]
_OTHERS: dict[str, Change] = {}


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was written anew, and what could not be opened: its columns with how many values."""

    values: int
    unopened: dict[str, int]


def register_reencryption(name: str, change: Change) -> None:
    """Adds what an app encrypts outside the fields of `core.encryption`; the function says how many it wrote anew.

    Raises:
        ValueError: the name is taken.
    """
    if _OTHERS.get(name, change) is not change:
        raise ValueError(f"the re-encryption {name} is registered twice")
    _OTHERS[name] = change


def rotate(*, tell: Callable[[str, int], None] = lambda _place, _count: None) -> Rotation:
    """Writes every encrypted value anew that an older key sealed; `tell` hears of each column that had any."""
    key_ring.cache_clear()
    values, unopened = 0, {}
    for field in encrypted_fields():
        changed, failed = _rotate_column(field)
        values += changed
        if changed:
            tell(field.place, changed)
        if failed:
            unopened[field.place] = failed
    for name, change in _OTHERS.items():
        changed = change()
        values += changed
        if changed:
            tell(name, changed)
    return Rotation(values, unopened)


def encrypted_fields() -> Iterator[Any]:
    """Every encrypted column of every app."""
    kinds = (EncryptedTextField, EncryptedJSONField, EncryptedBinaryField)
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, kinds))  # noqa: SLF001 - Django's documented interface


def reseal(stored: bytes, *, place: str) -> bytes | None:
    """The same value under the newest key, looked at before it is handed out; None where it is under that already.

    Raises:
        CannotDecrypt: its key is not held, or it was changed.
    """
    if key_id_of(stored) == key_ring().newest_id:
        return None
    value = decrypt(stored, place=place)
    sealed = encrypt(value, place=place)
    if decrypt(sealed, place=place) != value:  # never seen; what is lost here is lost for good
        raise CannotDecrypt("A value does not open after it was sealed anew.", remedy="Restore a backup; call us.")
    return sealed


def _rotate_column(field: Any) -> tuple[int, int]:
    table, column = field.model._meta.db_table, field.column  # noqa: SLF001 - as above
    key = field.model._meta.pk.column  # noqa: SLF001 - as above
    quoted = [connection.ops.quote_name(name) for name in (table, column, key)]
    written = "UPDATE {0} SET {1} = %s WHERE {2} = %s AND {1} = %s".format(*quoted)  # noqa: S608 - our own columns
    changed = failed = 0
    last: Any = None
    while rows := _batch(quoted, last):
        last = rows[-1][0]
        with transaction.atomic(), connection.cursor() as cursor:
            for pk, stored in rows:
                try:
                    sealed = _reseal_value(field, stored)
                except CannotDecrypt:
                    failed += 1
                    continue
                if sealed is not None:
                    cursor.execute(written, [sealed, pk, stored])
                    changed += cursor.rowcount
    return changed, failed


def _batch(quoted: list[str], last: Any) -> list[tuple[Any, Any]]:
    table, column, key = quoted
    after = "" if last is None else f"AND {key} > %s"
    asked = f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL {after} ORDER BY {key} LIMIT {BATCH}"  # noqa: S608 - names of our own columns
    with connection.cursor() as cursor:
        cursor.execute(asked, [] if last is None else [last])
        return list(cursor.fetchall())


def _reseal_value(field: models.Field[Any, Any], stored: Any) -> Any:
    if isinstance(field, EncryptedBinaryField):
        return reseal(bytes(stored), place=field.place)
    return reseal_text(stored, place=field.place)  # type: ignore[attr-defined]  # encrypted fields know their place


def reseal_text(stored: str, *, place: str) -> str | None:
    """The same of text, as `encrypt_text` writes it."""
    try:
        sealed = reseal(base64.urlsafe_b64decode(stored), place=place)
    except ValueError:
        raise CannotDecrypt("A value that should be encrypted is not.", remedy="Restore it from a backup.") from None
    return None if sealed is None else base64.urlsafe_b64encode(sealed).decode()
