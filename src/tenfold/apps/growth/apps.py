from __future__ import annotations

from django.apps import AppConfig


class GrowthConfig(AppConfig):
    name = "tenfold.apps.growth"
    label = "growth"
    verbose_name = "Growth"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.growth import permissions, services  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.growth.models import GrowthEvent  # noqa: PLC0415 - as above
        from tenfold.apps.growth.presenters.found import check_ins_waiting, employee_link, growth_actions  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_actions("growth", growth_actions)
        register_todo("growth", check_ins_waiting)
        fill_slot("employee.links", "growth", employee_link)
        things = {"storedladder": "ladder", "checkinrecord": "check-in", "evidencepiece": "evidence"}
        register_events(GrowthEvent, things=things)
        register_personal_data("growth", Store(services.export_growth, services.erase_growth))
