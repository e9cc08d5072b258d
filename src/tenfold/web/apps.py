from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tenfold.web"
    label = "web"
    verbose_name = "Web"

    def ready(self) -> None:
        from tenfold.core.search import register_actions, register_search  # noqa: PLC0415 - once models are there
        from tenfold.web.pages.found import find_figures, help_actions  # noqa: PLC0415 - as above

        register_search("figures", find_figures)
        register_actions("help", help_actions)
