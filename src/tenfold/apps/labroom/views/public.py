"""A candidate's lab, opened by their link: what they agree to, practice, the room, submitting, feedback.

No account and no cookie; what opens the page is in its address. Forms need no scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.presenters.feedback import feedback_page
from tenfold.apps.labroom.presenters.markdown import render_markdown, without_heading
from tenfold.apps.labroom.presenters.packing import pack_own_data
from tenfold.apps.labroom.queries.consent import statements
from tenfold.apps.labroom.queries.labs import lab_of, title_of
from tenfold.apps.labroom.queries.links import invitation_named_by
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.apps.labroom.queries.standing import Step, standing
from tenfold.apps.labroom.services import inviting, reviewing, submitting, tickets, working
from tenfold.apps.labroom.services.local_work import can_be_fetched, clone_command
from tenfold.core.http.limits import asks_too_often
from tenfold.kit.errors import UserError
from tenfold.labs import practice as practice_rooms

STEPS_PER_MINUTE = 90
Done = Callable[[LabInvitation, HttpRequest], str]
Page = Callable[..., HttpResponse]


def by_link(view: Page) -> Page:
    """A page that a candidate's link opens: no sign-in, no cookie to misuse, bounded per address."""

    @csrf_exempt  # what opens the page is in its address and in no cookie: another site does not have it
    @login_not_required
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        if asks_too_often(f"lab:{request.META.get('REMOTE_ADDR', '')}", STEPS_PER_MINUTE, per_minutes=1):
            response = render(request, "429.html", status=429)
            response["Retry-After"] = "60"
            return response
        found = invitation_named_by(token)
        if found is None:
            return render(request, "labroom/closed.html", status=410)
        return view(request, found, token)

    return answer


without_scripts = csp_replace({"script-src": [NONE], "connect-src": [NONE]})
"""The content policy of pages that are forms and text."""


@without_scripts
@require_http_methods(["GET", "POST"])
@by_link
def invitation(request: HttpRequest, found: LabInvitation, token: str) -> HttpResponse:
    """The first page: what the lab is, what is recorded and agreed to, and the way on."""
    problem = ""
    if request.method == "POST":
        step = STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise Http404
        try:
            address = reverse("lab-invitation", args=[token])
            return redirect(f"{address}?done={step(found, request)}")
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    stands = standing(found, timezone.now())
    if stands.step is Step.CLOSED:
        return render(request, "labroom/closed.html", {"invitation": found}, status=410)
    if stands.step is Step.FEEDBACK:
        return render(request, "labroom/feedback.html", feedback_page(found, token) | {"problem": problem})
    lab = lab_of(found.lab)
    context = {
        "token": token,
        "invitation": found,
        "title": title_of(found.lab),
        "lab": lab,
        "standing": stands,
        "statements": statements(lab, with_application=found.application_id is not None),
        "employer": employer_of(found),
        "clone": clone_command(found) if stands.step in {Step.READY, Step.WORKING} and can_be_fetched() else "",
        "done": DONE.get(request.GET.get("done", ""), ""),
        "problem": problem,
    }
    return render(request, "labroom/invitation.html", context, status=422 if problem else 200)


def employer_of(found: LabInvitation) -> str:
    role = found.application.role if found.application else None
    return (role.employer if role else "") or found.organisation.name


def _consent(found: LabInvitation, request: HttpRequest) -> str:
    if request.POST.get("agrees") != "yes":
        raise UserError("Nothing was started.", remedy="Tick the box if you agree.")
    inviting.give_consent(invitation=found, now=timezone.now())
    working.prepare_later(found)
    return "agreed"


def _accommodate(found: LabInvitation, request: HttpRequest) -> str:
    inviting.ask_for_accommodation(invitation=found, text=request.POST.get("text", ""), now=timezone.now())
    return "asked"


def _appeal(found: LabInvitation, request: HttpRequest) -> str:
    reviewing.appeal(invitation=found, text=request.POST.get("text", ""), now=timezone.now())
    return "objected"


STEPS: dict[str, Done] = {"consent": _consent, "accommodate": _accommodate, "appeal": _appeal}
DONE = {
    "agreed": "Thank you. You can practise first, or begin.",
    "asked": "We have your request. Only the people who arrange it see it. Please wait for our answer to begin.",
    "objected": "We have your objection. A person answers it here.",
    "submitted": "Your work is in.",
}


