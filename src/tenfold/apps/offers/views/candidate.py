"""The offer as its candidate reads and answers it, over their signed link, without scripts or an account."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.queries.mailtext import opened_by
from tenfold.apps.candidates.views.public import as_private, too_often
from tenfold.apps.offers.forms.offers import AnswerForm
from tenfold.apps.offers.models import AnswerKind, DeclineReason, Offer, OfferState, OfferVersion
from tenfold.apps.offers.presenters.sheet import sheet_of
from tenfold.apps.offers.queries.standing import expiry, shown_version, standing_offer
from tenfold.apps.offers.services import answering
from tenfold.apps.plans.presenters import pdf
from tenfold.core.http.limits import asks_too_often
from tenfold.kit.errors import UserError

STEPS_PER_MINUTE = 60
PDFS_PER_MINUTE = 6
Step = Callable[[Application, AnswerForm], str]


@csrf_exempt  # what opens the page is in its address and in no cookie: another site does not have it
@login_not_required
@require_http_methods(["GET", "POST"])
def candidate_offer(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet, and accept, decline, ask: each a plain form that says which version was read."""
    if asks_too_often(f"offer:{request.META.get('REMOTE_ADDR', '')}", STEPS_PER_MINUTE, per_minutes=1):
        return too_often(request)
    application = opened_by(token)
    if application is None or hasattr(application.candidate, "erasure_request"):
        return as_private(render(request, "candidates/status_closed.html", status=410))
    problem, form = "", AnswerForm(request.POST or None)
    if request.method == "POST":
        step = STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise Http404
        if not form.is_valid():
            problem = "This could not be read. Nothing was sent."
        else:
            try:
                done = step(application, form)
                return as_private(redirect(reverse("candidate-offer", args=[token]) + f"?done={done}"))
            except UserError as error:
                problem = f"{error.what} {error.remedy}"
    return as_private(_page(request, token, application, form, problem))


def _page(request: HttpRequest, token: str, application: Application, form: AnswerForm, problem: str) -> HttpResponse:
    now, offer = timezone.now(), standing_offer(application)
    shown = shown_version(offer, now=now) if offer is not None else None
    if offer is None or shown is None:
        context = {"token": token, "role": application.role, "was_withdrawn": _was_withdrawn(application)}
        return render(request, "offers/no_offer.html", context, status=410)
    answer = getattr(shown, "answer", None)
    context = {
        "token": token,
        "application": application,
        "role": application.role,
        "offer": offer,
        "sheet": sheet_of(shown),
        "answer": answer,
        "is_expired": answer is None and now >= expiry(shown),
        "can_answer": answer is None and now < expiry(shown) and application.is_open,
        "questions": offer.questions.all(),
        "reasons": DeclineReason.choices,
        "form": form,
        "problem": problem,
        "done": DONE.get(request.GET.get("done", ""), "") if not problem else "",
        "has_pdf": pdf.is_available(),
    }
    return render(request, "offers/candidate_offer.html", context, status=422 if problem else 200)


def _was_withdrawn(application: Application) -> bool:
    """Whether the last offer that this person was shown is withdrawn."""
    last = Offer.objects.filter(application=application, state=OfferState.WITHDRAWN).first()
    return last is not None and shown_version(last, now=timezone.now()) is not None


def _accept(application: Application, form: AnswerForm) -> str:
    _answer(application, form, AnswerKind.ACCEPTED)
    return "accepted"


def _decline(application: Application, form: AnswerForm) -> str:
    _answer(application, form, AnswerKind.DECLINED)
    return "declined"


def _answer(application: Application, form: AnswerForm, kind: AnswerKind) -> None:
    given = form.cleaned_data
    answering.answer_offer(
        application=application,
        number=given["number"],
        kind=kind,
        name=given["name"] if kind == AnswerKind.ACCEPTED else "",
        reason=given["reason"] if kind == AnswerKind.DECLINED else "",
        words=given["words"] if kind == AnswerKind.DECLINED else "",
        now=timezone.now(),
    )


def _ask(application: Application, form: AnswerForm) -> str:
    answering.ask_question(application=application, text=form.cleaned_data["words"], now=timezone.now())
    return "asked"


STEPS: dict[str, Step] = {"accept": _accept, "decline": _decline, "ask": _ask}
DONE = {
    "accepted": "You have accepted. We are glad, and will write to you about what comes next.",
    "declined": "You have declined. Thank you for telling us.",
    "asked": "We have your question. The answer will be here, and you can still accept or decline.",
}


@login_not_required
@require_GET
def candidate_offer_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The same sheet as PDF; where none can be drawn, the page prints well."""
    if asks_too_often(f"offer-pdf:{request.META.get('REMOTE_ADDR', '')}", PDFS_PER_MINUTE, per_minutes=1):
        return too_often(request)
    application = opened_by(token)
    offer = standing_offer(application) if application is not None else None
    shown = shown_version(offer, now=timezone.now()) if offer is not None else None
    if application is None or shown is None or hasattr(application.candidate, "erasure_request"):
        return as_private(render(request, "candidates/status_closed.html", status=410))
    if not pdf.is_available():
        return as_private(redirect("candidate-offer", token=token))
    headers = {"Content-Disposition": f'attachment; filename="offer-version-{shown.number}.pdf"'}
    return as_private(HttpResponse(_draw_pdf(shown, application), content_type="application/pdf", headers=headers))


def _draw_pdf(version: OfferVersion, application: Application) -> bytes:
    role = application.role
    context = {"sheet": sheet_of(version), "application": application, "role": role, "organisation": role.organisation}
    return pdf.page_as_pdf(render_to_string("offers/sheet_pdf.html", context))
