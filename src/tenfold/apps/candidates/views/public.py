"""The application form of the job page, and a candidate's own page. Neither needs scripts or an account."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tenfold.apps.candidates.forms.applying import ApplicationForm, ContactDetails, details_of
from tenfold.apps.candidates.models import (
    Application,
    CandidateFile,
    MailTemplate,
    OfferedSlot,
    OpenRole,
    Purpose,
    Source,
    TemplateKind,
)
from tenfold.apps.candidates.queries.calendars import in_zone
from tenfold.apps.candidates.queries.groups import group_ids
from tenfold.apps.candidates.queries.mailtext import opened_by
from tenfold.apps.candidates.queries.public import notices, place_names, progress
from tenfold.apps.candidates.queries.retention import clocks, erase_by
from tenfold.apps.candidates.services import applying, meetings, moves, privacy
from tenfold.apps.candidates.services.actors import CANDIDATE
from tenfold.apps.candidates.services.mail import hold_from_template
from tenfold.apps.candidates.services.roles import known_zone
from tenfold.apps.postings.models import PublishedPosting
from tenfold.core.http.limits import asks_too_often
from tenfold.kit.errors import UserError

APPLICATIONS_PER_HOUR = 10
"""From one address; a household or an office may share one."""
STEPS_PER_MINUTE = 60
Step = Callable[[Application, HttpRequest], str]


def apply_link(_request: HttpRequest, posting: PublishedPosting) -> SafeString:
    """The piece of the job page that leads to the form (`job-page.apply`)."""
    role = _role(posting)
    return SafeString(render_to_string("candidates/apply_link.html", {"posting": posting})) if role else SafeString("")


def _role(posting: PublishedPosting) -> OpenRole | None:
    return OpenRole.objects.filter(plan=posting.plan_id, closed_at=None).select_related("organisation").first()


@csrf_exempt  # nobody is signed in and no cookie is set: there is nothing that another site could misuse
@login_not_required
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form, and what is sent with it."""
    posting = get_object_or_404(PublishedPosting.objects.select_related("plan"), pk=pk)
    role = _role(posting)
    if role is None or not PublishedPosting.objects.filter(pk=pk).open_on(timezone.localdate()).exists():
        return render(request, "postings/job_closed.html", {"posting": posting}, status=410)
    form = ApplicationForm()
    if request.method == "POST":
        address = request.META.get("REMOTE_ADDR", "")
        if _is_from_elsewhere(request) or asks_too_often(f"apply:{address}", APPLICATIONS_PER_HOUR, per_minutes=60):
            return too_often(request)
        form = ApplicationForm(request.POST, request.FILES)
        if form.is_from_a_program:
            return redirect(_thanks(posting))
        if form.is_valid() and _receive(form, role):
            return redirect(_thanks(posting))
    context = {
        "posting": posting,
        "role": role,
        "form": form,
        "sent": "sent" in request.GET and request.method == "GET",
        "notices": notices(role, today=timezone.localdate()),
        "places": place_names(role),
    }
    response = render(request, "candidates/apply.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _receive(form: ApplicationForm, role: OpenRole) -> bool:
    """Whether it was kept, or was there already: both look the same, so that nobody can ask who applied."""
    now = timezone.now()
    try:
        applying.apply(role=role, applicant=form.application(Source.JOB_PAGE), now=now)
    except applying.AlreadyApplied as known:
        _write_again(known.application)
    except UserError as error:
        form.add_error(error.place.field if error.place.field in form.fields else None, f"{error.what} {error.remedy}")
        return False
    return True


def _write_again(application: Application) -> None:
    """Whoever applies twice finds the link to their page in their mail once more, at most once a day."""
    now = timezone.now()
    if application.mails.filter(written_at__gt=now - timedelta(days=1)).exists():
        return
    texts = MailTemplate.objects.filter(organisation=application.role.organisation_id, kind=TemplateKind.RECEIVED)
    if template := texts.first():
        hold_from_template(application=application, template=template, by=None, now=now, after=now)


def _thanks(posting: PublishedPosting) -> str:
    return reverse("apply", args=[posting.pk]) + "?sent"


def _is_from_elsewhere(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin != "null" and urlsplit(origin).netloc != request.get_host()


def too_often(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "3600"
    return response


# A candidate's own page -----------------------------------------------------------------------------------------


@csrf_exempt  # what opens the page is in its address and in no cookie: another site does not have it
@login_not_required
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where the application is, and everything that its person may do about it and their data."""
    if asks_too_often(f"status:{request.META.get('REMOTE_ADDR', '')}", STEPS_PER_MINUTE, per_minutes=1):
        return too_often(request)
    application = opened_by(token)
    if application is None or (hasattr(application.candidate, "erasure_request") and request.method == "POST"):
        return as_private(render(request, "candidates/status_closed.html", status=410))
    if request.method == "GET" and "download" in request.GET:
        return as_private(_download(application))
    form = ContactDetails(initial=details_of(application.candidate))
    problem = ""
    if request.method == "POST":
        done = STEPS.get(request.POST.get("do", ""))
        if done is None:
            raise Http404
        if request.POST["do"] == "correct":
            form = ContactDetails(request.POST)
        try:
            told = done(application, request)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
        else:
            if told == "erased":
                return as_private(render(request, "candidates/status_erased.html"))
            if told:
                return as_private(redirect(reverse("candidate-status", args=[token]) + f"?done={told}"))
    return as_private(_page(request, token, application, form, problem))


def _page(
    request: HttpRequest, token: str, application: Application, form: ContactDetails, problem: str
) -> HttpResponse:
    now, role = timezone.now(), application.role
    today, zone = timezone.localdate(), known_zone(request.GET.get("zone", "")) or role.zone
    slots = OfferedSlot.objects.filter(meeting__application=application, meeting__state="offered", starts_at__gt=now)
    meetings_set = application.meetings.filter(state="set").order_by("starts_at")
    context = {
        "token": token,
        "application": application,
        "role": role,
        "progress": progress(application, now=now),
        "form": form,
        "problem": problem,
        "done": DONE.get(request.GET.get("done", ""), ""),
        "slots": [(slot, in_zone(slot.starts_at, zone)) for slot in slots.select_related("meeting")],
        "meetings": [(one, in_zone(one.starts_at, zone)) for one in meetings_set if one.starts_at],
        "zone": zone,
        "zones": sorted(available_timezones()),
        "accommodations": application.accommodations.all(),
        "keeps_for_future": application.candidate.consents.filter(
            purpose=Purpose.FUTURE_ROLES, withdrawn_at=None
        ).exists(),
        "categories": privacy.CATEGORIES.items(),
        "clocks": clocks(application, today=today),
        "erase_by": erase_by(application, today=today),
        "erasure": getattr(application.candidate, "erasure_request", None),
        "notices": notices(role, today=today),
    }
    return render(request, "candidates/status.html", context, status=422 if problem or form.errors else 200)


def _withdraw(application: Application, _request: HttpRequest) -> str:
    moves.withdraw(application=application, now=timezone.now())
    return "withdrawn"


def _correct(application: Application, request: HttpRequest) -> str:
    form = ContactDetails(request.POST)
    if not form.is_valid():
        return ""
    applying.correct(candidate=application.candidate, applicant=form.applicant(), actor=CANDIDATE, now=timezone.now())
    return "corrected"


def _erase(application: Application, request: HttpRequest) -> str:
    if request.POST.get("sure") != "yes":
        raise UserError("Nothing was erased.", remedy="Tick the box to say that you are sure.")
    done = privacy.erase(candidate=application.candidate, actor=CANDIDATE, now=timezone.now())
    return "shut" if done.due_date else "erased"


def _accommodate(application: Application, request: HttpRequest) -> str:
    privacy.ask_accommodation(application=application, text=request.POST.get("text", ""), now=timezone.now())
    return "asked"


def _identify(application: Application, request: HttpRequest) -> str:
    answers = {name: request.POST.get(name, "") for name in privacy.CATEGORIES}
    privacy.identify(application=application, answers=answers, now=timezone.now())
    return "identified"


def _choose(application: Application, request: HttpRequest) -> str:
    try:
        pk = uuid.UUID(request.POST.get("slot", ""))
    except ValueError:
        raise UserError("No time was chosen.", remedy="Choose one of the times.") from None
    slot = get_object_or_404(OfferedSlot.objects.filter(meeting__application=application), pk=pk)
    meetings.choose_slot(slot=slot, now=timezone.now())
    return "chosen"


def _future(application: Application, request: HttpRequest) -> str:
    agrees = request.POST.get("agrees") == "yes"
    applying.set_future_consent(candidate=application.candidate, agrees=agrees, now=timezone.now())
    return "consent"


STEPS: dict[str, Step] = {
    "withdraw": _withdraw,
    "correct": _correct,
    "erase": _erase,
    "accommodate": _accommodate,
    "identify": _identify,
    "choose": _choose,
    "future": _future,
}
DONE = {
    "withdrawn": "Your application is withdrawn.",
    "corrected": "Your data is corrected.",
    "asked": "We have your request. Only those who arrange it can see it.",
    "identified": "Your answers are stored separately from your application; no one who decides sees them.",
    "chosen": "Your time is booked. An invitation is on its way.",
    "consent": "Your choice is saved.",
    "shut": "Your application is withdrawn, and your data is locked until the law lets us erase it.",
}


def _download(application: Application) -> HttpResponse:
    """Everything that we keep about the person, with their files."""
    data: Any = privacy.export(candidate=application.candidate, actor=CANDIDATE, now=timezone.now())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        for place, file in enumerate(CandidateFile.objects.filter(candidate__in=group_ids(application.candidate))):
            archive.writestr(f"files/{place + 1}-{file.name}", bytes(file.content))
    disposition = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers=disposition)


def as_private(response: HttpResponse) -> HttpResponse:
    """No cache keeps it, no search engine shows it, no address is told to another site."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
