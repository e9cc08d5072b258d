from __future__ import annotations

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "tenfold.apps.sources"
    label = "sources"
    verbose_name = "Data sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.sources import permissions, tasks  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.sources.models import SourcesEvent  # noqa: PLC0415 - as above
        from tenfold.apps.sources.presenters.found import employee_link, source_actions, waiting  # noqa: PLC0415
        from tenfold.apps.sources.services import names, reading  # noqa: PLC0415 - as above
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        things = {"datasource": "data source", "outsidename": "name in another system"}
        register_events(SourcesEvent, things=things)
        register_chore("sources", reading.queue_due_sources)
        register_personal_data("sources", Store(names.export_names, names.erase_names))
        register_actions("sources", source_actions)
        register_todo("sources", waiting)
        fill_slot("employee.links", "sources", employee_link)
