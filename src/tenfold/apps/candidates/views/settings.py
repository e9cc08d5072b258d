"""Texts of mails, and the addresses that other systems listen at."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenfold.apps.candidates.forms.roles import TemplateForm
from tenfold.apps.candidates.models import MailTemplate, TemplateKind, WebhookDelivery, WebhookEndpoint
from tenfold.apps.candidates.queries.mailtext import VARIABLES
from tenfold.apps.candidates.services import mail, webhooks
from tenfold.apps.candidates.views.pipeline import as_uuid
from tenfold.core.http.sign_in import require_organisation, signed_in
from tenfold.core.permissions import may, require
from tenfold.kit.errors import UserError

DELIVERIES_SHOWN = 50
NOBODY = uuid.UUID(int=0)


@require_http_methods(["GET", "POST"])
def mail_texts(request: HttpRequest) -> HttpResponse:
    """The texts that mails are written from."""
    user, organisation = signed_in(request), require_organisation(request)
    texts = MailTemplate.objects.visible_to(user).filter(organisation=organisation)
    chosen = texts.filter(pk__in=[as_uuid(request.GET.get("text", "")) or NOBODY]).first()
    initial = {name: getattr(chosen, name) for name in ("name", "kind", "subject", "body")} if chosen else {}
    form, problem = TemplateForm(request.POST or None, initial=initial), ""
    if request.method == "POST":
        require(user, "mail-template.edit", organisation)
        try:
            if form.is_valid():
                given = {**form.cleaned_data, "kind": TemplateKind(form.cleaned_data["kind"])}
                mail.save_template(organisation=organisation, template=chosen, by=user, now=timezone.now(), **given)
                messages.success(request, "The text is saved.")
                return redirect("mail-texts")
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    context = {
        "texts": texts,
        "chosen": chosen,
        "form": form,
        "problem": problem,
        "variables": VARIABLES.items(),
        "may_edit": may(user, "mail-template.edit", organisation),
    }
    return render(request, "candidates/mail_texts.html", context, status=422 if problem or form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Addresses that are told what happens, and what became of each message."""
    user, organisation = signed_in(request), require_organisation(request)
    require(user, "webhook.manage", organisation)
    secret, problem = "", ""
    if request.method == "POST":
        try:
            _, secret = webhooks.save_endpoint(
                organisation=organisation,
                url=request.POST.get("url", "").strip(),
                kinds=request.POST.getlist("kinds"),
                by=user,
                now=timezone.now(),
            )
        except UserError as error:
            problem = f"{error.what} {error.remedy}"
    endpoints = WebhookEndpoint.objects.visible_to(user).filter(organisation=organisation, removed_at=None)
    deliveries = WebhookDelivery.objects.filter(endpoint__in=endpoints).select_related("endpoint")
    context = {
        "endpoints": endpoints,
        "deliveries": deliveries[:DELIVERIES_SHOWN],
        "kinds": [kind.value for kind in webhooks.webhook_kinds()],
        "secret": secret,
        "problem": problem,
    }
    return render(request, "candidates/webhooks.html", context, status=422 if problem else 200)


@require_http_methods(["POST"])
def webhook(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Removes an address, or sends one of its messages once more."""
    user = signed_in(request)
    endpoint = get_object_or_404(WebhookEndpoint.objects.visible_to(user).select_related("organisation"), pk=pk)
    if request.POST.get("do") == "remove":
        webhooks.remove_endpoint(endpoint=endpoint, by=user, now=timezone.now())
        messages.success(request, "The address is removed.")
        return redirect("webhooks")
    delivery = get_object_or_404(endpoint.deliveries, pk=as_uuid(request.POST.get("delivery", "")))
    webhooks.replay(delivery=delivery, by=user, now=timezone.now())
    messages.success(request, "The message was sent again.")
    return redirect("webhooks")
