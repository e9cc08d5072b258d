from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from tenfold.apps.accounts.views import account as own
from tenfold.apps.accounts.views import gate, people, policy, sign_in, tokens, trail

SIGN_IN = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/closed/", account.signup, name="account_signup"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-in/more/", gate.more, name="sign-in-more"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/with/<uuid:pk>/", sign_in.begin_at_provider, name="begin-at-provider"),
    path("sign-in/with/<uuid:pk>/back/", sign_in.return_from_provider, name="return-from-provider"),
    path("sign-out/", account.logout, name="account_logout"),
]
PASSWORDS = [
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",  # one word, as allauth writes it into mails
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/new/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
OWN_ACCOUNT = [
    path("account/", own.account, name="mfa_index"),
    path("account/passkeys/", own.account, name="mfa_list_webauthn"),
    path("account/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/code/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/code/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/passkey/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-factor/recovery/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/recovery/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("account/sessions/<uuid:pk>/end/", own.end_session, name="end-session"),
    path("account/sessions/end-others/", own.end_other_sessions, name="end-other-sessions"),
    path("account/identities/<int:pk>/disconnect/", own.disconnect, name="disconnect-identity"),
]
ORGANISATION = [
    path("organisation/", people.switch, name="switch-organisation"),
    path("organisation/remove-example/", people.remove_example, name="remove-example"),
    path("organisation/sign-in/", policy.policy, name="sign-in-policy"),
    path("organisation/sign-in/demands/", policy.set_demands, name="set-sign-in-demands"),
    path("organisation/sign-in/providers/", policy.add_provider, name="add-provider"),
    path("organisation/sign-in/providers/<uuid:pk>/", policy.provider, name="provider"),
    path("organisation/sign-in/groups/", policy.set_group, name="set-group-role"),
    path("organisation/sign-in/groups/<int:pk>/remove/", policy.remove_group, name="remove-group-role"),
    path("organisation/sign-in/directory/", policy.make_directory_token, name="make-directory-token"),
    path(
        "organisation/sign-in/directory/<uuid:pk>/revoke/",
        policy.revoke_directory_token,
        name="revoke-directory-token",
    ),
]


def _scim(name: str) -> Callable[..., HttpResponse]:
    """A view of `views.scim`, loaded when a directory first asks: its library costs every start half a second."""

    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest, **arguments: str) -> HttpResponse:
        answer: HttpResponse = getattr(import_module("tenfold.apps.accounts.views.scim"), name)(request, **arguments)
        return answer

    return view


DIRECTORY = [
    path("scim/v2/Users", _scim("users"), name="scim-users"),
    path("scim/v2/.search", _scim("search_everything"), name="scim-search"),
    path("scim/v2/Users/.search", _scim("search_users"), name="scim-search-users"),
    path("scim/v2/Users/<str:pk>", _scim("user"), name="scim-user"),
    path("scim/v2/Groups", _scim("groups"), name="scim-groups"),
    path("scim/v2/Groups/.search", _scim("search_groups"), name="scim-search-groups"),
    path("scim/v2/Groups/<str:pk>", _scim("group"), name="scim-group"),
    path("scim/v2/ServiceProviderConfig", _scim("service_provider_config"), name="scim-config"),
    path("scim/v2/ResourceTypes", _scim("resource_types"), name="scim-resource-types"),
    path("scim/v2/ResourceTypes/<str:name>", _scim("resource_types"), name="scim-resource-type"),
    path("scim/v2/Schemas", _scim("schemas"), name="scim-schemas"),
    path("scim/v2/Schemas/<str:name>", _scim("schemas"), name="scim-schema"),
    path("scim/v2/<path:rest>", _scim("anything_else"), name="scim-anything-else"),
]
urlpatterns = [
    path("start/<str:token>/", people.start, name="start"),
    *SIGN_IN,
    *PASSWORDS,
    *OWN_ACCOUNT,
    path("invitation/<str:token>/", people.invitation, name="invitation"),
    path("people/", people.members, name="members"),
    path("people/<int:pk>/", people.member, name="member"),
    path("people/invitations/<uuid:pk>/withdraw/", people.withdraw, name="withdraw-invitation"),
    *ORGANISATION,
    path("trail/", trail.trail, name="trail"),
    path("api/tokens/", tokens.tokens, name="api-tokens"),
    path("api/tokens/<uuid:pk>/revoke/", tokens.revoke, name="revoke-token"),
    *DIRECTORY,
]
