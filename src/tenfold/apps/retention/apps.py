from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "tenfold.apps.retention"
    label = "retention"
    verbose_name = "Retention"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.retention import permissions, services  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.retention.models import RetentionEvent  # noqa: PLC0415 - as above
        from tenfold.apps.retention.presenters.found import due_for, retention_actions  # noqa: PLC0415 - as above
        from tenfold.apps.retention.queries import team_measured  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.role_setup import register_setup  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_actions("retention", retention_actions)
        register_todo("retention", due_for)
        things = {"teamrecord": "team record", "oneonone": "1:1", "payround": "pay round"}
        register_events(RetentionEvent, things=things)
        register_personal_data("retention", Store(services.export_one_on_ones, services.erase_one_on_ones))
        register_setup("team", team_measured)
