"""US metros and what they pay against the nation: fitted factors, not raw ratios.

A raw ratio of official medians overstates differences. The factor is `(metro median / national median) **
slope`, where the slope was fitted to base pay really offered in visa filings, by occupation (`fit_places`).
It is centred so that the average worker stands at 1. The scatter around that line goes into the interval of
every metro's estimate.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from tenfold.kit.errors import Place, UserError

SOFTWARE_DEVELOPERS, DATA_SCIENTISTS = "15-1252", "15-2051"
OCCUPATION_OF_ROLE = {"data-scientist": DATA_SCIENTISTS}
MIN_SAMPLE = 30
OEWS_YEAR = 2025
_TIERS_OF_ROLE = {
    "ml-engineer": ("mlEng",),
    "data-engineer": ("dataEng",),
    "devops": ("devops", "sre", "platformEng"),
}


@dataclass(frozen=True, slots=True)
class Metro:
    """A metropolitan area by its CBSA code; `medians` are official yearly medians in USD by occupation."""

    cbsa: str
    name: str
    medians: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MetroFactor:
    """`factor` multiplies pay; `sd_log` is its standard error. `n` metros fitted the slope."""

    metro: Metro
    factor: float
    sd_log: float
    slope: float
    n: int


@dataclass(frozen=True)
class Slope:
    """The fitted line of one occupation."""

    slope: float
    slope_se: float
    scatter: float
    n: int
    national_usd_year: float
    centre: float


@dataclass(frozen=True)
class Places:
    """All metros and slopes."""

    metros: Mapping[str, Metro]
    slopes: Mapping[str, Slope]
    tiers: Mapping[str, Mapping[str, tuple[int, float, float, float]]]

    def factor(self, cbsa: str, role: str) -> MetroFactor | None:
        """None where the occupation has no official median in the metro."""
        metro = self.metros.get(cbsa)
        occupation = OCCUPATION_OF_ROLE.get(role, SOFTWARE_DEVELOPERS)
        if metro is None or occupation not in metro.medians:
            return None
        line = self.slopes[occupation]
        distance = math.log(metro.medians[occupation] / line.national_usd_year) - line.centre
        sd = math.hypot(line.scatter, line.slope_se * distance)
        return MetroFactor(metro, math.exp(line.slope * distance), sd, line.slope, line.n)

    def find(self, place: str) -> list[Metro]:
        """Metros by CBSA code or by name: “Denver”, “Denver, CO”, its whole name. Best first; [] where none."""
        wanted = place.strip().casefold()
        if wanted in self.metros:
            return [self.metros[wanted]]
        whole = [metro for metro in self.metros.values() if metro.name.casefold() == wanted]
        if whole:
            return whole
        city, _, state = (part.strip() for part in wanted.partition(","))
        if not city:
            return []
        named = [(_rank(metro.name, city, state), metro) for metro in self.metros.values()]
        return [metro for rank, metro in sorted(named, key=lambda pair: (pair[0], pair[1].name)) if rank < 9]


def _rank(name: str, city: str, state: str) -> int:
    cities, _, states = name.casefold().partition(", ")
    if state and state.upper() not in states.upper().split("-"):
        return 9
    parts = cities.split("-")
    if city == parts[0]:
        return 0
    if city in parts:
        return 1
    return 2 if parts[0].startswith(city) and len(city) >= 4 else 9


@cache
def places() -> Places:
    document = json.loads((files("tenfold.market") / "data" / "pay-places.json").read_text("utf-8"))
    return Places(
        metros={
            cbsa: Metro(cbsa, name, {code: float(usd) for code, usd in medians.items()})
            for cbsa, name, medians in document["metros"]
        },
        slopes={code: Slope(**line) for code, line in document["slopes"].items()},
        tiers={role: {tier: tuple(row) for tier, row in tiers.items()} for role, tiers in document["tiers"].items()},
    )


def fit_places(oews_metro: Path, oews_national: Path, lca_metro: Path, lca_titles: Path) -> str:
    """The JSON of `places()`, made from the official tables."""
    national = {r["soc"]: float(r["p50"]) for r in _rows(oews_national) if r["year"] == str(OEWS_YEAR) and r["p50"]}
    official = [r for r in _rows(oews_metro) if r["soc"] in (SOFTWARE_DEVELOPERS, DATA_SCIENTISTS) and r["p50"]]
    offered = {
        (r["cbsa"], r["soc"]): float(r["sample_median"])
        for r in _rows(lca_metro)
        if int(r["sample_size"]) >= MIN_SAMPLE
    }
    slopes = {code: _slope(code, official, national[code], offered) for code in (SOFTWARE_DEVELOPERS, DATA_SCIENTISTS)}
    metros: dict[str, tuple[str, dict[str, int]]] = {}
    for row in official:
        metros.setdefault(row["cbsa"], (row["metro"], {}))[1][row["soc"]] = round(float(row["p50"]))
    document = {
        "slopes": slopes,
        "metros": [[cbsa, name, medians] for cbsa, (name, medians) in sorted(metros.items())],
        "tiers": _tiers(_rows(lca_titles)),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _slope(
    code: str, official: Sequence[dict[str, str]], national: float, offered: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    own = [row for row in official if row["soc"] == code]
    pairs = [
        (math.log(float(row["p50"]) / national), math.log(offered[row["cbsa"], code]))
        for row in own
        if (row["cbsa"], code) in offered
    ]
    n = len(pairs)
    mean_x, mean_y = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    spread_x = sum((x - mean_x) ** 2 for x, _ in pairs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in pairs) / spread_x
    scatter = math.sqrt(sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in pairs) / (n - 2))
    workers = [(float(row["employment"] or 0), math.log(float(row["p50"]) / national)) for row in own]
    centre = sum(count * x for count, x in workers) / sum(count for count, _ in workers)
    return {
        "slope": round(slope, 4),
        "slope_se": round(scatter / math.sqrt(spread_x), 4),
        "scatter": round(scatter, 4),
        "n": n,
        "national_usd_year": national,
        "centre": round(centre, 4),
    }


def _tiers(rows: Sequence[dict[str, str]]) -> dict[str, dict[str, list[float]]]:
    """Base pay in visa filings by seniority in the title: filings, p25, median, p75 (means over titles)."""
    result: dict[str, dict[str, list[float]]] = {}
    for role, buckets in _TIERS_OF_ROLE.items():
        for tier in ("base", "senior", "staffPlus"):
            held = [r for r in rows if r["bucket"] in buckets and r["scope"] == "tier" and r["key"] == tier]
            filings = sum(int(r["filings"]) for r in held)
            means = [sum(int(r["filings"]) * float(r[q]) for r in held) / filings for q in ("p25", "median", "p75")]
            result.setdefault(role, {})[tier] = [filings, *(round(mean, -2) for mean in means)]
    return result


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            return list(csv.DictReader(stream))
    except OSError as error:
        raise UserError(f"The table cannot be read: {error.strerror}.", place=Place(file=str(path))) from error
