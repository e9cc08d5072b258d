"""How many rooms should wait, said by lab: `slow-inference=2`."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.kit.errors import UserError
from tenfold.labs import variants
from tenfold.labs.home import Home
from tenfold.labs.rooms.pool import RoomKind, WarmRooms
from tenfold.labs.sessions import lab_named

MAX_WARM = 100


def parse_warm(home: Home, words: Sequence[str]) -> WarmRooms:
    """Labs that need the same environment and limits share their rooms. Raises `UserError`."""
    found: dict[RoomKind, int] = {}
    for word in words:
        name, _, count = word.rpartition("=")
        if not name or not count.isdecimal() or not 0 < int(count) <= MAX_WARM:
            raise UserError(f"{word} does not say how many rooms wait", remedy="--warm slow-inference=2")
        lab = lab_named(name)
        kind = RoomKind(variants.environment_of(home, lab), lab.limits)
        found[kind] = found.get(kind, 0) + int(count)
    return found
