from __future__ import annotations

from django.apps import AppConfig


class PostingsConfig(AppConfig):
    name = "tenfold.apps.postings"
    label = "postings"
    verbose_name = "Postings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.postings import permissions  # noqa: F401, PLC0415 - once models are there
        from tenfold.apps.postings.models import PostingEvent  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above

        register_events(PostingEvent, things={"publishedposting": "posting", "publishingrules": "rules for publishing"})

        from tenfold.apps.postings.presenters.found import posting_actions  # noqa: PLC0415 - as above
        from tenfold.apps.postings.services import close_with_plan, hash_of_posting  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_actions  # noqa: PLC0415 - as above
        from tenfold.core.signals import plan_archived  # noqa: PLC0415 - as above

        register_actions("postings", posting_actions)
        plan_archived.connect(close_with_plan, dispatch_uid="tenfold.postings.close_with_plan")
        register_seal(PostingEvent.POSTING_PUBLISHED, hash_of_posting)
