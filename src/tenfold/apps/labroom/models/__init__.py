"""Rows of the lab room."""

from tenfold.apps.labroom.models.events import LabroomEvent
from tenfold.apps.labroom.models.invitations import (
    EntryKind,
    LabInvitation,
    LabPartner,
    Part,
    RoomEntry,
    RoomTicket,
)
from tenfold.apps.labroom.models.partners import PartnerKey, PartnerOrder, System
from tenfold.apps.labroom.models.reviews import (
    LEAST_REVIEWS,
    LabAppeal,
    LabReview,
    LabVerdictKind,
    SignedLabVerdict,
)

__all__ = [
    "LEAST_REVIEWS",
    "EntryKind",
    "LabAppeal",
    "LabInvitation",
    "LabPartner",
    "LabReview",
    "LabVerdictKind",
    "LabroomEvent",
    "Part",
    "PartnerKey",
    "PartnerOrder",
    "RoomEntry",
    "RoomTicket",
    "SignedLabVerdict",
    "System",
]
