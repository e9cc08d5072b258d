"""The toy's home and runner, as the tests of rooms have them."""

from tests.labs.engines.clusters import cluster
from tests.labs.rooms.conftest import home, toy_lab
from tests.sandboxes import place, runner

__all__ = ["cluster", "home", "place", "runner", "toy_lab"]
