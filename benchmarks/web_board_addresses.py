"""The two pages that `benchmarks.web_board` measures beside the board."""

from __future__ import annotations

from django.urls import path

from benchmarks.web_board import static_page
from benchmarks.web_pages import bare

urlpatterns = [path("static-page/", static_page), path("", bare)]
