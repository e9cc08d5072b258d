from __future__ import annotations

from django.urls import path

from tenfold.core import views

urlpatterns = [
    path("find/", views.find, name="find"),
    path("work/<uuid:pk>/", views.work, name="work"),
    path("work/<uuid:pk>/result/", views.result, name="work-result"),
]
