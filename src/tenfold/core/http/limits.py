"""How often one person or address may ask for something."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def rate_limit(times: int, *, per_minutes: int) -> Callable[[View[P]], View[P]]:
    """Answers 429 to whoever asks more often, counted by signed-in person, else by address."""

    def limit(view: View[P]) -> View[P]:
        @wraps(view)
        def limited(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            who = request.user.pk or request.META.get("REMOTE_ADDR", "")
            key = f"{view.__module__}.{view.__name__}:{who}"
            if settings.LIMITS_ON and is_over_limit(key, times, per_minutes=per_minutes):
                response = render(request, "429.html", status=429)
                response["Retry-After"] = str(per_minutes * 60)
                return response
            return view(request, *args, **kwargs)

        return cast("View[P]", limited)

    return limit


def is_over_limit(who: str, times: int, *, per_minutes: int) -> bool:
    """Counts one more, in fixed windows of time; whether that was more than `times`."""
    window = int(time.time() // (per_minutes * 60))
    key = f"limit:{who}:{window}"
    cache.add(key, 0, timeout=per_minutes * 60)
    return cache.incr(key) > times
