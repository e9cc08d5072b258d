"""The draft beside what it rests on, its preview, and the candidate's own page."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.queries.mailtext import MailText
from tenfold.apps.candidates.views.access import application_for
from tenfold.apps.decisions.queries import owes_scorecard
from tenfold.apps.feedback import services
from tenfold.apps.feedback.models import FeedbackLetter
from tenfold.apps.feedback.queries.drafting import decision_told, list_editor_notes
from tenfold.apps.feedback.queries.letters import can_be_taken_back, mail_of, open_letter
from tenfold.core.http.sign_in import signed_in
from tenfold.core.models import User
from tenfold.core.permissions import may
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError


@never_cache
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One person's feedback: drafted, edited, looked at as it will be read, approved, taken back."""
    application, user = application_for(request, pk, "feedback.write"), signed_in(request)
    letter = FeedbackLetter.objects.visible_to(user).filter(application=application).first()
    problem = ""
    if request.method == "POST":
        try:
            said = _act(request, application, letter, user)
            if said:
                messages.success(request, said)
            return redirect("feedback", pk=pk)
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
            letter = FeedbackLetter.objects.visible_to(user).filter(application=application).first()
    return render(
        request, "feedback/feedback.html", _context(application, letter, user, problem), status=_status(problem)
    )


def _status(problem: str) -> int:
    return 422 if problem else 200


def _act(request: HttpRequest, application: Application, letter: FeedbackLetter | None, user: User) -> str:
    """What was done, in words."""
    do, now = request.POST.get("do", ""), timezone.now()
    if do == "draft":
        services.draft_feedback(application=application, by=user, now=now)
        return "This is a draft by plain rules. Edit it before you approve it."
    if letter is None:
        raise UserError("There is no draft.", remedy="Begin with one.")
    if do == "approve":
        edits = whole(request.POST.get("edits"))
        services.approve_feedback(letter=letter, edits=-1 if edits is None else edits, by=user, now=now)
        return "The mail goes in half an hour, and the candidate’s page opens then. Until then you can take it back."
    if do == "take-back":
        services.take_back_feedback(letter=letter, by=user, now=now)
        return "It is taken back and a draft again."
    services.edit_feedback(letter=letter, by=user, now=now, **_edits(request, letter))
    return "Saved. Below is what the candidate would get."


def _edits(request: HttpRequest, letter: FeedbackLetter) -> dict[str, Any]:
    sent = request.POST
    points = [
        {"name": one["name"], "text": sent.get(f"text:{n}", ""), "included": f"included:{n}" in sent}
        for n, one in enumerate(letter.points)
    ]
    notices: dict[str, dict[str, Any]] = {}
    for key in sent:
        kind, _, rest = key.partition(":")
        if kind == "notice":
            notices.setdefault(rest[:60], {"values": {}})["included"] = True
        if kind == "value":
            id_, _, field = rest.partition(":")
            kept = notices.setdefault(id_[:60], {"values": {}, "included": False})
            kept["values"][field[:60]] = sent.get(key, "")[:2_000].replace("\x00", "")
    kept_notices = {id_: {"included": False, **one} for id_, one in list(notices.items())[:20]}
    return {"points": points, "closing": sent.get("closing", ""), "notices": kept_notices}


def _context(application: Application, letter: FeedbackLetter | None, user: User, problem: str) -> dict[str, Any]:
    now = timezone.now()
    law = services.law_for(application, now=now)
    preview, missing = _preview(letter, user) if letter is not None else (None, "")
    kept = letter.notices if letter is not None else {}
    return {
        "application": application,
        "role": application.role,
        "letter": letter,
        "mail": mail_of(letter) if letter else None,
        "can_take_back": letter is not None and can_be_taken_back(letter),
        "rests_on": decision_told(application),
        "owes": owes_scorecard(application, user),
        "points": list(enumerate(letter.points)) if letter else [],
        "remarks": list_editor_notes(letter.points, letter.closing, application) if letter else [],
        "law": law,
        "drafts": [_notice_row(one, kept.get(one.id, {})) for one in law.drafts],
        "preview": preview,
        "missing": missing,
        "problem": problem,
    }


def _notice_row(draft: Any, kept: dict[str, Any]) -> dict[str, Any]:
    values = kept.get("values", {})
    return {
        "draft": draft,
        "included": draft.is_sure or kept.get("included", False),
        "fields": [(name, name.replace("_", " "), values.get(name, "")) for name in draft.missing],
    }


def _preview(letter: FeedbackLetter, user: User) -> tuple[MailText | None, str]:
    """What the person would get, or what it lacks."""
    try:
        return services.preview_mail(letter, sender=str(user), now=timezone.now()), ""
    except UserError as error:
        return None, f"{error.what} {error.remedy}"


# Pieces on pages of candidates ---------------------------------------------------------------------------------


def application_section(request: HttpRequest, application: Application) -> SafeString:
    """On a person's card: whether feedback is drafted, waits or has gone out."""
    user = signed_in(request)
    if not may(user, "feedback.write", application) or owes_scorecard(application, user):
        return SafeString("")
    letter = FeedbackLetter.objects.visible_to(user).filter(application=application).first()
    mail = mail_of(letter) if letter is not None else None
    context = {"application": application, "letter": letter, "mail": mail, "rests_on": decision_told(application)}
    return SafeString(render_to_string("feedback/application_section.html", context, request))


def candidate_section(_request: HttpRequest, application: Application) -> SafeString:
    """On the candidate's own page: the letter, once it is out."""
    letter = open_letter(application, now=timezone.now())
    if letter is None:
        return SafeString("")
    return SafeString(render_to_string("feedback/candidate_section.html", {"letter": letter}))
