"""Django made ready for commands that need it; those that do not start without it."""

from __future__ import annotations

import os

from tenfold.kit.errors import UserError


def set_up_django() -> None:
    """Loads settings and apps.

    Raises:
        UserError: the web application is not installed.
    """
    try:
        import django  # noqa: PLC0415 - an extra
    except ImportError:
        raise UserError(
            "The web application is not installed.", remedy="bin/setup web, or pip install 'tenfold[web]'."
        ) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenfold.web.settings")
    django.setup()
