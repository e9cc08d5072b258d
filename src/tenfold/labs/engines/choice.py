"""Which engine this process uses."""

from __future__ import annotations

from tenfold.labs import home as homes
from tenfold.labs.engines.local import LocalEngine
from tenfold.labs.engines.port import Engine
from tenfold.labs.home import Home


def engine(home: Home | None = None) -> Engine:
    """This machine's own."""
    return LocalEngine(home or homes.home())
