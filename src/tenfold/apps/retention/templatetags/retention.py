"""Measures and answers as sentences and cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from tenfold.apps.retention.queries import Impact
from tenfold.core.permissions import may
from tenfold.practices.retention.impact import Measure
from tenfold.practices.retention.validity import Answer, ValidityLoop

register = template.Library()
Loops = Sequence[tuple[str, int, ValidityLoop]]


@register.simple_tag(takes_context=True)
def sees_teams(context: Mapping[str, Any]) -> bool:
    """Whether the reader sees figures of teams, for the tabs."""
    organisation = context.get("organisation")
    return organisation is not None and may(context["user"], "teams.see", organisation)


@register.filter
def measure_value(measure: Measure) -> str:
    """`1.4 a week`, `12 %`, `3.5 hours`."""
    return _amount(measure, measure.value)


@register.filter
def measure_interval(measure: Measure) -> str:
    """Both ends; an end that the data do not set is said so."""
    if measure.low is None and measure.high is None:
        return "not known"
    low = "not known" if measure.low is None else _amount(measure, measure.low, unit=False)
    high = "not known" if measure.high is None else _amount(measure, measure.high, unit=False)
    return f"{low}–{high}"


@register.filter
def percent_exact(share: float | None) -> str:
    """`99.5 %`, as exact as a target is."""
    return "" if share is None else f"{100 * share:.4g}\u00a0%"


@register.filter
def impact_sentence(impact: Impact) -> str:
    """The answer first: what a leader says aloud."""
    by_id = {each.id: each for each in impact.measures if each.value is not None}
    said = []
    if found := by_id.get("deployment-frequency"):
        said.append(f"{_amount(found, found.value)} deployments to production".replace(" a week", "", 1) + " a week")
    if found := by_id.get("change-fail-rate"):
        said.append(f"{_amount(found, found.value)} of them failed")
    if found := by_id.get("model-promotions"):
        said.append(f"{_amount(found, found.value, unit=False)} model promotions a week")
    if found := by_id.get("availability"):
        said.append(f"{_amount(found, found.value)} of predictions valid and in time")
    return ("; ".join(said) + ".").capitalize() if said else "There is not enough data for a sentence yet."


@register.filter
def loop_sentence(loops: Loops) -> str:
    few = sum(loop.answer is Answer.TOO_FEW for _, _, loop in loops)
    related = sum(loop.answer is Answer.RELATED for _, _, loop in loops)
    if few == len(loops):
        return "Too few to tell, for every competency. That is the usual answer; it gets better with every hire."
    return f"{related} of {len(loops)} show a relation; {few} have too few hires to tell."


def _amount(measure: Measure, value: float | None, *, unit: bool = True) -> str:
    if value is None:
        return ""
    if measure.unit == "share":
        return f"{100 * value:.4g}\u00a0%" if measure.id == "availability" else f"{100 * value:.0f}\u00a0%"
    return f"{value:.1f} {measure.unit}" if unit else f"{value:.1f}"
