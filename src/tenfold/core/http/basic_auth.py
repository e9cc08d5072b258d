"""Names and passwords that a program sends in its `Authorization` header."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest


def basic_credentials(request: HttpRequest) -> tuple[str, str]:
    """User and password of Basic authentication (RFC 7617); both empty where there is none that can be read."""
    kind, _, held = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(held, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
