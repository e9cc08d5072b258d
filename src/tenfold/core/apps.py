from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tenfold.core"
    label = "core"
    verbose_name = "Core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - once models are there
        from tenfold.core.models.trail import CoreEvent  # noqa: PLC0415 - as above
        from tenfold.core.services.heads import note_head  # noqa: PLC0415 - as above

        register_events(CoreEvent, things={"apitoken": "token"})
        register_chore("trail.head", note_head)
