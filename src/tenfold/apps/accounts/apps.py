from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tenfold.apps.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.accounts import permissions, signals  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.accounts.models import AccountEvent  # noqa: PLC0415 - as above
        from tenfold.apps.accounts.permissions import sees_pay  # noqa: PLC0415 - as above
        from tenfold.apps.accounts.presenters.found import find_people, people_actions  # noqa: PLC0415 - as above
        from tenfold.apps.accounts.queries import ROLES_SET, role_in_trail  # noqa: PLC0415 - as above
        from tenfold.apps.accounts.services.second_factors import reencrypt_second_factors  # noqa: PLC0415 - as above
        from tenfold.apps.accounts.services.sessions import forget_closed_sessions  # noqa: PLC0415 - as above
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions, register_search  # noqa: PLC0415 - as above
        from tenfold.core.sensitive import register_sensitive  # noqa: PLC0415 - as above
        from tenfold.core.services.keys import register_reencryption  # noqa: PLC0415 - as above

        register_reencryption("accounts.second-factors", reencrypt_second_factors)
        register_events(AccountEvent, things={"membership": "person", "identityprovider": "identity provider"})
        for kind in ROLES_SET:
            register_seal(kind, role_in_trail)
        register_sensitive("pay", sees_pay)
        register_chore("accounts.sessions", forget_closed_sessions)
        register_search("people", find_people)
        register_actions("accounts", people_actions)
        signals.connect()
