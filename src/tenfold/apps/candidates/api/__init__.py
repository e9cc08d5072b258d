"""Roles, applications and their people for programs; the same services as the pages."""

from __future__ import annotations

from ninja import Router

from tenfold.apps.candidates.api import applications, correspondence, lists

router = Router()
for part in (applications, correspondence, lists):
    router.add_router("", part.router)
