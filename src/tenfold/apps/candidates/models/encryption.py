"""What people say of themselves is sealed under a key of its own: it opens nothing else, and nothing else opens it.

Everything else that says who a person is stands in the encrypted fields of `core.encryption`; equal values are found by
`blind`, a hash under the oldest key that is held, so that it stays the same when keys are added.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tenfold.core.encryption import CannotDecrypt, blind_indexes
from tenfold.core.home import kept_secret

NONCE_BYTES = 12


def blind(value: str, *, kind: str) -> str:
    """A keyed hash by which equal values of one kind are found and nothing is read."""
    return blind_indexes(value, place=f"candidates.{kind}")[0]


def seal_answers(answers: bytes, *, subject: str) -> bytes:
    """Answers of one self-identification, bound to its row."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key("answers")).encrypt(nonce, answers, subject.encode())


def open_answers(sealed: bytes, *, subject: str) -> bytes:
    """Raises CannotDecrypt where the key is another, or the answers are another row's."""
    try:
        return AESGCM(_key("answers")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], subject.encode())
    except InvalidTag:
        raise CannotDecrypt(
            "Answers of self-identification cannot be read.", remedy="Put self_identification_key back into the home."
        ) from None


def subject_of(application_id: object) -> str:
    """The keyed hash under which an application's self-identification is kept."""
    return hmac.new(_key("subject"), str(application_id).encode(), hashlib.sha256).hexdigest()


@cache
def _key(purpose: str) -> bytes:
    secret = kept_secret("TENFOLD_SELF_IDENTIFICATION_KEY", "self_identification_key")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"tenfold {purpose}".encode()).derive(secret.encode())
