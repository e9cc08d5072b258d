from __future__ import annotations

from django.urls import path

from tenfold.web.postings import views

urlpatterns = [
    path("postings/", views.postings, name="postings"),
    path("postings/reader/", views.reader, name="reader"),
    path("plans/<uuid:pk>/posting/reader/", views.plan_reader, name="plan-reader"),
    path("plans/<uuid:pk>/posting/writer/", views.plan_writer, name="plan-writer"),
]