@require_GET
@by_link
def practice(request: HttpRequest, found: LabInvitation, token: str) -> HttpResponse:
    """A room like the real one, which never counts."""
    if standing(found, timezone.now()).step not in {Step.READY, Step.WORKING}:
        return redirect("lab-invitation", token=token)
    try:
        working.enter_practice(invitation=found, now=timezone.now())
    except UserError as error:
        return _no_room(request, found, token, error)
    text = (practice_rooms.CONTENT / "instruction.md").read_text("utf-8").partition("## What is graded")[0]
    return render(request, "labroom/room.html", _room(found, token, text, is_practice=True))


@require_GET
@by_link
def room(request: HttpRequest, found: LabInvitation, token: str) -> HttpResponse:
    """The room. Coming here the first time begins the attempt; the clock runs once the room is open."""
    if standing(found, timezone.now()).step not in {Step.READY, Step.WORKING, Step.TIME_OVER}:
        return redirect("lab-invitation", token=token)
    try:
        session = working.begin(invitation=found, now=timezone.now())
        text = working.instruction(session)
    except UserError as error:
        return _no_room(request, found, token, error)
    return render(request, "labroom/room.html", _room(found, token, text))


def _room(found: LabInvitation, token: str, text: str, *, is_practice: bool = False) -> dict[str, Any]:
    leave = reverse("lab-invitation", args=[token])
    mark = "?practice" if is_practice else ""
    return {
        "token": token,
        "invitation": found,
        "title": "Practice room" if is_practice else title_of(found.lab),
        "brief": render_markdown(without_heading(text)),
        "is_practice": is_practice,
        "part": "candidate",
        "ticket_url": reverse("candidate-ticket", args=[token]) + mark,
        "submit_url": "" if is_practice else reverse("submit-lab", args=[token]),
        "plain_url": reverse("candidate-plain-room", args=[token]) + mark,
        "leave_url": leave,
    }


def _no_room(request: HttpRequest, found: LabInvitation, token: str, error: UserError) -> HttpResponse:
    """Says that it is our fault and costs nothing; what is missing is told to those who run the machine, in the log."""
    context = {"token": token, "title": title_of(found.lab), "problem": error.what}
    return render(request, "labroom/no_room.html", context, status=503)


@require_POST
@by_link
def ticket(request: HttpRequest, found: LabInvitation, token: str) -> HttpResponse:
    """A one-time ticket for the socket, sent in its first frame."""
    del token
    if standing(found, timezone.now()).step not in {Step.READY, Step.WORKING, Step.TIME_OVER}:
        return JsonResponse({"problem": "This room is closed."}, status=409)
    is_practice = "practice" in request.GET
    made = tickets.make_ticket(invitation=found, user=None, is_practice=is_practice, now=timezone.now())
    return JsonResponse({"ticket": made})


@without_scripts
@require_http_methods(["GET", "POST"])
@by_link
def submit(request: HttpRequest, found: LabInvitation, token: str) -> HttpResponse:
    """What will be graded, and the button that hands it in."""
    if standing(found, timezone.now()).step not in {Step.WORKING, Step.TIME_OVER}:
        return redirect("lab-invitation", token=token)
    problem = ""
    if request.method == "POST":
        try:
            submitting.submit(invitation=found, now=timezone.now())
            return redirect(reverse("lab-invitation", args=[token]) + "?done=submitted")
        except UserError as error:
            problem = f"{error.what[:1].upper()}{error.what[1:]}. {error.remedy}"
    session = session_of(found)
    lab = session.lab if session is not None else lab_of(found.lab)
    context = {
        "token": token,
        "title": title_of(found.lab),
        "lab": lab,
        "standing": standing(found, timezone.now()),
        "changes": submitting.summary(found),
        "back_url": reverse("candidate-room", args=[token]),
        "problem": problem,
    }
    return render(request, "labroom/submit.html", context, status=422 if problem else 200)


@require_GET
@by_link
def own_data(request: HttpRequest, found: LabInvitation, token: str) -> HttpResponse:
    """Everything that the lab keeps of its person: values, messages, recordings, the work."""
    del request, token
    disposition = {"Content-Disposition": 'attachment; filename="my-lab.zip"'}
    with pack_own_data(found) as packed:
        return HttpResponse(packed.read(), content_type="application/zip", headers=disposition)
