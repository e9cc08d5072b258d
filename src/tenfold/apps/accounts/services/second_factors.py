"""What makes one-time codes and recovery codes, written anew under the newest key."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from tenfold.core.encryption import CannotDecrypt
from tenfold.core.services.keys import reseal_text

SECRETS = "mfa.authenticator.secret"
"""The place that these secrets are bound to."""
SEALED = ("secret", "seed", "migrated_codes")
"""The entries of an authenticator's data that are encrypted."""


def reencrypt_second_factors() -> int:
    """How many were written anew; what cannot be opened stays as it is."""
    changed = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            held = Authenticator.objects.select_for_update().filter(pk=pk).first()
            data = {} if held is None else {**held.data, **_reseal_entries(held.data)}
            if held is not None and data != held.data:
                Authenticator.objects.filter(pk=pk).update(data=data)
                changed += 1
    return changed


def _reseal_entries(data: dict[str, Any]) -> dict[str, Any]:
    found = {name: _reseal_entry(data[name]) for name in SEALED if name in data}
    return {name: value for name, value in found.items() if value is not None}


def _reseal_entry(value: Any) -> Any:
    if isinstance(value, list):
        return [_reseal_entry(each) or each for each in value]
    try:
        return reseal_text(value, place=SECRETS) if isinstance(value, str) else None
    except CannotDecrypt:
        return None
