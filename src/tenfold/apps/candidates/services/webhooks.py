"""Webhooks out, by the Standard Webhooks scheme: kept with the change itself, sent later, tried again, replayed."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from standardwebhooks.webhooks import Webhook

from tenfold.apps.candidates.models import (
    Application,
    ApplicationMove,
    CandidateEvent,
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
)
from tenfold.core.fetching import Fetcher, NotFetched
from tenfold.core.models import Organisation, User
from tenfold.core.permissions import require
from tenfold.core.services.trail import record
from tenfold.kit.errors import UserError

KINDS = (
    CandidateEvent.APPLIED,
    CandidateEvent.MOVED,
    CandidateEvent.REJECTED,
    CandidateEvent.WITHDRAWN,
    CandidateEvent.HIRED,
    CandidateEvent.UNDONE,
    CandidateEvent.ERASED,
    CandidateEvent.MEETING_SET,
    CandidateEvent.MEETING_CANCELLED,
)
"""What others may be told of, besides what apps above add."""
_MORE: dict[str, StrEnum] = {}
PAUSES_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Between tries, as the scheme proposes; after the last it is given up."""
MAX_ENDPOINTS = 10
KEPT = timedelta(days=30)
Post = Callable[[str, bytes, dict[str, str]], int]
"""Sends a body to an address and says the status; raises NotFetched."""


def register_webhook_kinds(*kinds: StrEnum) -> None:
    """Adds kinds of events of which others may be told."""
    _MORE.update({kind.value: kind for kind in kinds})


def webhook_kinds() -> tuple[StrEnum, ...]:
    return (*KINDS, *_MORE.values())


@transaction.atomic
def save_endpoint(
    *, organisation: Organisation, url: str, kinds: Collection[str], by: User, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new address with its secret, which is shown once.

    Raises:
        NotAllowed: only administrators.
        UserError: not an https address, an unknown kind, or too many addresses.
    """
    require(by, "webhook.manage", organisation)
    unknown = set(kinds) - {kind.value for kind in webhook_kinds()}
    if unknown:
        raise UserError(f"Nobody is told of “{min(unknown)}”.", remedy=f"One of {', '.join(webhook_kinds())}.")
    if not url.startswith("https://") or len(url) > 500:
        raise UserError("A webhook goes to an https address.", remedy="Write it as https://…")
    if WebhookEndpoint.objects.filter(organisation=organisation, removed_at=None).count() >= MAX_ENDPOINTS:
        raise UserError(f"At most {MAX_ENDPOINTS} addresses.", remedy="Remove one first.")
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    endpoint = WebhookEndpoint.objects.create(
        organisation=organisation, url=url, secret=secret, kinds=sorted(kinds), made_by=by, made_at=now
    )
    record(kind=CandidateEvent.WEBHOOK_SAVED, by=by, of=endpoint, now=now, data={"url": url, "kinds": sorted(kinds)})
    return endpoint, secret


@transaction.atomic
def remove_endpoint(*, endpoint: WebhookEndpoint, by: User, now: datetime) -> None:
    require(by, "webhook.manage", endpoint)
    endpoint.removed_at = now
    endpoint.save(update_fields=["removed_at"])
    WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING).update(state=DeliveryState.FAILED)
    record(kind=CandidateEvent.WEBHOOK_REMOVED, by=by, of=endpoint, now=now, data={"url": endpoint.url})


@transaction.atomic
def replay(*, delivery: WebhookDelivery, by: User, now: datetime) -> None:
    """Sends one once more, with the id that it had."""
    require(by, "webhook.manage", delivery.endpoint)
    if delivery.endpoint.removed_at is not None:
        raise UserError("This address was removed.", remedy="Add it again; what happens from then on is sent.")
    delivery.state, delivery.tries, delivery.next_try_at = DeliveryState.WAITING, 0, now
    delivery.save(update_fields=["state", "tries", "next_try_at"])
    data = {"kind": delivery.kind}
    record(kind=CandidateEvent.WEBHOOK_REPLAYED, by=by, of=delivery.endpoint, now=now, data=data)


def announce(
    kind: StrEnum, *, application: Application, now: datetime, move: ApplicationMove | None = None, **more: str
) -> None:
    """Notes what happened for every address that wants to know; it stands or falls with the change itself."""
    data = {
        "role_id": str(application.role_id),
        "application_id": str(application.pk),
        "candidate_id": str(application.candidate_id),
        "stage_id": str(application.stage_id),
        "state": application.state,
        **({"move_id": str(move.pk), "reason": move.reason} if move else {}),
        **more,
    }
    announce_in(application.role.organisation_id, kind, data=data, now=now)


def announce_in(organisation_id: UUID, kind: StrEnum, *, data: dict[str, Any], now: datetime) -> None:
    for endpoint in WebhookEndpoint.objects.filter(organisation_id=organisation_id, removed_at=None):
        if not endpoint.kinds or kind.value in endpoint.kinds:
            WebhookDelivery.objects.create(
                endpoint=endpoint,
                kind=kind.value,
                payload={"type": kind.value, "timestamp": now.isoformat(), "data": data},
                next_try_at=now,
                created_at=now,
            )


def deliver_due(now: datetime, *, post: Post | None = None) -> int:
    """Sends what is due; each try is claimed first, so that several workers send it once."""
    WebhookDelivery.objects.filter(created_at__lt=now - KEPT).exclude(state=DeliveryState.WAITING).delete()
    due = WebhookDelivery.objects.filter(
        state=DeliveryState.WAITING, next_try_at__lte=now, endpoint__removed_at=None
    ).select_related("endpoint")
    return sum(_deliver(one, now, post or Fetcher(timeout_s=15).post) for one in list(due[:100]))


def _deliver(delivery: WebhookDelivery, now: datetime, post: Post) -> bool:
    pause = timedelta(seconds=PAUSES_S[min(delivery.tries, len(PAUSES_S) - 1)])
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, tries=delivery.tries, state=DeliveryState.WAITING)
    if not mine.update(tries=delivery.tries + 1, next_try_at=now + pause):
        return False
    body = json.dumps(delivery.payload, separators=(",", ":")).encode()
    try:
        status = post(delivery.endpoint.url, body, signed_headers(delivery, body, now))
    except NotFetched:
        status = 0
    taken = 200 <= status < 300
    over = taken or status == 410 or delivery.tries + 1 >= len(PAUSES_S)
    state = DeliveryState.DONE if taken else DeliveryState.FAILED if over else DeliveryState.WAITING
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=state, status=status or None)
    return taken


def signed_headers(delivery: WebhookDelivery, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of the scheme; `webhook-id` is the same at every try."""
    signature = Webhook(delivery.endpoint.secret).sign(msg_id=str(delivery.pk), timestamp=now, data=body.decode())
    return {
        "Content-Type": "application/json",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
