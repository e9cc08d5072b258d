from __future__ import annotations

from django.apps import AppConfig


class EmployeesConfig(AppConfig):
    name = "tenfold.apps.employees"
    label = "employees"
    verbose_name = "Employees"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.employees import permissions, services  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.employees.models import EmployeesEvent  # noqa: PLC0415 - as above
        from tenfold.apps.employees.presenters.found import employee_actions  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions  # noqa: PLC0415 - as above

        register_actions("employees", employee_actions)
        register_events(EmployeesEvent, things={"hrlist": "HR list", "employee": "employee", "team": "team"})
        register_personal_data("employees", Store(services.export_employee, services.erase_employee))
