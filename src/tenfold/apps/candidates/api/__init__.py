"""Roles, applications and their people for programs; the same services as the pages."""

from __future__ import annotations

from ninja import Router

from tenfold.apps.candidates.api import applications, colleagues, correspondence, lists, people, roles, webhooks

router = Router()
for part in (roles, applications, people, correspondence, colleagues, lists, webhooks):
    router.add_router("", part.router)
