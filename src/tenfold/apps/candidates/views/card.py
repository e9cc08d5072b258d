"""One card a person: applications, moves, notes, files, mail and meetings; and what is done from there."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.candidates.forms.roles import FollowUpForm, MailForm, MeetingForm, NoteForm, local_time
from tenfold.apps.candidates.models import (
    Application,
    CandidateFile,
    CandidateMerge,
    FollowUp,
    MailTemplate,
    Meeting,
    OutgoingMail,
)
from tenfold.apps.candidates.queries.calendars import in_zone
from tenfold.apps.candidates.queries.card import person_card
from tenfold.apps.candidates.queries.mailtext import VARIABLES, written_from
from tenfold.apps.candidates.queries.retention import clocks, erase_by
from tenfold.apps.candidates.services import duplicates, mail, meetings, notes, privacy
from tenfold.apps.candidates.services.actors import colleague
from tenfold.apps.candidates.views.access import application_for, candidate_for
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import Membership
from tenfold.core.permissions import may
from tenfold.kit.errors import UserError


@require_GET
def card(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole card for who runs the hiring; name, files and meetings for who only meets the person."""
    application = application_for(request, pk, "application.view")
    user, today = signed_in(request), timezone.localdate()
    if not may(user, "application.work", application):
        held = application.meetings.filter(attendees__user=user).prefetch_related("attendees__user")
        files = CandidateFile.objects.filter(application=application).defer("content")
        context = {"application": application, "meetings": _with_times(list(held)), "files": files}
        return render(request, "candidates/card_for_interviewer.html", context)
    found = person_card(application, user)
    context = {
        "application": application,
        "role": application.role,
        "card": found,
        "meetings": _with_times(list(found.meetings)),
        "notes": application.notes.select_related("written_by").prefetch_related("mentioned"),
        "follow_ups": application.follow_ups.filter(done_at=None).select_related("of"),
        "tasks": application.tasks.filter(done_at=None, is_sure=True),
        "note_form": NoteForm(),
        "follow_up_form": FollowUpForm(),
        "stages": application.role.stages.kept(),
        "clocks": clocks(application, today=today),
        "erase_by": erase_by(application, today=today),
        "may_decide": may(user, "application.decide", application),
    }
    return render(request, "candidates/card.html", context)


def _with_times(held: list[Meeting]) -> list[tuple[Meeting, str]]:
    return [(one, in_zone(one.starts_at, one.zone) if one.starts_at else "Not chosen yet") for one in held]


@require_POST
def add_note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    application, form = application_for(request, pk, "application.work"), NoteForm(request.POST)
    if form.is_valid():
        notes.add_note(
            application=application, text=form.cleaned_data["text"], by=signed_in(request), now=timezone.now()
        )
    else:
        messages.error(request, "A note needs a text.")
    return redirect("application", pk=pk)


@require_POST
def set_follow_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    application, form, user = (
        application_for(request, pk, "application.work"),
        FollowUpForm(request.POST),
        signed_in(request),
    )
    if form.is_valid():
        notes.set_follow_up(application=application, of=user, by=user, now=timezone.now(), **form.cleaned_data)
    else:
        messages.error(request, "Say what is to be done, and by when.")
    return redirect("application", pk=pk)


@require_POST
def finish_follow_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    rows = FollowUp.objects.visible_to(user).select_related("application__role__team")
    found: FollowUp = get_object_or_404(rows, pk=pk, done_at=None)
    notes.finish_follow_up(follow_up=found, by=user, now=timezone.now())
    return redirect("application", pk=found.application_id)


