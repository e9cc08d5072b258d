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
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from tenfold.kit.errors import Place, UserError
from tenfold.law.places import PlaceMatch, country_of, full_name, is_place, read_places, subdivision_of

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
    """`factor` multiplies pay; `sd_log` is its standard error. `n` metros fitted the slope.

    `between` is the spread between metros, which national ads hold already: it is taken out of theirs for one metro.
    """

    metro: Metro
    factor: float
    sd_log: float
    slope: float
    n: int
    between: float = 0.0


@dataclass(frozen=True)
class Slope:
    """The fitted line of one occupation. `between` is how far apart metros lie: sd of the log factor over workers."""

    slope: float
    slope_se: float
    scatter: float
    n: int
    national_usd_year: float
    centre: float
    between: float


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
        return MetroFactor(metro, math.exp(line.slope * distance), sd, line.slope, line.n, line.between)

    def named(self, city: str, state: str) -> Metro | None:
        """The metro whose name holds a city, in a state by its two letters: the first city of a metro first."""
        wanted, found = city.casefold(), None
        for metro in self.metros.values():
            cities, _, states = metro.name.casefold().partition(", ")
            if state.casefold() in states.split("-") and wanted in cities.split("-"):
                if cities.split("-")[0] == wanted:
                    return metro
                found = found or metro
        return found


@dataclass(frozen=True, slots=True)
class Located:
    """Where a place in words lies, as far as pay is concerned.

    `country` is None where the words name none or several; `candidates` are then what they may mean. `metro` is None
    outside the metros of the official tables; `region` is a US state or a city that no official table has.
    """

    words: str
    country: str | None
    metro: Metro | None = None
    region: str = ""
    candidates: tuple[str, ...] = ()


@lru_cache(maxsize=4_096)
def locate(words: str) -> Located:
    """A place by CBSA code, by the name of a metro, or as the one resolver of places reads it."""
    said, known = words.strip(), places()
    named = (each for each in known.metros.values() if each.name.casefold() == said.casefold())
    metro = known.metros.get(said) or next(named, None)
    if metro is not None:
        return Located(said, "US", metro)
    code = said.upper()
    if is_place(code) and country_of(code):
        twin = f"US-{code}"
        if is_place(twin):  # Germany and Delaware share their two letters
            return Located(said, None, candidates=(full_name(code), full_name(twin)))
        return Located(said, country_of(code), region=full_name(code) if code.startswith("US-") else "")
    matches = [match for match in read_places(said) if not match.excluded]
    countries = {country_of(id_) for match in matches for id_ in (match.ids or match.candidates)}
    if len(countries) != 1:
        return Located(said, None, candidates=tuple(sorted(_names(matches))))
    (country,) = countries
    if len(matches) != 1 or country != "US":
        return Located(said, country, region=matches[0].city)
    return _in_us(said, matches[0])


def _in_us(said: str, match: PlaceMatch) -> Located:
    if match.metros:
        return Located(said, "US", places().metros.get(match.metros[0]), match.city)
    if not match.ids:
        return Located(said, "US", candidates=tuple(sorted(_names([match]))))
    state = subdivision_of(match.ids[0]) or ""
    metro = places().named(match.city, state.removeprefix("US-")) if match.city else None
    return Located(said, "US", metro, match.city or (full_name(state) if state else ""))


def _names(matches: Sequence[PlaceMatch]) -> set[str]:
    return {
        f"{match.city + ', ' if match.city else ''}{full_name(id_)}"
        for match in matches
        for id_ in (match.ids or match.candidates)
    }


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
    whole = sum(count for count, _ in workers)
    centre = sum(count * x for count, x in workers) / whole
    between = slope * math.sqrt(sum(count * (x - centre) ** 2 for count, x in workers) / whole)
    return {
        "slope": round(slope, 4),
        "slope_se": round(scatter / math.sqrt(spread_x), 4),
        "scatter": round(scatter, 4),
        "n": n,
        "national_usd_year": national,
        "centre": round(centre, 4),
        "between": round(between, 4),
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
