from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models.background import Work, WorkState
from tenfold.core.permissions import NotAllowed
from tenfold.core.search import MAX_LENGTH, find_actions, search_everything
from tenfold.core.services.jobs import may_open

LONG_WAIT_S = 15


@never_cache
@require_GET
def work(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far it is. With scripts only this part is asked for again, every second, until it is over."""
    found = get_object_or_404(Work.objects.visible_to(request.user).defer("file"), pk=pk)
    waited_s = (timezone.now() - found.asked_at).total_seconds()
    context = {
        "work": found,
        "waits_long": found.state == WorkState.WAITING and waited_s > LONG_WAIT_S,
    }
    part = "work/state.html" if request.headers.get("HX-Request") else "work/page.html"
    return render(request, part, context)


@never_cache
@require_GET
def result(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The file that was made, while whoever asked for it may see what is in it."""
    found = get_object_or_404(Work.objects.visible_to(request.user), pk=pk, state=WorkState.DONE)
    if found.file is None:
        raise Http404
    if not may_open(found, signed_in(request)):
        raise NotAllowed("what this file holds may no longer be seen by whoever asked for it")
    disposition = {"Content-Disposition": f'attachment; filename="{found.file_name}"'}
    return HttpResponse(bytes(found.file), content_type=found.media_type, headers=disposition)


@rate_limit(240, per_minutes=1)
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Plans, people, figures and actions for a text; `from` is the page that actions are about."""
    organisation, user = require_organisation(request), signed_in(request)
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_LENGTH]
    path = request.GET.get("from", "")[:MAX_LENGTH]
    hits = (*find_actions(user, organisation, asked, path=path), *search_everything(user, organisation, asked))
    part = "find/hits.html" if request.headers.get("HX-Request") else "find/page.html"
    return render(request, part, {"hits": hits, "asked": asked})
