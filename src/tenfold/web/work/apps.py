from __future__ import annotations

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "tenfold.web.work"
    label = "work"
    verbose_name = "Work"
