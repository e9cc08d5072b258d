"""What the design page shows: invented, and told so there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tenfold.audit.registry import PRACTICES
from tenfold.kit.findings import State

SHOWN = (
    State.REVIEW,
    State.FIX,
    State.FIX,
    State.REVIEW,
    State.GOOD,
    State.GOOD,
    State.UNANSWERED,
    State.REVIEW,
)


def samples() -> dict[str, Any]:
    padded = (*SHOWN, *(State.UNANSWERED for _ in PRACTICES[len(SHOWN) :]))
    return {
        "states": {practice.id: state.value for practice, state in zip(PRACTICES, padded, strict=True)},
        "all_good": {practice.id: State.GOOD.value for practice in PRACTICES},
        "state_names": [state.value for state in State],
        "when": datetime(2026, 11, 18, 9, 30, tzinfo=UTC),
        "tokens": ("paper", "card", "ink", "soft", "line", "accent", "mark"),
        "fills": ("good", "review", "fix", "unanswered"),
    }
