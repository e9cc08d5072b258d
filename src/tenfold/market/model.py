"""The fitted pay model: small, readable, quick. Plain Python, so that one estimate needs no numpy.

An ad's log midpoint is `location + spread · z`: location and log spread are sums of effects of the ad's
features (`features.py`), and z has the standardised quantiles that ads *after* a fit really showed
(out-of-time conformal calibration, `fit.py`). Effects that were not seen in the data are nil: that is how
an unknown title is answered.
"""

from __future__ import annotations

import hashlib
import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tenfold.kit.errors import Place, UserError
from tenfold.market import abroad
from tenfold.market.abroad import CountryPay
from tenfold.market.ads import Row
from tenfold.market.features import features_of
from tenfold.market.support import NO_WIDENING, spelt
from tenfold.market.suppression import least_for_median

FORMAT = 2
Z95 = 1.959964
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
# The probabilities at which standardised quantiles are kept: fine enough for a percentile of any offer.
GRID = (0.005, 0.01, 0.02, 0.03, 0.04, *(step / 40 for step in range(2, 39)), 0.96, 0.97, 0.98, 0.99, 0.995)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """How much of an estimate's weight comes from a role's ads."""

    role: str
    share: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One role at one level and workplace, as fitted.

    `locations`: (share, location, spread) of the titles that make it up. `median_sd_log` is the standard
    error of its location; `n_raw` observations lie in the cell itself, of which `n_own` are own pay and the others
    ads; `n_effective` is how many independent ads the estimate is worth.
    """

    role: str
    level: str
    workplace: str
    n_raw: int
    n_effective: float
    median_sd_log: float
    first: date
    last: date
    quantiles_log: tuple[float, ...]
    own_share: float
    neighbours: tuple[Neighbour, ...]
    n_own: int = 0

    @property
    def median_log(self) -> float:
        return self.quantiles_log[GRID.index(0.5)]


@dataclass(frozen=True)
class PayModel:
    """A fitted model. `tables` are the aggregates that pages show (see `aggregates.py`).

    `supports` is the group by support of each title (see `support.py`), `widen` what widens the bands of each group.
    `countries` are those outside the US (`abroad.py`).
    """

    centre: float
    spread_centre: float
    effects: Mapping[str, tuple[float, float]]
    z: tuple[float, ...]
    country_offsets: Mapping[str, float]
    foreign_sd: float
    period_sd: float
    n_ads: int
    first: date
    last: date
    cells: Mapping[tuple[str, str, str], Cell]
    counts: Mapping[str, int]
    tables: Mapping[str, Any]
    made_from: tuple[str, ...]
    calibrated_on: int
    supports: Mapping[str, int] = field(default_factory=dict)
    widen: tuple[float, ...] = NO_WIDENING
    countries: Mapping[str, CountryPay] = field(default_factory=dict)
    snapshot: str = ""
    _five: tuple[float, ...] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_five", tuple(_interpolate(GRID, self.z, p) for p in QUANTILES))

    def location_and_spread(self, row: Row) -> tuple[float, float]:
        location, log_spread = self.centre, self.spread_centre
        for name, _ in features_of(row.title, row.level_code, row.remote_ratio, row.size, row.basis):
            effect = self.effects.get(name)
            if effect is not None:
                location += effect[0]
                log_spread += effect[1]
        log_spread += math.log(self.widen[self.supports.get(spelt(row.title), 0)])
        if row.country != "US":
            location += self.country_offsets.get(row.country, self.country_offsets.get("", 0.0))
            log_spread = max(log_spread, math.log(self.foreign_sd))
        return location, math.exp(log_spread)

    def us_log_pay(self, row: Row) -> float:
        """The log location of a row as if it were in the US."""
        return self.location_and_spread(replace(row, country="US"))[0]

    @property
    def z_five(self) -> tuple[float, ...]:
        """p10, p25, p50, p75, p90 of one spread."""
        return self._five

    def predict(self, row: Row) -> tuple[float, ...]:
        """p10, p25, p50, p75, p90 of the midpoint, USD a year, rising."""
        location, spread = self.location_and_spread(row)
        return tuple(math.exp(location + spread * z) for z in self._five)

    def predict_all(self, rows: Iterable[Row]) -> list[tuple[float, ...]]:
        """`predict` for many rows; equal rows are worked out once."""
        known: dict[tuple[str, ...], tuple[float, ...]] = {}
        answers = []
        for row in rows:
            key = (row.title, row.level_code, row.remote_ratio, row.size, row.country, row.basis)
            answer = known.get(key)
            if answer is None:
                answer = known[key] = self.predict(row)
            answers.append(answer)
        return answers

    def label_of(self, row: Row, role: str, level: str | None) -> str:
        """What a row's figures rest on: `supported`, `pooled: …`, or `not answered: …`, where there are none."""
        if row.country != "US":
            return f"not answered: outside the US ({row.country}); these figures are of US pay"
        if row.employment != "FT":
            return f"not answered: not full-time ({row.employment})"
        least = least_for_median()
        if role != "other" and self.counts.get(f"{role}:{level}", 0) < least:
            return f"pooled: fewer than {least} ads for {role} at this level; borrowed from like titles and levels"
        return "supported"


