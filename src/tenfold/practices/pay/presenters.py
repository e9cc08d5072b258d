"""Estimates, backtests and refusals in words and as plain values for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tenfold.catalogue.store import catalogue
from tenfold.kit.facts import Fact
from tenfold.kit.words import inside, money_range, on_day, sentence, thousands
from tenfold.law.places import full_name, running_name
from tenfold.market.backtest import AbroadBacktest, Backtest, RollingOrigin, Score
from tenfold.market.benchmark import NotSupported, PayEstimate
from tenfold.market.model import Z95

_BAR_WIDTH = 46


def estimate_in_words(answer: PayEstimate | NotSupported, *, offer: tuple[float, float] | None = None) -> str:
    if isinstance(answer, NotSupported):
        return _refusal_in_words(answer, offer)
    return "\n".join(_lines(answer, offer))


def _refusal_in_words(refusal: NotSupported, offer: tuple[float, float] | None) -> str:
    lines = ["Not enough data.", refusal.reason, f"What would help: {refusal.what_would_help}"]
    if refusal.borrowed is not None:
        lines += ["", f"Borrowed, for {title_of(refusal.borrowed)}: no verdict rests on it.", ""]
        return "\n".join([*lines, *_lines(refusal.borrowed, offer)])
    if refusal.nearest is not None:
        near = refusal.nearest
        lines += ["", f"The nearest that the data does say, for {title_of(near)} — another job, not an answer:", ""]
        lines += _lines(near, offer)
    return "\n".join(lines)


def title_of(estimate: PayEstimate) -> str:
    names = catalogue()
    where = {"any": "", "onsite": ", on site", "remote": ", remote"}[estimate.workplace]
    metro = f", {estimate.metro.metro.name}" if estimate.metro else ""
    metro = metro if estimate.country == "US" else f", {full_name(estimate.country)}"
    return f"{names.roles[estimate.role].name}, {names.levels[estimate.level].name.lower()}{where}{metro}"


def who_of(estimate: PayEstimate) -> str:
    """`senior MLOps engineers in Denver-Aurora-Centennial, CO, remote`."""
    names = catalogue()
    where = f" in {estimate.metro.metro.name}" if estimate.metro else ""
    where = where if estimate.country == "US" else f" in {running_name(estimate.country)}"
    work = {"any": "", "onsite": ", on site", "remote": ", remote"}[estimate.workplace]
    return f"{names.levels[estimate.level].name.lower()} {inside(names.roles[estimate.role].name)}s{where}{work}"


def posted_sentence(estimate: PayEstimate) -> str:
    """The answer as a person would say it: the median with its interval, and where half of the ads lie."""
    return (
        f"{sentence(who_of(estimate))} are posted at {thousands(estimate.p50)}"
        f"{'' if estimate.currency == 'USD' else f' {estimate.currency}'} "
        f"({money_range(*estimate.median_interval)} at 95 %); half of the ads lie within "
        f"{money_range(estimate.p25, estimate.p75)}."
    )


def borrowed_sentence(estimate: PayEstimate) -> str:
    """An estimate for which too few ads of the job itself are known: the median with its interval, and the spread."""
    return (
        f"{sentence(who_of(estimate))}: a median of {thousands(estimate.p50)} "
        f"({money_range(*estimate.median_interval)} at 95 %), four ads in five within "
        f"{money_range(estimate.p10, estimate.p90)}."
    )


def basis_sentence(estimate: PayEstimate) -> str:
    days = f"{on_day(estimate.first_date)} to {on_day(estimate.last_date)}"
    if not estimate.n_raw and not estimate.n_own:
        return f"n = 0 ads of its own; those that lend are of {days}."
    pooled = f"effective sample {estimate.n_effective:.0f} after pooling with similar roles"
    return f"n = {estimate.count_in_words} of {days}, {pooled}."


def _lines(estimate: PayEstimate, offer: tuple[float, float] | None) -> Iterable[str]:
    low, high = estimate.median_interval
    yield title_of(estimate)
    yield f"  median   {estimate.p50:>9,.0f} {estimate.currency} a year, 95 % interval {low:,.0f}–{high:,.0f}"
    yield f"  half of the ads    {estimate.p25:,.0f}–{estimate.p75:,.0f}"
    yield f"  four ads in five   {estimate.p10:,.0f}–{estimate.p90:,.0f}"
    yield ""
    yield from _picture(estimate, offer)
    if offer is not None:
        yield ""
        yield offer_sentence(estimate, offer)
    yield ""
    yield basis_sentence(estimate)
    yield estimate.pooled_from
    if estimate.scope is not None:
        yield scope_sentence(estimate)
    yield from estimate.notes
    yield "Posted base pay, midpoints of ranges; no bonus, no equity."
    for source in estimate.sources:
        yield f"Source: {source.source}, as of {on_day(source.as_of)} ({source.evidence})"
    yield f"Snapshot {estimate.snapshot}"


def scope_sentence(estimate: PayEstimate) -> str:
    scope = estimate.scope
    if scope is None:
        return ""
    return (
        f"Scope {scope.infra_share:.0f}/{100 - scope.infra_share:.0f}: {100 * (scope.factor - 1):+.1f} % against a "
        f"balanced job, from a mixture of DevOps (n = {scope.n_infrastructure}) and ML engineers (n = {scope.n_ml}); "
        f"the role's own ads lie {100 * scope.residual_log:+.1f} % from the even mixture."
    )


def offer_sentence(estimate: PayEstimate, offer: tuple[float, float]) -> str:
    """Where the offer's midpoint stands, stated as what it is: a percentile of ads."""
    midpoint = sum(offer) / 2
    low, high = estimate.percentile_interval(midpoint)
    return (
        f"Your offer {offer[0]:,.0f}–{offer[1]:,.0f} (midpoint {midpoint:,.0f}) stands at percentile "
        f"{100 * estimate.percentile_of(midpoint):.0f} of such ads (95 % interval {100 * low:.0f}–{100 * high:.0f}): "
        f"{100 - 100 * estimate.percentile_of(midpoint):.0f} in 100 post more."
    )


