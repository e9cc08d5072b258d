"""E-mail addresses, telephone numbers and profile addresses in the one form by which they are compared."""

from __future__ import annotations

import re
from inspect import unwrap
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from tenfold.apps.candidates.models.encryption import blind

_ADDRESS = re.compile(r"^[^@\s,;<>\"()\[\]]+@[^@\s,;<>\"()\[\]]+\.[^@\s,;<>\"()\[\]]+$")


def is_email(text: str) -> bool:
    return len(text) <= 254 and _ADDRESS.match(text) is not None


def plain_email(address: str) -> str:
    """The address as it is compared: without case. What stands before the @ is left as it is otherwise."""
    return address.strip().casefold()


def email_index(address: str) -> str:
    return blind(plain_email(address), kind="email")


def e164(number: str, *, country: str | None = None) -> str:
    """`+4930123456`; "" where it is no possible number, or says no country and none is given."""
    try:
        parsed = phonenumbers.parse(number, country)
    except NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if phonenumbers.is_possible_number(parsed) else ""


def phone_index(number: str, *, country: str | None = None) -> str:
    plain = e164(number, country=country)
    return blind(plain, kind="phone") if plain else ""


def _parts_of_address(url: str) -> SplitResult:
    """As `urlsplit`, which remembers the last addresses it saw: those here are a person's, and are to be erased."""
    split: SplitResult = unwrap(urlsplit)(url)
    return split


def plain_link(url: str) -> str:
    """Host and path without scheme, `www.`, query and slash at the end: two spellings of one profile are one."""
    at = _parts_of_address(url.strip() if "://" in url else f"https://{url.strip()}")
    host = (at.hostname or "").removeprefix("www.")
    return f"{host}{at.path.rstrip('/')}".casefold()


def link_index(url: str) -> str:
    return blind(plain_link(url), kind="link")


def is_link(url: str) -> bool:
    """An address of the web, and nothing that runs when it is opened."""
    if len(url) > 500 or any(character.isspace() for character in url):
        return False
    try:
        at = _parts_of_address(url)
    except ValueError:
        return False
    return at.scheme in ("http", "https") and bool(at.hostname) and "." in (at.hostname or "")


def external_index(value: str) -> str:
    return blind(value, kind="external") if value else ""
