"""What falls on a team beside its work, and where its knowledge rests on one person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from tenfold.apps.retention.forms import LoadForm
from tenfold.apps.retention.models import RecordKind, TeamRecord
from tenfold.apps.retention.queries import knowledge_of, load_of, people_in
from tenfold.apps.retention.views.reading import team_reader, team_records
from tenfold.connectors.git_local import GIT_COMMAND
from tenfold.practices.retention.departure import Range
from tenfold.practices.retention.pictures import knowledge_picture, load_picture
from tenfold.practices.retention.team_load import AWAY_SHARE, solo_days

SIZES = range(1, 9)
MOST_FOLDERS = 30
DEFAULT_HOURS = "0.5 / 1 / 3"


@require_GET
def toil(request: HttpRequest) -> HttpResponse:
    """Help-desk and interrupts as shares of the team's hours, and days on which one person is left."""
    organisation, user = team_reader(request)
    records = team_records(user, organisation, RecordKind.TICKETS, RecordKind.PAGES)
    tickets, pages = (_latest(records, kind) for kind in (RecordKind.TICKETS, RecordKind.PAGES))
    people = people_in(organisation, tickets or pages)
    form = LoadForm(request.GET if "people" in request.GET else {"people": people or 1, "hours": DEFAULT_HOURS})
    is_known = bool(people) or "people" in request.GET
    context: dict[str, Any] = {"records": records, "tickets": tickets, "pages_record": pages, "form": form}
    if form.is_valid() and is_known:
        people = form.cleaned_data["people"]
        context |= {"people": people, "solo": solo_days(people), "away": AWAY_SHARE}
        context["sizes"] = [(size, solo_days(size), size == people) for size in sorted({*SIZES, people})]
        if tickets:
            load = load_of(tickets, pages, people=people, hours=Range(*form.cleaned_data["hours"]))
            context |= {"load": load, "no_overlap": load is None}
            context["picture"] = SafeString(load_picture(load)) if load else ""
    return render(request, "retention/toil.html", context, status=422 if form.errors else 200)


@require_GET
def knowledge(request: HttpRequest) -> HttpResponse:
    """Folders that rest on one person, as the list that a backfill plan begins with."""
    organisation, user = team_reader(request)
    records = team_records(user, organisation, RecordKind.KNOWLEDGE)
    chosen = next((each for each in records if str(each.pk) == request.GET.get("record")), next(iter(records), None))
    context: dict[str, Any] = {"records": records, "chosen": chosen, "git_command": GIT_COMMAND}
    if chosen is not None:
        found = knowledge_of(chosen)
        resting = [each for each in found.folders if each.alone]
        context |= {"found": found, "folders": resting[:MOST_FOLDERS], "more": len(resting[MOST_FOLDERS:])}
        context["picture"] = SafeString(knowledge_picture(resting[:8])) if resting else ""
    return render(request, "retention/knowledge.html", context)


def _latest(records: list[TeamRecord], kind: RecordKind) -> TeamRecord | None:
    return next((each for each in records if each.kind == kind), None)
