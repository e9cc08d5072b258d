from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from tenfold.web.api import views
from tenfold.web.api.root import api


def _by_token(patterns: list[Any]) -> Iterator[Any]:
    """The API's addresses, which ask for a token themselves; a session opens none of them."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _by_token(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            entry.callback = login_not_required(_markable(entry.callback))
            yield entry


def _markable(view: Any) -> Any:
    """A function that can carry a mark; ninja hands out partials."""

    def ask(request: Any, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **kwargs)

    ask.csrf_exempt = True  # type: ignore[attr-defined]  # a token is no cookie: no other site can send it
    return ask


_patterns, _app, _namespace = api.urls
urlpatterns = [
    path("api/v1/", include((list(_by_token(_patterns)), _app), namespace=_namespace)),
    path("api/", views.guide, name="api-guide"),
]
