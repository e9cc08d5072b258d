"""Fields encrypted at rest (AES-256-GCM), under keys that no backup of the database holds.

Keys come from `TENFOLD_KEY` (or the file that `TENFOLD_KEY_FILE` names), else from `encryption_keys` in the home, which
is made once, readable by its owner only. One key a line (or between commas), the newest last: it writes, all read. Each
value names its key, so that a new key can be added at any time and an old one removed once nothing is written under it.

A value is bound to the place it was written for (its table and column): moved to another it no longer opens.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import models

from tenfold.core.home import home, make_home, secret
from tenfold.kit.errors import Place, UserError

KEY_BYTES, KEY_ID_BYTES, NONCE_BYTES = 32, 6, 12
FORMAT = b"\x01"
"""First byte of what is stored; the key's id, the nonce and the sealed value follow."""
if TYPE_CHECKING:  # Django's classes take their types only from its stubs
    Text: TypeAlias = models.TextField[str, str]
    Values: TypeAlias = models.TextField[Any, Any]
    Binary: TypeAlias = models.BinaryField[Any, Any]
    Short: TypeAlias = models.CharField[str, str]
else:
    Text = Values = models.TextField
    Binary, Short = models.BinaryField, models.CharField
FILE = "encryption_keys"
NAME = "TENFOLD_KEY"


class CannotDecrypt(UserError):
    """The key of a value is not held, or the value was changed or moved."""


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Keys by their id (a fingerprint of the key), oldest first."""

    keys: Mapping[bytes, bytes]

    @property
    def newest_id(self) -> bytes:
        return list(self.keys)[-1]


def encrypt(value: bytes, *, place: str) -> bytes:
    """Seals a value for one place, such as `candidates.person.email`, under the newest key."""
    ring, nonce = key_ring(), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_derive(ring.keys[ring.newest_id], "encrypt")).encrypt(nonce, value, place.encode())
    return FORMAT + ring.newest_id + nonce + sealed


def decrypt(stored: bytes, *, place: str) -> bytes:
    """Opens what `encrypt` sealed for the same place.

    Raises:
        CannotDecrypt: its key is not held, or it was changed, or sealed for another place.
    """
    key_id, rest = key_id_of(stored), stored[len(FORMAT) + KEY_ID_BYTES :]
    key = _held_key(key_id)
    try:
        return AESGCM(_derive(key, "encrypt")).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode())
    except InvalidTag:
        raise CannotDecrypt(
            "An encrypted value was changed, or belongs elsewhere.", remedy="Restore it from a backup."
        ) from None


def encrypt_text(text: str, *, place: str) -> str:
    return base64.urlsafe_b64encode(encrypt(text.encode(), place=place)).decode()


def decrypt_text(stored: str, *, place: str) -> str:
    """Raises CannotDecrypt as `decrypt` does."""
    try:
        return decrypt(base64.urlsafe_b64decode(stored), place=place).decode()
    except ValueError:  # not base64, or not ASCII
        raise CannotDecrypt("A value that should be encrypted is not.", remedy="Restore it from a backup.") from None


def blind_index(value: str, *, place: str) -> str:
    """A keyed hash by which equal values are found without being stored in the clear; write it beside the value.

    The caller normalises (case, blanks). Rows are looked up by `blind_indexes`, since older rows have older keys.
    """
    return blind_indexes(value, place=place)[-1]


def blind_indexes(value: str, *, place: str) -> list[str]:
    """The index under each key that is held: `filter(email_index__in=blind_indexes(…))`."""
    said = f"{place}\x00{value}".encode()
    return [hmac.new(_derive(key, "index"), said, hashlib.sha256).hexdigest() for key in key_ring().keys.values()]


def key_id_of(stored: bytes) -> bytes:
    """Which key a value was sealed under.

    Raises:
        CannotDecrypt: it is no sealed value.
    """
    if not stored.startswith(FORMAT) or len(stored) < len(FORMAT) + KEY_ID_BYTES + NONCE_BYTES:
        raise CannotDecrypt("A value that should be encrypted is not.", remedy="Restore it from a backup.")
    return stored[len(FORMAT) : len(FORMAT) + KEY_ID_BYTES]


@cache
def key_ring() -> KeyRing:
    """The keys, read once a process; `key_ring.cache_clear()` reads them anew.

    Raises:
        UserError: a key is not 32 bytes of base64, or the file cannot be read.
    """
    given, path = secret(NAME), home() / FILE
    text = given or _kept_or_new(path)
    keys = [_key(line) for line in text.replace(",", "\n").split()]
    if not keys:
        raise UserError("There is no encryption key.", remedy=f"Check {NAME}.", place=Place(file=str(path)))
    return KeyRing({hashlib.sha256(key).digest()[:KEY_ID_BYTES]: key for key in keys})


def new_key() -> str:
    """A key as `TENFOLD_KEY` and the file take it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def add_key() -> Path:
    """Adds a key to the file in the home; from the next start of each process on it writes.

    Raises:
        UserError: the keys are given by the environment.
    """
    if secret(NAME):
        raise UserError(f"The keys come from {NAME}.", remedy="Add a new key at the end of its list there.")
    key_ring()
    path = home() / FILE
    with path.open("a", encoding="ascii") as file:
        file.write(new_key() + "\n")
    key_ring.cache_clear()
    return path


