from __future__ import annotations

from django.urls import path

from tenfold.apps.decisions import views

urlpatterns = [
    path("hiring/applications/<uuid:pk>/debrief/", views.debrief_page, name="debrief"),
    path("hiring/decisions/<uuid:pk>/packet/", views.packet, name="decision-packet"),
    path("hiring/decisions/<uuid:pk>/take-back/", views.take_back, name="take-back-decision"),
]
