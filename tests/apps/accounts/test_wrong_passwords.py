"""Guessing ends, and whoever guesses shuts nobody out but themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.company import PASSWORD, Company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.LIMITS_ON = True


def _tries(email: str, password: str, *, at: str, times: int = 1) -> Client:
    """A browser at an address that sent a password so many times."""
    client = Client(REMOTE_ADDR=at)
    for _ in range(times):
        client.post("/sign-in/", {"login": email, "password": password})
    return client


def _is_in(client: Client) -> bool:
    return client.get("/plans/").status_code == 200


def test_after_five_wrong_passwords_the_right_one_is_not_taken_from_there(company: Company) -> None:
    email = company["recruiter"].email
    _tries(email, "wrong", at="203.0.113.1", times=4)
    assert _is_in(_tries(email, PASSWORD, at="203.0.113.1"))
    _tries(email.upper(), "wrong", at="203.0.113.1", times=1)
    shut = _tries(email, PASSWORD, at="203.0.113.1")
    assert not _is_in(shut)
    assert "Too many attempts" in shut.post("/sign-in/", {"login": email, "password": PASSWORD}).content.decode()


def test_whoever_guesses_does_not_shut_the_person_out(company: Company) -> None:
    email = company["recruiter"].email
    _tries(email, "wrong", at="203.0.113.1", times=8)
    assert _is_in(_tries(email, PASSWORD, at="198.51.100.7"))


def test_whoever_guesses_from_many_addresses_does_not_shut_out_the_person_s_own(company: Company) -> None:
    email = company["recruiter"].email
    assert _is_in(_tries(email, PASSWORD, at="198.51.100.7"))
    for number in range(1, 61):
        _tries(email, "wrong", at=f"203.0.113.{number}")
    assert not _is_in(_tries(email, PASSWORD, at="203.0.113.200"))
    assert _is_in(_tries(email, PASSWORD, at="198.51.100.7"))


def test_one_address_cannot_go_through_everybody_s_account(company: Company) -> None:
    for number in range(30):
        _tries(f"p{number}@x.example", "wrong", at="203.0.113.1")
    assert not _is_in(_tries(company["recruiter"].email, PASSWORD, at="203.0.113.1"))
    assert _is_in(_tries(company["recruiter"].email, PASSWORD, at="203.0.113.2"))


def test_right_passwords_are_not_counted(company: Company) -> None:
    email = company["recruiter"].email
    assert all(_is_in(_tries(email, PASSWORD, at="203.0.113.1")) for _ in range(12))
