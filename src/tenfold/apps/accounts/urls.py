from __future__ import annotations

from allauth.account import views as account
from django.urls import path, re_path

from tenfold.apps.accounts.views import people, tokens, trail

urlpatterns = [
    path("start/<str:token>/", people.start, name="start"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/closed/", account.signup, name="account_signup"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
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
    path("invitation/<str:token>/", people.invitation, name="invitation"),
    path("people/", people.members, name="members"),
    path("people/<int:pk>/", people.member, name="member"),
    path("people/invitations/<uuid:pk>/withdraw/", people.withdraw, name="withdraw-invitation"),
    path("organisation/", people.switch, name="switch-organisation"),
    path("organisation/remove-example/", people.remove_example, name="remove-example"),
    path("trail/", trail.trail, name="trail"),
    path("api/tokens/", tokens.tokens, name="api-tokens"),
    path("api/tokens/<uuid:pk>/revoke/", tokens.revoke, name="revoke-token"),
]
