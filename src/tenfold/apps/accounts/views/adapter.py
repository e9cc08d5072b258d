from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tenfold.apps.accounts.services.second_factors import SECRETS
from tenfold.apps.accounts.services.wrong_passwords import is_shut, note_wrong_password
from tenfold.core.encryption import decrypt_text, encrypt_text


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Nobody signs up by themselves: the first administrator is made at the start, everyone else is invited."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or password is wrong.",
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is the base's
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """In place of allauth's limits, by which anybody could shut an account for everybody."""
        if settings.LIMITS_ON and is_shut(**_who(request, credentials), now=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        if settings.LIMITS_ON:
            note_wrong_password(**_who(request, credentials), now=timezone.now())

    def send_notification_mail(self, *_arguments: Any, **_options: Any) -> None:
        """Second factors are in the audit trail; their mails are not ours to word."""


def _who(request: HttpRequest, credentials: dict[str, Any]) -> dict[str, str]:
    return {"account": str(credentials.get("email", "")), "address": request.META.get("REMOTE_ADDR", "")}


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Passkeys and one-time codes. What makes codes is encrypted at rest."""

    error_messages: ClassVar = {**DefaultMFAAdapter.error_messages, "incorrect_code": "This code is wrong."}

    def encrypt(self, text: str) -> str:
        return encrypt_text(text, place=SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_text(encrypted_text, place=SECRETS)

    def get_totp_issuer(self) -> str:
        return "Tenfold"

    def _get_site_name(self) -> str:
        return "Tenfold"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the base's signature
        from allauth.mfa.models import Authenticator  # noqa: PLC0415 - once models are there

        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {held + 1}"
