"""How interviewers rate beside each other, practice, and an organisation's own questions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tenfold.apps.candidates.models import OpenRole
from tenfold.apps.interviews.models import OwnQuestions, PracticeScorecard
from tenfold.apps.interviews.queries.calibration import calibration, own_watching
from tenfold.apps.interviews.services.practice import save_practice
from tenfold.apps.interviews.services.questions import save_questions
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.core.typed import whole
from tenfold.kit.errors import InputProblems, UserError
from tenfold.practices.interviews.practice import compare, practice_interview


@never_cache
@require_GET
def calibration_page(request: HttpRequest) -> HttpResponse:
    """Everybody's lines for who runs a role's hiring; for others their own alone."""
    user, organisation = signed_in(request), require_organisation(request)
    found = calibration(organisation)
    runs = OpenRole.objects.run_by(user).filter(organisation=organisation).exists()
    context = {
        "found": found,
        "lines": [one for one in found.lines if runs or one.interviewer == user],
        "runs": runs,
        "watching": own_watching(user),
    }
    return render(request, "interviews/calibration.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """The invented interview; what one made of it is shown to oneself."""
    user, problem = signed_in(request), ""
    sent = {one.id: whole(request.POST.get(one.id)) for one in practice_interview().answers}
    if request.method == "POST":
        try:
            save_practice(ratings=sent, by=user, now=timezone.now())
            return redirect("interview-practice")
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    done = PracticeScorecard.objects.visible_to(user).first()
    shows = done is not None and "again" not in request.GET and not problem
    context = {
        "interview": practice_interview(),
        "sent": sent,
        "problem": problem,
        "done": done if shows else None,
        "lines": compare(done.ratings) if done is not None and shows else (),
    }
    return render(request, "interviews/practice.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
def own_questions(request: HttpRequest) -> HttpResponse:
    """The organisation's own questions, as one text; a file takes the text's place."""
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "organisation.view", organisation)
    versions = list(OwnQuestions.objects.visible_to(user).filter(organisation=organisation)[:20])
    text, problems = versions[0].text if versions else "", []
    if request.method == "POST":
        require(user, "interviews.edit-questions", organisation)
        text = _text(request)
        try:
            saved = save_questions(organisation=organisation, text=text, by=user, now=timezone.now())
            messages.success(request, f"Version {saved.number} is saved. Kits made from now on use it.")
            return redirect("own-questions")
        except InputProblems as found:
            problems = [one.what for one in found.problems]
        except UserError as error:
            problems = [f"{error.what} {error.remedy}"]
    context = {
        "versions": versions,
        "text": text,
        "problems": problems,
        "may_edit": may(user, "interviews.edit-questions", organisation),
    }
    return render(request, "interviews/own_questions.html", context, status=422 if problems else 200)


def _text(request: HttpRequest) -> str:
    """Raises UserError-free: what is no text reads as text with odd characters, which the parser refuses."""
    upload = request.FILES.get("file")
    raw = upload.read(500_000).decode("utf-8-sig", "replace") if upload else request.POST.get("text", "")
    return raw.replace("\x00", "").replace("\r\n", "\n")
