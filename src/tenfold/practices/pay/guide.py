"""The guide's eight claims about pay, each with a verdict from data: supported, high, low or untestable.

The rule, stated before looking: a band is supported where its midpoint lies inside the 95 % interval of the data's
median, high where it lies above, low where below; the premium is supported where the interval of the ratio of medians
lies above one; growth where the claimed range meets the interval. Without enough ads a claim is untestable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tenfold.catalogue.store import catalogue
from tenfold.kit.words import money_range, on_day, thousands
from tenfold.market.benchmark import PayEstimate, PayQuestion, estimate
from tenfold.market.model import Z95, PayModel, default_model, probability_below, quantile

GUIDE = "AiPaycheck Team, “10 Mistakes Companies Make When Hiring MLOps Engineers”, AiPaycheck.io blog, 4 April 2026"
BANDS = {"junior": (110e3, 150e3), "mid": (140e3, 190e3), "senior": (180e3, 240e3), "staff": (220e3, 300e3)}
BAND_WORDS = {"junior": "Entry level", "mid": "Mid level", "senior": "Senior level", "staff": "Staff and above"}
DEVOPS_AND_DATA_BAND, ML_BAND = (110e3, 160e3), (140e3, 220e3)
GROWTH_PERCENT = (8.0, 12.0)
_LEVELS = ("junior", "mid", "senior", "principal")


class Found(StrEnum):
    """What the data says of a claim."""

    SUPPORTED = "supported"
    HIGH = "high"
    LOW = "low"
    UNTESTABLE = "untestable"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, what the data says, n and the 95 % interval of the figure that decides; None where untestable."""

    claim: str
    found: Found
    says: str
    n: int | None
    interval: tuple[float, float] | None
    unit: str


def claims(model: PayModel | None = None) -> tuple[Claim, ...]:
    """All eight, in the guide's order."""
    model = model or default_model()
    return (
        *(_level_band(level, model) for level in BANDS),
        _role_band("DevOps and data engineers", ("devops", "data-engineer"), DEVOPS_AND_DATA_BAND, model),
        _role_band("ML engineers", ("ml-engineer",), ML_BAND, model),
        _premium(model),
        _growth(model),
    )


def page(model: PayModel | None = None) -> str:
    """The claims as a Markdown page."""
    model = model or default_model()
    rows = [
        f"| {each.claim} | **{each.found}** | {each.says} | {'–' if each.n is None else each.n} | {_interval(each)} |"
        for each in claims(model)
    ]
    return _PAGE.format(
        guide=GUIDE,
        n=f"{model.n_ads:,}",
        first=on_day(model.first),
        last=on_day(model.last),
        snapshot=model.snapshot,
        rows="\n".join(rows),
    )


_PAGE = """# The guide's claims about pay, tested

<!-- Written by `tenfold pay guide --out docs/pay-claims.md`. Do not edit by hand. -->

The claims are of one published guide ({guide}; US, base pay).
They are compared with {n} distinct pay ranges posted in US full-time job ads from {first} to {last}
(ai-jobs.net, CC0; model `{snapshot}`). What is compared is the middle of a posted range: base pay offered, not
pay received.

| Claim | Verdict | What the data says | n | 95 % interval |
|---|---|---|---|---|
{rows}

**The rule.** A band is *supported* where its midpoint lies inside the 95 % interval of the data's median, *high* where
it lies above and *low* where it lies below. The premium is supported where the interval of the ratio of medians lies
above nothing; growth where the claimed range meets the interval. *Untestable*: fewer than five ads, or an interval that
holds both answers.

**What limits it.** Ads name no city and no company; staff is not told from senior; the last batch of ads is dated by
the middle of its span. The model borrows between roles and levels; each n is of the cell itself.
"""


def as_values(model: PayModel | None = None) -> list[dict[str, Any]]:
    model = model or default_model()
    return [
        {
            "claim": each.claim,
            "verdict": each.found.value,
            "says": each.says,
            "n": each.n,
            "interval_95": list(each.interval) if each.interval else None,
            "unit": each.unit,
            "source": "ai-jobs.net (foorilla) salaries, CC0",
            "first_date": model.first.isoformat(),
            "last_date": model.last.isoformat(),
            "snapshot": model.snapshot,
        }
        for each in claims(model)
    ]


def _interval(claim: Claim) -> str:
    if claim.interval is None:
        return "–"
    low, high = claim.interval
    return money_range(low, high) if claim.unit == "USD a year" else f"{low:+.0f} to {high:+.0f} %"


