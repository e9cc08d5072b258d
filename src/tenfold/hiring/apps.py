from __future__ import annotations

from django.apps import AppConfig


class HiringConfig(AppConfig):
    name = "tenfold.hiring"
    label = "hiring"
    verbose_name = "Hiring"
    default_auto_field = "django.db.models.BigAutoField"
