"""Ladders for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from tenfold.apps.growth.models import StoredLadder
from tenfold.apps.growth.queries import parse_ladder
from tenfold.apps.growth.schemas import LadderDocument
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.scopes import Scope

router = Router()


@operation(router, "GET", "/ladders", list[LadderDocument], tag="Teams", scope=Scope.TEAMS_READ)
def list_ladders(request: HttpRequest) -> list[dict[str, Any]]:
    """The organisation's ladders with their entries."""
    asked = caller(request)
    stored = StoredLadder.objects.visible_to(asked.user).filter(organisation=asked.organisation)
    return [_document(each) for each in stored]


def _document(stored: StoredLadder) -> dict[str, Any]:
    ladder = parse_ladder(stored.text(), stored.name)
    return {
        "name": ladder.name,
        "version": stored.latest_number,
        "levels": [level.id for level in ladder.levels],
        "entries": [
            {
                "id": cell.id,
                "level": cell.level,
                "theme": cell.theme,
                "competency": cell.competency,
                "behaviour": cell.summary,
                "examples": cell.examples,
                "counter_examples": cell.counter_examples,
            }
            for cell in ladder.current
        ],
    }