def _level_band(level: str, model: PayModel) -> Claim:
    band = BANDS[level]
    claim = f"{BAND_WORDS[level]} MLOps engineers: {money_range(*band)}"
    answer = estimate(PayQuestion("mlops", level), model=model)
    if not isinstance(answer, PayEstimate):
        return Claim(claim, Found.UNTESTABLE, answer.reason, None, None, "USD a year")
    inside = answer.percentile_of(band[1]) - answer.percentile_of(band[0])
    says = f"Median {thousands(answer.p50)}; the band holds {100 * inside:.0f} % of the ads"
    return Claim(
        claim, _verdict(band, answer.median_interval), says, answer.n_raw, answer.median_interval, "USD a year"
    )


def _role_band(who: str, roles: Sequence[str], band: tuple[float, float], model: PayModel) -> Claim:
    """All levels together, weighted as the ads are."""
    cells = [
        model.cells[role, level, "any"] for role in roles for level in _LEVELS if (role, level, "any") in model.cells
    ]
    claim = f"{who}: {money_range(*band)}"
    n = sum(cell.n_raw for cell in cells)
    if not cells:
        return Claim(claim, Found.UNTESTABLE, "There are too few ads.", None, None, "USD a year")
    middle = sum(cell.n_raw * quantile(cell.quantiles_log, 0.5) for cell in cells) / n
    error = math.sqrt(sum((cell.n_raw * cell.median_sd_log / n) ** 2 for cell in cells) + model.period_sd**2)
    interval = (math.exp(middle - Z95 * error), math.exp(middle + Z95 * error))
    ends = [math.log(end) for end in band]
    within = [probability_below(c.quantiles_log, ends[1]) - probability_below(c.quantiles_log, ends[0]) for c in cells]
    inside = sum(share * cell.n_raw / n for share, cell in zip(within, cells, strict=True))
    says = f"Typical {thousands(math.exp(middle))} over all levels; the band holds {100 * inside:.0f} % of the ads"
    return Claim(claim, _verdict(band, interval), says, n, interval, "USD a year")


def _verdict(band: tuple[float, float], interval: tuple[float, float]) -> Found:
    midpoint = sum(band) / 2
    if midpoint > interval[1]:
        return Found.HIGH
    return Found.LOW if midpoint < interval[0] else Found.SUPPORTED


def _premium(model: PayModel) -> Claim:
    """At equal level, the levels' ratios of medians joined by their precision."""
    claim = "MLOps engineers are paid more than DevOps engineers"
    rows = premium_rows("mlops", "devops", model)
    if not rows:
        return Claim(claim, Found.UNTESTABLE, "There are too few ads.", None, None, "%")
    middle, error = joined([(row["ratio"], row["low"], row["high"]) for row in rows])
    interval = (100 * math.expm1(middle - Z95 * error), 100 * math.expm1(middle + Z95 * error))
    found = Found.SUPPORTED if interval[0] > 0 else Found.HIGH if interval[1] < 0 else Found.UNTESTABLE
    names = catalogue().levels
    told = "; ".join(
        f"{names[row['level']].name.lower()} {100 * (row['ratio'] - 1):+.0f} % "
        f"({100 * (row['low'] - 1):+.0f} to {100 * (row['high'] - 1):+.0f}, n = {row['n']} and {row['n_over']})"
        for row in rows
    )
    says = f"At equal level {100 * math.expm1(middle):+.0f} %: {told}"
    return Claim(claim, found, says, sum(int(row["n"]) for row in rows), interval, "%")


def premium_rows(role: str, over: str, model: PayModel) -> list[dict[str, Any]]:
    """Ratios of medians of two roles by level, since 2024."""
    return [row for row in model.tables["premiums"] if (row["role"], row["over"]) == (role, over)]


def joined(ratios: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Ratios with 95 % intervals as one log ratio and its standard error, weighted by precision."""
    logs = [math.log(ratio) for ratio, _, _ in ratios]
    precisions = [(2 * Z95 / math.log(high / low)) ** 2 for _, low, high in ratios]
    whole = sum(precisions)
    return sum(log * weight for log, weight in zip(logs, precisions, strict=True)) / whole, whole**-0.5


def _growth(model: PayModel) -> Claim:
    claim = f"Pay grows {GROWTH_PERCENT[0]:.0f}–{GROWTH_PERCENT[1]:.0f} % a year"
    rows = [row for row in model.tables["growth"] if row["group"] == "all"]
    if not rows:
        return Claim(claim, Found.UNTESTABLE, "There are too few ads.", None, None, "%")
    last = max(rows, key=lambda row: int(row["to"]))
    low, high = float(last["low"]), float(last["high"])
    found = Found.HIGH if GROWTH_PERCENT[0] > high else Found.LOW if GROWTH_PERCENT[1] < low else Found.SUPPORTED
    told = "; ".join(f"{row['from']} to {row['to']}: {row['percent']:+.1f} %" for row in rows)
    says = f"Within equal title, level and workplace, all roles: {told} ({last['cells']} cells)"
    return Claim(claim, found, says, int(last["n"]), (low, high), "%")
