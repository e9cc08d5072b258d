"""Personal fields, encrypted at rest with a key that the database does not hold.

AES-256-GCM with a fresh nonce each time a value is written; the name of the column is authenticated, so that a value
cannot be moved to another column. Look-ups by e-mail, telephone or address go by a keyed hash (a blind index).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import models

from tenfold.core.home import kept_secret
from tenfold.kit.errors import UserError

NONCE, KEY_ID = 12, 4
VERSION = b"\x01"


class KeyIsMissing(UserError):
    """A value was encrypted with a key that is not here."""

    def __init__(self) -> None:
        super().__init__(
            "Personal data cannot be read: it was encrypted with another key.",
            remedy="Put the file personal_key (or TENFOLD_PERSONAL_KEY) back that belongs to this database.",
        )


class Keyring:
    """Keys from one secret: the first line encrypts, older lines still decrypt. Blind indexes use the last line.

    The index must stay the same while keys are changed, so it hangs on the oldest key.
    """

    def __init__(self, name: str, file: str) -> None:
        secrets = kept_secret(name, file).split()
        derived = [_derive(secret, b"tenfold fields") for secret in secrets]
        self._keys = {hashlib.sha256(key).digest()[:KEY_ID]: AESGCM(key) for key in derived}
        self._current = hashlib.sha256(derived[0]).digest()[:KEY_ID]
        self._index = _derive(secrets[-1], b"tenfold blind index")

    def encrypt(self, content: bytes, *, place: str) -> bytes:
        nonce = os.urandom(NONCE)
        sealed = self._keys[self._current].encrypt(nonce, content, place.encode())
        return VERSION + self._current + nonce + sealed

    def decrypt(self, sealed: bytes, *, place: str) -> bytes:
        """Raises KeyIsMissing where the key is another, or the value was changed or moved."""
        start = len(VERSION) + KEY_ID
        key = self._keys.get(sealed[len(VERSION) : start])
        if key is None:
            raise KeyIsMissing
        try:
            return key.decrypt(sealed[start : start + NONCE], sealed[start + NONCE :], place.encode())
        except InvalidTag:
            raise KeyIsMissing from None

    def blind(self, value: str, *, kind: str) -> str:
        """A keyed hash by which equal values are found and nothing is read."""
        return hmac.new(self._index, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


@cache
def personal() -> Keyring:
    """For everything that hiring teams read of a person."""
    return Keyring("TENFOLD_PERSONAL_KEY", "personal_key")


@cache
def self_identification() -> Keyring:
    """For what people say of themselves voluntarily: a key of its own, so that neither opens the other."""
    return Keyring("TENFOLD_SELF_IDENTIFICATION_KEY", "self_identification_key")


RINGS = {"personal": personal, "self-identification": self_identification}


class _Encrypted(models.Field):  # type: ignore[type-arg]  # its two children say what they hold
    """A column of ciphertext. Nothing can be searched in it; an empty value is stored as nothing."""

    def __init__(self, *args: Any, ring: str = "personal", **kwargs: Any) -> None:
        self.ring = ring
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "ring": self.ring}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: it cannot be searched")
        return super().get_lookup(lookup_name)

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        content = self.to_bytes(value) if value is not None else b""
        sealed = RINGS[self.ring]().encrypt(content, place=self.place) if content else b""
        return connection.Database.Binary(sealed)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        sealed = bytes(value) if value is not None else b""
        return self.to_value(RINGS[self.ring]().decrypt(sealed, place=self.place) if sealed else b"")

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def to_value(self, content: bytes) -> Any:
        raise NotImplementedError


class EncryptedTextField(_Encrypted):
    """Text; `""` is the empty value."""

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def to_value(self, content: bytes) -> str:
        return content.decode()


class EncryptedFileField(_Encrypted):
    """Bytes of a file."""

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def to_value(self, content: bytes) -> bytes:
        return content
