"""Who somebody is in a room, by the rows of this moment: asked when they come in, and again while they are there."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.apps.labroom.models import LabInvitation, LabPartner, Part
from tenfold.core.models import User
from tenfold.core.permissions import may

CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in one room. `part`: candidate, driver, navigator or observer. `name` is shown to the others."""

    invitation: LabInvitation
    part: str
    name: str
    user: User | None = None
    is_practice: bool = False

    @property
    def who(self) -> str:
        """What the engine and its records call them: no name of a person."""
        return CANDIDATE if self.is_candidate or self.user is None else f"u-{self.user.pk.hex}"

    @property
    def is_candidate(self) -> bool:
        return self.part == CANDIDATE

    @property
    def may_type(self) -> bool:
        return self.part in {CANDIDATE, Part.DRIVER}

    @property
    def may_write_files(self) -> bool:
        return self.part in {CANDIDATE, Part.DRIVER}

    @property
    def may_talk(self) -> bool:
        return self.part != Part.OBSERVER


def candidate_seat(invitation: LabInvitation, *, is_practice: bool = False) -> Seat:
    return Seat(invitation, CANDIDATE, "Candidate", is_practice=is_practice)


def seat_of(invitation: LabInvitation, user: User) -> Seat | None:
    """A colleague's seat now; None where they may not be there."""
    if may(user, "lab.work", invitation):
        return Seat(invitation, CANDIDATE, str(user), user)
    if not user.is_active or not may(user, "lab.join", invitation):
        return None
    row = LabPartner.objects.filter(invitation=invitation, user=user).first()
    return Seat(invitation, row.part, str(user), user) if row is not None else None
