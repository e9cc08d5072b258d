from __future__ import annotations

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "tenfold.apps.candidates"
    label = "candidates"
    verbose_name = "Candidates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anymail.signals import inbound, tracking  # noqa: PLC0415 - once apps are there

        from tenfold.apps.candidates import permissions  # noqa: PLC0415 - once models are there
        from tenfold.apps.candidates.models import CandidateEvent, MoveKind  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.queries import finding, waiting  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.queries.history import hash_in_trail  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.services.chores import do_chores  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.services.erasure import erase_person, export_person  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.services.moves import EVENTS  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.signals import on_inbound, on_tracking  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.views.public import apply_link  # noqa: PLC0415 - as above
        from tenfold.apps.candidates.views.roles import open_role_button  # noqa: PLC0415 - as above
        from tenfold.core.chores import register_chore  # noqa: PLC0415 - as above
        from tenfold.core.events import register_events  # noqa: PLC0415 - as above
        from tenfold.core.personal_data import Store, register_personal_data  # noqa: PLC0415 - as above
        from tenfold.core.seals import register_seal  # noqa: PLC0415 - as above
        from tenfold.core.search import register_search  # noqa: PLC0415 - as above
        from tenfold.core.sensitive import register_sensitive  # noqa: PLC0415 - as above
        from tenfold.core.slots import fill_slot  # noqa: PLC0415 - as above
        from tenfold.core.subjects import register_subject  # noqa: PLC0415 - as above
        from tenfold.core.todo import register_todo  # noqa: PLC0415 - as above

        things = {
            "openrole": "role",
            "roletask": "task of the law",
            "candidate": "candidate",
            "accommodationrequest": "accommodation",
            "mailtemplate": "mail text",
            "outgoingmail": "mail",
            "incomingmail": "answer",
            "webhookendpoint": "webhook",
        }
        register_events(CandidateEvent, things=things)
        register_personal_data("candidates", Store(export=export_person, erase=erase_person))
        register_sensitive("candidates", permissions.may_meet_candidates)
        fill_slot("job-page.apply", "candidates", apply_link)
        fill_slot("plan-head.actions", "candidates", open_role_button)
        register_chore("candidates", do_chores)
        register_search("candidates", finding.find_candidates)
        register_search("roles", finding.find_roles)
        register_todo("candidates", waiting.todo)
        register_subject(model="openrole", detail="role", url_name="role", titles=finding.role_titles)
        register_subject(
            model="application", detail="application", url_name="application", titles=finding.application_titles
        )
        tracking.connect(on_tracking, dispatch_uid="tenfold.candidates.on_tracking")
        inbound.connect(on_inbound, dispatch_uid="tenfold.candidates.on_inbound")
        for kind in MoveKind:
            register_seal(EVENTS[kind], hash_in_trail)
