"""What an ASGI server runs: `uvicorn tenfold.web.asgi:application`."""

from __future__ import annotations

import atexit
import gc
import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from tenfold.web.assets import WithAssets
from tenfold.web.bounds import WithBounds
from tenfold.web.sockets import WithSockets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenfold.web.settings")
django_application = get_asgi_application()

from tenfold.apps.labroom.urls.sockets import SOCKETS  # noqa: E402 - apps are there once Django is set up

application = WithSockets(WithAssets(WithBounds(django_application), settings.STATIC_ROOT), SOCKETS)
# What stands once the server has started is no garbage; looking through it cost every thirtieth page 0.2 s.
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)
