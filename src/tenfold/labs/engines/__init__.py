"""Where rooms are held and work is graded: one machine, or many. See `port`."""

from tenfold.labs.engines.choice import engine, erase, is_shared, keep, session_at
from tenfold.labs.engines.port import Engine, HostState, NoOtherHost, Phase, Standing

__all__ = [
    "Engine",
    "HostState",
    "NoOtherHost",
    "Phase",
    "Standing",
    "engine",
    "erase",
    "is_shared",
    "keep",
    "session_at",
]
