"""Addresses for people without an account, who come by a signed link: no cookie, nothing kept by any cache.

`core.http.middleware.link_pages` sees to both, by the prefix that stands here.
"""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("lab/", include("tenfold.apps.labroom.urls.public"))]
