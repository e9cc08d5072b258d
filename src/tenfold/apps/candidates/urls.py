from __future__ import annotations

from django.conf import settings as site
from django.urls import URLPattern, URLResolver, include, path

from tenfold.apps.candidates.views import card, incoming, lists, pipeline, public, roles, settings

urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/<uuid:pk>/apply/", public.apply, name="apply"),
    path("candidate/<str:token>/", public.status, name="candidate-status"),
    path("hiring/", roles.role_list, name="roles"),
    path("plans/<uuid:pk>/open-role/", roles.open_role, name="open-role"),
    path("hiring/candidates/", lists.candidates, name="candidates"),
    path("hiring/duplicates/", lists.duplicates, name="duplicates"),
    path("hiring/mail-texts/", settings.mail_texts, name="mail-texts"),
    path("hiring/webhooks/", settings.webhook_list, name="webhooks"),
    path("hiring/webhooks/<uuid:pk>/", settings.webhook, name="webhook"),
    path("hiring/imports/<uuid:pk>/", lists.one_import, name="candidate-import"),
    path("hiring/roles/<uuid:pk>/", pipeline.pipeline, name="role"),
    path("hiring/roles/<uuid:pk>/move/", pipeline.move, name="move-applications"),
    path("hiring/roles/<uuid:pk>/reject/", pipeline.reject, name="reject-applications"),
    path("hiring/roles/<uuid:pk>/take-back/<uuid:batch>/", pipeline.undo_batch, name="undo-batch"),
    path("hiring/roles/<uuid:pk>/settings/", roles.settings, name="role-settings"),
    path("hiring/roles/<uuid:pk>/team/", roles.team, name="role-team"),
    path("hiring/roles/<uuid:pk>/law/", roles.tasks, name="role-tasks"),
    path("hiring/roles/<uuid:pk>/figures/", roles.figures, name="role-figures"),
    path("hiring/roles/<uuid:pk>/retention/", roles.retention, name="role-retention"),
    path("hiring/roles/<uuid:pk>/accommodations/", roles.accommodations, name="accommodations"),
    path("hiring/roles/<uuid:pk>/close/", roles.close, name="close-role"),
    path("hiring/roles/<uuid:pk>/import/", lists.new_import, name="new-candidate-import"),
    path("hiring/roles/<uuid:pk>/export/", lists.export, name="export-candidates"),
    path("hiring/applications/<uuid:pk>/", card.card, name="application"),
    path("hiring/applications/<uuid:pk>/take-back/<uuid:move>/", pipeline.undo_move, name="undo-move"),
    path("hiring/applications/<uuid:pk>/hire/", pipeline.hire, name="hire"),
    path("hiring/applications/<uuid:pk>/notes/", card.add_note, name="add-note"),
    path("hiring/applications/<uuid:pk>/follow-ups/", card.set_follow_up, name="set-follow-up"),
    path("hiring/applications/<uuid:pk>/mail/", card.write_mail, name="write-mail"),
    path("hiring/applications/<uuid:pk>/meeting/", card.plan_meeting, name="plan-meeting"),
    path("hiring/follow-ups/<uuid:pk>/", card.finish_follow_up, name="finish-follow-up"),
    path("hiring/mails/<uuid:pk>/take-back/", card.take_back_mail, name="take-back-mail"),
    path("hiring/meetings/<uuid:pk>/move/", card.move_meeting, name="move-meeting"),
    path("hiring/meetings/<uuid:pk>/cancel/", card.cancel_meeting, name="cancel-meeting"),
    path("hiring/files/<uuid:pk>/", card.file, name="candidate-file"),
    path("hiring/people/<uuid:pk>/erase/", card.erase, name="erase-candidate"),
    path("hiring/people/<uuid:pk>/hold/", card.hold, name="hold-candidate"),
    path("hiring/merges/<uuid:pk>/take-back/", card.unmerge, name="unmerge"),
    path("mail/in/", incoming.mail_in, name="mail-in"),
]
if site.MAIL_SERVICE:  # its own webhooks: what became of a mail, and what was answered
    urlpatterns += [path("anymail/", include("anymail.urls"))]
