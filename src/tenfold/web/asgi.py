"""What an ASGI server runs: `uvicorn tenfold.web.asgi:application`."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from tenfold.web.assets import WithAssets
from tenfold.web.bounds import WithBounds

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenfold.web.settings")
application = WithAssets(WithBounds(get_asgi_application()), settings.STATIC_ROOT)
