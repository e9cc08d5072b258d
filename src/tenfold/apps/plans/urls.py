from __future__ import annotations

from django.urls import path

from tenfold.apps.plans.views import charter, editor, reports, versions

urlpatterns = [
    path("plans/", editor.plans, name="plans"),
    path("plans/schema.json", reports.schema, name="schema"),
    path("plans/places/", reports.place_choices, name="place-options"),
    path("plans/skills/", reports.skill_choices, name="skill-options"),
    path("plans/new/questions/", editor.questions, name="new-plan-questions"),
    path("plans/<uuid:pk>/", editor.edit, name="plan"),
    path("plans/<uuid:pk>/yaml/", editor.edit, {"view": "yaml"}, name="plan-yaml"),
    path("plans/<uuid:pk>/posting/", editor.edit, {"view": "posting"}, name="plan-posting"),
    path("plans/<uuid:pk>/what-if/", editor.edit, {"view": "what-if"}, name="plan-what-if"),
    path("plans/<uuid:pk>/check/", editor.check, name="check-plan"),
    path("plans/<uuid:pk>/approve/", editor.approve, name="approve-plan"),
    path("plans/<uuid:pk>/archive/", editor.archive, name="archive-plan"),
    path("plans/<uuid:pk>/restore/", editor.restore, name="restore-plan"),
    path("plans/<uuid:pk>/delete/", editor.delete, name="delete-plan"),
    path("plans/<uuid:pk>/delete/undo/", editor.undo_deletion, name="undo-plan-deletion"),
    path("plans/<uuid:pk>/duplicate/", editor.duplicate, name="duplicate-plan"),
    path("plans/<uuid:pk>/comments/", versions.comments, name="plan-comments"),
    path("plans/<uuid:pk>/comments/<uuid:comment>/settle/", versions.settle, name="settle-comment"),
    path("plans/<uuid:pk>/versions/", versions.versions, name="plan-versions"),
    path("plans/<uuid:pk>/versions/<int:number>/", versions.version, name="plan-version"),
    path("plans/<uuid:pk>/share/", versions.share, name="plan-share"),
    path("plans/<uuid:pk>/share/<uuid:link>/withdraw/", versions.withdraw, name="withdraw-share"),
    path("plans/links/", versions.links, name="share-links"),
    path("plans/links/<uuid:pk>/withdraw/", versions.withdraw_any, name="withdraw-any-share"),
    path("plans/<uuid:pk>/charter/", charter.charter, name="plan-charter"),
    path("plans/<uuid:pk>/report/", reports.report, name="plan-report"),
    path("plans/<uuid:pk>/report.pdf", reports.report_pdf, name="plan-report-pdf"),
    path("plans/<uuid:pk>/plan.yaml", reports.download, name="plan-download"),
    path("shared/<str:token>/", reports.shared, name="shared"),
]
