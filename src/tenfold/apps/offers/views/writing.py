"""Offers listed, written, compared, approved, sent and withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.candidates.models import Application
from tenfold.apps.candidates.views.access import application_for
from tenfold.apps.offers.forms.offers import OfferTermsForm, from_plan, from_version
from tenfold.apps.offers.models import Offer, OfferQuestion, OfferVersion
from tenfold.apps.offers.presenters.sheet import sheet_of
from tenfold.apps.offers.queries.announcing import team_notices
from tenfold.apps.offers.queries.comparing import compare_typed, is_rescue, read_comparisons, role_plan
from tenfold.apps.offers.queries.measures import latest_answer, measures_for
from tenfold.apps.offers.queries.standing import (
    Standing,
    decision_for_offer,
    people_who_approve,
    standing_of,
    standing_offer,
)
from tenfold.apps.offers.queries.terms import list_changes
from tenfold.apps.offers.services import answering, approving, sending, writing
from tenfold.apps.offers.views.access import offer_for
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.models import TeamMember, TeamRole, User
from tenfold.core.permissions import may
from tenfold.core.typed import whole
from tenfold.kit.errors import UserError

ANSWER_WITHIN = timedelta(days=7)
STARTS_AFTER = timedelta(days=42)
"""What the form begins with; both are typed over freely."""


@never_cache
@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    """Offers that one may see, and what offers came to."""
    user, organisation, now = signed_in(request), require_organisation(request), timezone.now()
    rows = Offer.objects.visible_to(user).filter(application__role__organisation=organisation)
    rows = rows.select_related("application__candidate", "application__role")[:200]
    context = {
        "rows": [(one, standing_of(one, now=now)) for one in rows],
        "measures": measures_for(user, organisation, now=now),
    }
    return render(request, "offers/offers.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def write_offer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form: of the first version, or of the next where an offer stands."""
    application, user = application_for(request, pk, "offer.write"), signed_in(request)
    there = standing_offer(application)
    offer = offer_for(request, there.pk) if there is not None else None
    people = people_who_approve(application.role)
    if request.method == "POST":
        form = OfferTermsForm(request.POST, people=people)
        if request.POST.get("do") == "compare":
            return _compare(request, application, offer, form)
        if form.is_valid() and (kept := _save(request, form, application, offer, user)) is not None:
            messages.success(request, "The offer is saved. Whoever is named finds it on their first page.")
            return redirect("offer", pk=kept)
    else:
        form = OfferTermsForm(people=people, initial=_initial(application, offer, user))
    context = _form_context(application, offer, form)
    return render(request, "offers/write.html", context, status=422 if request.method == "POST" else 200)


def _compare(request: HttpRequest, application: Application, offer: Offer | None, form: OfferTermsForm) -> HttpResponse:
    """What is typed against the plan's range, the band and the market: with scripts a part of the page, else all."""
    form.is_valid()
    context = _form_context(application, offer, form)
    part = "offers/beside.html" if request.headers.get("HX-Request") else "offers/write.html"
    return render(request, part, context)


def _save(
    request: HttpRequest, form: OfferTermsForm, application: Application, offer: Offer | None, user: User
) -> uuid.UUID | None:
    """The offer's id; None where the form now says why it was not saved."""
    given = form.cleaned_data
    common: dict[str, Any] = {
        "terms": form.terms,
        "expires_date": given["expires_date"],
        "approvers": form.chosen_approvers,
        "why_outside": given["why_outside"],
        "by": user,
        "now": timezone.now(),
    }
    try:
        if offer is None:
            made: uuid.UUID = writing.make_offer(application=application, **common).pk
            return made
        base = whole(request.POST.get("base_number")) or 0
        writing.revise_offer(offer=offer, base_number=base, why=given["why"], **common)
    except UserError as error:
        for problem in getattr(error, "problems", [error]):
            form.add_problem(problem)
        return None
    return offer.pk


def _initial(application: Application, offer: Offer | None, user: User) -> dict[str, Any]:
    if offer is not None:
        return from_version(offer.latest())
    role, today = application.role, timezone.localdate()
    lead = TeamMember.objects.filter(team=role.team, role=TeamRole.LEAD).select_related("member__user").first()
    begun = from_plan(role_plan(role), title=role.title, manager=str(lead.member.user) if lead else "")
    others = [str(one.pk) for one in people_who_approve(role) if one.pk != user.pk]
    return begun | {
        "expires_date": today + ANSWER_WITHIN,
        "start_date": today + STARTS_AFTER,
        "approvers": others if len(others) == 1 else [],
    }


def _form_context(application: Application, offer: Offer | None, form: OfferTermsForm) -> dict[str, Any]:
    found, today, now = role_plan(application.role), timezone.localdate(), timezone.now()
    typed = form.cleaned_data if form.is_bound else _read_initial(form)
    return {
        "application": application,
        "role": application.role,
        "offer": offer,
        "form": form,
        "rests_on": decision_for_offer(application),
        "plan": found,
        "is_rescue": found is not None and is_rescue(found.plan, today),
        "groups": _groups(form),
        "comparisons": compare_typed(typed, application.role, now=now),
    }


