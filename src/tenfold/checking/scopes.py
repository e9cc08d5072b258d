"""Which profile of scope a share of infrastructure work belongs to; a house rule says where the three lie."""

from __future__ import annotations

from tenfold.kit.facts import FactBook

INFRASTRUCTURE_HEAVY, BALANCED, ML_HEAVY = "infrastructure-heavy", "balanced", "ML-heavy"


def profile_of(share: float, facts: FactBook) -> str:
    """The nearest profile in words; halfway between two of them the job is balanced. `share` in percent."""
    heavy, balanced, light = sorted(facts["scope.profiles"].value, reverse=True)
    if share > (heavy + balanced) / 2:
        return INFRASTRUCTURE_HEAVY
    return ML_HEAVY if share < (balanced + light) / 2 else BALANCED
