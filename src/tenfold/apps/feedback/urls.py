from __future__ import annotations

from django.urls import path

from tenfold.apps.feedback.views import letters

urlpatterns = [path("hiring/applications/<uuid:pk>/feedback/", letters.feedback, name="feedback")]
