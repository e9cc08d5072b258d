from __future__ import annotations

from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "tenfold.apps.pay"
    label = "pay"
    verbose_name = "Pay"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.pay import tasks  # noqa: F401, PLC0415 - declares its jobs
        from tenfold.apps.pay.models import PayEvent  # noqa: PLC0415 - once models are there
        from tenfold.apps.pay.presenters.found import lists_waiting, pay_actions  # noqa: PLC0415 - as above
        from tenfold.apps.pay.queries import own_bands  # noqa: PLC0415 - as above
        from tenfold.apps.pay.services import hash_of_list  # noqa: PLC0415 - as above
        from tenfold.apps.pay.tasks import erase_expired_lists  # noqa: PLC0415 - as above
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.own_bands import register_own_bands  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_own_bands(own_bands)
        register_actions("pay", pay_actions)
        register_todo("pay", lists_waiting)
        register_seal(PayEvent.IMPORTED, hash_of_list)
        register_chore("pay.expired-lists", erase_expired_lists)
        register_events(PayEvent, things={"payupload": "pay list"})
