from __future__ import annotations

from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "tenfold.apps.interviews"
    label = "interviews"
    verbose_name = "Interviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.interviews import permissions  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.interviews.models import InterviewEvent  # noqa: PLC0415 - as above
        from tenfold.apps.interviews.queries import (  # noqa: PLC0415 - as above
            find_scorecards,
            hash_in_trail,
            mean_ratings,
            scorecard_titles,
            todo,
        )
        from tenfold.apps.interviews.queries.setup import interviews_set_up  # noqa: PLC0415 - as above
        from tenfold.apps.interviews.services import erase_person, export_person  # noqa: PLC0415 - as above
        from tenfold.apps.interviews.services.reminders import remind_of_late  # noqa: PLC0415 - as above
        from tenfold.apps.interviews.views.slots import application_link, meeting_link, role_tab, roles_link  # noqa: PLC0415 - as above
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.instruments import register_instrument  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.role_setup import register_setup  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_search  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above
        from tenfold.core.subjects import register_subject  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_events(
            InterviewEvent,
            things={"interviewkit": "interview kit", "scorecard": "scorecard", "ownquestions": "own questions"},
        )
        register_personal_data("interviews", Store(export=export_person, erase=erase_person))
        register_instrument("Interview ratings", mean_ratings)
        register_setup("interviews", interviews_set_up)
        register_chore("interviews", remind_of_late)
        register_search("scorecards", find_scorecards)
        register_todo("interviews", todo)
        register_subject(model="scorecard", detail="scorecard", url_name="scorecard", titles=scorecard_titles)
        for kind in (InterviewEvent.SUBMITTED, InterviewEvent.EDITED):
            register_seal(kind, hash_in_trail)
        fill_slot("roles.menu", "interviews", roles_link)
        fill_slot("role-head.tabs", "interviews", role_tab)
        fill_slot("application-card.sections", "interviews", application_link)
        fill_slot("interviewer-card.sections", "interviews", meeting_link)
