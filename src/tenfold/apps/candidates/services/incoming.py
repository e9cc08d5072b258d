"""A message that came in: into its thread, and a calendar's answer to its meeting."""

from __future__ import annotations

from datetime import datetime

from anymail.inbound import AnymailInboundMessage

from tenfold.apps.candidates.queries.calendars import read_reply
from tenfold.apps.candidates.services.mail import MAX_TEXT, receive
from tenfold.apps.candidates.services.meetings import take_reply


def take_message(message: AnymailInboundMessage, *, now: datetime) -> None:
    """Puts a message into its thread, and a calendar's answer to its meeting."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            reply = read_reply(content) if isinstance(content, bytes) else None
            if reply is not None:
                take_reply(reply, now=now)
    receive(
        sender=str(message.from_email or ""),
        recipients=[str(address) for address in (*(message.to or ()), *(message.cc or ()))],
        subject=str(message.get("Subject", ""))[:300],
        text=(message.text or "").replace("\x00", "")[:MAX_TEXT],
        message_id=str(message.get("Message-ID", ""))[:300],
        references=f"{message.get('In-Reply-To', '')} {message.get('References', '')}"[:20_000],
        now=now,
    )
