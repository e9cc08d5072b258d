"""The guide's claims about pay, each with a verdict from data: supported, high, low, cannot tell or untestable.

The rule, stated before looking: a band is supported where its midpoint lies inside the 95 % interval of the data's
median and that interval inside the band, high where the midpoint lies above, low where below; a premium where the
intervals of all its estimates lie above one; growth is high where the claimed range lies above the interval. A wide
interval cannot tell. Without enough ads a claim is untestable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tenfold.catalogue.store import catalogue
from tenfold.kit.words import money_range, on_day, thousands
from tenfold.market.benchmark import NotSupported, PayEstimate, PayQuestion, estimate
from tenfold.market.model import Z95, PayModel, default_model

GUIDE = "AiPaycheck Team, “10 Mistakes Companies Make When Hiring MLOps Engineers”, AiPaycheck.io blog, 4 April 2026"
BANDS = {"junior": (110e3, 150e3), "mid": (140e3, 190e3), "senior": (180e3, 240e3), "staff": (220e3, 300e3)}
BAND_WORDS = {"junior": "Entry level", "mid": "Mid level", "senior": "Senior level", "staff": "Staff and above"}
DEVOPS_AND_DATA_BAND, ML_BAND = (110e3, 160e3), (140e3, 220e3)
GROWTH_PERCENT = (8.0, 12.0)
CLAIMED = date(2026, 4, 4)
"""The day of the claims, to which estimates are aged."""
_LEVELS = ("junior", "mid", "senior", "principal")


class ClaimCheck(StrEnum):
    """What the data says of a claim."""

    SUPPORTED = "supported"
    HIGH = "high"
    LOW = "low"
    CANNOT_TELL = "cannot tell"
    UNTESTABLE = "untestable"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, what the data says, n and the 95 % interval of the figure that decides; None where untestable.

    `raw` is what was counted, without a model.
    """

    claim: str
    found: ClaimCheck
    says: str
    raw: str
    n: int | None
    interval: tuple[float, float] | None
    unit: str


def claims(model: PayModel | None = None) -> tuple[Claim, ...]:
    """All of them, in the guide's order."""
    model = model or default_model()
    return (
        *(
            _band_claim(f"{BAND_WORDS[level]} MLOps engineers: {money_range(*band)}", [("mlops", level)], band, model)
            for level, band in BANDS.items()
        ),
        _band_claim(
            f"DevOps and data engineers: {money_range(*DEVOPS_AND_DATA_BAND)}",
            [(role, level) for role in ("devops", "data-engineer") for level in _LEVELS],
            DEVOPS_AND_DATA_BAND,
            model,
        ),
        _band_claim(
            f"ML engineers: {money_range(*ML_BAND)}", [("ml-engineer", level) for level in _LEVELS], ML_BAND, model
        ),
        _premium(model),
        _growth(model, "all", "Pay, all roles together,"),
        _growth(model, "mlops", "Pay of MLOps engineers"),
    )


def page(model: PayModel | None = None) -> str:
    """The claims as a Markdown page."""
    model = model or default_model()
    rows = [
        f"| {each.claim} | **{each.found}** | {each.says} | {each.raw} | {'–' if each.n is None else f'{each.n:,}'} "
        f"| {_interval(each)} |"
        for each in claims(model)
    ]
    return _PAGE.format(
        guide=GUIDE,
        n=f"{model.n_ads:,}",
        first=on_day(model.first),
        last=on_day(model.last),
        snapshot=model.snapshot,
        rows="\n".join(rows),
        claimed=on_day(CLAIMED),
    )


_PAGE = """# The guide's claims about pay, tested

<!-- Written by `tenfold pay guide --out docs/pay-claims.md`. Do not edit by hand. -->

The claims are of one published guide ({guide}; US, base pay).
They are compared with {n} distinct pay ranges posted in US full-time job ads from {first} to {last}
(ai-jobs.net, CC0; model `{snapshot}`). What is compared is the middle of a posted range: base pay offered, not
pay received.

| Claim | Verdict | What the estimates say | Counted | n | 95 % interval |
|---|---|---|---|---|---|
{rows}

**The rule.** One estimator answers every band, aged to the day of the claim ({claimed}); what was counted stands
beside it. A band is *supported* where its midpoint lies inside the 95 % interval of the median and the whole interval
inside the band, *high* where the midpoint lies above the interval and *low* where below. A premium is supported where
the intervals of all its estimates lie above nothing. Growth is *high* where the claimed range lies above the interval.
*Cannot tell*: the interval is too wide to decide. *Untestable*: fewer than five ads.

**What limits it.** Ads name no city and no company; staff is not told from senior; the last batch of ads is dated by
the middle of its span. The model borrows between roles and levels; each n is of the cells themselves.
"""


