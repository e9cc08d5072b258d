"""What workflows, hosts and whoever asks them say to each other. Plain values, so that JSON carries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SESSIONS, ROOMS, GRADINGS = "tenfold-sessions", "tenfold-rooms", "tenfold-gradings"
"""Task queues: workflows, rooms to hold, work to grade."""


def host_queue(host: str) -> str:
    """Of what is asked of one host and no other."""
    return f"tenfold-host-{host}"


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """A session to be held. `manifest` finds it in the store as it was when it began."""

    session: str
    manifest: str
    heartbeat_timeout_s: float


@dataclass(frozen=True, slots=True)
class Beat:
    """What each heartbeat carries: the newest save. Of an attempt that is not current the server takes none."""

    manifest: str
    at: float
    host: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a room since when (seconds since the epoch); `problem`: why there is no box in it.

    `address`: where its terminals are reached, host:port; "" where the host has no door for web processes.
    """

    host: str = ""
    attempt: int = 0
    at: float = 0.0
    problem: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a host: what was done, or why it was not. `manifest` and `snapshot`: of what was handed in."""

    problem: str = ""
    remedy: str = ""
    manifest: str = ""
    snapshot: str = ""
    sessions: list[str] = field(default_factory=list)
    slots: int = 0
    is_cordoned: bool = False


@dataclass(frozen=True, slots=True)
class HostWord:
    """Asked of one host: state, cordon, uncordon, drain, leave (a session), submit (a session)."""

    host: str
    verb: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class GradingOrder:
    """A snapshot of a session to judge, with the edition of the lab and the seed that it began with."""

    session: str
    snapshot: str
    seed: str
    lab: str
    edition: str
    labs: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict as `Verdict.to_dict` gives it, and who judged."""

    verdict: dict[str, Any]
    host: str