def _picture(estimate: PayEstimate, offer: tuple[float, float] | None) -> Iterable[str]:
    """One line of text: p10 to p90 thin, the middle half thick, the median a mark; the offer below it."""
    ends = [estimate.quantile(0.02), estimate.quantile(0.98), *(offer or ())]
    low, high = min(ends), max(ends)

    def at(usd_year: float) -> int:
        place = int(round((usd_year - low) / (high - low) * (_BAR_WIDTH - 1)))  # noqa: RUF046 - numpy floats too
        return min(_BAR_WIDTH - 1, max(0, place))

    line = [" "] * _BAR_WIDTH
    for start, end, mark in ((estimate.p10, estimate.p90, "─"), (estimate.p25, estimate.p75, "━")):
        line[at(start) : at(end) + 1] = mark * (at(end) + 1 - at(start))
    line[at(estimate.p50)] = "┃"
    yield f"  {low / 1000:>4.0f}k {''.join(line)} {high / 1000:.0f}k"
    if offer is not None:
        mine = [" "] * _BAR_WIDTH
        mine[at(offer[0]) : at(offer[1]) + 1] = "▀" * (at(offer[1]) + 1 - at(offer[0]))
        yield f"        {''.join(mine).rstrip()} your offer"


def estimate_to_dict(answer: PayEstimate | NotSupported, offer: tuple[float, float] | None = None) -> dict[str, Any]:
    if isinstance(answer, NotSupported):
        nearest = estimate_to_dict(answer.nearest, offer) if answer.nearest else None
        return {
            "supported": False,
            "reason": answer.reason,
            "what_would_help": answer.what_would_help,
            "nearest": nearest,
            "borrowed": estimate_to_dict(answer.borrowed, offer) if answer.borrowed else None,
        }
    values: dict[str, Any] = {
        "supported": True,
        "role": answer.role,
        "level": answer.level,
        "workplace": answer.workplace,
        "unit": f"{answer.currency} a year, base pay, midpoint of the posted range",
        "currency": answer.currency,
        "country": answer.country,
        **{name: getattr(answer, name) for name in ("p10", "p25", "p50", "p75", "p90")},
        "median_interval_95": list(answer.median_interval),
        "n": answer.n_raw,
        "n_own": answer.n_own,
        "n_effective": round(answer.n_effective, 1),
        "first_date": answer.first_date.isoformat(),
        "last_date": answer.last_date.isoformat(),
        "pooled_from": answer.pooled_from,
        "notes": list(answer.notes),
        "sources": [fact_as_values(source) for source in answer.sources],
        "snapshot": answer.snapshot,
    }
    if answer.metro is not None:
        metro = answer.metro
        values["metro"] = {
            "cbsa": metro.metro.cbsa,
            "name": metro.metro.name,
            "factor": round(metro.factor, 4),
            "sd_log": round(metro.sd_log, 4),
            "n": metro.n,
        }
    if answer.scope is not None:
        scope = answer.scope
        values["scope"] = {
            "infra_share": scope.infra_share,
            "factor": round(scope.factor, 4),
            "residual_log": round(scope.residual_log, 4),
            "n_ml": scope.n_ml,
            "n_infrastructure": scope.n_infrastructure,
        }
    if offer is not None:
        midpoint = sum(offer) / 2
        values["offer"] = {
            "min": offer[0],
            "max": offer[1],
            "midpoint": midpoint,
            "percentile": round(answer.percentile_of(midpoint), 4),
            "percentile_interval_95": [round(bound, 4) for bound in answer.percentile_interval(midpoint)],
        }
    return values


def fact_as_values(fact: Fact) -> dict[str, str]:
    return {
        "key": fact.key,
        "source": fact.source,
        "as_of": fact.as_of.isoformat(),
        "evidence": fact.evidence.value,
        "url": fact.url,
    }


