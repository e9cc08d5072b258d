from __future__ import annotations

from django.urls import path

from tenfold.apps.retention.views import load, pay, pulses, talks, teams

urlpatterns = [
    path("retention/", teams.retention, name="retention"),
    path("retention/records/new/", teams.new, name="new-team-record"),
    path("retention/records/<uuid:pk>/remove/", teams.remove, name="remove-team-record"),
    path("retention/on-call/", teams.on_call, name="on-call"),
    path("retention/interrupts/", load.toil, name="toil"),
    path("retention/knowledge/", load.knowledge, name="knowledge"),
    path("retention/impact/", teams.impact, name="impact"),
    path("retention/impact/mail/", teams.impact_mail, name="impact-mail"),
    path("retention/impact/pdf/", teams.impact_pdf, name="impact-pdf"),
    path("retention/loop/", teams.loop, name="loop"),
    path("retention/one-on-ones/", talks.one_on_ones, name="one-on-ones"),
    path("retention/one-on-ones/<uuid:pk>/", talks.one_on_one, name="one-on-one"),
    path("retention/one-on-ones/notes/<uuid:pk>/done/", talks.done, name="one-on-one-done"),
    path("retention/pulse/", pulses.pulses, name="pulses"),
    path("retention/pulse/<uuid:pk>/", pulses.pulse, name="pulse"),
    path("retention/pulse/<uuid:pk>/close/", pulses.close, name="close-pulse"),
    path("retention/pay-rounds/", pay.rounds, name="pay-rounds"),
    path("retention/pay-rounds/<uuid:pk>/", pay.pay_round, name="pay-round"),
    path("retention/pay-rounds/<uuid:pk>/approve/", pay.approve, name="approve-pay-round"),
    path("retention/pay-rounds/<uuid:pk>/lines/", pay.lines, name="pay-round-lines"),
    path("retention/pay-rounds/<uuid:pk>/letters/", pay.letters, name="pay-round-letters"),
    path("retention/pay-equity/", pay.equity, name="pay-equity"),
]
