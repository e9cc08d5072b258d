"""Signing in as people do it: a passkey, codes of an app, a provider. In a real browser, against the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from oidc_provider_mock import User as Subject

from tests.apps.accounts.oidc_provider import provider_on_loopback
from tests.company import PASSWORD
from tests.web.test_journeys import PERSON, Visit, browser, pytestmark, serving  # noqa: F401 - a fixture and marks

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TENFOLD_SIGN_IN_NETWORKS", "127.0.0.0/8")
    with serving(tmp_path, person=PERSON) as running:
        yield running.address


def _visit(browser: Any, address: str) -> Visit:  # noqa: F811 - the fixture
    """A browser of its own, which reaches this machine alone: the provider's page asks for a style sheet elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.route(re.compile(r"^https?://(?!localhost|127\.0\.0\.1)"), lambda route: route.abort())
    return Visit(context.new_page(), address)


def _sign_in(page: Any, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("#id_login", PERSON)
    page.fill("#id_password", PASSWORD)
    page.click("button.first:has-text('Sign in')")


def _confirm_password(page: Any) -> None:
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Continue')")


def test_a_passkey_signs_in_by_itself_and_is_removed(address: str, browser: Any) -> None:  # noqa: F811
    visit = _visit(browser, address)
    page = visit.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    _sign_in(page, address)
    page.wait_for_url("**/plans/")
    visit.to("/account/").look("account-empty")
    page.click("text=Add a passkey")
    visit.look("confirm-password")
    _confirm_password(page)
    page.wait_for_url("**/account/second-factor/passkey/")
    visit.look("passkey-add")
    page.fill("#id_name", "Ada’s laptop")
    page.click("button:has-text('Create the passkey')")
    page.wait_for_url("**/account/second-factor/recovery/")
    visit.look("recovery-codes")
    held = device.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert len(held) == 1
    assert held[0]["isResidentCredential"]

    visit.to("/account/").look("account-passkey")
    page.click("summary")
    page.click("button:has-text('Sign out')")
    page.wait_for_load_state()
    visit.to("/sign-in/").look("sign-in-passkey")
    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_url("**/plans/")

    page.context.clear_cookies()
    _sign_in(page, address)
    page.wait_for_url("**/sign-in/second-factor/")
    page.click("button:has-text('Use your passkey instead')")
    page.wait_for_url("**/plans/")

    _nobody_unverified(visit, device, key)
    _is_removed(visit)
    assert visit.wrong == []


def _nobody_unverified(visit: Visit, device: Any, key: str) -> None:
    """A passkey that does not ask who holds it does not sign in."""
    page = visit.page
    device.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.context.clear_cookies()
    visit.to("/sign-in/")
    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_selector("[data-passkey-error]:not([hidden])")
    assert "/sign-in/" in page.url
    device.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_url("**/plans/")


def _is_removed(visit: Visit) -> None:
    page = visit.page
    visit.to("/account/")
    page.click("a:has-text('Remove Ada’s laptop')")
    page.wait_for_url("**/sign-in/again/**")
    page.click("a:has-text('Use your passkey')")
    visit.look("passkey-again")
    page.click("button:has-text('Use your passkey')")
    page.wait_for_url("**/remove/")
    visit.look("passkey-remove")
    page.click("button:has-text('Remove')")
    page.wait_for_url("**/account/passkeys/")
    assert "None yet" in page.inner_text("main")
    visit.to("/sign-out/")
    page.context.clear_cookies()
    visit.to("/sign-in/")
    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_load_state("networkidle")
    assert "/sign-in/" in page.url


def test_codes_of_an_app_and_a_demand(address: str, browser: Any) -> None:  # noqa: F811
    visit = _visit(browser, address)
    page = visit.page
    _sign_in(page, address)
    page.wait_for_url("**/plans/")
    visit.to("/organisation/sign-in/").look("sign-in-policy")
    page.select_option("#id_second_factor", "sensitive")
    page.click("button:has-text('Save the requirements')")
    page.wait_for_url("**/sign-in/more/**")
    visit.look("second-factor-demanded")
    page.click("text=Use an authenticator app")
    _confirm_password(page)
    page.wait_for_selector("img.qr")
    visit.look("codes-set-up")
    app = pyotp.TOTP(page.inner_text("p.small code"))
    page.fill("#id_code", "000000")
    page.click("button:has-text('Use these codes')")
    page.wait_for_selector("text=This code is wrong.")
    page.fill("#id_code", app.now())
    page.click("button:has-text('Use these codes')")
    page.wait_for_url("**/recovery/")
    recovery = re.findall(r"\d{8}", page.input_value("#recovery-codes"))
    visit.to("/plans/")
    assert page.url.endswith("/plans/")
    visit.to("/account/").look("account-codes")

    page.context.clear_cookies()
    _sign_in(page, address)
    page.wait_for_url("**/sign-in/second-factor/")
    visit.look("second-factor-asked")
    page.fill("#id_code", recovery[0])
    page.click("button:has-text('Sign in')")
    page.wait_for_url("**/plans/")
    assert visit.wrong == []


def test_somebody_signs_in_by_the_organisation_s_provider(address: str, browser: Any) -> None:  # noqa: F811
    kim = Subject(sub="kim", claims={"email": "kim@northwind.example", "email_verified": True, "name": "Kim Novak"})
    ada = Subject(sub="ada", claims={"email": PERSON, "email_verified": True, "name": "Ada"})
    with provider_on_loopback(kim, ada) as provider:
        boss = _visit(browser, address)
        page = boss.page
        _sign_in(page, address)
        page.wait_for_url("**/plans/")
        boss.to("/organisation/sign-in/")
        page.fill("#id_name", "Northwind ID")
        page.fill("#id_issuer", "http://127.0.0.1:9")
        page.fill("#id_client_id", "tenfold")
        page.click("button:has-text('Add the provider')")
        page.wait_for_selector("text=did not answer")
        boss.wrong.clear()  # the answer 422, which the browser notes
        page.fill("#id_issuer", provider.issuer)
        page.fill("#id_client_secret", "kept apart")
        page.select_option("aside #id_default_role", "recruiter")
        page.click("button:has-text('Add the provider')")
        page.wait_for_selector("text=The provider is added.")
        page.fill("#id_group", "Talent")
        page.select_option("#id_role", "recruiter")
        page.click("button:has-text('Set the group’s role')")
        page.wait_for_selector("text=applies from the next sign-in")
        page.click("button:has-text('Make a token')")
        page.wait_for_selector("#directory-token")
        boss.wrong.clear()
        boss.look("sign-in-policy-full")
        page.click("a:has-text('Change Northwind ID')")
        boss.look("provider")

        guest = _visit(browser, address)
        _comes_in_by_provider(guest, provider.issuer)
        boss.to("/account/")
        page.click("button:has-text('Connect Northwind ID')")
        page.wait_for_url(f"{provider.issuer}/**")
        page.click("button:has-text('ada')")
        page.wait_for_url("**/account/")
        boss.to("/organisation/sign-in/")
        page.check("#id_single_sign_on_only")
        page.click("button:has-text('Save the requirements')")
        page.wait_for_selector("text=The requirements are saved")

        late = _visit(browser, address)
        _sign_in(late.page, address)
        late.page.wait_for_url("**/sign-in/more/**")
        late.look("single-sign-on-only")
        assert provider.verified >= 2
        for one in (guest, late):
            assert one.wrong == []


def _comes_in_by_provider(guest: Visit, issuer: str) -> None:
    guest.to("/sign-in/").look("sign-in-provider")
    guest.page.click("button:has-text('Sign in with Northwind ID')")
    guest.page.wait_for_url(f"{issuer}/**")
    guest.page.click("button:has-text('kim')")
    guest.page.wait_for_url("**/plans/")
    guest.wrong.clear()  # the provider's own page asks for a style sheet that is not here
    assert "Kim Novak" in guest.page.inner_text("header")
    guest.to("/account/").look("account-provider")
    guest.to("/people/")
    assert "kim@northwind.example" in guest.page.inner_text("main")
