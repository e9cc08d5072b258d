from __future__ import annotations

from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "tenfold.apps.offers"
    label = "offers"
    verbose_name = "Offers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tenfold.apps.candidates.services.duties import register_first_day  # noqa: PLC0415 - once models are there
        from tenfold.apps.candidates.services.webhooks import register_webhook_kinds  # noqa: PLC0415 - as above
        from tenfold.apps.offers import permissions  # noqa: F401, PLC0415 - as above
        from tenfold.apps.offers.models import OfferEvent  # noqa: PLC0415 - as above
        from tenfold.apps.offers.queries import finding, standing, waiting  # noqa: PLC0415 - as above
        from tenfold.apps.offers.services.erasure import erase_person, export_person  # noqa: PLC0415 - as above
        from tenfold.apps.offers.views import slots  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_search  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above
        from tenfold.core.subjects import register_subject  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        register_first_day(standing.first_day)
        register_events(OfferEvent, things={"offer": "offer"})
        register_personal_data("offers", Store(export=export_person, erase=erase_person))
        register_search("offers", finding.find_offers)
        register_todo("offers", waiting.todo)
        register_subject(model="offer", detail="offer", url_name="offer", titles=standing.offer_titles)
        sealed = (OfferEvent.WRITTEN, OfferEvent.APPROVED, OfferEvent.OBJECTED, OfferEvent.SENT)
        for kind in (*sealed, OfferEvent.ACCEPTED, OfferEvent.DECLINED):
            register_seal(kind, standing.hash_in_trail)
        register_webhook_kinds(OfferEvent.SENT, OfferEvent.ACCEPTED, OfferEvent.DECLINED, OfferEvent.WITHDRAWN)
        fill_slot("application-card.sections", "offers", slots.application_section)
        fill_slot("candidate-status.sections", "offers", slots.candidate_section)
        fill_slot("candidate-status.asked", "offers", slots.candidate_duty)
        fill_slot("hiring-menu.items", "offers", slots.menu_item)
