"""Lines of docs/asvs.md that no other test holds: cookies, forms of other sites, headers, passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.urls import reverse

from tenfold.apps.accounts.services import new_user
from tenfold.apps.plans.models import Comment
from tenfold.core.models import User
from tenfold.web import settings as own_settings
from tests.company import PASSWORD, Company

ODD_PASSWORDS = ("ü 🚢 quiet harbour", "x" * 10 + "y" * 54, "only lower case words here", "  leading and trailing  ")


def test_cookies_are_not_for_scripts_nor_other_sites(company: Company) -> None:
    client = Client()
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": company.administrator.email, "password": PASSWORD})
    assert {"session", "csrf"} <= set(client.cookies)
    for name in ("session", "csrf"):
        assert (client.cookies[name]["httponly"], client.cookies[name]["samesite"]) == (True, "Lax")


def _posted_from_elsewhere(client: Client, address: str, token: str) -> int:
    """Even with the right token in the form."""
    form = {"text": "x", "csrfmiddlewaretoken": token}
    return client.post(address, form, HTTP_ORIGIN="https://elsewhere.example").status_code


def test_a_form_that_another_site_sends_changes_nothing(company: Company) -> None:
    client, plan = Client(enforce_csrf_checks=True), company.plan()
    client.force_login(company.administrator)
    address = reverse("plan-comments", args=[plan.pk])
    client.get(reverse("plans"))
    for more in ({}, {"csrfmiddlewaretoken": "t" * 32}):
        assert client.post(address, {"text": "Approve it", **more}).status_code == 403
    token = client.cookies["csrf"].value
    assert _posted_from_elsewhere(client, address, token) == 403
    assert not Comment.objects.exists()
    assert client.post(address, {"text": "Approve it", "csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\elsewhere"]
)
def test_nobody_is_sent_on_to_another_site(to: str, company: Company) -> None:
    form = {"login": company.administrator.email, "password": PASSWORD, "next": to}
    answer = Client().post(f"{reverse('account_login')}?next={to}", form)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_pages_say_their_character_set_and_send_no_referrer_elsewhere(signed_in: Callable[[str], Client]) -> None:
    for address in ("/plans/", "/sign-in/", "/nowhere/"):
        page = signed_in("administrator").get(address)
        assert "charset=utf-8" in page.get("Content-Type", "charset=utf-8")
        assert page["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_no_other_site_may_read_an_answer(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("administrator")
    for address in ("/plans/", "/api/v1/plans", "/api/v1/openapi.json", "/healthz"):
        answer = client.get(address, HTTP_ORIGIN="https://elsewhere.example")
        assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []


@pytest.mark.parametrize("password", ODD_PASSWORDS)
def test_a_password_may_be_long_odd_and_without_rules_and_is_never_cut(password: str, db: None) -> None:
    user = new_user(name="Kim", email="kim@x.example", password=password)
    assert User.objects.get(pk=user.pk).check_password(password)
    for other in (password[:-1], password + "x", password.strip() + "!", password.upper()):
        assert not user.check_password(other)


def test_passwords_are_kept_as_salted_slow_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = own_settings.PASSWORD_HASHERS
    one, other = make_password(PASSWORD), make_password(PASSWORD)
    assert one != other
    assert identify_hasher(one).algorithm == "scrypt"
    assert len(identify_hasher(one).decode(one)["salt"]) * 5 > 64  # letters and digits: over five bits each
