"""Every address of the application."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("tenfold.web.pages.urls")),
    path("", include("tenfold.web.api.urls")),
    path("", include("tenfold.web.public_urls")),
    path("", include("tenfold.core.urls")),
    path("", include("tenfold.apps.accounts.urls")),
    path("", include("tenfold.apps.plans.urls")),
    path("", include("tenfold.apps.postings.urls")),
    path("", include("tenfold.apps.pay.urls")),
    path("", include("tenfold.apps.candidates.urls")),
    path("", include("tenfold.apps.interviews.urls")),
    path("", include("tenfold.apps.labroom.urls")),
    path("", include("tenfold.apps.decisions.urls")),
    path("", include("tenfold.apps.fairness.urls")),
    path("", include("tenfold.apps.offers.urls")),
    path("", include("tenfold.apps.feedback.urls")),
    path("", include("tenfold.apps.employees.urls")),
    path("", include("tenfold.apps.growth.urls")),
    path("", include("tenfold.apps.retention.urls")),
    path("", include("tenfold.apps.sources.urls")),
]
handler400 = "tenfold.web.pages.views.bad_request"
handler403 = "tenfold.web.pages.views.not_allowed"
handler404 = "tenfold.web.pages.views.not_found"
handler500 = "tenfold.web.pages.views.our_fault"
