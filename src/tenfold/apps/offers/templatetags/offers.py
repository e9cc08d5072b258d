"""Figures of offers in words: a value, or that there is not enough data."""

from __future__ import annotations

from datetime import date

from django import template

from tenfold.apps.offers.queries.measures import NOT_ENOUGH, Measure
from tenfold.audit.wording import day

register = template.Library()


@register.filter
def days_or_not(value: float | None) -> str:
    return NOT_ENOUGH if value is None else f"{value:.0f} days"


@register.filter
def share_or_not(value: float | None) -> str:
    return NOT_ENOUGH if value is None else f"{100 * value:.0f} %"


@register.filter
def interval_days(measure: Measure) -> str:
    """An end that the data leave open is said to be open."""
    if measure.value is None:
        return "–"
    low = "open" if measure.low is None else f"{measure.low:.0f}"
    return f"{low}–{measure.high:.0f} days" if measure.high is not None else f"{low} days or more"


@register.filter
def interval_share(measure: Measure) -> str:
    if measure.low is None or measure.high is None:
        return "–"
    return f"{100 * measure.low:.0f}–{100 * measure.high:.0f} %"


@register.filter
def iso_day(text: str) -> str:
    """`2026-11-18` as `18 November 2026`."""
    return day(date.fromisoformat(text)) if text else ""
