"""Rooms for the tests of labs."""

from tests.sandboxes import place, runner

__all__ = ["place", "runner"]
