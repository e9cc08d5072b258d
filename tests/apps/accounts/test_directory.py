"""SCIM 2.0: the examples of RFC 7644, an independent conformance checker, and what a directory may and may not do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from tenfold.apps.accounts.models import DirectoryGroup, DirectoryPerson
from tenfold.apps.accounts.services import add_member, new_user
from tenfold.apps.accounts.services.directory_tokens import make_directory_token
from tenfold.apps.accounts.services.groups import set_group_role
from tenfold.core.models import ApiToken, AuditEntry, Membership, User
from tenfold.core.scopes import Scope
from tenfold.core.services.api import make_token, open_token
from tenfold.core.services.trail import verify_trail
from tests.company import NOW, PASSWORD, Company

pytestmark = pytest.mark.django_db
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
CREATED = {  # RFC 7644, section 3.3, with an address, which we need
    "schemas": [USER],
    "userName": "bjensen",
    "externalId": "bjensen",
    "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
    "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
}


class Directory:
    """A directory that writes to a company's people."""

    def __init__(self, company: Company, *, default_role: str = "interviewer") -> None:
        made = make_directory_token(
            organisation=company.organisation,
            default_role=default_role,
            lasts=timedelta(days=90),
            by=company.administrator,
            now=datetime.now(UTC),
        )
        self.token, self.secret = made.token, made.secret

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        answer = Client().generic(
            method,
            f"/scim/v2{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/scim+json",
            headers={"Authorization": f"Bearer {self.secret}"},
        )
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status_code, json.loads(answer.content) if answer.content else {}

    def add(self, address: str, **more: object) -> str:
        status, said = self.ask("POST", "/Users", {"schemas": [USER], "userName": address, **more})
        assert status == 201, said
        return str(said["id"])

    def patch(self, path: str, *operations: dict[str, object]) -> tuple[int, dict[str, Any]]:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


@pytest.fixture
def directory(company: Company) -> Directory:
    return Directory(company)


def test_the_rfc_s_examples_are_answered_as_it_says(directory: Directory) -> None:
    status, made = directory.ask("POST", "/Users", CREATED)
    pk = made["id"]
    assert status == 201
    assert made["meta"]["resourceType"] == "User"
    assert made["meta"]["location"].endswith(f"/scim/v2/Users/{pk}")
    assert {key: made[key] for key in ("schemas", "userName", "externalId", "name", "emails")} == CREATED
    assert directory.ask("POST", "/Users", CREATED) == (
        409,
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "409",
            "scimType": "uniqueness",
            "detail": "The user name bjensen is taken.",
        },
    )
    assert directory.ask("GET", f"/Users/{pk}") == (200, made)
    found = directory.ask("GET", '/Users?filter=userName%20eq%20"BJENSEN"&attributes=userName')[1]
    assert found["totalResults"] == 1
    assert set(found["Resources"][0]) == {"schemas", "id", "userName"}
    status, replaced = directory.ask("PUT", f"/Users/{pk}", {**CREATED, "displayName": "Babs"})
    assert (status, replaced["displayName"]) == (200, "Babs")
    status, patched = directory.patch(  # section 3.5.2.1, adding to what is there
        f"/Users/{pk}", {"op": "add", "value": {"emails": [{"value": "babs@jensen.example", "type": "home"}]}}
    )
    assert (status, [one["value"] for one in patched["emails"]]) == (
        200,
        ["bjensen@example.com", "babs@jensen.example"],
    )
    status, patched = directory.patch(  # section 3.5.2.3, by a value filter
        f"/Users/{pk}", {"op": "replace", "path": 'emails[type eq "home"].value', "value": "b@jensen.example"}
    )
    assert patched["emails"][1]["value"] == "b@jensen.example"
    status, patched = directory.patch(f"/Users/{pk}", {"op": "remove", "path": 'emails[type eq "home"]'})
    assert [one["value"] for one in patched["emails"]] == ["bjensen@example.com"]
    assert directory.ask("DELETE", f"/Users/{pk}") == (204, {})
    assert directory.ask("GET", f"/Users/{pk}")[0] == 404
    assert directory.ask("DELETE", f"/Users/{pk}")[0] == 404


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The end of a request closes the database's connection, and with it the transaction that the test lives in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("kept_connection")
def test_an_independent_checker_finds_no_error(directory: Directory, settings: Any) -> None:
    """scim2-tester reads our schemas, then creates, reads, changes and deletes whatever they allow."""
    client = WSGISCIMClient(WSGIHandler(), "http://testserver/scim/v2", {"Authorization": f"Bearer {directory.secret}"})
    results = check_server(client)
    wrong = [(one.title, one.reason) for one in results if one.status in (Status.ERROR, Status.CRITICAL)]
    assert wrong == [], "\n".join(f"{title}: {reason}" for title, reason in wrong)
    assert sum(one.status == Status.SUCCESS for one in results) > 50


