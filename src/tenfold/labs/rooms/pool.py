"""Rooms that wait, made before anybody asks: a candidate who comes gets one filled with their work at once."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tenfold.kit.errors import UserError
from tenfold.labs.home import Home
from tenfold.sandbox.interface import Box, BoxGone, BoxSpec, Limits, Sandbox, SandboxError, SandboxUnavailable

CHECK_EVERY_S = 1.0
_RETRY_S = 30.0


@dataclass(frozen=True, slots=True)
class RoomKind:
    """What rooms must have in common to stand in for one another."""

    environment: str
    limits: Limits


WarmRooms = Mapping[RoomKind, int]
"""How many of each kind wait."""


class Pool:
    """Keeps rooms ready. They end with their server, whatever happens to it: nobody keeps them."""

    def __init__(self, home: Home, sandbox: Callable[[], Sandbox], wanted: WarmRooms) -> None:
        self._home = home
        self._sandbox = sandbox
        self._wanted = dict(wanted)
        self._ready: dict[RoomKind, deque[Box]] = {kind: deque() for kind in wanted}
        self._lock = threading.Lock()
        self._is_closed = False

    def take(self, spec: BoxSpec) -> Box | None:
        """A waiting room with this workspace in it; None where none waits. May be called from any thread."""
        if len(spec.trees) != 1 or spec.trees[0].at != "/workspace":
            return None
        while box := self._next(RoomKind(spec.environment, spec.limits)):
            try:
                box.fill(spec.trees[0].tar, keep_s=spec.keep_s, label=spec.label)
            except (BoxGone, SandboxError, SandboxUnavailable):
                continue  # its runner has ended meanwhile
            return box
        return None

    def _next(self, kind: RoomKind) -> Box | None:
        with self._lock:
            waiting = self._ready.get(kind)
            return waiting.popleft() if waiting else None

    def waiting(self) -> dict[RoomKind, int]:
        with self._lock:
            return {kind: len(boxes) for kind, boxes in self._ready.items()}

    async def keep_filled(self) -> None:
        """Makes what is missing, one after another, until cancelled."""
        while self._wanted:
            pause = CHECK_EVERY_S
            for kind, count in self._wanted.items():
                if self.waiting()[kind] < count:
                    made = await asyncio.to_thread(self._make, kind)
                    pause = 0.05 if made else _RETRY_S
            await asyncio.sleep(pause)

    def _make(self, kind: RoomKind) -> bool:
        spec = BoxSpec(limits=kind.limits, environment=kind.environment, label="waiting")
        try:
            box = self._sandbox().create(spec)
        except (UserError, SandboxError, BoxGone):
            return False
        with self._lock:
            if not self._is_closed:
                self._ready[kind].append(box)
                return True
        box.destroy()
        return False

    def close(self) -> None:
        """Ends those that wait."""
        with self._lock:
            self._is_closed = True
            waiting = [box for boxes in self._ready.values() for box in boxes]
            self._ready = {kind: deque() for kind in self._wanted}
        for box in waiting:
            box.destroy()
