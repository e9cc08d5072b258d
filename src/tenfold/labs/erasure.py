"""A session removed for good: its room, its recordings, its snapshots, what was graded."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from pathlib import Path

from tenfold.kit.errors import UserError
from tenfold.labs import rooms
from tenfold.labs.home import Home
from tenfold.labs.rooms import RoomError
from tenfold.labs.sessions import Session, State, find

TRIES = 20


def erase_session(home: Home, session_id: str) -> bool:
    """Whether there was something to remove. A room that still stands is ended first."""
    if not session_id:
        return False
    try:
        session = find(home, session_id)
    except UserError:
        return False
    if session.state is State.OPEN and session.facts().get("box"):
        _end_room(session)
    _remove(session.folder)
    return True


def _remove(folder: Path) -> None:
    """A room that ends still writes down that it did; what it writes while the folder goes is removed as well."""
    for _ in range(TRIES):
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
            return
        time.sleep(0.1)
    if folder.exists():
        shutil.rmtree(folder)


def _end_room(session: Session) -> None:
    """Handing in is how a room ends for good; what was handed in is removed with everything else."""
    with contextlib.suppress(UserError, RoomError):
        asyncio.run(rooms.submit(session))
