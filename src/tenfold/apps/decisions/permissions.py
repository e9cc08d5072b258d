"""Who reads a debrief, and who signs."""

from __future__ import annotations

from tenfold.apps.candidates.permissions import decides, runs_hiring
from tenfold.core.permissions import register

register({"debrief.read": runs_hiring, "decision.sign": decides})