@pytest.mark.parametrize("secret", ["", "x", "tenfold_scim_" + "x" * 43])
def test_without_an_open_token_there_is_nothing(company: Company, secret: str) -> None:
    answer = Client().get("/scim/v2/Users", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="tenfold-scim"')
    signed_in = Client()
    signed_in.force_login(company.administrator)
    assert signed_in.get("/scim/v2/Users").status_code == 401


def test_a_closed_token_and_one_of_the_api_open_nothing(directory: Directory, company: Company) -> None:
    api = make_token(
        organisation=company.organisation,
        name="x",
        scopes=[Scope.PLANS_READ],
        lasts=timedelta(days=3),
        by=company.administrator,
        now=datetime.now(UTC),
    )
    assert Client().get("/scim/v2/Users", headers={"Authorization": f"Bearer {api.secret}"}).status_code == 401
    directory.token.revoked_at = NOW
    directory.token.save()
    assert directory.ask("GET", "/Users")[0] == 401


def test_whoever_is_deactivated_is_out_at_once_and_comes_back_with_the_same_account(directory: Directory) -> None:
    pk = directory.add("kim@harbour.example")
    kim = User.objects.get(email="kim@harbour.example")
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(kim)
        assert browser.get("/plans/").status_code == 200
    secret = _api_token(kim)
    status, said = directory.patch(f"/Users/{pk}", {"op": "replace", "path": "active", "value": False})
    assert (status, said["active"]) == (200, False)
    for browser in browsers:
        assert browser.get("/plans/").headers["Location"].startswith("/sign-in/?")
    assert open_token(secret=secret, now=datetime.now(UTC)) is None
    assert not Membership.objects.filter(user=kim).exists()
    directory.patch(f"/Users/{pk}", {"op": "Replace", "value": {"active": True}})
    assert Membership.objects.get(user=kim).role == "interviewer"
    assert open_token(secret=secret, now=datetime.now(UTC)) is None
    kinds = AuditEntry.objects.filter(by__startswith="directory").order_by("n").values_list("kind", flat=True)
    assert list(kinds) == [
        "directory-person.added",
        "person.joined",
        "directory-person.deactivated",
        "session.ended",
        "membership.removed",
        "directory-person.changed",
        "person.joined",
    ]
    verify_trail()


def _api_token(user: User) -> str:
    own = user.memberships.get()
    return make_token(
        organisation=own.organisation,
        name="x",
        scopes=[Scope.PLANS_READ],
        lasts=timedelta(days=3),
        by=user,
        now=datetime.now(UTC),
    ).secret


def test_groups_give_roles(directory: Directory, company: Company) -> None:
    set_group_role(
        organisation=company.organisation,
        group="Talent",
        role="recruiter",
        sees_pay=True,
        by=company.administrator,
        now=NOW,
    )
    kim, lee = directory.add("kim@harbour.example"), directory.add("lee@harbour.example")
    status, made = directory.ask(
        "POST", "/Groups", {"schemas": [GROUP], "displayName": "Talent", "members": [{"value": kim}]}
    )
    assert status == 201
    assert _roles() == {"kim@harbour.example": ("recruiter", True), "lee@harbour.example": ("interviewer", False)}
    assert directory.ask("GET", f"/Users/{kim}")[1]["groups"][0]["display"] == "Talent"
    directory.patch(f"/Groups/{made['id']}", {"op": "add", "path": "members", "value": [{"value": lee}]})
    directory.patch(f"/Groups/{made['id']}", {"op": "remove", "path": f'members[value eq "{kim}"]'})
    assert _roles() == {"kim@harbour.example": ("interviewer", False), "lee@harbour.example": ("recruiter", True)}
    directory.ask("DELETE", f"/Groups/{made['id']}")
    assert _roles()["lee@harbour.example"] == ("interviewer", False)
    verify_trail()


def _roles() -> dict[str, tuple[str, bool]]:
    own = Membership.objects.filter(user__email__endswith="@harbour.example").select_related("user")
    return {one.user.email: (one.role, one.sees_pay) for one in own}


def test_without_a_default_role_people_have_an_account_and_no_access(company: Company) -> None:
    directory = Directory(company, default_role="")
    directory.add("kim@harbour.example")
    client = Client()
    client.force_login(User.objects.get(email="kim@harbour.example"))
    assert "Harbour Parcel" not in client.get("/plans/").content.decode()


def test_the_last_administrator_stays(directory: Directory, company: Company) -> None:
    pk = directory.add("kim@harbour.example")
    kim = User.objects.get(email="kim@harbour.example").memberships.get()
    kim.role = "administrator"
    kim.save()
    company["administrator"].memberships.all().delete()
    status, said = directory.patch(f"/Users/{pk}", {"op": "replace", "path": "active", "value": False})
    assert (status, "last administrator" in said["detail"]) == (409, True)
    assert DirectoryPerson.objects.get().is_active
    assert Membership.objects.filter(user=kim.user).exists()


def test_a_directory_decides_on_its_own_people_alone(
    directory: Directory, company: Company, other_company: Company
) -> None:
    theirs = Directory(other_company)
    kim = theirs.add("kim@quay.example")
    assert directory.ask("GET", f"/Users/{kim}")[0] == 404
    for method, body in (("PUT", {**CREATED}), ("DELETE", None)):
        assert directory.ask(method, f"/Users/{kim}", body)[0] == 404
    assert directory.patch(f"/Users/{kim}", {"op": "replace", "path": "active", "value": False})[0] == 404
    assert directory.ask("GET", "/Users")[1]["totalResults"] == 0
    group = {"schemas": [GROUP], "displayName": "X", "members": [{"value": kim}]}
    assert directory.ask("POST", "/Groups", group)[0] == 400
    assert not DirectoryGroup.objects.exists()
    taken = {"schemas": [USER], "userName": "administrator@quay-insurance.example"}
    assert directory.ask("POST", "/Users", taken)[0] == 409


def test_what_another_organisation_knows_of_a_person_does_not_change(
    directory: Directory, other_company: Company
) -> None:
    pk = directory.add("kim@harbour.example", displayName="Kim")
    kim = User.objects.get(email="kim@harbour.example")
    add_member(
        organisation=other_company.organisation,
        user=kim,
        role="recruiter",
        sees_pay=False,
        by=other_company.administrator,
        now=NOW,
    )
    directory.patch(
        f"/Users/{pk}",
        {"op": "replace", "value": {"displayName": "Mallory", "userName": "mallory@harbour.example"}},
    )
    directory.patch(f"/Users/{pk}", {"op": "replace", "path": "active", "value": False})
    kim.refresh_from_db()
    assert (kim.name, kim.email, kim.is_active) == ("Kim", "kim@harbour.example", True)
    assert [own.organisation.name for own in kim.memberships.all()] == ["Quay Insurance"]


def test_an_account_of_this_organisation_is_adopted(directory: Directory, company: Company) -> None:
    directory.add("recruiter@harbour-parcel.example")
    assert company["recruiter"].memberships.get().role == "recruiter"
    assert DirectoryPerson.objects.get().user == company["recruiter"]


def test_an_address_that_is_somebody_s_is_not_taken_over(directory: Directory) -> None:
    new_user(name="Idle", email="idle@x.example", password=PASSWORD)
    assert directory.ask("POST", "/Users", {"schemas": [USER], "userName": "idle@x.example"})[0] == 409
    pk = directory.add("kim@harbour.example")
    moved = directory.patch(f"/Users/{pk}", {"op": "replace", "path": "emails", "value": [{"value": "idle@x.example"}]})
    assert moved[0] == 409
    assert User.objects.filter(email="kim@harbour.example").exists()


@pytest.mark.parametrize(
    ("path", "scim_type"),
    [
        ("/Users?filter=userName%20zz%20%22x%22", "invalidFilter"),
        ("/Users?filter=(", "invalidFilter"),
        ("/Users?filter=" + "(" * 2_000, "invalidFilter"),
        ("/Users?startIndex=x", "invalidValue"),
    ],
)
def test_questions_that_are_none_are_told(directory: Directory, path: str, scim_type: str) -> None:
    status, said = directory.ask("GET", path)
    assert (status, said["scimType"]) == (400, scim_type)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"x"', "null", "{}", '{"schemas":[]}', "[" * 5_000, '{"userName":"\\u0000"}']
)
def test_bodies_that_are_none_are_told(directory: Directory, body: str) -> None:
    for path in ("/Users", "/Groups"):
        answer = Client().post(
            f"/scim/v2{path}",
            body,
            content_type="application/scim+json",
            headers={"Authorization": f"Bearer {directory.secret}"},
        )
        assert answer.status_code == 400, (path, answer.content)
    assert not DirectoryPerson.objects.exists()


