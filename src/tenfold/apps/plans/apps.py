from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tenfold.apps.plans"
    label = "plans"
    verbose_name = "Plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.plans import permissions, tasks  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.plans.forms.fields import field_name  # noqa: PLC0415 - as above
        from tenfold.apps.plans.models import PlanEvent  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above

        things = {"storedplan": "plan", "sharelink": "link"}
        from tenfold.apps.plans.presenters.found import find_plans, plan_actions, plans_waiting  # noqa: PLC0415 - as above
        from tenfold.apps.plans.queries import hash_of_version, plan_titles  # noqa: PLC0415 - as above
        from tenfold.apps.plans.services import erase_deleted_plans  # noqa: PLC0415 - as above
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions, register_search  # noqa: PLC0415 - as above
        from tenfold.core.subjects import register_subject  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_chore("plans.erase-deleted", erase_deleted_plans)
        register_search("plans", find_plans)
        register_actions("plans", plan_actions)
        register_todo("plans", plans_waiting)
        register_subject(model="storedplan", detail="plan", url_name="plan", titles=plan_titles)
        register_events(PlanEvent, things=things, details={"field": field_name, "fields": field_name})

        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above

        for kind in (PlanEvent.CREATED, PlanEvent.SAVED, PlanEvent.DUPLICATED):
            register_seal(kind, hash_of_version)
