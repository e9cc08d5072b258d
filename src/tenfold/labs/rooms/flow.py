"""How much may be under way to one client before it says what it has shown."""

from __future__ import annotations

ACKNOWLEDGE_BYTES = 64 * 1024
"""A client acknowledges after so many bytes, or a tenth of a second, whichever comes first."""

DRIVER_WINDOW_BYTES = 256 * 1024
OBSERVER_WINDOW_BYTES = 1024 * 1024
UNSEEN_BYTES = 16 * 1024 * 1024
"""With no driver attached the room runs on; after so much output that no driver has seen, its programs wait."""

_LEAST_WINDOW_BYTES = ACKNOWLEDGE_BYTES + 8 * 1024
_WANTED_DELAY_S = 0.4
_MEASURED_BYTES = 16 * 1024


class Window:
    """At most `most` bytes under way; fewer where the client is slow, so that what is typed shows its effect soon.

    A browser on a thin line would otherwise have seconds of old output before it when it presses Ctrl-C.
    """

    def __init__(self, most: int, now: float) -> None:
        self._most = most
        self._rate: float | None = None  # bytes a second
        self._since, self._bytes = now, 0

    def acknowledge(self, count: int, is_busy: bool, now: float) -> None:
        """`count` bytes more were shown; `is_busy`: others are still under way, so the time was spent on sending."""
        self._bytes += count
        if self._bytes >= _MEASURED_BYTES:
            rate = self._bytes / max(1e-4, now - self._since)
            self._rate = rate if self._rate is None else 0.6 * self._rate + 0.4 * rate
            self._since, self._bytes = now, 0
        if not is_busy:
            self.rest(now)

    def rest(self, now: float) -> None:
        """Nothing is under way: the time until something is again says nothing of the line."""
        self._since, self._bytes = now, 0

    @property
    def size(self) -> int:
        if self._rate is None:
            return self._most
        return int(min(self._most, max(_LEAST_WINDOW_BYTES, self._rate * _WANTED_DELAY_S)))