def _interpolate(xs: Sequence[float], ys: Sequence[float], x: float) -> float:
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    right = bisect_left(xs, x)
    share = (x - xs[right - 1]) / (xs[right] - xs[right - 1])
    return ys[right - 1] + share * (ys[right] - ys[right - 1])


def quantile(grid_values: Sequence[float], probability: float) -> float:
    """A quantile from values at `GRID`."""
    return _interpolate(GRID, grid_values, probability)


def probability_below(grid_values: Sequence[float], value: float) -> float:
    """The share of the distribution below a value; between the outermost grid points, else 0 or 1."""
    if value < grid_values[0]:
        return 0.0
    if value > grid_values[-1]:
        return 1.0
    return _interpolate(grid_values, GRID, value)


def to_json(model: PayModel) -> str:
    """The model as compact JSON; equal models give equal text."""
    document = {
        "format": FORMAT,
        "centre": round(model.centre, 6),
        "spread_centre": round(model.spread_centre, 6),
        "effects": {name: [round(a, 4), round(b, 4)] for name, (a, b) in sorted(model.effects.items())},
        "z": [round(value, 5) for value in model.z],
        "country_offsets": {name: round(value, 4) for name, value in sorted(model.country_offsets.items())},
        "foreign_sd": round(model.foreign_sd, 4),
        "period_sd": round(model.period_sd, 4),
        "n_ads": model.n_ads,
        "first": model.first.isoformat(),
        "last": model.last.isoformat(),
        "cells": [_cell_out(cell) for _, cell in sorted(model.cells.items())],
        "counts": dict(sorted(model.counts.items())),
        "tables": model.tables,
        "made_from": list(model.made_from),
        "calibrated_on": model.calibrated_on,
        "supports": dict(sorted(model.supports.items())),
        "widen": [round(value, 4) for value in model.widen],
        "countries": abroad.to_dict(model.countries),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def from_json(text: str, *, name: str = "the model") -> PayModel:
    """Raises UserError where the text is no model of this format."""
    try:
        document = json.loads(text)
        if document.get("format") != FORMAT:
            raise UserError(
                f"{name} is of format {document.get('format')!r}, this version reads {FORMAT}.",
                remedy="Fit it anew: tenfold pay fit --ads FILE --out MODEL",
            )
        return _model(document, hashlib.sha256(text.encode()).hexdigest()[:12])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{name} is not a pay model.",
            remedy="Make one: tenfold pay fit --ads FILE --out MODEL",
            place=Place(file=name),
        ) from error


def load(path: Path) -> PayModel:
    try:
        return from_json(path.read_text("utf-8"), name=str(path))
    except OSError as error:
        raise UserError(f"The model cannot be read: {error.strerror}.", place=Place(file=str(path))) from error
    except UnicodeDecodeError as error:
        raise UserError("This is not a pay model.", place=Place(file=str(path))) from error


@cache
def default_model() -> PayModel:
    """The model shipped with the package, loaded once a process."""
    return from_json((files("tenfold.market") / "data" / "pay-model.json").read_text("utf-8"), name="pay-model.json")


def _model(document: dict[str, Any], digest: str) -> PayModel:
    cells = [_cell_in(entry) for entry in document["cells"]]
    return PayModel(
        centre=document["centre"],
        spread_centre=document["spread_centre"],
        effects=document["effects"],
        z=tuple(document["z"]),
        country_offsets=document["country_offsets"],
        foreign_sd=document["foreign_sd"],
        period_sd=document["period_sd"],
        n_ads=document["n_ads"],
        first=date.fromisoformat(document["first"]),
        last=date.fromisoformat(document["last"]),
        cells={(cell.role, cell.level, cell.workplace): cell for cell in cells},
        counts=document["counts"],
        tables=document["tables"],
        made_from=tuple(document["made_from"]),
        calibrated_on=document["calibrated_on"],
        supports=document["supports"],
        widen=tuple(document["widen"]),
        countries=abroad.from_dict(document["countries"]),
        snapshot=digest,
    )


def _cell_out(cell: Cell) -> dict[str, Any]:
    return {
        "role": cell.role,
        "level": cell.level,
        "workplace": cell.workplace,
        "n": cell.n_raw,
        "n_eff": round(cell.n_effective, 1),
        "sd": round(cell.median_sd_log, 4),
        "first": cell.first.isoformat(),
        "last": cell.last.isoformat(),
        "q": [round(value, 4) for value in cell.quantiles_log],
        "own": round(cell.own_share, 3),
        "from": [[neighbour.role, round(neighbour.share, 3)] for neighbour in cell.neighbours],
        **({"n_own": cell.n_own} if cell.n_own else {}),
    }


def _cell_in(entry: dict[str, Any]) -> Cell:
    return Cell(
        role=entry["role"],
        level=entry["level"],
        workplace=entry["workplace"],
        n_raw=entry["n"],
        n_effective=entry["n_eff"],
        median_sd_log=entry["sd"],
        first=date.fromisoformat(entry["first"]),
        last=date.fromisoformat(entry["last"]),
        quantiles_log=tuple(entry["q"]),
        own_share=entry["own"],
        neighbours=tuple(Neighbour(role, share) for role, share in entry["from"]),
        n_own=entry.get("n_own", 0),
    )
