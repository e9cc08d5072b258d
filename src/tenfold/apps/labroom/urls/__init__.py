"""Addresses of labs for people who sign in; those of candidates and of the socket stand beside."""

from __future__ import annotations

from django.urls import path

from tenfold.apps.labroom.views import arranging, arranging_partners, library, partners, reviewing, sitting_in

urlpatterns = [
    path("labs/", library.catalogue, name="labs"),
    path("labs/<slug:slug>/", library.lab, name="lab"),
    path("labs/<slug:slug>/preview/", library.preview, name="lab-preview"),
    path("labs/<slug:slug>/try/", library.try_lab, name="try-lab"),
    path("hiring/roles/<uuid:pk>/labs/", arranging.role_labs, name="role-labs"),
    path("hiring/applications/<uuid:pk>/labs/invite/", arranging.invite_applicant, name="invite-applicant-to-lab"),
    path("hiring/labs/<uuid:pk>/", arranging.session, name="lab-session"),
    path("hiring/labs/<uuid:pk>/arrange/", arranging.arrange, name="arrange-lab"),
    path("hiring/labs/<uuid:pk>/decide/", reviewing.decide, name="decide-lab"),
    path("hiring/labs/<uuid:pk>/replay/", reviewing.replay, name="lab-replay"),
    path("hiring/labs/<uuid:pk>/recording/", reviewing.recording, name="lab-recording"),
    path("hiring/labs/<uuid:pk>/edits/", reviewing.edits, name="lab-edits"),
    path("hiring/labs/<uuid:pk>/room/", sitting_in.room, name="lab-room"),
    path("hiring/labs/<uuid:pk>/ticket/", sitting_in.ticket, name="lab-ticket"),
    path("hiring/labs/<uuid:pk>/submit/", sitting_in.submit, name="submit-own-lab"),
    path("hiring/lab-reviews/<uuid:pk>/", reviewing.review, name="lab-review"),
    path("partners/greenhouse/list_tests", partners.list_tests, name="greenhouse-list-tests"),
    path("partners/greenhouse/send_test", partners.send_test, name="greenhouse-send-test"),
    path("partners/greenhouse/test_status", partners.test_status, name="greenhouse-test-status"),
    path("partners/greenhouse/response_error", partners.response_error, name="greenhouse-response-error"),
    path("partners/ashby/assessment.list", partners.assessment_list, name="ashby-list"),
    path("partners/ashby/assessment.start", partners.assessment_start, name="ashby-start"),
    path("partners/ashby/assessment.cancel", partners.assessment_cancel, name="ashby-cancel"),
    path("hiring/roles/<uuid:pk>/lab-partners/", arranging_partners.keys, name="lab-partner-keys"),
]
