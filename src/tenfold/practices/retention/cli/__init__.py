"""`tenfold retention`: every engine of the practice on files, without a server."""

from __future__ import annotations

from tenfold.practices.retention.cli import delivery, pay, records
from tenfold.practices.retention.cli.teams import app

__all__ = ["app", "delivery", "pay", "records"]
