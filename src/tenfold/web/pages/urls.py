from __future__ import annotations

from django.urls import path

from tenfold.web.pages import views

urlpatterns = [
    path("", views.front, name="front"),
    path("help/", views.help_page, name="help"),
    path("help/figures/", views.figures, name="figures"),
    path("healthz", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
    path("design/", views.design, name="design"),
    path("theme/", views.theme, name="theme"),
]
