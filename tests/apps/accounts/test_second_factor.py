"""One-time codes checked against another implementation, demands of organisations, browsers signed out from afar."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenfold.apps.accounts.models import OpenSession
from tenfold.apps.accounts.services import set_password
from tenfold.apps.accounts.services.sessions import forget_closed_sessions
from tenfold.apps.accounts.services.sign_in import set_sign_in_policy
from tenfold.core.models import AuditEntry, User
from tests.company import NOW, PASSWORD, Company

pytestmark = pytest.mark.django_db
INSIDE = "/plans/"


def _sign_in(person: User) -> Client:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    return client


def _enrolled(person: User) -> tuple[Client, pyotp.TOTP]:
    """Somebody who has just set up codes, and the app that makes them."""
    client = _sign_in(person)
    client.post("/sign-in/again/", {"password": PASSWORD})
    page = client.get("/account/second-factor/code/").content.decode()
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert found is not None
    app = pyotp.TOTP(found[1])
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post("/account/second-factor/code/", {"code": app.now()}).status_code == 302
    return client, app


def _is_in(client: Client) -> bool:
    return client.get(INSIDE).status_code == 200


def test_a_code_is_asked_for_after_the_password_and_counts_once(company: Company) -> None:
    person = company["recruiter"]
    _, app = _enrolled(person)
    client = _sign_in(person)
    assert not _is_in(client)
    assert client.get("/sign-in/second-factor/").status_code == 200
    later = app.at(datetime.now(UTC) + timedelta(seconds=30))
    client.post("/sign-in/second-factor/", {"code": "000000" if later != "000000" else "111111"})
    assert not _is_in(client)
    client.post("/sign-in/second-factor/", {"code": later})
    assert _is_in(client)
    again = _sign_in(person)
    again.post("/sign-in/second-factor/", {"code": later})
    assert not _is_in(again)
    kinds = AuditEntry.objects.filter(by=person.email).order_by("n").values_list("kind", "data__factor")
    assert [kind for kind in kinds if kind[0] == "second-factor.added"] == [
        ("second-factor.added", "totp"),
        ("second-factor.added", "recovery codes"),
    ]


@pytest.mark.parametrize("minutes", [-5, -1, 1, 5])
def test_codes_of_another_time_do_not_count(company: Company, minutes: int) -> None:
    _, app = _enrolled(company["recruiter"])
    client = _sign_in(company["recruiter"])
    client.post("/sign-in/second-factor/", {"code": app.at(datetime.now(UTC) + timedelta(minutes=minutes))})
    assert not _is_in(client)


def test_a_recovery_code_opens_once(company: Company) -> None:
    inside, _ = _enrolled(company["recruiter"])
    page = inside.get("/account/second-factor/recovery/").content.decode()
    codes = re.findall(r"\b\d{8}\b", page)
    assert len(codes) == 10
    for expected in (True, False):
        client = _sign_in(company["recruiter"])
        client.post("/sign-in/second-factor/", {"code": codes[0]})
        assert _is_in(client) is expected


def test_what_makes_codes_is_encrypted_at_rest(company: Company) -> None:
    _, app = _enrolled(company["recruiter"])
    held = [str(one.data) for one in Authenticator.objects.all()]
    assert len(held) == 2
    assert not any(app.secret in one for one in held)


def test_setting_up_asks_for_the_password_once_more(company: Company) -> None:
    client = _sign_in(company["recruiter"])
    for address in ("/account/second-factor/code/", "/account/second-factor/passkey/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/again/"), address


@pytest.mark.parametrize(
    ("demand", "asked"),
    [
        ("", set()),
        ("sensitive", {"administrator", "hiring-manager", "recruiter", "interviewer"}),
        ("everyone", {"administrator", "hiring-manager", "people-analyst", "recruiter", "interviewer"}),
    ],
)
def test_a_second_factor_is_demanded_of_whom_the_organisation_says(
    company: Company, demand: str, asked: set[str]
) -> None:
    """People analysts see figures, not candidates; and this one sees no pay, until the end."""
    analyst = company["people-analyst"].memberships.get()
    analyst.sees_pay = False
    analyst.save()
    clients = {role: _sign_in(company[role]) for role in company.people}
    assert all(_is_in(client) for client in clients.values())
    set_sign_in_policy(
        organisation=company.organisation,
        single_sign_on_only=False,
        second_factor=demand,
        by=company.administrator,
        now=NOW,
    )
    assert {role for role, client in clients.items() if not _is_in(client)} == asked
    for role in asked:
        answer = clients[role].get(INSIDE)
        assert answer.headers["Location"] == "/sign-in/more/?next=%2Fplans%2F"
        assert clients[role].get("/trail/").status_code == 302
        assert clients[role].post("/people/", {"email": "x@x.example", "role": "recruiter"}).status_code == 302
        assert "You have none yet" in clients[role].get("/sign-in/more/").content.decode()
    analyst.sees_pay = True
    analyst.save()
    assert _is_in(clients["people-analyst"]) is not bool(demand)


def test_whoever_has_one_is_asked_for_it_in_the_next_browser(company: Company) -> None:
    set_sign_in_policy(
        organisation=company.organisation,
        single_sign_on_only=False,
        second_factor="everyone",
        by=company.administrator,
        now=NOW,
    )
    _, app = _enrolled(company["recruiter"])
    other = _sign_in(company["recruiter"])
    other.post("/sign-in/second-factor/", {"code": app.at(datetime.now(UTC) + timedelta(seconds=30))})
    assert _is_in(other)


def test_whoever_has_one_already_shows_it_in_a_session_that_began_before_the_demand(company: Company) -> None:
    before = _sign_in(company["recruiter"])
    _, app = _enrolled(company["recruiter"])
    set_sign_in_policy(
        organisation=company.organisation,
        single_sign_on_only=False,
        second_factor="everyone",
        by=company.administrator,
        now=NOW,
    )
    assert not _is_in(before)
    before.post("/sign-in/again/code/", {"code": app.at(datetime.now(UTC) + timedelta(seconds=30))})
    assert _is_in(before)


def test_browsers_are_listed_and_signed_out_from_afar(company: Company) -> None:
    mine, lost = _sign_in(company["recruiter"]), _sign_in(company["recruiter"])
    stranger = _sign_in(company["interviewer"])
    assert _is_in(mine)
    assert _is_in(lost)
    assert _is_in(stranger)
    page = mine.get("/account/").content.decode()
    assert page.count("Firefox on Linux</strong>") == 2
    theirs = OpenSession.objects.exclude(user=company["recruiter"]).get()
    assert mine.post(f"/account/sessions/{theirs.pk}/end/").status_code == 404
    assert _is_in(stranger)
    mine.post("/account/sessions/end-others/")
    assert not _is_in(lost)
    assert _is_in(mine)
    assert AuditEntry.objects.filter(kind="session.ended").count() == 1


def test_one_browser_is_signed_out_by_its_line(company: Company) -> None:
    mine, lost = _sign_in(company["recruiter"]), _sign_in(company["recruiter"])
    lost.get(INSIDE)
    line = OpenSession.objects.get(session_key=lost.session.session_key)
    mine.get(INSIDE)
    mine.post(f"/account/sessions/{line.pk}/end/")
    assert not _is_in(lost)
    assert not OpenSession.objects.filter(pk=line.pk).exists()


def test_sessions_that_are_over_leave_no_line(company: Company) -> None:
    client = _sign_in(company["recruiter"])
    client.get(INSIDE)
    client.post("/sign-out/")
    forget_closed_sessions(timezone.now())
    assert OpenSession.objects.count() == 1  # seen just now: it might be on its way to a new key
    forget_closed_sessions(timezone.now() + timedelta(minutes=11))
    assert OpenSession.objects.count() == 0


def test_a_new_password_ends_the_sessions_of_the_old_one(company: Company) -> None:
    client = _sign_in(company["recruiter"])
    set_password(user=company["recruiter"], password="another harbour at noon", by="command line", now=NOW)  # noqa: S106
    assert not _is_in(client)


def test_a_page_asks_the_database_no_more_for_all_that(company: Company) -> None:
    """The gate reads what was read already: a second page in a session costs as many queries as it did."""
    analyst = company["people-analyst"].memberships.get()
    analyst.sees_pay = False
    analyst.save()
    client = _sign_in(company["people-analyst"])
    client.get("/people/")
    organisation = company.organisation
    with CaptureQueriesContext(connection) as before:
        client.get("/people/")
    organisation.second_factor = "sensitive"
    organisation.save()
    with CaptureQueriesContext(connection) as after:
        client.get("/people/")
    assert len(before) == len(after)
