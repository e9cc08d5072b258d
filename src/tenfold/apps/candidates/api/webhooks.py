"""Addresses that are told what happens, and what became of each message; for administrators."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from tenfold.apps.candidates.api.asking import TAG
from tenfold.apps.candidates.models import WebhookDelivery, WebhookEndpoint
from tenfold.apps.candidates.schemas import MadeRow
from tenfold.apps.candidates.schemas.roles import Deliveries, DeliveryInList, NewWebhook, WebhookMade, Webhooks
from tenfold.apps.candidates.services import webhooks
from tenfold.core.http.api_access import caller
from tenfold.core.http.operations import operation
from tenfold.core.permissions import require
from tenfold.core.scopes import Scope
from tenfold.core.services.api import note_write

router = Router()
MANAGE = Scope.WEBHOOKS_MANAGE
DELIVERIES_SHOWN = 100


@operation(router, "GET", "/webhooks", Webhooks, tag=TAG, scope=MANAGE)
def list_webhooks(request: HttpRequest) -> dict[str, Any]:
    """Addresses that are told what happens. Their secrets are shown once, when they are made."""
    require(caller(request).user, "webhook.manage", caller(request).organisation)
    return {"items": list(_endpoints(request).values("id", "url", "kinds", "made_at"))}


def _endpoints(request: HttpRequest) -> Any:
    asking = caller(request)
    rows = WebhookEndpoint.objects.visible_to(asking.user).filter(organisation=asking.organisation, removed_at=None)
    return rows.select_related("organisation")


@operation(router, "POST", "/webhooks", WebhookMade, tag=TAG, scope=MANAGE, status=201)
def create_webhook(request: HttpRequest, new: NewWebhook) -> Any:
    """Adds an https address. It takes no Idempotency-Key: the secret in its answer is kept in no list of answers."""
    asking, now = caller(request), timezone.now()
    with transaction.atomic():
        made, secret = webhooks.save_endpoint(
            organisation=asking.organisation, url=new.url.strip(), kinds=new.kinds, by=asking.user, now=now
        )
        note_write(token=asking.token, did="webhook.saved", of_id=str(made.pk), now=now)
    return Status(201, {"id": made.pk, "secret": secret})


@operation(router, "DELETE", "/webhooks/{webhook_id}", MadeRow, tag=TAG, scope=MANAGE)
def remove_webhook(request: HttpRequest, webhook_id: uuid.UUID) -> dict[str, Any]:
    """Removes an address; messages that wait for it are given up."""
    endpoint: WebhookEndpoint = get_object_or_404(_endpoints(request), pk=webhook_id)
    asking, now = caller(request), timezone.now()
    with transaction.atomic():
        webhooks.remove_endpoint(endpoint=endpoint, by=asking.user, now=now)
        note_write(token=asking.token, did="webhook.removed", of_id=str(webhook_id), now=now)
    return {"id": webhook_id}


@operation(router, "GET", "/webhooks/{webhook_id}/deliveries", Deliveries, tag=TAG, scope=MANAGE)
def list_deliveries(request: HttpRequest, webhook_id: uuid.UUID) -> dict[str, Any]:
    """The last 100 messages to an address, newest first, and what became of each."""
    endpoint: WebhookEndpoint = get_object_or_404(_endpoints(request), pk=webhook_id)
    names = ("id", "kind", "state", "tries", "status", "created_at")
    return {"items": list(endpoint.deliveries.values(*names)[:DELIVERIES_SHOWN])}


@operation(router, "POST", "/deliveries/{delivery_id}/replay", DeliveryInList, tag=TAG, scope=MANAGE)
def replay_delivery(request: HttpRequest, delivery_id: uuid.UUID) -> WebhookDelivery:
    """Sends a message once more, with the id that it had."""
    asking, now = caller(request), timezone.now()
    rows = WebhookDelivery.objects.filter(endpoint__in=_endpoints(request)).select_related("endpoint__organisation")
    found: WebhookDelivery = get_object_or_404(rows, pk=delivery_id)
    with transaction.atomic():
        webhooks.replay(delivery=found, by=asking.user, now=now)
        note_write(token=asking.token, did="webhook.replayed", of_id=str(delivery_id), now=now)
    return found