def test_pages_and_filters(directory: Directory) -> None:
    for number in range(5):
        directory.add(f"p{number}@harbour.example", displayName=f"Person {number}")
    page = directory.ask("GET", "/Users?startIndex=2&count=2")[1]
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert [one["userName"] for one in page["Resources"]] == ["p1@harbour.example", "p2@harbour.example"]
    assert directory.ask("GET", "/Users?count=0")[1]["Resources"] == []
    asked = '/Users?filter=displayName%20sw%20"person"%20and%20not%20(userName%20co%20"p3")'
    assert directory.ask("GET", asked)[1]["totalResults"] == 4
    quick = directory.ask("GET", '/Users?filter=displayName%20eq%20"Person%203"')[1]
    slow = directory.ask("GET", '/Users?filter=(displayName%20eq%20"Person%203")')[1]
    assert quick == slow
    assert ApiToken.objects.count() == 0


def test_the_same_number_of_queries_for_one_person_and_for_many(
    directory: Directory, django_assert_num_queries: Any
) -> None:
    directory.add("first@harbour.example")
    directory.ask("GET", "/Users")
    with django_assert_num_queries(4):
        directory.ask("GET", "/Users")
    for number in range(6):
        directory.add(f"p{number}@harbour.example")
    with django_assert_num_queries(4):
        directory.ask("GET", "/Users")