def _held_key(key_id: bytes) -> bytes:
    if key_id not in key_ring().keys:
        key_ring.cache_clear()  # another process may have added one
    try:
        return key_ring().keys[key_id]
    except KeyError:
        raise CannotDecrypt(
            f"The key {key_id.hex()} is not here: what was written under it cannot be read.",
            remedy=f"Put it back into {FILE} in TENFOLD_HOME, or into {NAME}; a backup of the database holds no keys.",
        ) from None


@cache
def _derive(key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, so that an index tells nothing of what is encrypted."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"tenfold {purpose}".encode()).derive(key)


def _key(line: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(line)
    except ValueError:  # not base64, or not ASCII
        key = b""
    if len(key) != KEY_BYTES:
        raise UserError(
            "An encryption key is not 32 bytes of base64.", remedy=f"Check {NAME}, or {FILE} in TENFOLD_HOME."
        )
    return key


def _kept_or_new(path: Path) -> str:
    try:
        path.chmod(0o600)
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    except OSError as error:
        raise UserError(f"The keys cannot be read: {error.strerror}.", place=Place(file=str(path))) from None
    make_home()
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(new_key() + "\n")
    try:
        os.link(part, path)  # whole or not at all; the first process wins
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_text(encoding="ascii")


class _Encrypted:
    """A column whose values are sealed for `app.model.field`; it can be asked for nothing but whether it is there."""

    model: Any
    name: str

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"  # noqa: SLF001 - Django's documented interface

    def get_lookup(self, lookup_name: str) -> Any:
        """No comparison would find anything, since equal values are sealed differently each time."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None  # type: ignore[misc]


class EncryptedTextField(_Encrypted, Text):
    """Text, encrypted at rest."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt_text(str(value), place=self.place)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return None if value is None else decrypt_text(value, place=self.place)


class EncryptedJSONField(_Encrypted, Values):
    """Plain values, as JSON, encrypted at rest."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt_text(json.dumps(value, ensure_ascii=False), place=self.place)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else json.loads(decrypt_text(value, place=self.place))

    def to_python(self, value: Any) -> Any:
        return value


class EncryptedBinaryField(_Encrypted, Binary):
    """A file, encrypted at rest."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(bytes(value), place=self.place)

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else decrypt(bytes(value), place=self.place)


def _as_is(value: str) -> str:
    return value


class BlindIndexField(Short):
    """The blind index of another field of the same row, written whenever the row is saved (`update` does not).

    Args:
        of: the field. normalise: a function of a module, as `str.casefold` is, applied before hashing.
    """

    def __init__(self, *args: Any, of: str = "", normalise: Callable[[str], str] = _as_is, **options: Any) -> None:
        self.of, self.normalise = of, normalise
        options.update({"max_length": 64, "editable": False, "db_index": True})
        super().__init__(*args, **options)

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"  # noqa: SLF001 - Django's documented interface

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002 - Django's signature
        value = getattr(model_instance, self.of) or ""
        index = blind_index(self.normalise(value), place=self.place) if value else ""
        setattr(model_instance, self.attname, index)
        return index

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for fixed in ("max_length", "editable", "db_index"):
            del options[fixed]
        return name, path, args, {**options, "of": self.of}

    def values_for(self, value: str) -> list[str]:
        """What rows with this value may hold: `filter(email_index__in=field.values_for(given))`."""
        return blind_indexes(self.normalise(value), place=self.place) if value else []
