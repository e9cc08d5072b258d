"""Answers on tenure, on-call and promotions as JSON values and as text."""

from __future__ import annotations

from typing import Any

from tenfold.kit.words import counted, on_day
from tenfold.practices.retention.tenure import HORIZONS, TenureAnswer
from tenfold.practices.retention.traps import TrapWarning
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
    return {"value": rounded(found.value), "low": rounded(found.low), "high": rounded(found.high)}


def warning_to_dict(warning: TrapWarning) -> dict[str, str]:
    return {"kind": warning.kind.value, "text": warning.text, "where": warning.where}


def rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS)


def render_tenure(answer: TenureAnswer) -> str:
    """The answer as a few lines of text, warnings last."""
    lines = [f"{counted(answer.n, 'stay')}, {counted(answer.exits, 'exit')}, as of {on_day(answer.as_of)}."]
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
        lines.append(f"  stay longer than {counted(years, 'year')}: {_in_percent(found)}")
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
            "left": {f"{years:g}": estimate_to_dict(found) for years, found in zip(HORIZONS, shares, strict=True)},
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
    return {"horizon_years": rounded(horizon)} | (estimate_to_dict(curve.restricted_mean(horizon)) or {})


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
