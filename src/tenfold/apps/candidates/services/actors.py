"""Who does something: a colleague, the candidate, or Tenfold itself."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.core.models import User
from tenfold.core.permissions import require


@dataclass(frozen=True, slots=True)
class Actor:
    """`label` is what moves keep; the trail names a colleague by e-mail address and anybody else by the label."""

    label: str
    user: User | None = None

    @property
    def in_trail(self) -> User | str:
        return self.user or self.label

    def require(self, permission: str, thing: object) -> None:
        """Colleagues need the permission; the candidate and Tenfold itself come only by their own doors."""
        if self.user is not None:
            require(self.user, permission, thing)


CANDIDATE = Actor("candidate")
TENFOLD = Actor("tenfold")


def colleague(user: User) -> Actor:
    return Actor("user", user)


def importing(user: User) -> Actor:
    return Actor("import", user)
