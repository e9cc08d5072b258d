from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tenfold.web"
    label = "web"
    verbose_name = "Web"

    def ready(self) -> None:
        from tenfold.web.accounts import noted  # noqa: PLC0415 - signals are connected once models are there

        noted.connect()
