from __future__ import annotations

from django.urls import path

from tenfold.apps.sources.views import names, sources

urlpatterns = [
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.new, name="new-source"),
    path("sources/<uuid:pk>/", sources.source, name="source"),
    path("sources/<uuid:pk>/read/", sources.read, name="read-source"),
    path("sources/<uuid:pk>/pause/", sources.pause, name="pause-source"),
    path("sources/<uuid:pk>/remove/", sources.remove, name="remove-source"),
    path("sources/names/", names.names, name="outside-names"),
    path("sources/names/table/", names.table, name="outside-names-table"),
    path("sources/names/<uuid:pk>/", names.review, name="review-outside-name"),
    path("sources/changes/", names.changes, name="outside-changes"),
    path("sources/changes/<uuid:pk>/use/", names.use, name="use-outside-change"),
]
