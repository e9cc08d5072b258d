from __future__ import annotations

from django.urls import path

from tenfold.apps.postings.views import answers, jobs, postings, starting

urlpatterns = [
    path("postings/", postings.postings, name="postings"),
    path("postings/rules/", jobs.rules, name="publishing-rules"),
    path("postings/reader/", postings.reader, name="reader"),
    path("plans/new/", starting.new, name="new-plan"),
    path("plans/<uuid:pk>/answers/", answers.answers, name="plan-answers"),
    path("plans/<uuid:pk>/posting/reader/", postings.plan_reader, name="plan-reader"),
    path("plans/<uuid:pk>/posting/writer/", postings.plan_writer, name="plan-writer"),
    path("plans/<uuid:pk>/publish/", jobs.publish, name="publish-posting"),
    path("plans/<uuid:pk>/close/", jobs.close, name="close-posting"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
]
