"""Rooms for the tests of the sandbox."""

from tests.sandboxes import place, runner

__all__ = ["place", "runner"]