@require_http_methods(["GET", "POST"])
def write_mail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A mail with a preview of exactly what this person gets; it waits a minute before it goes."""
    application, user = application_for(request, pk, "application.work"), signed_in(request)
    templates = MailTemplate.objects.filter(organisation=application.role.organisation)
    chosen = templates.filter(pk=_uuid(request.GET.get("template", ""))).first()
    initial = {"subject": chosen.subject, "body": chosen.body} if chosen else {}
    form, preview, problem = MailForm(request.POST or None, initial=initial), None, ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            preview = written_from(application, subject=given["subject"], body=given["body"], sender=str(user))
            if request.POST.get("do") == "send":
                mail.write_mail(application=application, by=user, now=timezone.now(), **given)
                messages.success(
                    request, "The e-mail will be sent in a minute. Until then you can cancel it on the card."
                )
                return redirect("application", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {
        "application": application,
        "form": form,
        "preview": preview,
        "problem": problem,
        "templates": templates,
        "variables": VARIABLES.items(),
    }
    return render(request, "candidates/write_mail.html", context, status=422 if problem or form.errors else 200)


@require_POST
def take_back_mail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    rows = OutgoingMail.objects.visible_to(user).select_related("application__role__team")
    found: OutgoingMail = get_object_or_404(rows, pk=pk)
    try:
        mail.take_back(mail=found, by=user, now=timezone.now())
        messages.success(request, "The e-mail will not be sent.")
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("application", pk=found.application_id)


@require_http_methods(["GET", "POST"])
def plan_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One time, or several from which the candidate chooses."""
    application, user = application_for(request, pk, "application.work"), signed_in(request)
    members = Membership.objects.filter(organisation=application.role.organisation).select_related("user")
    people = {str(member.user_id): member.user for member in members}
    zone = application.role.zone
    choices = [(key, str(person)) for key, person in people.items()]
    form, problem = MeetingForm(request.POST or None, people=choices, zone=zone), ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        times, panel = given.pop("times"), [people[key] for key in given.pop("panel")]
        common = {**given, "application": application, "panel": panel, "by": user, "now": timezone.now()}
        try:
            if len(times) == 1:
                meetings.set_meeting(starts_at=times[0], **common)
            else:
                meetings.offer_slots(starts=times, **common)
            messages.success(request, "The invitations are on their way.")
            return redirect("application", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {"application": application, "form": form, "problem": problem, "zone": zone}
    return render(request, "candidates/plan_meeting.html", context, status=422 if problem or form.errors else 200)


@require_POST
def move_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To another time, typed in the meeting's zone: the same events, one version on."""
    user, found = signed_in(request), _meeting(request, pk)
    try:
        starts_at = local_time(request.POST.get("time", ""), found.zone)
        meetings.move_meeting(meeting=found, starts_at=starts_at, by=user, now=timezone.now())
        messages.success(request, "The meeting is moved; candidate and panel get the new time.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("application", pk=found.application_id)


def _meeting(request: HttpRequest, pk: uuid.UUID) -> Meeting:
    rows = Meeting.objects.filter(application__in=Application.objects.run_by(signed_in(request)))
    return get_object_or_404(rows.select_related("application__role__team"), pk=pk)


@require_POST
def cancel_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user, found = signed_in(request), _meeting(request, pk)
    meetings.cancel_meeting(meeting=found, by=user, now=timezone.now())
    messages.success(request, "The meeting is cancelled in everyone’s calendar.")
    return redirect("application", pk=found.application_id)


@require_GET
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A file as it was sent; never shown inside our own pages."""
    user = signed_in(request)
    found = get_object_or_404(
        CandidateFile.objects.filter(application__in=Application.objects.visible_to(user).not_shut_away()), pk=pk
    )
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(bytes(found.content), content_type=found.media_type, headers=headers)


@require_POST
def erase(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Erases a person on their wish, however it reached us."""
    candidate, user = candidate_for(request, pk), signed_in(request)
    try:
        done = privacy.erase(candidate=candidate, actor=colleague(user), now=timezone.now())
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
        return redirect("roles")
    if done.due_date:
        messages.success(request, f"{done.law} makes us keep records: locked now, erased on {done.due_date:%-d %B %Y}.")
    else:
        messages.success(request, "The person is erased.")
    return redirect("roles")


@require_POST
def hold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    candidate, user = candidate_for(request, pk), signed_in(request)
    privacy.set_hold(candidate=candidate, reason=request.POST.get("reason", ""), by=user, now=timezone.now())
    messages.success(request, "The records are held." if candidate.is_held else "The hold is lifted.")
    return redirect("application", pk=candidate.applications.latest("applied_at").pk)


@require_POST
def unmerge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    link = get_object_or_404(CandidateMerge.objects.select_related("kept", "merged"), pk=pk)
    candidate_for(request, link.kept_id)
    duplicates.unmerge(link=link, by=user, now=timezone.now())
    messages.success(request, "The merge is undone; everything is as it was before.")
    return redirect("duplicates")


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
