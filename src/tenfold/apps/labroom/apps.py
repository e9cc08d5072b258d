from __future__ import annotations

from django.apps import AppConfig


class LabroomConfig(AppConfig):
    name = "tenfold.apps.labroom"
    label = "labroom"
    verbose_name = "Lab room"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.labroom import permissions, tasks  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.labroom.models import LabroomEvent  # noqa: PLC0415 - as above
        from tenfold.apps.labroom.queries.evidence import lab_evidence  # noqa: PLC0415 - as above
        from tenfold.apps.labroom.queries.reviews import hash_in_trail  # noqa: PLC0415 - as above
        from tenfold.apps.labroom.queries.setup import labs_set_up  # noqa: PLC0415 - as above
        from tenfold.apps.labroom.queries.waiting import find_labs, invitation_titles, todo  # noqa: PLC0415 - as above
        from tenfold.apps.labroom.services.erasure import (  # noqa: PLC0415 - as above
            erase_due,
            erase_person,
            export_person,
        )
        from tenfold.apps.labroom.services.local_work import keep_clocks  # noqa: PLC0415 - as above
        from tenfold.apps.labroom.services.partners import tell_due  # noqa: PLC0415 - as above
        from tenfold.apps.labroom.views import slots  # noqa: PLC0415 - as above
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.evidence import register_evidence  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.role_setup import register_setup  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_search  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above
        from tenfold.core.subjects import register_subject  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_events(
            LabroomEvent,
            things={
                "labinvitation": "lab invitation",
                "signedlabverdict": "lab verdict",
                "partnerkey": "key of a hiring system",
            },
        )
        register_personal_data("labroom", Store(export=export_person, erase=erase_person))
        register_chore("labroom", erase_due)
        register_chore("labroom-clocks", keep_clocks)
        register_chore("labroom-partners", tell_due)
        register_evidence("labs", lab_evidence)
        register_setup("labs", labs_set_up)
        register_search("labs", find_labs)
        register_todo("labroom", todo)
        register_subject(model="labinvitation", detail="invitation", url_name="lab-session", titles=invitation_titles)
        register_seal(LabroomEvent.VERDICT_SIGNED, hash_in_trail)
        fill_slot("role-head.tabs", "labroom", slots.role_tab)
        fill_slot("application-card.sections", "labroom", slots.application_section)
        fill_slot("candidate-status.sections", "labroom", slots.status_section)
