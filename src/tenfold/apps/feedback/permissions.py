"""Who drafts, edits and approves feedback: who decides in the role, in their own name."""

from __future__ import annotations

from tenfold.apps.candidates.permissions import decides
from tenfold.core.permissions import register

register({"feedback.write": decides})
