"""`tenfold labs`: work samples in isolated rooms, graded by behaviour."""

from tenfold.labs.cli import authoring, catalogue, hosts, machine, rooms, verdicts
from tenfold.labs.cli.base import app

__all__ = ["app", "authoring", "catalogue", "hosts", "machine", "rooms", "verdicts"]
