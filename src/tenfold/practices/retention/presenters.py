"""Answers on tenure, on-call and promotions as JSON values and as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tenfold.kit.words import on_day, plural
from tenfold.practices.retention.oncall import OncallAnswer, RotationLoad
from tenfold.practices.retention.pages import PageWarning
from tenfold.practices.retention.promotions import Change, PollWarning, PromotionAnswer
from tenfold.practices.retention.tenure import HORIZONS, TenureAnswer
from tenfold.practices.retention.traps import TrapWarning
from tenfold.stats.rates import Rate
from tenfold.stats.survival import Estimate, SurvivalCurve

GUIDE_YEARS = 1.5
DECIMALS = 4


def tenure_to_dict(answer: TenureAnswer) -> dict[str, Any]:
    """The fields of `tenfold retention tenure --json`; years, shares from 0 to 1, null where the data do not reach."""
    values: dict[str, Any] = {
        "n": answer.n,
        "exits": answer.exits,
        "people": answer.n_people,
        "as_of": answer.as_of.isoformat(),
        "observed_from": answer.observed_from.isoformat() if answer.observed_from else None,
        "median_years": estimate_to_dict(answer.median_years()),
        "survival": {f"{years:g}": estimate_to_dict(found) for years, found in answer.survival().items()},
        "curve_starts_at_years": round(answer.curve.starts_at, DECIMALS) if answer.curve else None,
        "refused": answer.refused,
        "warnings": [warning_to_dict(warning) for warning in answer.warnings],
        "left_out": dict(answer.left_out),
        "corrections": list(answer.corrections),
    }
    if answer.by_cause:
        values["by_cause"] = _causes_to_dict(answer)
    if answer.curve and not answer.median_years():
        values["restricted_mean_years"] = _restricted_mean(answer.curve)
    if answer.without_heaps:
        values["without_heaps"] = _curve_to_dict(answer.without_heaps)
    return values


def estimate_to_dict(found: Estimate | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    return {"value": round_value(found.value), "low": round_value(found.low), "high": round_value(found.high)}


def warning_to_dict(warning: TrapWarning | PageWarning | PollWarning) -> dict[str, str]:
    return {"kind": str(warning.kind), "text": warning.text, "where": warning.where}


def round_value(value: float | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS)


def render_tenure(answer: TenureAnswer) -> str:
    """The answer as a few lines of text, warnings last."""
    lines = [f"{plural(answer.n, 'stay')}, {plural(answer.exits, 'exit')}, as of {on_day(answer.as_of)}."]
    if answer.refused:
        lines.append(f"No curve. {answer.refused}")
    elif answer.curve:
        lines += _render_curve(answer, answer.curve)
    lines += [f"  {reason}: {count} left out" for reason, count in answer.left_out.items()]
    lines += [f"  {correction}" for correction in answer.corrections]
    lines += [f"! {warning.kind}: {warning.text}" for warning in answer.warnings]
    return "\n".join(lines)


def _render_curve(answer: TenureAnswer, curve: SurvivalCurve) -> list[str]:
    median = curve.median()
    lines = [f"Half have left after {_in_years(median)}." if median else "Fewer than half have left in what was seen."]
    if curve.starts_at:
        lines.append(f"All shares are of those who stayed {curve.starts_at:.2f} years.")
    for years, found in answer.survival().items():
        lines.append(f"  stay longer than {plural(years, 'year')}: {_in_percent(found)}")
    for cause, found_by_time in answer.by_cause.items():
        lines.append(f"  left for “{cause}” within {HORIZONS[-2]:g} years: {_in_percent(found_by_time[-2])}")
    if answer.without_heaps:
        other = answer.without_heaps.median()
        told = _in_years(other) if other else "beyond what was seen"
        lines.append(f"  Not counting heaps as leaving, the median is {told}.")
    return [*lines, *_on_the_guide(curve)]


def _on_the_guide(curve: SurvivalCurve) -> list[str]:
    staying = curve.at(GUIDE_YEARS)
    if staying is None or staying.low is None or staying.low <= 0.5:
        return []
    return ["The guide's cycle of 12–18 months is not supported by this list."]


def _causes_to_dict(answer: TenureAnswer) -> dict[str, Any]:
    return {
        cause: {
            "exits": answer.exits_by_cause[cause],
            **{f"{years:g}": estimate_to_dict(found) for years, found in zip(HORIZONS, shares, strict=True)},
        }
        for cause, shares in answer.by_cause.items()
    }


def _curve_to_dict(curve: SurvivalCurve) -> dict[str, Any]:
    return {
        "exits": curve.n_exits,
        "median_years": estimate_to_dict(curve.median()),
        "survival": {f"{years:g}": estimate_to_dict(curve.at(years)) for years in HORIZONS},
    }


def _restricted_mean(curve: SurvivalCurve) -> dict[str, Any]:
    horizon = min(5.0, curve.last_seen)
    return {"horizon_years": round_value(horizon)} | (estimate_to_dict(curve.restricted_mean(horizon)) or {})


def _in_years(found: Estimate) -> str:
    high = f"{found.high:.1f}" if found.high is not None else "unknown"
    low = f"{found.low:.1f}" if found.low is not None else "unknown"
    return f"{found.value:.1f} years (95 % interval {low} to {high})"


def _in_percent(found: Estimate | None) -> str:
    if found is None:
        return "not enough data"
    if found.low is None or found.high is None:
        return f"{100 * found.value:.0f} %"
    return f"{100 * found.value:.0f} % (95 % interval {100 * found.low:.0f} to {100 * found.high:.0f})"


def oncall_to_dict(answer: OncallAnswer, warnings: Sequence[PageWarning]) -> dict[str, Any]:
    """The fields of `tenfold retention oncall --json`; rates a week, chances from 0 to 1."""
    load = answer.load
    return {
        "pages": answer.pages,
        "first_shift_date": date.fromordinal(answer.log.first_shift // 2).isoformat(),
        "last_shift_date": date.fromordinal(answer.log.last_shift // 2).isoformat(),
        "weeks": round_value(answer.log.weeks),
        "pages_per_shift": {
            "mean": round_value(load.mean.value),
            "low": round_value(load.mean.low),
            "high": round_value(load.mean.high),
            "p90": load.p90,
            "shifts": load.shifts,
        },
        "night_pages_per_week": round_value(answer.night_pages.value),
        "night_pages_per_week_interval": _bounds(answer.night_pages),
        "disturbed_nights_per_week": round_value(answer.disturbed_nights.value),
        "chance_more_than_two_per_shift": round_value(load.chance_more_than_two),
        "chance_more_than_two_interval": {"low": round_value(load.chance_low), "high": round_value(load.chance_high)},
        "pages_outside_work_hours": answer.outside_hours,
        "business_hours_only": answer.is_business_hours,
        "dispersion": round_value(load.dispersion),
        "by_rotation": [_rotation_to_dict(each, answer) for each in answer.rotations],
        "definitions": dict(ONCALL_DEFINITIONS),
        "warnings": [warning_to_dict(warning) for warning in warnings],
    }


ONCALL_DEFINITIONS = {
    "shift": "12 hours, 08:00-20:00 and 20:00-08:00 local time; with --business-hours an office day, 09:00-17:00",
    "night": "22:00-06:00 local time",
    "disturbed night": "a night with at least one page",
    "rotation": "one person on call for a week at a time, handed over on Mondays",
}


def _rotation_to_dict(each: RotationLoad, answer: OncallAnswer) -> dict[str, Any]:
    return {
        "people": each.people,
        "on_call_share": round_value(each.on_call_share),
        "within_a_quarter_of_time": each.is_within_a_quarter,
        "pages_per_person_week": round_value(each.pages_per_person_week),
        "night_pages_per_person_week": round_value(each.night_pages_per_person_week),
        "disturbed_nights_per_person_month": round_value(each.disturbed_nights_per_person_month),
        "most_disturbed_nights_in_four_weeks": each.most_disturbed_nights_in_four_weeks,
        "hours_per_person_week": round_value(each.hours_per_person_week),
        "chance_more_than_two_per_shift": round_value(answer.load.chance_more_than_two),
        "poisson": {
            "p90": each.poisson.p90,
            "chance_more_than_two_per_shift": round_value(each.poisson.chance_more_than_two),
            "disturbed_nights_per_person_month": round_value(each.poisson.disturbed_nights_per_person_month),
        },
    }


def render_oncall(answer: OncallAnswer, warnings: Sequence[PageWarning]) -> str:
    load, night = answer.load, answer.night_pages.value
    mean = f"{load.mean.value:.2f} (95 % interval {load.mean.low:.2f} to {load.mean.high:.2f})"
    lines = [
        f"{plural(answer.pages, 'page')} in {answer.log.weeks:.1f} weeks.",
        f"  pages a shift: mean {mean}; 9 of 10 shifts have at most {load.p90}",
        f"  more than two in a shift: {100 * load.chance_more_than_two:.0f} % of {load.shifts} shifts",
        f"  pages at night: {night:.2f} a week; nights disturbed: {answer.disturbed_nights.value:.2f} a week",
    ]
    if answer.rotations:
        lines.append("  people  on call  nights disturbed a month  most in 4 weeks  by chance alone")
    lines += [
        f"  {each.people:>6}  {100 * each.on_call_share:>5.0f} %  {each.disturbed_nights_per_person_month:>24.1f}  "
        f"{each.most_disturbed_nights_in_four_weeks:>15}  {each.poisson.disturbed_nights_per_person_month:>15.1f}"
        for each in answer.rotations
    ]
    return "\n".join([*lines, *(f"! {warning.kind}: {warning.text}" for warning in warnings)])


def promotions_to_dict(answer: PromotionAnswer) -> dict[str, Any]:
    """The fields of `tenfold retention promotions --json`; `per_week` is over all aliases together."""
    return {
        "observations": answer.observations,
        "aliases": answer.series,
        "first": answer.first.isoformat(),
        "last": answer.last.isoformat(),
        "promotions": answer.promotions,
        "per_week": _rate_to_dict(answer.rate),
        "rollbacks": answer.rollbacks,
        "longest_gap": _gap_to_dict(answer),
        "changes": [_change_to_dict(change) for change in answer.changes],
        "definitions": dict(PROMOTION_DEFINITIONS),
        "warnings": [warning_to_dict(warning) for warning in answer.warnings],
    }


PROMOTION_DEFINITIONS = {
    "promotion": "an alias moves to a version that it did not have before the present one",
    "rollback": "an alias moves back to a version that it had before the present one; not counted as a promotion",
    "per_week": "promotions a week over all aliases, as likely from looks that show one change at most between two",
}


def render_promotions(answer: PromotionAnswer) -> str:
    head = f"{plural(answer.promotions, 'promotion')} and {plural(answer.rollbacks, 'rollback')} seen"
    lines = [f"{head} in {plural(answer.observations, 'observation')} of {plural(answer.series, 'alias', 'aliases')}."]
    if answer.rate:
        high = f"{answer.rate.high:.2f}" if answer.rate.high is not None else "unknown"
        lines.append(f"  a week: {answer.rate.value:.2f} (95 % interval {answer.rate.low:.2f} to {high})")
    else:
        lines.append("  a week: not enough data")
    if answer.longest_gap:
        one, two = answer.longest_gap
        lines.append(
            f"  longest time without a look: {(two - one).total_seconds() / 3600:.1f} hours, from {one:%Y-%m-%d}"
        )
    return "\n".join([*lines, *(f"! {warning.kind}: {warning.text}" for warning in answer.warnings)])


def _change_to_dict(change: Change) -> dict[str, str]:
    return {
        "name": change.name,
        "alias": change.alias,
        "move": change.move.value,
        "from_version": change.before,
        "to_version": change.after,
        "after": change.seen_before.isoformat(),
        "not_after": change.seen_at.isoformat(),
    }


def _gap_to_dict(answer: PromotionAnswer) -> dict[str, Any] | None:
    if answer.longest_gap is None:
        return None
    one, two = answer.longest_gap
    hours = (two - one).total_seconds() / 3600
    return {
        "hours": round_value(hours),
        "days": round_value(hours / 24),
        "from": one.isoformat(),
        "to": two.isoformat(),
    }


def _rate_to_dict(rate: Rate | None) -> dict[str, float | None] | None:
    if rate is None:
        return None
    return {"value": round_value(rate.value), **_bounds(rate)}


def _bounds(rate: Rate) -> dict[str, float | None]:
    return {"low": round_value(rate.low), "high": round_value(rate.high)}