def _read_initial(form: OfferTermsForm) -> dict[str, Any]:
    """What the form begins with, read as if it had been sent."""
    begun = OfferTermsForm({**form.initial}, people=list(form.people.values()))
    begun.is_valid()
    return begun.cleaned_data


def _groups(form: OfferTermsForm) -> dict[str, list[Any]]:
    names = {
        "job": ("name", "level", "manager", "place", "workplace", "start_date"),
        "cash": ("base", "currency", "bonus", "payouts", "sign_on", "benefits"),
        "equity": ("instrument", "units", "vesting", "cliff"),
        "public": ("price", "volatility"),
        "private": ("diluted", "strike", "fair", "preferred"),
    }
    return {group: [form[name] for name in fields] for group, fields in names.items()}


@never_cache
@require_GET
def offer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One offer: its latest version with what it was compared with, words of approvers, versions, questions."""
    found, user, now = offer_for(request, pk), signed_in(request), timezone.now()
    standing = standing_of(found, now=now)
    latest, answer, former = standing.latest, latest_answer(found), request.GET.get("former", "")
    context = {
        "offer": found,
        "application": found.application,
        "role": found.application.role,
        "standing": standing,
        "sheet": sheet_of(latest),
        "comparisons": read_comparisons(latest.comparisons),
        "words": latest.approvals.all(),
        "versions": _versions(found),
        "answer": answer,
        "former_title": former,
        "team_notices": team_notices(found, answer, former_title=former, now=now),
        "questions": found.questions.select_related("answered_by"),
        "can": _rights(found, standing, user),
    }
    return render(request, "offers/offer.html", context)


def _rights(found: Offer, standing: Standing, user: User) -> dict[str, bool]:
    writes, is_open = may(user, "offer.write", found), found.is_open and found.application.is_open
    is_sent = standing.latest.sendings.standing().exists()
    return {
        "approve": is_open and user in standing.missing and may(user, "offer.approve", found),
        "send": writes and is_open and standing.is_approved and not is_sent,
        "take_back": writes and standing.waiting is not None,
        "change": writes and is_open and standing.waiting is None,
        "withdraw": writes and found.is_open,
        "answer": writes,
        "open_card": may(user, "application.work", found.application),
    }


def _versions(found: Offer) -> list[tuple[OfferVersion, list[Any]]]:
    """Newest first, each with what it changed."""
    rows = list(found.versions.order_by("number").prefetch_related("approvals", "sendings"))
    pairs = zip(rows, [None, *rows[:-1]], strict=True)
    return [(one, list_changes(before.terms, one.terms) if before else []) for one, before in pairs][::-1]


@never_cache
@require_GET
def preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Exactly the sheet that the candidate gets with the latest version."""
    found = offer_for(request, pk)
    context = {"sheet": sheet_of(found.latest()), "role": found.application.role, "is_preview": True}
    return render(request, "offers/candidate_offer.html", context)


@require_POST
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    is_yes = request.POST.get("do") == "approve"

    def act(found: Offer, number: int, user: User) -> str:
        approving.approve_offer(
            offer=found, number=number, is_yes=is_yes, why=request.POST.get("why", ""), by=user, now=timezone.now()
        )
        return "Your approval is recorded." if is_yes else "Your objection is recorded; it needs another version."

    return _do(request, pk, act)


@require_POST
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    def act(found: Offer, number: int, user: User) -> str:
        sending.send_offer(offer=found, number=number, by=user, now=timezone.now())
        return "The mail goes in half an hour, and the candidate’s page opens then. Until then you can take it back."

    return _do(request, pk, act)


@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    def act(found: Offer, _number: int, user: User) -> str:
        sending.take_back_sending(offer=found, by=user, now=timezone.now())
        return "It is taken back. The candidate learns nothing of it."

    return _do(request, pk, act)


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    def act(found: Offer, _number: int, user: User) -> str:
        sending.withdraw_offer(offer=found, why=request.POST.get("why", ""), by=user, now=timezone.now())
        return "The offer is withdrawn."

    return _do(request, pk, act)


@require_POST
def answer_question(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """By the question's own id; whoever may not see the offer finds no question."""
    question = get_object_or_404(OfferQuestion.objects.visible_to(signed_in(request)), pk=pk)

    def act(_found: Offer, _number: int, user: User) -> str:
        answering.answer_question(question=question, text=request.POST.get("answer", ""), by=user, now=timezone.now())
        return "The candidate reads it on their page."

    return _do(request, question.offer_id, act)


def _do(request: HttpRequest, pk: uuid.UUID, act: Callable[[Offer, int, User], str]) -> HttpResponse:
    found = offer_for(request, pk)
    try:
        messages.success(request, act(found, whole(request.POST.get("number")) or 0, signed_in(request)))
    except UserError as error:
        messages.error(request, f"{error.what} {error.remedy}")
    return redirect("offer", pk=pk)
