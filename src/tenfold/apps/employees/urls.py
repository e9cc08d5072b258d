from __future__ import annotations

from django.urls import path

from tenfold.apps.employees.views import people, tenure

urlpatterns = [
    path("employees/", people.employees, name="employees"),
    path("employees/new/", people.new, name="new-employee"),
    path("employees/<uuid:pk>/", people.change, name="employee"),
    path("employees/<uuid:pk>/erase/", people.erase, name="erase-employee"),
    path("employees/teams/", people.teams, name="new-team"),
    path("employees/tenure/", tenure.tenure, name="tenure"),
    path("employees/tenure/new/", tenure.new, name="new-hr-list"),
    path("employees/tenure/cost/", tenure.cost, name="departure-cost"),
    path("employees/tenure/<uuid:pk>/remove/", tenure.remove, name="remove-hr-list"),
]
