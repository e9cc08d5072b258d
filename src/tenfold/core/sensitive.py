"""What counts as sensitive for the sign-in of those who see it: pay, candidates. Each app names its own."""

from __future__ import annotations

from collections.abc import Callable

from tenfold.core.models import Membership

Sees = Callable[[Membership], bool]
_SEEN: dict[str, Sees] = {}


def register_sensitive(name: str, sees: Sees) -> None:
    """Says who sees something sensitive; asked on every request of theirs, so it must not ask the database.

    Raises:
        ValueError: the name is taken.
    """
    if _SEEN.get(name, sees) is not sees:
        raise ValueError(f"the sight of {name} is registered twice")
    _SEEN[name] = sees


def sees_sensitive(own: Membership) -> bool:
    return any(sees(own) for sees in _SEEN.values())
