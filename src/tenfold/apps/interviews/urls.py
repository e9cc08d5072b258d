from __future__ import annotations

from django.urls import path

from tenfold.apps.interviews.views import arranging, calibration, scorecards

urlpatterns = [
    path("hiring/calibration/", calibration.calibration_page, name="interview-calibration"),
    path("hiring/practice/", calibration.practice, name="interview-practice"),
    path("hiring/questions/", calibration.own_questions, name="own-questions"),
    path("hiring/roles/<uuid:pk>/interviews/", arranging.kit, name="role-interviews"),
    path("hiring/roles/<uuid:pk>/interviews/ratings.csv", arranging.ratings, name="export-ratings"),
    path("hiring/rounds/<uuid:pk>/panel/", arranging.panel, name="round-panel"),
    path("hiring/rounds/<uuid:pk>/guide/", scorecards.guide, name="interview-guide"),
    path("hiring/applications/<uuid:pk>/interviews/", arranging.of_application, name="application-interviews"),
    path("hiring/scorecards/<uuid:pk>/", scorecards.scorecard, name="scorecard"),
    path("hiring/scorecards/<uuid:pk>/draft/", scorecards.draft, name="scorecard-draft"),
    path("hiring/scorecards/<uuid:pk>/excuse/", arranging.excuse, name="excuse-scorecard"),
]
