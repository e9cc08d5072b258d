"""Django made ready for commands that need it; those that do not start without it."""

from __future__ import annotations

import logging
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


def open_database() -> None:
    """The same, for commands that work on what is in the database.

    Raises:
        UserError: it cannot be reached, or nothing is in it yet.
    """
    set_up_django()
    from django.db import OperationalError, connection  # noqa: PLC0415 - ready only now

    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # says each failed try; we say the last one, in words
    try:
        tables = connection.introspection.table_names()
    except OperationalError as error:
        told = str(error).strip().splitlines()
        raise UserError(
            f"The database cannot be reached: {told[0] if told else 'no reason is given'}.",
            remedy="Check DATABASE_URL and TENFOLD_HOME, and whether its server runs.",
        ) from None
    if "core_organisation" not in tables:
        raise UserError(
            "The database is empty: Tenfold was not set up here.",
            remedy="Check DATABASE_URL and TENFOLD_HOME, or run tenfold web migrate.",
        )
