from __future__ import annotations

from django.urls import path

from tenfold.apps.fairness import views

urlpatterns = [
    path("fairness/", views.fairness, name="fairness"),
    path("fairness/<uuid:pk>/", views.period, name="fairness-period"),
    path("fairness/<uuid:pk>/table.csv", views.period_csv, name="fairness-csv"),
    path("fairness/<uuid:pk>/table.json", views.period_json, name="fairness-json"),
    path("fairness/<uuid:pk>/packet.zip", views.auditor_packet, name="fairness-packet"),
]
