from __future__ import annotations

from django.urls import path

from tenfold.apps.growth.views import calibration, ladders, people

urlpatterns = [
    path("growth/", ladders.growth, name="growth"),
    path("growth/ladders/new/", ladders.new, name="new-ladder"),
    path("growth/ladders/<uuid:pk>/", ladders.ladder, name="ladder"),
    path("growth/ladders/<uuid:pk>/edit/", ladders.edit, name="edit-ladder"),
    path("growth/ladders/<uuid:pk>/changes/", ladders.changes, name="ladder-changes"),
    path("growth/ladders/<uuid:pk>/download/", ladders.download, name="ladder-download"),
    path("growth/people/<uuid:pk>/", people.person, name="growth-person"),
    path("growth/people/<uuid:pk>/place/", people.place_on_ladder, name="place-employee"),
    path("growth/people/<uuid:pk>/evidence/", people.evidence, name="add-evidence"),
    path("growth/evidence/<uuid:pk>/remove/", people.remove, name="remove-evidence"),
    path("growth/people/<uuid:pk>/check-in/", people.check_in, name="check-in"),
    path("growth/people/<uuid:pk>/plan/", people.plan, name="growth-plan"),
    path("growth/items/<uuid:pk>/done/", people.done, name="growth-item-done"),
    path("growth/people/<uuid:pk>/packet/", people.packet, name="promotion-packet"),
    path("growth/calibration/new/", calibration.new, name="new-calibration"),
    path("growth/calibration/<uuid:pk>/", calibration.session, name="calibration"),
]
