"""Declared and described scope, compared: values in, frozen answers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScopeGap:
    """How far the described share lies from the declared one, in points; `outside` its interval or not."""

    points: float
    outside: bool


def gap(declared: float, described: float, low: float, high: float) -> ScopeGap:
    """Compares shares of infrastructure work in percent; low and high bound the described one."""
    return ScopeGap(points=described - declared, outside=not low <= declared <= high)


FEWEST_TO_SPLIT = 3
"""Must-haves of a side needed before their split says anything."""
INFRASTRUCTURE_PART = {"infrastructure": 1.0, "ml-operations": 0.5, "ml": 0.0, "data": 0.0}
"""How much of a demand is infrastructure work, by its area's group; languages and people skills take no side."""


def asked_share(groups: Sequence[str]) -> float | None:
    """The share of infrastructure in what is demanded, in percent; None where too few demands take a side."""
    parts = [INFRASTRUCTURE_PART[group] for group in groups if group in INFRASTRUCTURE_PART]
    return 100 * sum(parts) / len(parts) if len(parts) >= FEWEST_TO_SPLIT else None


ARCHETYPE_RANGE = {
    "infrastructure": (55, 100),
    "pipelines-and-tracking": (20, 65),
    "platform-owner": (35, 75),
}
"""Shares of infrastructure work at which an archetype makes sense."""
