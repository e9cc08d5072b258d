"""What other hiring systems ask, in the shapes of their documents for assessment partners.

Greenhouse: list_tests, send_test, test_status, response_error. Ashby: assessment.list, .start, .cancel. A system signs
in by Basic authentication with its key as user; it sees and changes nothing but what it ordered itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from tenfold.apps.labroom.models import LabroomEvent, PartnerKey, System
from tenfold.apps.labroom.queries.labs import title_of
from tenfold.apps.labroom.services import partners
from tenfold.core.http.basic_auth import basic_credentials
from tenfold.core.http.limits import asks_too_often
from tenfold.core.permissions import NotAllowed
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError
from tenfold.labs import registry

STEPS_PER_MINUTE = 120
MOST_BYTES = 100_000
Answer = Callable[[HttpRequest, PartnerKey], HttpResponse]


def _for(
    system: System, problem: Callable[[str, int], HttpResponse]
) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """An address of one system, with its way to be told what is wrong."""

    def wrap(answer: Answer) -> Callable[..., HttpResponse]:
        @csrf_exempt  # the key is in a header that no other site can make a browser send, and in no cookie
        @login_not_required
        @never_cache
        def ask(request: HttpRequest) -> HttpResponse:
            if asks_too_often(f"{system}:{request.META.get('REMOTE_ADDR', '')}", STEPS_PER_MINUTE, per_minutes=1):
                return problem("Too many requests. Wait a minute and try again.", 429)
            key = partners.key_of(system, basic_credentials(request)[0], timezone.now())
            if key is None:
                response = problem("This key is not known, or was removed.", 401)
                response["WWW-Authenticate"] = 'Basic realm="Tenfold"'
                return response
            try:
                return answer(request, key)
            except NotAllowed:
                return problem("Whoever made this key does not run the team’s hiring any more.", 401)
            except UserError as error:
                return problem(f"{error.what} {error.remedy or ''}".strip(), 422)

        return ask

    return wrap


def _words(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.read(MOST_BYTES))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UserError("The body is not a JSON object.", remedy="Send one as the document says.")
    return found


def _text(words: Any, *path: str) -> str:
    """A value by its path; empty where there is none or it is no text."""
    for name in path:
        words = words.get(name) if isinstance(words, dict) else None
    return words.replace("\x00", "").strip()[:1_000] if isinstance(words, str) else ""


def _person(words: dict[str, Any]) -> partners.Person:
    first, last, email = (_text(words, "candidate", name) for name in ("first_name", "last_name", "email"))
    if not email:
        raise UserError("The candidate has no e-mail address.", remedy="It is where the link is sent.")
    return partners.Person(_text(words, "candidate", "preferred_name") or first, last, email)


def _labs() -> list[tuple[str, str, str]]:
    """Name, title and description of each lab that is offered."""
    return [(one.slug, title_of(one.slug), one.description) for one in registry.summaries(registry.labs_folder())]


# Greenhouse


def _greenhouse_problem(words: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": [{"message": words}]}, status=status)


for_greenhouse = _for(System.GREENHOUSE, _greenhouse_problem)


@require_GET
@for_greenhouse
def list_tests(request: HttpRequest, key: PartnerKey) -> HttpResponse:
    del request, key
    told = [{"partner_test_id": slug, "partner_test_name": title} for slug, title, _ in _labs()]
    return JsonResponse(told, safe=False)


@require_POST
@for_greenhouse
def send_test(request: HttpRequest, key: PartnerKey) -> HttpResponse:
    words = _words(request)
    lab, reply_to = _text(words, "partner_test_id"), _text(words, "url")
    if lab not in {slug for slug, _, _ in _labs()}:
        return _greenhouse_problem("There is no such test.", 404)
    if not reply_to:
        raise UserError("There is no address to send the result to.", remedy="Give one as “url”.")
    made = partners.order(
        key=key, lab=lab, person=_person(words), asked=reply_to, reply_to=reply_to, now=timezone.now()
    )
    return JsonResponse({"partner_interview_id": str(made.invitation_id)})


@require_GET
@for_greenhouse
def test_status(request: HttpRequest, key: PartnerKey) -> HttpResponse:
    found = partners.order_of(key, request.GET.get("partner_interview_id", ""))
    if found is None:
        return _greenhouse_problem("There is no such interview.", 404)
    stands = partners.progress(found.invitation)
    score = round(100 * stands.points / stands.of) if stands.points is not None and stands.of else None
    metadata = {"Verdict": stands.verdict} if stands.verdict else {}
    return JsonResponse(
        {
            "partner_status": stands.step,
            "partner_profile_url": stands.profile_url,
            "partner_score": score,
            "metadata": metadata,
        }
    )


@require_POST
@for_greenhouse
def response_error(request: HttpRequest, key: PartnerKey) -> HttpResponse:
    """What Greenhouse could not read of an answer of ours: kept in the trail, without anything of a person."""
    words = _words(request)
    data = {"system": key.system, "call": _text(words, "api_call")[:80]}
    record(kind=LabroomEvent.PARTNER_PROBLEM, by="greenhouse", of=key, now=timezone.now(), data=data)
    return JsonResponse({})


# Ashby


def _ashby_problem(words: str, status: int) -> HttpResponse:
    return JsonResponse({"success": False, "message": words}, status=status)


def _done(results: Any) -> HttpResponse:
    return JsonResponse({"success": True, "results": results})


for_ashby = _for(System.ASHBY, _ashby_problem)


@require_POST
@for_ashby
def assessment_list(request: HttpRequest, key: PartnerKey) -> HttpResponse:
    del request, key
    return _done([{"assessment_type_id": slug, "name": name, "description": text} for slug, name, text in _labs()])


@require_POST
@for_ashby
def assessment_start(request: HttpRequest, key: PartnerKey) -> HttpResponse:
    words = _words(request)
    lab, application = _text(words, "assessment_type_id"), _text(words, "application", "ashby_id")
    if lab not in {slug for slug, _, _ in _labs()} or not application:
        raise UserError("There is no such assessment, or no application.", remedy="Ask assessment.list.")
    person, now = _person(words), timezone.now()
    if partners.is_ordered(key=key, lab=lab, person=person, asked=application):
        return _ashby_problem("This person was sent this assessment for this application.", 409)
    made = partners.order(key=key, lab=lab, person=person, asked=application, reply_to="", now=now)
    return _done({"assessment_id": str(made.invitation_id)})


@require_POST
@for_ashby
def assessment_cancel(request: HttpRequest, key: PartnerKey) -> HttpResponse:
    found = partners.order_of(key, _text(_words(request), "assessment_id"))
    if found is None:
        return _ashby_problem("There is no such assessment.", 404)
    partners.cancel(found=found, now=timezone.now())
    return _done({"assessment_id": str(found.invitation_id)})
