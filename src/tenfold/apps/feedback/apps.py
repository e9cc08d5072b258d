from __future__ import annotations

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "tenfold.apps.feedback"
    label = "feedback"
    verbose_name = "Feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.feedback import permissions  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.feedback.models import FeedbackEvent  # noqa: PLC0415 - as above
        from tenfold.apps.feedback.queries import letters  # noqa: PLC0415 - as above
        from tenfold.apps.feedback.services import erase_person, export_person  # noqa: PLC0415 - as above
        from tenfold.apps.feedback.views.letters import application_section, candidate_section  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_events(FeedbackEvent, things={"feedbackletter": "feedback"})
        register_personal_data("feedback", Store(export=export_person, erase=erase_person))
        register_todo("feedback", letters.todo)
        register_seal(FeedbackEvent.APPROVED, letters.hash_in_trail)
        fill_slot("application-card.sections", "feedback", application_section)
        fill_slot("candidate-status.sections", "feedback", candidate_section)
