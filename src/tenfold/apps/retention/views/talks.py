"""1:1s: rhythm, agenda, notes and actions of two people, which nobody else sees."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tenfold.apps.employees.models import Employee
from tenfold.apps.retention import services as service
from tenfold.apps.retention.forms import NoteForm
from tenfold.apps.retention.models import OneOnOne, OneOnOneNote, Topic
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.typed import day_of, id_of, whole
from tenfold.kit.errors import UserError

AGENDA = {
    Topic.GROWTH: "What did you learn? What would you like to do that you have not done?",
    Topic.BLOCKERS: "What slows you down? What of it can I take away this week?",
    Topic.GOALS: "Where do you want to be in two years, and does this year lead there?",
    Topic.OTHER: "What should I have asked?",
}


@require_http_methods(["GET", "POST"])
def one_on_ones(request: HttpRequest) -> HttpResponse:
    """One's own, and a form to begin them with somebody one manages."""
    user, organisation = signed_in(request), require_organisation(request)
    reports = Employee.objects.visible_to(user).filter(organisation=organisation, manager=user, left_date=None)
    if request.method == "POST":
        chosen = get_object_or_404(reports, pk=id_of(request.POST.get("employee")))
        try:
            meeting = service.start_one_on_ones(
                employee=chosen,
                every_days=whole(request.POST.get("every_days")) or 0,
                first=day_of(request.POST.get("first", "")) or timezone.localdate(),
                by=user,
                now=timezone.now(),
            )
            return redirect("one-on-one", pk=meeting.pk)
        except UserError as error:
            messages.error(request, f"{error.what} {error.remedy}")
            return redirect("one-on-ones")
    own = OneOnOne.objects.visible_to(user).filter(employee__organisation=organisation)
    begun = own.filter(manager=user).values("employee_id")
    today = timezone.localdate()
    context = {
        "meetings": [(each, each.is_overdue(today)) for each in own.select_related("employee", "manager")],
        "reports": reports.exclude(pk__in=begun),
        "today": today,
    }
    return render(request, "retention/one_on_ones.html", context)


@require_http_methods(["GET", "POST"])
def one_on_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    meeting = get_object_or_404(OneOnOne.objects.visible_to(user).select_related("employee", "manager"), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        service.add_note(
            meeting=meeting,
            topic=given["topic"],
            text=given["text"],
            action_by=given["action_by"],
            by=user,
            now=timezone.now(),
        )
        return redirect("one-on-one", pk=pk)
    notes = list(OneOnOneNote.objects.visible_to(user).filter(meeting=meeting).select_related("written_by"))
    context = {
        "meeting": meeting,
        "form": form,
        "notes": notes,
        "open_actions": [note for note in notes if note.action_by_date and not note.done_date],
        "agenda": [(topic.label, words) for topic, words in AGENDA.items()],
        "today": timezone.localdate(),
    }
    return render(request, "retention/one_on_one.html", context, status=422 if form.errors else 200)


@require_POST
def done(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    note = get_object_or_404(OneOnOneNote.objects.visible_to(request.user).select_related("meeting__employee"), pk=pk)
    service.finish_action(note=note, by=signed_in(request), now=timezone.now())
    return redirect("one-on-one", pk=note.meeting_id)
