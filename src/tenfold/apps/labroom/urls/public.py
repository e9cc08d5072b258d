"""Addresses of a candidate's lab: the link is what opens them. Mounted under `lab/` by the public address file."""

from __future__ import annotations

from django.urls import path

from tenfold.apps.labroom.views import git, plain, public

urlpatterns = [
    path("git/<uuid:pk>.git/info/refs", git.refs, name="lab-git-refs"),
    path("git/<uuid:pk>.git/git-upload-pack", git.fetch, name="lab-git-fetch"),
    path("git/<uuid:pk>.git/git-receive-pack", git.push, name="lab-git-push"),
    path("<str:token>/", public.invitation, name="lab-invitation"),
    path("<str:token>/practice/", public.practice, name="candidate-practice"),
    path("<str:token>/room/", public.room, name="candidate-room"),
    path("<str:token>/plain/", plain.plain_room, name="candidate-plain-room"),
    path("<str:token>/ticket/", public.ticket, name="candidate-ticket"),
    path("<str:token>/submit/", public.submit, name="submit-lab"),
    path("<str:token>/data/", public.own_data, name="candidate-lab-data"),
]
