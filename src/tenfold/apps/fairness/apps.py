from __future__ import annotations

from django.apps import AppConfig


class FairnessConfig(AppConfig):
    name = "tenfold.apps.fairness"
    label = "fairness"
    verbose_name = "Fairness"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.fairness import permissions  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.fairness.models import FairnessEvent  # noqa: PLC0415 - as above
        from tenfold.apps.fairness.presenters.found import actions  # noqa: PLC0415 - as above
        from tenfold.apps.fairness.queries import hash_in_trail  # noqa: PLC0415 - as above
        from tenfold.apps.fairness.views import fairness_hint, fairness_link  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above

        register_events(FairnessEvent, things={"auditperiod": "audit period"})
        register_seal(FairnessEvent.PUBLISHED, hash_in_trail)
        register_actions("fairness", actions)
        fill_slot("roles.actions", "fairness", fairness_link)
        fill_slot("roles.menu", "fairness", fairness_hint)
