"""Which engine this process uses."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable

from tenfold.kit.errors import UserError
from tenfold.labs import home as homes
from tenfold.labs.engines.local import LocalEngine
from tenfold.labs.engines.port import Engine
from tenfold.labs.home import Home
from tenfold.labs.sessions import Session
from tenfold.labs.verdicts import Verdict

GRADED_BY = "TENFOLD_GRADINGS"


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
    if any(importlib.util.find_spec(name) is None for name in ("temporalio", "fsspec")):
        raise UserError(
            "several machines need the packages temporalio and fsspec, which are not installed here",
            remedy="install tenfold[temporal]",
        )


def engine(home: Home | None = None) -> Engine:
    """This machine's own; gradings by hosts where `TENFOLD_GRADINGS` is `hosts`."""
    place = home or homes.home()
    return GradedElsewhere(place) if os.environ.get(GRADED_BY) == "hosts" else LocalEngine(place)