def to_dict(model: PayModel | None = None) -> list[dict[str, Any]]:
    model = model or default_model()
    return [
        {
            "claim": each.claim,
            "verdict": each.found.value,
            "says": each.says,
            "counted": each.raw,
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
    return money_range(low, high) if claim.unit == "USD a year" else f"{low:+.1f} to {high:+.1f} %"


def _band_claim(claim: str, cells: Sequence[tuple[str, str]], band: tuple[float, float], model: PayModel) -> Claim:
    """One estimator for every band: the estimates of its roles and levels, weighted as their ads are."""
    answers = [estimate(PayQuestion(role, level, as_of=CLAIMED), model=model) for role, level in cells]
    known = [answer for answer in answers if isinstance(answer, PayEstimate)]
    if not known:
        reasons = [answer.reason for answer in answers if isinstance(answer, NotSupported)]
        return Claim(claim, ClaimCheck.UNTESTABLE, reasons[0], "–", None, None, "USD a year")
    n = sum(answer.n_raw for answer in known)
    shares = [answer.n_raw / n for answer in known]
    median = _mixture_median(known, shares)
    ends = [
        math.exp(
            sum(
                share * math.log(answer.median_interval[end] / answer.p50)
                for answer, share in zip(known, shares, strict=True)
            )
        )
        for end in (0, 1)
    ]
    interval = (median * ends[0], median * ends[1])
    inside = sum(
        share * (answer.percentile_of(band[1]) - answer.percentile_of(band[0]))
        for answer, share in zip(known, shares, strict=True)
    )
    says = f"Median {thousands(median)}; by the estimate the band holds {100 * inside:.0f} % of the ads"
    return Claim(claim, _verdict(band, interval), says, _raw(cells, band, model), n, interval, "USD a year")


def _mixture_median(known: Sequence[PayEstimate], shares: Sequence[float]) -> float:
    low, high = min(answer.p10 for answer in known), max(answer.p90 for answer in known)
    for _ in range(40):
        middle = (low + high) / 2
        below = sum(share * answer.percentile_of(middle) for answer, share in zip(known, shares, strict=True))
        low, high = (middle, high) if below < 0.5 else (low, middle)
    return (low + high) / 2


def _raw(cells: Sequence[tuple[str, str]], band: tuple[float, float], model: PayModel) -> str:
    """How many ads lie in the band, counted: nothing is modelled."""
    rows = [row for row in model.tables["midpoints"] if (row["role"], row["level"]) in cells]
    whole = sum(row["n"] for row in rows)
    inside = sum(n for row in rows for hundreds, n in row["hundreds"] if band[0] <= 100 * hundreds <= band[1])
    return f"{inside:,} of {whole:,} ads ({100 * inside / whole:.0f} %)" if whole else "–"


def _verdict(band: tuple[float, float], interval: tuple[float, float]) -> ClaimCheck:
    midpoint = sum(band) / 2
    if midpoint > interval[1]:
        return ClaimCheck.HIGH
    if midpoint < interval[0]:
        return ClaimCheck.LOW
    return ClaimCheck.SUPPORTED if band[0] <= interval[0] and interval[1] <= band[1] else ClaimCheck.CANNOT_TELL


def _premium(model: PayModel) -> Claim:
    """Every estimate there is: they must agree, and none is picked."""
    claim = "MLOps engineers are paid more than DevOps engineers"
    rows = premium_rows("mlops", "devops", model)
    estimates = premium_estimates("mlops", "devops", model)
    if not rows or not estimates:
        return Claim(claim, ClaimCheck.UNTESTABLE, "There are too few ads.", "–", None, None, "%")
    interval = (100 * (min(each.low for each in estimates) - 1), 100 * (max(each.high for each in estimates) - 1))
    found = ClaimCheck.SUPPORTED if interval[0] > 0 else ClaimCheck.HIGH if interval[1] < 0 else ClaimCheck.CANNOT_TELL
    names = catalogue().levels
    told = "; ".join(f"{each.how} {_sign(each.ratio)} ({_sign(each.low)} to {_sign(each.high)})" for each in estimates)
    raw = "; ".join(
        f"{names[row['level']].name.lower()}: medians {_sign(row['ratio'])}, n = {row['n']} and {row['n_over']}"
        for row in rows
    )
    return Claim(claim, found, f"At equal level: {told}", raw, sum(int(row["n"]) for row in rows), interval, "%")


def _sign(ratio: float) -> str:
    return f"{100 * (ratio - 1):+.1f} %"


@dataclass(frozen=True, slots=True)
class PremiumEstimate:
    """One way to measure a premium at equal level; a ratio with its 95 % interval."""

    how: str
    ratio: float
    low: float
    high: float


def premium_estimates(role: str, over: str, model: PayModel) -> tuple[PremiumEstimate, ...]:
    """Medians joined over levels, the estimator's cells, and regressions."""
    made = []
    if rows := premium_rows(role, over, model):
        middle, error = pool_ratios([(row["ratio"], row["low"], row["high"]) for row in rows])
        made.append(_as_ratio("medians", middle, error))
    levels = {row["level"] for row in premium_rows(role, over, model)}
    pairs = [(model.cells[role, level, "any"], model.cells[over, level, "any"]) for level in sorted(levels)]
    if pairs:
        weights = [1 / (one.median_sd_log**2 + other.median_sd_log**2) for one, other in pairs]
        gaps = [one.median_log - other.median_log for one, other in pairs]
        whole = sum(weights)
        middle = sum(gap * weight for gap, weight in zip(gaps, weights, strict=True)) / whole
        made.append(_as_ratio("the estimator", middle, whole**-0.5))
    made += [
        PremiumEstimate(f"regression on {row['controls']}", row["ratio"], row["low"], row["high"])
        for row in model.tables["regressions"]
        if (row["role"], row["over"]) == (role, over)
    ]
    return tuple(made)


def _as_ratio(how: str, middle: float, error: float) -> PremiumEstimate:
    return PremiumEstimate(how, *(math.exp(middle + sign * Z95 * error) for sign in (0, -1, 1)))


def premium_rows(role: str, over: str, model: PayModel) -> list[dict[str, Any]]:
    """Ratios of medians of two roles by level, since 2024."""
    return [row for row in model.tables["premiums"] if (row["role"], row["over"]) == (role, over)]


def pool_ratios(ratios: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Ratios with 95 % intervals as one log ratio and its standard error, weighted by precision."""
    logs = [math.log(ratio) for ratio, _, _ in ratios]
    precisions = [(2 * Z95 / math.log(high / low)) ** 2 for _, low, high in ratios]
    whole = sum(precisions)
    return sum(log * weight for log, weight in zip(logs, precisions, strict=True)) / whole, whole**-0.5


def _growth(model: PayModel, group: str, who: str) -> Claim:
    """Change within equal title, level and workplace; the interval allows for batches of ads that differ as wholes."""
    claim = f"{who} grows {GROWTH_PERCENT[0]:.0f}–{GROWTH_PERCENT[1]:.0f} % a year"
    rows = [row for row in model.tables["growth"] if row["group"] == group]
    if not rows:
        few = "Too few ads share title, level and workplace in both years to compare them."
        return Claim(claim, ClaimCheck.UNTESTABLE, few, "–", None, None, "%")
    last = max(rows, key=lambda row: int(row["to"]))
    batch = Z95 * math.sqrt(2) * model.period_sd
    low, high = (
        100 * math.expm1(math.log1p(float(last[end]) / 100) + sign * batch) for end, sign in (("low", -1), ("high", 1))
    )
    told = "; ".join(f"{row['from']} to {row['to']}: {row['percent']:+.1f} % ({row['cells']} cells)" for row in rows)
    says = (
        f"Within equal title, level and workplace: {told}. Batches of ads differ by ±{100 * model.period_sd:.1f} % as "
        "wholes, which the interval holds"
    )
    return Claim(
        claim, _growth_verdict(low, high), says, f"{last['n']:,} ads in both years", int(last["n"]), (low, high), "%"
    )


def _growth_verdict(low: float, high: float) -> ClaimCheck:
    """High or low where the claimed range lies outside; cannot tell where no growth at all lies inside as well."""
    if high < GROWTH_PERCENT[0]:
        return ClaimCheck.HIGH
    if low > GROWTH_PERCENT[1]:
        return ClaimCheck.LOW
    return ClaimCheck.SUPPORTED if low > 0 else ClaimCheck.CANNOT_TELL
