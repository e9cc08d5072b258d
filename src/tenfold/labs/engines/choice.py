"""Which engine this process uses."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

from tenfold.kit.errors import UserError
from tenfold.labs import erasure
from tenfold.labs import home as homes
from tenfold.labs.engines.local import LocalEngine
from tenfold.labs.engines.port import Engine
from tenfold.labs.home import Home
from tenfold.labs.rooms import connect
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Verdict

GRADED_BY, HELD_BY = "TENFOLD_GRADINGS", "TENFOLD_ROOMS"
_HOSTS, _HOSTS_OWN = "hosts", "host"


class GradedElsewhere(LocalEngine):
    """Rooms on this machine, gradings on hosts: pages read sessions from this machine's folders."""

    async def grade(
        self, session: Session, *, again: bool = False, on_position: Callable[[int], None] = lambda _: None
    ) -> Verdict:
        must_have_temporal()
        from tenfold.labs.engines.temporal.connect import settings  # noqa: PLC0415  an extra
        from tenfold.labs.engines.temporal.engine import engine_at  # noqa: PLC0415  the same

        elsewhere = await engine_at(settings(), self._home)
        return await elsewhere.grade(session, again=again, on_position=on_position)


def must_have_temporal() -> None:
    """Raises `UserError` where the extra for several machines is not installed."""
    if any(importlib.util.find_spec(name) is None for name in ("temporalio", "fsspec", "h2")):
        raise UserError(
            "several machines need temporalio, fsspec and h2, which are not installed here",
            remedy="install tenfold[temporal]",
        )


def is_shared(home: Home) -> bool:
    """Whether sessions of this home are held by hosts: `TENFOLD_ROOMS` is `hosts`, and it is no host's own home."""
    return os.environ.get(HELD_BY) == _HOSTS and not (home.root / _HOSTS_OWN).exists()


def engine(home: Home | None = None) -> Engine:
    """This machine's own; hosts where `TENFOLD_ROOMS` is `hosts`, and for gradings alone with `TENFOLD_GRADINGS`."""
    place = home or homes.home()
    if is_shared(place):
        must_have_temporal()
        from tenfold.labs.engines.temporal.pages import PagesEngine  # noqa: PLC0415  an extra

        return PagesEngine(place)
    return GradedElsewhere(place) if os.environ.get(GRADED_BY) == _HOSTS else LocalEngine(place)


def session_at(home: Home, name: str) -> Session | None:
    """A session as it is now, wherever it is held; None where there is none. Raises `UserError`, `RoomError`."""
    folder = home.sessions / name
    if not name or "/" in name:
        return None
    if not is_shared(home):
        return Session(folder) if (folder / "session.sqlite").is_file() else None
    must_have_temporal()
    from tenfold.labs.engines.temporal import pages  # noqa: PLC0415  an extra

    return pages.session_at(home, name)


def keep(home: Home, session: Session) -> Session:
    """A session that was begun here: from now on other machines find it, too, where sessions are shared."""
    if not is_shared(home):
        return session
    from tenfold.labs.engines.temporal import pages  # noqa: PLC0415  an extra

    return pages.keep(home, session)


def erase(home: Home, name: str) -> bool:
    """Removes a session for good, wherever it lies. Whether there was something to remove."""
    if not name or not is_shared(home):
        return erasure.erase_session(home, name)
    from tenfold.labs.engines.temporal import pages  # noqa: PLC0415  an extra

    return pages.erase(home, name)


def socket_elsewhere(home: Home) -> Path | None:
    """The socket that leads to rooms on hosts; None where this machine serves its own."""
    if not is_shared(home):
        return None
    must_have_temporal()
    from tenfold.labs.engines.temporal.connect import settings  # noqa: PLC0415  an extra
    from tenfold.labs.engines.temporal.gateway import gateway_of  # noqa: PLC0415  the same

    return gateway_of(home, settings()).path


connect.lead_elsewhere(socket_elsewhere)
