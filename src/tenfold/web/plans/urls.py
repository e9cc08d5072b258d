from __future__ import annotations

from django.urls import path

from tenfold.web.plans import public, versions, views

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/schema.json", public.schema, name="schema"),
    path("plans/new/", views.new, name="new-plan"),
    path("plans/new/questions/", views.questions, name="new-plan-questions"),
    path("plans/<uuid:pk>/", views.edit, name="plan"),
    path("plans/<uuid:pk>/yaml/", views.edit, {"view": "yaml"}, name="plan-yaml"),
    path("plans/<uuid:pk>/posting/", views.edit, {"view": "posting"}, name="plan-posting"),
    path("plans/<uuid:pk>/what-if/", views.edit, {"view": "what-if"}, name="plan-what-if"),
    path("plans/<uuid:pk>/check/", views.check, name="check-plan"),
    path("plans/<uuid:pk>/approve/", views.approve, name="approve-plan"),
    path("plans/<uuid:pk>/archive/", views.archive, name="archive-plan"),
    path("plans/<uuid:pk>/restore/", views.restore, name="restore-plan"),
    path("plans/<uuid:pk>/duplicate/", views.duplicate, name="duplicate-plan"),
    path("plans/<uuid:pk>/comments/", versions.comments, name="plan-comments"),
    path("plans/<uuid:pk>/comments/<uuid:comment>/settle/", versions.settle, name="settle-comment"),
    path("plans/<uuid:pk>/versions/", versions.versions, name="plan-versions"),
    path("plans/<uuid:pk>/versions/<int:number>/", versions.version, name="plan-version"),
    path("plans/<uuid:pk>/share/", versions.share, name="plan-share"),
    path("plans/<uuid:pk>/share/<uuid:link>/withdraw/", versions.withdraw, name="withdraw-share"),
    path("plans/<uuid:pk>/report/", public.report, name="plan-report"),
    path("plans/<uuid:pk>/report.pdf", public.report_pdf, name="plan-report-pdf"),
    path("plans/<uuid:pk>/plan.yaml", public.download, name="plan-download"),
    path("plans/<uuid:pk>/publish/", public.publish, name="publish-posting"),
    path("plans/<uuid:pk>/close/", public.close, name="close-posting"),
    path("shared/<str:token>/", public.shared, name="shared"),
    path("jobs/<uuid:pk>/", public.job, name="job"),
]
