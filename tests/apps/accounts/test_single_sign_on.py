"""Signing in at a real provider on loopback: who comes in, who does not, and what tokens are believed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from oidc_provider_mock import User as Subject

from tenfold.apps.accounts.models import ExternalIdentity, IdentityProvider
from tenfold.apps.accounts.services import add_member, found_organisation, invite, new_user
from tenfold.apps.accounts.services.groups import set_group_role
from tenfold.apps.accounts.services.sign_in import add_provider, remove_provider, set_sign_in_policy
from tenfold.core.models import AuditEntry, Membership, User
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tests.apps.accounts.oidc_provider import Provider, consent, go_there, now_s, provider_on_loopback, sign_in
from tests.company import NOW, PASSWORD, Company

pytestmark = pytest.mark.django_db
INSIDE = "/plans/"
SUBJECTS = [
    Subject(sub="s-kim", claims={"email": "kim@harbour.example", "email_verified": True, "name": "Kim Novak"}),
    Subject(sub="s-loose", claims={"email": "hiring-manager@harbour-parcel.example", "email_verified": False}),
    Subject(sub="s-silent", claims={"email": "hiring-manager@harbour-parcel.example"}),
    Subject(sub="s-manager", claims={"email": "hiring-manager@harbour-parcel.example", "email_verified": True}),
    Subject(
        sub="s-grouped",
        claims={"email": "lee@harbour.example", "email_verified": True, "groups": ["Talent", "Everyone"]},
    ),
    Subject(sub="s-other", claims={"email": "administrator@quay-insurance.example", "email_verified": True}),
]


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("TENFOLD_SIGN_IN_NETWORKS", "127.0.0.0/8")
    with provider_on_loopback(*SUBJECTS) as provider:
        yield provider


@pytest.fixture
def ours(company: Company, there: Provider) -> IdentityProvider:
    return _added(company, there, default_role="interviewer")


def _added(company: Company, there: Provider, *, default_role: str = "") -> IdentityProvider:
    return add_provider(
        organisation=company.organisation,
        name="Harbour ID",
        issuer=there.issuer,
        client_id="tenfold",
        client_secret="kept apart",  # noqa: S106 - of a provider that lives for a test
        groups_claim="groups",
        default_role=default_role,
        by=company.administrator,
        now=NOW,
    )


def _is_in(client: Client) -> bool:
    return client.get(INSIDE).status_code == 200


def test_a_new_person_comes_in_and_the_same_subject_is_the_same_person(
    ours: IdentityProvider, there: Provider, company: Company
) -> None:
    client = Client()
    assert sign_in(client, ours.pk, "s-kim").status_code == 302
    assert _is_in(client)
    assert there.verified == 1
    kim = User.objects.get(email="kim@harbour.example")
    assert (kim.name, kim.has_usable_password(), kim.memberships.get().role) == ("Kim Novak", False, "interviewer")
    kim.email = "kim.married@harbour.example"
    kim.save()
    assert sign_in(Client(), ours.pk, "s-kim").status_code == 302
    assert ExternalIdentity.objects.filter(user=kim).count() == 1
    kinds = list(AuditEntry.objects.filter(of="identityprovider").order_by("n").values_list("kind", flat=True))
    assert kinds == ["identity-provider.added", "identity.linked"]
    verify_trail()


@pytest.mark.parametrize("subject", ["s-loose", "s-silent"])
def test_an_unverified_address_opens_nobody_s_account(ours: IdentityProvider, subject: str) -> None:
    client = Client()
    answer = sign_in(client, ours.pk, subject)
    assert (answer.status_code, _is_in(client)) == (403, False)
    assert "has not verified" in answer.content.decode()
    assert not ExternalIdentity.objects.exists()
    assert AuditEntry.objects.get(kind="sign-in.refused").data["subject"] == subject


def test_a_verified_address_opens_an_account_of_this_organisation_alone(
    ours: IdentityProvider, company: Company
) -> None:
    client = Client()
    sign_in(client, ours.pk, "s-manager")
    assert _is_in(client)
    assert ExternalIdentity.objects.get().user == company["hiring-manager"]
    assert company["hiring-manager"].memberships.get().role == "hiring-manager"


def test_a_provider_opens_no_account_that_another_organisation_trusts(
    ours: IdentityProvider, company: Company, other_company: Company
) -> None:
    assert sign_in(Client(), ours.pk, "s-other").status_code == 403
    add_member(
        organisation=company.organisation,
        user=other_company.administrator,
        role="interviewer",
        sees_pay=False,
        by=company.administrator,
        now=NOW,
    )
    client = Client()
    assert sign_in(client, ours.pk, "s-other").status_code == 403
    assert not _is_in(client)


def test_a_provider_that_was_connected_opens_its_own_organisation_and_asks_more_for_others(
    ours: IdentityProvider, company: Company, other_company: Company
) -> None:
    """The administrator of a company that invited somebody cannot become that person elsewhere by a provider."""
    victim = other_company.administrator
    add_member(
        organisation=company.organisation,
        user=victim,
        role="interviewer",
        sees_pay=False,
        by=company.administrator,
        now=NOW,
    )
    ExternalIdentity.objects.create(
        provider=ours, issuer=ours.issuer, subject="s-other", user=victim, linked_at=NOW, used_at=NOW
    )
    client = Client()
    sign_in(client, ours.pk, "s-other")
    answer = client.get(INSIDE)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/sign-in/more/")
    for address in ("/", "/account/second-factor/code/", "/account/", "/people/", "/find/?q=plan"):
        assert client.get(address).headers.get("Location", "").startswith("/sign-in/more/"), address
    assert "Quay Insurance" in client.get("/sign-in/more/").content.decode()
    client.post("/sign-in/again/", {"password": PASSWORD})
    assert _is_in(client)


def test_groups_give_roles_and_take_them_back(there: Provider, company: Company) -> None:
    ours = _added(company, there)
    assert sign_in(Client(), ours.pk, "s-grouped").status_code == 403
    assert not User.objects.filter(email="lee@harbour.example").exists()
    for group, role, sees_pay in (("Talent", "recruiter", False), ("Everyone", "", True)):
        set_group_role(
            organisation=company.organisation,
            group=group,
            role=role,
            sees_pay=sees_pay,
            by=company.administrator,
            now=NOW,
        )
    sign_in(Client(), ours.pk, "s-grouped")
    own = Membership.objects.get(user__email="lee@harbour.example")
    assert (own.role, own.sees_pay, own.role_from_groups) == ("recruiter", True, True)
    there.lie = lambda claims: {**claims, "groups": ["Talent"]}
    sign_in(Client(), ours.pk, "s-grouped")
    own.refresh_from_db()
    assert (own.role, own.sees_pay) == ("recruiter", False)
    there.lie = lambda claims: {**claims, "groups": []}
    assert sign_in(Client(), ours.pk, "s-grouped").status_code == 403
    assert not Membership.objects.filter(user__email="lee@harbour.example").exists()
    verify_trail()


def test_a_role_given_by_hand_stays_where_no_group_says_otherwise(ours: IdentityProvider, company: Company) -> None:
    set_group_role(
        organisation=company.organisation,
        group="Talent",
        role="recruiter",
        sees_pay=False,
        by=company.administrator,
        now=NOW,
    )
    sign_in(Client(), ours.pk, "s-manager")
    assert company["hiring-manager"].memberships.get().role == "hiring-manager"


def test_groups_never_take_the_last_administrator(ours: IdentityProvider, there: Provider, company: Company) -> None:
    set_group_role(
        organisation=company.organisation,
        group="Talent",
        role="recruiter",
        sees_pay=False,
        by=company.administrator,
        now=NOW,
    )
    there.lie = lambda claims: {**claims, "email": company.administrator.email, "groups": ["Talent"]}
    sign_in(Client(), ours.pk, "s-kim")
    assert company["administrator"].memberships.get().role == "administrator"


def test_an_invitation_is_taken_up_without_a_password_and_without_a_verified_address(
    ours: IdentityProvider, company: Company
) -> None:
    invited = invite(
        organisation=company.organisation,
        email="new@harbour.example",
        role="recruiter",
        sees_pay=True,
        by=company.administrator,
        now=timezone.now(),
    )
    client = Client()
    client.get(reverse("invitation", args=[invited.token]))
    sign_in(client, ours.pk, "s-silent")
    assert _is_in(client)
    own = Membership.objects.get(user__email="new@harbour.example")
    assert (own.role, own.sees_pay) == ("recruiter", True)


def test_an_account_is_connected_by_whoever_is_signed_in_with_a_password(
    ours: IdentityProvider, company: Company
) -> None:
    client = Client()
    client.post("/sign-in/", {"login": company["recruiter"].email, "password": PASSWORD})
    sign_in(client, ours.pk, "s-silent", next="/account/")
    assert ExternalIdentity.objects.get(subject="s-silent").user == company["recruiter"]
    elsewhere = Client()
    elsewhere.post("/sign-in/", {"login": company["interviewer"].email, "password": PASSWORD})
    assert sign_in(elsewhere, ours.pk, "s-silent").status_code == 403
    assert ExternalIdentity.objects.count() == 1


def test_a_stranger_s_account_is_not_connected(ours: IdentityProvider, other_company: Company) -> None:
    client = Client()
    client.post("/sign-in/", {"login": other_company.administrator.email, "password": PASSWORD})
    assert sign_in(client, ours.pk, "s-kim").status_code == 403
    assert not ExternalIdentity.objects.exists()


def test_single_sign_on_only_shuts_out_passwords_everywhere(ours: IdentityProvider, company: Company) -> None:
    with pytest.raises(UserError, match="first"):
        _demand_single_sign_on(company, came=False)
    _demand_single_sign_on(company, came=True)
    client = Client()
    client.post("/sign-in/", {"login": company["hiring-manager"].email, "password": PASSWORD})
    assert client.get(INSIDE).headers["Location"].startswith("/sign-in/more/")
    assert "Sign in with Harbour ID" in client.get("/sign-in/more/").content.decode()
    sign_in(client, ours.pk, "s-manager")
    assert _is_in(client)
    with pytest.raises(UserError, match="No one could sign in"):
        remove_provider(provider=IdentityProvider.objects.get(), by=company["administrator"], now=NOW)


def _demand_single_sign_on(company: Company, *, came: bool) -> None:
    set_sign_in_policy(
        organisation=company.organisation,
        single_sign_on_only=True,
        second_factor="",
        by=company.administrator,
        now=NOW,
        came_by_provider=came,
    )


@pytest.mark.parametrize(("said", "gets_in"), [(["pwd", "mfa"], True), (["pwd"], False), (None, False)])
def test_the_provider_s_second_factor_counts_for_its_own_organisation(
    ours: IdentityProvider, there: Provider, company: Company, said: list[str] | None, gets_in: bool
) -> None:
    set_sign_in_policy(
        organisation=company.organisation,
        single_sign_on_only=False,
        second_factor="sensitive",
        by=company.administrator,
        now=NOW,
    )
    there.lie = lambda claims: {**claims, **({"amr": said} if said else {})}
    client = Client()
    sign_in(client, ours.pk, "s-manager")  # a hiring manager, who sees pay
    assert _is_in(client) is gets_in
    without_either = Client()
    sign_in(without_either, ours.pk, "s-kim")
    Membership.objects.filter(user__email="kim@harbour.example").update(role="people-analyst")
    assert _is_in(without_either)


def _unsigned(claims: dict[str, Any]) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}."


LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another audience": lambda claims: {**claims, "aud": "another"},
    "several audiences, made for another": lambda claims: {**claims, "aud": ["tenfold", "x"], "azp": "x"},
    "another issuer": lambda claims: {**claims, "iss": "https://id.example.org"},
    "expired": lambda claims: {**claims, "exp": now_s() - 3_600},
    "no end": lambda claims: {key: value for key, value in claims.items() if key != "exp"},
    "from the future": lambda claims: {**claims, "iat": now_s() + 3_600},
    "another nonce": lambda claims: {**claims, "nonce": "x" * 43},
    "no nonce": lambda claims: {key: value for key, value in claims.items() if key != "nonce"},
    "no subject": lambda claims: {key: value for key, value in claims.items() if key != "sub"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says_something_else_is_not_believed(ours: IdentityProvider, there: Provider, lie: str) -> None:
    there.lie = LIES[lie]
    client = Client()
    assert (sign_in(client, ours.pk, "s-kim").status_code, _is_in(client)) == (403, False)
    assert not User.objects.filter(email="kim@harbour.example").exists()


FORGERIES: dict[str, Callable[[Provider], Callable[[dict[str, Any]], str]]] = {
    "unsigned": lambda _: _unsigned,
    "signed by a stranger under the provider's name": lambda _: (
        lambda claims: jwt.encode({"alg": "RS256", "kid": "the-test"}, claims, RSAKey.generate_key(2048))
    ),
    "signed with the client's own secret": lambda _: (
        lambda claims: jwt.encode({"alg": "HS256", "kid": "the-test"}, claims, OctKey.import_key("kept apart"))
    ),
    "signed with the public key as a secret": lambda there: (
        lambda claims: jwt.encode(
            {"alg": "HS256", "kid": "the-test"}, claims, OctKey.import_key(there.key.as_pem(private=False).hex())
        )
    ),
    "no token at all": lambda _: lambda _claims: "",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_that_the_provider_did_not_sign_is_not_believed(
    ours: IdentityProvider, there: Provider, forgery: str
) -> None:
    there.forge = FORGERIES[forgery](there)
    client = Client()
    assert (sign_in(client, ours.pk, "s-kim").status_code, _is_in(client)) == (403, False)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(ours: IdentityProvider) -> None:
    client, stranger = Client(), Client()
    back = consent(go_there(client, ours.pk), "s-kim")
    assert stranger.get(back).status_code == 403
    assert client.get(back).status_code == 302
    client.post("/sign-out/")
    assert client.get(back).status_code == 403
    mine, his = Client(), Client()
    go_there(mine, ours.pk)
    foreign = consent(go_there(his, ours.pk), "s-kim")
    assert mine.get(foreign).status_code == 403  # a sign-in cannot be pushed on somebody


def test_declining_is_told(ours: IdentityProvider) -> None:
    client = Client()
    go_there(client, ours.pk)
    state = client.session["sign_in_under_way"]["state"]
    address = reverse("return-from-provider", args=[ours.pk])
    answer = client.get(address, {"state": state, "error": "access_denied"})
    assert "access_denied" in answer.content.decode()


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "http://127.0.0.1:9"}, {"token_endpoint": None}, {"jwks_uri": 7}],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_added(
    there: Provider, company: Company, discovery: dict[str, Any]
) -> None:
    there.discovery = discovery
    with pytest.raises(UserError):
        _added(company, there)
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize(
    "inside", ["http://127.0.0.1:1", "http://169.254.169.254", "https://localhost", "https://10.0.0.1"]
)
def test_no_provider_is_asked_inside_the_network(
    company: Company, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    monkeypatch.delenv("TENFOLD_SIGN_IN_NETWORKS", raising=False)
    client = Client()
    client.force_login(company.administrator)
    sent = {"name": "X", "issuer": inside, "client_id": "x", "groups_claim": "groups"}
    answer = client.post(reverse("add-provider"), sent)
    assert answer.status_code == 422
    assert not IdentityProvider.objects.exists()


def test_the_client_s_secret_is_not_in_the_database_in_the_clear(ours: IdentityProvider) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM accounts_identityprovider")
        stored = cursor.fetchone()[0]
    assert "kept apart" not in stored
    assert IdentityProvider.objects.get().client_secret == "kept apart"  # noqa: S105 - as above


def test_somebody_who_was_removed_does_not_come_back_by_the_provider(ours: IdentityProvider, company: Company) -> None:
    sign_in(Client(), ours.pk, "s-manager")
    company["hiring-manager"].memberships.all().delete()
    assert sign_in(Client(), ours.pk, "s-manager").status_code == 403


def test_two_organisations_with_one_issuer_do_not_share_people(
    ours: IdentityProvider, there: Provider, company: Company
) -> None:
    boss = new_user(name="Bo", email="bo@quay.example", password=PASSWORD)
    quay = found_organisation(name="Quay", administrator=boss, now=NOW)
    theirs = add_provider(
        organisation=quay,
        name="Quay ID",
        issuer=there.issuer,
        client_id="tenfold",
        client_secret="",
        groups_claim="groups",
        default_role="administrator",
        by=boss,
        now=NOW,
    )
    sign_in(Client(), ours.pk, "s-manager")
    client = Client()
    assert sign_in(client, theirs.pk, "s-manager").status_code == 403
    assert not _is_in(client)
