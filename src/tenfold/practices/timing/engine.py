"""The guide's signs and bars, weighed: values in, a frozen answer out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tenfold.kit.words import plural


class Met(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Moment(StrEnum):
    """What the signs add up to."""

    NOW = "now"
    TOO_EARLY = "too early"
    NO_SIGN = "no sign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The house rules, in the units of `Signs`."""

    models_near_production: float
    manual_share: float
    models_planned: float
    ml_team: float
    crisis_manual_share: float


@dataclass(frozen=True, slots=True)
class Signs:
    """What the company says of itself; None is unanswered. Shares are percent, pains 0 (no) to 2 (severe)."""

    models_in_production: int | None = None
    models_near_production: int | None = None
    models_planned: int | None = None
    manual_share: float | None = None
    reproducibility_pain: int | None = None
    tracking_pain: int | None = None
    research_only: bool | None = None
    ml_team: int | None = None
    inherits_technical_debt: bool | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One sign or bar: whether it holds, the answer in words, and what would turn it."""

    field: str
    met: Met
    words: str
    turns: str


@dataclass(frozen=True, slots=True)
class Timing:
    moment: Moment
    signs: tuple[Indicator, ...]
    bars: tuple[Indicator, ...]
    crisis: bool
    waiting_costs: float | None
    """Engineer-months lost each month to manual work, where known."""


def weigh(signs: Signs, rules: Thresholds, ml_engineers: int | None = None) -> Timing:
    """Adds up signs and bars. A bar that holds outweighs every sign; a sign that is met needs no other."""
    raised = _signs(signs, rules)
    bars = _bars(signs, rules)
    return Timing(
        moment=_moment(raised, bars),
        signs=raised,
        bars=bars,
        crisis=_crisis(signs, rules),
        waiting_costs=None
        if signs.manual_share is None or ml_engineers is None
        else signs.manual_share / 100 * ml_engineers,
    )


def _moment(signs: tuple[Indicator, ...], bars: tuple[Indicator, ...]) -> Moment:
    if any(bar.met is Met.YES for bar in bars):
        return Moment.TOO_EARLY
    if any(bar.met is Met.UNKNOWN for bar in bars):
        return Moment.UNKNOWN
    if any(sign.met is Met.YES for sign in signs):
        return Moment.NOW
    return Moment.UNKNOWN if any(sign.met is Met.UNKNOWN for sign in signs) else Moment.NO_SIGN


def _signs(signs: Signs, rules: Thresholds) -> tuple[Indicator, ...]:
    return (
        _at_least(
            "situation.models_near_production",
            signs.models_near_production,
            rules.models_near_production,
            "{} near production",
            unit="model",
        ),
        _at_least(
            "situation.manual_share",
            signs.manual_share,
            rules.manual_share,
            "{} % of ML engineers' time is manual deployment and monitoring",
        ),
        _pain(signs),
        _at_least(
            "situation.models_planned_12_months",
            signs.models_planned,
            rules.models_planned,
            "{} planned in twelve months",
            unit="model",
        ),
    )


def _bars(signs: Signs, rules: Thresholds) -> tuple[Indicator, ...]:
    return (_nothing_to_run(signs, rules), _research(signs), _small_team(signs, rules))


def _at_least(field: str, value: float | None, needed: float, words: str, unit: str = "") -> Indicator:
    if value is None:
        return Indicator(field, Met.UNKNOWN, "not answered", f"{needed:g} or more would be a sign to hire")
    told = words.format(plural(value, unit) if unit else f"{value:g}")
    met = value >= needed
    return Indicator(field, Met.YES if met else Met.NO, told, f"the sign is {needed:g} or more; this is {value:g}")


def _pain(signs: Signs) -> Indicator:
    field = "situation.reproducibility_pain" if signs.reproducibility_pain is None else "situation.tracking_pain"
    worst = max((pain for pain in (signs.reproducibility_pain, signs.tracking_pain) if pain is not None), default=None)
    if worst:
        return Indicator(
            field, Met.YES, "reproducibility or tracking is a problem", "it would have to stop being a problem"
        )
    if signs.reproducibility_pain is None or signs.tracking_pain is None:
        return Indicator(field, Met.UNKNOWN, "not answered", "any problem here would be a sign to hire")
    return Indicator(
        field, Met.NO, "reproducibility and tracking are not a problem", "any problem here would be a sign to hire"
    )


def _nothing_to_run(signs: Signs, rules: Thresholds) -> Indicator:
    field = "situation.models_in_production"
    turns = f"one model in production, or {rules.models_near_production:g} near it, would change this"
    if signs.models_in_production:
        return Indicator(field, Met.NO, f"{plural(signs.models_in_production, 'model')} in production", turns)
    near = signs.models_near_production
    if near is not None and near >= rules.models_near_production:
        return Indicator(field, Met.NO, f"{plural(near, 'model')} near production", turns)
    if signs.models_in_production is None:
        return Indicator(field, Met.UNKNOWN, "not answered", turns)
    if near is None:
        return Indicator("situation.models_near_production", Met.UNKNOWN, "not answered", turns)
    return Indicator(field, Met.YES, f"no model in production and {near} near it", turns)


def _research(signs: Signs) -> Indicator:
    field, turns = "situation.research_only", "the first model that users depend on would change this"
    if signs.models_in_production and signs.research_only is None:
        return Indicator(field, Met.NO, "models serve users already", turns)
    if signs.research_only is None:
        return Indicator(field, Met.UNKNOWN, "not answered", turns)
    return Indicator(field, Met.YES if signs.research_only else Met.NO, "still research", turns)


def _small_team(signs: Signs, rules: Thresholds) -> Indicator:
    field, turns = "situation.ml_engineers", f"an ML team of {rules.ml_team:g} would change this"
    if signs.ml_team is None:
        return Indicator(field, Met.UNKNOWN, "not answered", turns)
    people = "nobody" if not signs.ml_team else plural(signs.ml_team, "person", "people")
    return Indicator(field, Met.YES if signs.ml_team < rules.ml_team else Met.NO, f"an ML team of {people}", turns)


def _crisis(signs: Signs, rules: Thresholds) -> bool:
    drowning = signs.manual_share is not None and signs.manual_share >= rules.crisis_manual_share
    lost = (signs.reproducibility_pain or 0) == 2 and (signs.tracking_pain or 0) == 2
    return bool(signs.models_in_production) and bool(drowning or lost or signs.inherits_technical_debt)
