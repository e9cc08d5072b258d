"""What a mail service tells us: what became of a mail, and what was answered."""

from __future__ import annotations

from typing import Any

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType
from django.utils import timezone

from tenfold.apps.candidates.services.incoming import take_message
from tenfold.apps.candidates.services.mail import note_delivery


def on_tracking(event: AnymailTrackingEvent, **_rest: Any) -> None:
    """Receives `anymail.signals.tracking`."""
    if event.event_type in (EventType.DELIVERED, EventType.BOUNCED, EventType.FAILED, EventType.REJECTED):
        note_delivery(
            message_id=str(event.message_id or ""),
            is_delivered=event.event_type == EventType.DELIVERED,
            problem=str(event.reject_reason or event.event_type),
            now=timezone.now(),
        )


def on_inbound(event: AnymailInboundEvent, **_rest: Any) -> None:
    """Receives `anymail.signals.inbound`."""
    take_message(event.message, now=timezone.now())
