from __future__ import annotations

from django.urls import path

from tenfold.apps.candidates.views import public

urlpatterns = [
    path("jobs/<uuid:pk>/apply/", public.apply, name="apply"),
    path("candidate/<str:token>/", public.status, name="candidate-status"),
]