def backtest_in_words(result: Backtest) -> str:
    lines = [
        f"Trained on {result.n_train:,} distinct full-time US ads; scored on {result.n_test:,} later ones.",
        result.why_no_ratio
        or "Pinball loss is on the log midpoint; ratio: over LightGBM's, with its 95 % paired-bootstrap interval.",
    ]
    for name, scores in result.scores.items():
        lines += ["", _NAMES[name], _HEAD, *(_score_line(score) for score in scores)]
    return "\n".join([*lines, "", *_medians_in_words(result)])


def _medians_in_words(result: Backtest) -> list[str]:
    if not result.medians:
        return ["No cell has eight later ads to compare its median with."]
    inside = sum(abs(check.z) < Z95 for check in result.medians)
    spread = math.sqrt(sum(check.z**2 for check in result.medians) / len(result.medians))
    lines = [
        f"Medians of role and level: {inside} of {len(result.medians)} lie within the 95 % error of both sides;",
        f"root mean square z {spread:.2f} (1 where intervals are honest).",
    ]
    for check in result.medians:
        pay = f"{check.estimated_usd_year:>9,.0f} {check.observed_usd_year:>9,.0f}"
        lines.append(f"  {check.role:<18}{check.level:<10}{check.n_train:>6}{check.n_test:>6} {pay} {check.z:>+6.2f}")
    return lines


_NAMES = {
    "tenfold": "Tenfold",
    "lightgbm": "LightGBM quantile baseline (title, level, remote, size)",
    "cells": "Cell quantiles",
}
_HEAD = f"  {'group':<16}{'n':>6} {'pinball':>8} {'80 %':>7} {'50 %':>7} {'error':>7} {'width':>6}  ratio"


def _score_line(score: Score) -> str:
    ratio = "–"
    if score.ratio is not None and score.ratio_interval is not None:
        low, high = score.ratio_interval
        ratio = f"{score.ratio:.4f} ({low:.4f}–{high:.4f})"
    return (
        f"  {score.group:<16}{score.n:>6} {score.pinball:>8.4f} {100 * score.cover80:>6.1f}% "
        f"{100 * score.cover50:>6.1f}% {100 * score.median_error:>6.1f}% {score.width80:>6.2f}  {ratio}"
    )


def rolling_in_words(result: RollingOrigin) -> str:
    (a, b), (c, d) = result.cover80_interval, result.cover50_interval
    return "\n".join(
        (
            f"Rolling origins for {result.group}: {len(result.origins)} fits from {on_day(result.origins[0])}, each ad",
            "predicted once by a model that knew only earlier ads.",
            _HEAD,
            _score_line(result.score),
            f"  80 % band covers {100 * result.score.cover80:.0f} % ({100 * a:.0f}–{100 * b:.0f}),",
            f"  50 % band {100 * result.score.cover50:.0f} % ({100 * c:.0f}–{100 * d:.0f}), n = {result.score.n}.",
        )
    )


def abroad_in_words(result: AbroadBacktest) -> str:
    low, high = result.cover80_interval
    return "\n".join(
        (
            f"{full_name(result.country)}, ads in {result.currency}: trained on {result.n_train}, scored on later ads.",
            f"Role and level of {result.answered} of the {result.score.n} would be answered.",
            _HEAD,
            _score_line(result.score),
            _score_line(result.cells),
            f"  80 % band covers {100 * result.score.cover80:.0f} % ({100 * low:.0f}–{100 * high:.0f}),",
            f"  n = {result.score.n}.",
            "  “cells” are plain quantiles of role and level.",
        )
    )


def abroad_to_dict(result: AbroadBacktest) -> dict[str, Any]:
    return {
        "country": result.country,
        "currency": result.currency,
        "n_train": result.n_train,
        "answered": result.answered,
        "score": _score_values(result.score),
        "cells": _score_values(result.cells),
        "cover80_interval_95": list(result.cover80_interval),
    }


def backtest_to_dict(result: Backtest, rolling: RollingOrigin | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "n_train": result.n_train,
        "n_test": result.n_test,
        "test_from": result.test_from,
        "test_to": result.test_to,
        "why_no_ratio": result.why_no_ratio,
        "scores": {name: [_score_values(score) for score in scores] for name, scores in result.scores.items()},
        "medians": [asdict(check) for check in result.medians],
    }
    if rolling is not None:
        values["rolling_origin"] = {
            "group": rolling.group,
            "origins": [origin.isoformat() for origin in rolling.origins],
            "score": _score_values(rolling.score),
            "cover80_interval_95": list(rolling.cover80_interval),
            "cover50_interval_95": list(rolling.cover50_interval),
        }
    return values


def _score_values(score: Score) -> dict[str, Any]:
    return {
        "group": score.group,
        "n": score.n,
        "pinball": score.pinball,
        "cover80": score.cover80,
        "cover50": score.cover50,
        "median_error": score.median_error,
        "width80": score.width80,
        "ratio_to_lightgbm": score.ratio,
        "ratio_interval_95": list(score.ratio_interval) if score.ratio_interval else None,
    }
