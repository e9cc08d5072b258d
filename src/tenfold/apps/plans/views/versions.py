"""What was saved, said and shared about a plan."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenfold.apps.plans import services as service
from tenfold.apps.plans.forms.notes import CommentForm, ShareForm
from tenfold.apps.plans.models import Comment, ShareLink
from tenfold.apps.plans.queries import PlanAccess, open_links
from tenfold.apps.plans.views.access import plan_access, plan_head, text_for
from tenfold.core.http.limits import rate_limit
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.core.typed import whole
from tenfold.plan.changes import changes

VERSIONS_ON_A_PAGE = 20
LINKS_ON_A_PAGE = 50


@require_GET
def versions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk)
    page = Paginator(access.plan.versions.select_related("saved_by"), VERSIONS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = [(version, _visible(version.changes, sees_pay=access.can_see_pay)) for version in page]
    return render(request, "plans/versions.html", {**plan_head(access), "page": page, "versions": shown})


@require_GET
def version(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """One version, compared with another (`?against=`), by default the one before."""
    access = plan_access(request, pk)
    shown = get_object_or_404(access.plan.versions.select_related("saved_by"), number=number)
    against = request.GET.get("against", "")
    asked_for = whole(against)
    other_number = number - 1 if asked_for is None else asked_for
    other = access.plan.versions.filter(number=other_number).first()
    context = {
        **plan_head(access),
        "version": shown,
        "text": text_for(access, shown),
        "against": other,
        "changes": changes(text_for(access, other), text_for(access, shown)) if other else (),
        "numbers": [n for n in range(access.plan.latest_number, 0, -1) if n != number],
    }
    return render(request, "plans/version.html", context)


@rate_limit(60, per_minutes=1)
@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk)
    form = CommentForm(request.POST or None, initial={"field": request.GET.get("field", "")})
    if request.method == "POST" and form.is_valid():
        service.comment(plan=access.plan, by=access.user, now=timezone.now(), **form.cleaned_data)
        return redirect("plan-comments", pk=pk)
    said = Comment.objects.visible_to(access.user).filter(plan=access.plan).select_related("said_by", "settled_by")
    context = {**plan_head(access), "comments": said, "form": form, "field": form["field"].value()}
    return render(request, "plans/comments.html", context, status=422 if form.errors else 200)


@require_POST
def settle(request: HttpRequest, pk: uuid.UUID, comment: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "plan.comment")
    found = get_object_or_404(
        Comment.objects.visible_to(access.user).select_related("plan"), pk=comment, plan=access.plan
    )
    service.settle_comment(comment=found, by=access.user, now=timezone.now())
    return redirect("plan-comments", pk=pk)


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "plan.share")
    form, link = ShareForm(request.POST or None), ""
    if not access.can_see_pay:
        del form.fields["with_pay"]
    if request.method == "POST" and form.is_valid() and not _refuses_archived(request, access):
        made = service.share(
            plan=access.plan,
            lasts=timedelta(days=form.cleaned_data["days"]),
            with_pay=form.cleaned_data.get("with_pay", False),
            by=access.user,
            now=timezone.now(),
        )
        link = request.build_absolute_uri(reverse("shared", args=[made.token]))
    links = (
        ShareLink.objects.visible_to(access.user)
        .filter(plan=access.plan)
        .open_at(timezone.now())
        .select_related("made_by")
    )
    may_manage = may(access.user, "organisation.manage", access.plan)
    context = {"form": form, "link": link, "links": links, "may_manage": may_manage}
    return render(request, "plans/share.html", {"access": access, "plan": access.plan, **context})


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID, link: uuid.UUID) -> HttpResponse:
    access = plan_access(request, pk, "plan.share")
    found = get_object_or_404(ShareLink.objects.visible_to(access.user), pk=link, plan=access.plan)
    require(access.user, "plan.share", found)
    service.withdraw_share(link=found, by=access.user, now=timezone.now())
    messages.success(request, "The link is closed.")
    return redirect("plan-share", pk=pk)


@require_GET
def links(request: HttpRequest) -> HttpResponse:
    """Every open link of the organisation, for its administrators."""
    organisation, user = require_organisation(request), signed_in(request)
    require(user, "organisation.manage", organisation)
    found = open_links(organisation, user, now=timezone.now())
    page = Paginator(found, LINKS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/links.html", {"page": page, "organisation": organisation})


@require_POST
def withdraw_any(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(ShareLink.objects.visible_to(user).select_related("plan__organisation"), pk=pk)
    require(user, "organisation.manage", found.plan)
    service.withdraw_share(link=found, by=user, now=timezone.now())
    messages.success(request, "The link is closed.")
    return redirect("share-links")


def _refuses_archived(request: HttpRequest, access: PlanAccess) -> bool:
    if access.plan.is_archived:
        messages.error(request, "This plan is archived. Take it out of the archive first.")
    return access.plan.is_archived


def _visible(changed: list[dict[str, str]], *, sees_pay: bool) -> list[dict[str, str]]:
    return [change for change in changed if sees_pay or not change["field"].startswith("pay")]
