"""Meetings as calendars read them (RFC 5545, RFC 5546): one event for the candidate, another for the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from tenfold import __version__
from tenfold.apps.candidates.models import CalendarAnswer, Meeting


class Audience(StrEnum):
    CANDIDATE = "candidate"
    PANEL = "panel"


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is asked to a meeting."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """An answer that a calendar sent: to which event, by whom, to which version of it."""

    uid: str
    address: str
    answer: CalendarAnswer
    sequence: int


def uid(meeting: Meeting, audience: Audience) -> str:
    """The event's id: the same for every version of it, and not the other audience's."""
    return f"{meeting.pk}.{audience}@tenfold"


def invitation(
    meeting: Meeting,
    *,
    audience: Audience,
    method: Method,
    summary: str,
    description: str,
    seats: Sequence[Seat],
    organiser: Seat,
    now: datetime,
) -> str:
    """The calendar part of a mail. Times are in UTC, so that every calendar shows them in its reader's zone.

    Raises:
        ValueError: the meeting has no time.
    """
    if meeting.starts_at is None:
        raise ValueError("this meeting has no time")
    event = Event()
    event.add("uid", uid(meeting, audience))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", (meeting.starts_at + timedelta(minutes=meeting.minutes)).astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("organizer", _address(organiser), encode=False)
    for seat in seats:
        event.add("attendee", _ask(seat), encode=False)
    calendar = Calendar()
    calendar.add("prodid", f"-//Tenfold//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def read_reply(content: bytes) -> CalendarReply | None:
    """The answer in a calendar part with METHOD:REPLY; None where it is something else, or cannot be read."""
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError):
        return None
    if str(calendar.get("method", "")).upper() != "REPLY":
        return None
    for event in calendar.walk("VEVENT"):
        attendees = event.get("attendee")
        one = attendees[0] if isinstance(attendees, list) else attendees
        state = str(getattr(one, "params", {}).get("PARTSTAT", "")).casefold()
        if one is not None and state in CalendarAnswer.values:
            return CalendarReply(
                uid=str(event.get("uid", "")),
                address=str(one).casefold().removeprefix("mailto:"),
                answer=CalendarAnswer(state),
                sequence=int(event.get("sequence", 0)),
            )
    return None


def in_zone(at: datetime, zone: str) -> str:
    """`Tuesday, 1 December 2026, 15:30 (Europe/Berlin)`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M} ({zone})"


def _address(seat: Seat) -> vCalAddress:
    address = vCalAddress(f"mailto:{seat.address}")
    if seat.name:
        address.params["cn"] = vText(seat.name)
    return address


def _ask(seat: Seat) -> vCalAddress:
    address = _address(seat)
    address.params["cutype"] = vText("INDIVIDUAL")
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("NEEDS-ACTION")
    address.params["rsvp"] = vText("TRUE")
    return address
