from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "tenfold.apps.decisions"
    label = "decisions"
    verbose_name = "Decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.decisions import permissions  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.decisions.models import DecisionEvent  # noqa: PLC0415 - as above
        from tenfold.apps.decisions.queries import hash_in_trail  # noqa: PLC0415 - as above
        from tenfold.apps.decisions.services import erase_person, export_person  # noqa: PLC0415 - as above
        from tenfold.apps.decisions.views import debrief_link  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above

        register_events(DecisionEvent, things={"decision": "decision"})
        register_personal_data("decisions", Store(export=export_person, erase=erase_person))
        register_seal(DecisionEvent.SIGNED, hash_in_trail)
        fill_slot("application-interviews.actions", "decisions", debrief_link)
