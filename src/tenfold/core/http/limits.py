"""How often one person or address may ask for something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tenfold.core.services.limits import is_over_limit

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def rate_limit(times: int, *, per_minutes: int) -> Callable[[View[P]], View[P]]:
    """Answers 429 to whoever asks more often, counted by signed-in person, else by address."""

    def limit(view: View[P]) -> View[P]:
        @wraps(view)
        def limited(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            who = request.user.pk or request.META.get("REMOTE_ADDR", "")
            key = f"{view.__module__}.{view.__name__}:{who}"
            if asks_too_often(key, times, per_minutes=per_minutes):
                response = render(request, "429.html", status=429)
                response["Retry-After"] = str(per_minutes * 60)
                return response
            return view(request, *args, **kwargs)

        return cast("View[P]", limited)

    return limit


def asks_too_often(key: str, times: int, *, per_minutes: int) -> bool:
    """Counts one more under a key, for all server processes; whether that was more than `times`."""
    return settings.LIMITS_ON and is_over_limit(key, times, per=timedelta(minutes=per_minutes), now=timezone.now())
