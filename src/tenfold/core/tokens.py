"""Secrets in links: what is handed out is never kept, only its hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Plain SHA-256 is enough for a secret that nobody could guess."""
    return hashlib.sha256(token.encode()).hexdigest()
