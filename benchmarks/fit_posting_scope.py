"""Fits the weights by which a posting's family and infrastructure share are judged, and says how well they do.

    python benchmarks/fit_posting_scope.py                    leave-one-company-out figures
    python benchmarks/fit_posting_scope.py --write            … and writes src/tenfold/posting/data/scope_weights.toml

Softmax and ridge regression on counts of some thirty activities by duties and by requirements. An activity may only
speak for the families that `activities.toml` names and against the others, so that a small set of labels is not learned
by heart. Titles and job names are hidden from the text; the titles of ads_corpus are weak labels with a twentieth of a
labelled posting's weight. Needs the postings in `$TENFOLD_SHARED/data/postings`; labels by id are in benchmarks/data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import tomli
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tenfold.catalogue.titles import read_title  # noqa: E402 - after the path is set
from tenfold.posting.activities import activities_of, names, vocabulary  # noqa: E402
from tenfold.posting.details import title_of  # noqa: E402
from tenfold.posting.family import FAMILIES  # noqa: E402
from tenfold.posting.intake import source_text  # noqa: E402
from tenfold.posting.job_names import without_job_names  # noqa: E402
from tenfold.posting.sections import lay_out  # noqa: E402
from tenfold.stats.proportions import wilson  # noqa: E402

POSTINGS = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared")) / "data" / "postings"
LABELS = ROOT / "benchmarks" / "data"
WEIGHTS = ROOT / "src" / "tenfold" / "posting" / "data" / "scope_weights.toml"
KNOWN = (
    "posting_labels", "posting_labels_held_out", "posting_families", "posting_families_blind_second",
    "posting_families_blind_third",
)  # fmt: skip
"""Labels by id of ads in ads_corpus. The last two were measured before they were learned from: docs/postings.md."""
BLIND = ("posting_families_blind",)
"""Never learned from, nor is any other ad of their companies."""
CERTAIN_FROM = 0.33
AGAINST_TITLE = 0.2
FEWEST_TOLD = 2.0
PENALTY = 1.5
AGAINST_PENALTY = 3.0
"""How much dearer a weight against a family is than one for it."""
APART_PENALTY = 1.5
"""How much dearer it is to weigh duties and requirements apart than together."""
WEAK = 0.05
BARE = 1.0
"""Of a posting without its headings, so that the reading does not hang on them."""
MOST_BALANCE = 1.6
RIDGE = 10.0

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    id: str
    company: str
    features: dict[str, float]
    family: str
    share: int | None
    """None where the share of infrastructure was not labelled."""
    is_dev: bool = False
    is_weak: bool = False
    """Only by the title, unread."""
    bare: dict[str, float] | None = None
    """The features of the same posting without its headings, where no line is told to be a duty or a requirement."""


@dataclass(frozen=True)
class Linear:
    intercept: float
    weights: dict[str, float]

    def __call__(self, features: dict[str, float]) -> float:
        return self.intercept + sum(weight * features[name] for name, weight in self.weights.items())


def features_of(text: str) -> dict[str, float]:
    source = source_text(text)
    layout = lay_out(source)
    work = without_job_names(source, layout.words, title_of(source))
    return dict(activities_of(source, layout, vocabulary(work, layout)).features)


def without_headings(text: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(line for line in rest if not line.startswith("#"))])


def labelled() -> list[Labelled]:
    """ads_dev, the labels by id of ads in ads_corpus, and the titles of all other ads there; blind ones left out."""
    rows = [
        Labelled(
            row["id"],
            company_of(text),
            features_of(text),
            row["family"],
            row["infra_share"],
            is_dev=True,
            bare=features_of(without_headings(text)),
        )
        for row in lines_of(POSTINGS / "ads_dev.jsonl")
        for text in [(POSTINGS / "ads_dev" / f"{row['id']}.md").read_text("utf-8")]
    ]
    blind = {row["id"] for name in BLIND for row in lines_of(LABELS / f"{name}.jsonl")}
    ads = list(corpus())
    kept_apart = {ad["company"].lower() for ad in ads if ad["id"] in blind}
    known = {row["id"]: row for name in KNOWN for row in lines_of(LABELS / f"{name}.jsonl")}
    seen: set[tuple[str, str]] = set()
    for ad in ads:
        company, title = ad["company"].lower(), ad["title"].lower()
        row = known.get(ad["id"], {})
        family = row.get("family") or read_title(ad["title"]).role
        left_out = not row and (family == "other" or company in kept_apart or (company, title) in seen)
        if ad["id"] in blind or left_out:
            continue
        seen.add((company, title))
        bare = features_of(without_headings(ad["text"])) if row else None
        share = row.get("infra_share")
        rows.append(Labelled(ad["id"], company, features_of(ad["text"]), family, share, is_weak=not row, bare=bare))
    return rows


def company_of(text: str) -> str:
    return text.split("\n")[1].strip("# ").lower()


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text("utf-8").splitlines())


def corpus() -> Iterator[dict[str, Any]]:
    with gzip.open(POSTINGS / "ads_corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@cache
def _speaks_for() -> dict[str, list[str]]:
    table = tomli.loads((files("tenfold.posting") / "data" / "activities.toml").read_text("utf-8"))
    named = {activity: table[activity]["speaks_for"] for activity in names()}
    return named | {"ml-and-infrastructure": ["mlops", "ai-infrastructure"]}


@cache
def feature_names() -> tuple[str, ...]:
    """All features that speak of a family: the share of infrastructure alone is left to the share's own fit."""
    together = tuple(f"all.{activity}" for activity in names())
    return together + tuple(f"{part}.{activity}" for part in ("duty", "need") for activity in _speaks_for())


@dataclass(frozen=True)
class Families:
    models: dict[str, Linear]
    solution: Matrix
    """What the fit ended with: a start for the same fit without a few rows."""


def fit_family(rows: Sequence[Labelled], start: Matrix | None = None) -> Families:
    """Softmax regression with signs: every weight is for a family that the activity speaks for, or against another."""
    wanted = feature_names()
    seen = [(row.features, row.family, WEAK if row.is_weak else 1.0) for row in rows]
    seen += [(row.bare, row.family, BARE) for row in rows if row.bare]
    table = np.array([[features[name] for name in wanted] for features, _, _ in seen])
    kinds = np.array([FAMILIES.index(family) for _, family, _ in seen])
    weight = np.array([each for _, _, each in seen])
    spread = table.std(axis=0) + 1e-9
    fitted = _softmax(table / spread, kinds, _balanced(weight, kinds), start)
    models = {
        family: Linear(
            float(fitted[-1, at]),
            {name: float(fitted[row, at] / spread[row]) for row, name in enumerate(wanted)},
        )
        for at, family in enumerate(FAMILIES)
    }
    return Families(models, fitted.ravel())


def _balanced(weight: Matrix, kinds: NDArray[np.int64]) -> Matrix:
    """Rare families count somewhat more, up to a bound."""
    total = np.array([weight[kinds == at].sum() for at in range(len(FAMILIES))]) + 1
    factor: Matrix = np.minimum(MOST_BALANCE, np.sqrt(total.mean() / total))
    return weight * factor[kinds]


def _softmax(table: Matrix, kinds: NDArray[np.int64], weight: Matrix, start: Matrix | None) -> Matrix:
    """Weights with the intercepts as last row."""
    size, families = table.shape[1], len(FAMILIES)
    speaks = [[family in _speaks_for()[name.partition(".")[2]] for family in FAMILIES] for name in feature_names()]
    apart = np.array([1.0 if name.startswith("all.") else APART_PENALTY for name in feature_names()])
    penalty = PENALTY * np.where(speaks, 1.0, AGAINST_PENALTY) * apart[:, None]
    bounds = [(0, None) if each else (None, 0) for row in speaks for each in row] + [(None, None)] * families
    right = np.eye(families)[kinds]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        own, intercepts = flat[:-families].reshape(size, families), flat[-families:]
        scores = table @ own + intercepts
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        slopes = (chances - right) * weight[:, None]
        value = -(weight * np.log(chances[np.arange(len(kinds)), kinds] + 1e-12)).sum()
        gradient = np.concatenate([(table.T @ slopes + penalty * own).ravel(), slopes.sum(axis=0)])
        return float(value + (penalty * own**2).sum() / 2), gradient

    begin = np.zeros((size + 1) * families) if start is None else start
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return np.asarray(found.x, dtype=np.float64).reshape(size + 1, families)


def fit_share(rows: Sequence[Labelled]) -> Linear:
    """Ridge regression of the infrastructure share, in percent."""
    told = [row for row in rows if row.share is not None]
    wanted = [
        name
        for name in sorted(told[0].features)
        if name.startswith("all.") or name.endswith(("infrastructure-share", "ml-and-infrastructure"))
    ]
    table = np.array([[row.features[name] for name in wanted] for row in told])
    targets = np.array([float(row.share or 0) for row in told])
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = (table - middle) / spread
    own = np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(len(wanted)), scaled.T @ (targets - targets.mean()))
    own = own / spread
    return Linear(float(targets.mean() - own @ middle), dict(zip(wanted, map(float, own), strict=True)))


def chances(models: dict[str, Linear], features: dict[str, float]) -> dict[str, float]:
    scores = np.array([models[family](features) for family in FAMILIES])
    raised = np.exp(scores - scores.max())
    return dict(zip(FAMILIES, raised / raised.sum(), strict=True))


def cross_validated(rows: Sequence[Labelled]) -> tuple[float, float]:
    """Prints figures with each company left out in turn.

    Returns the half-width that held nine in ten shares, and the temperature by which chances are told.
    """
    read = [row for row in rows if not row.is_weak]
    start = fit_family(rows).solution
    told: list[LeftOut] = []
    for company in sorted({row.company for row in read}):
        others = [row for row in rows if row.company != company]
        models, share = fit_family(others, start).models, fit_share(others)
        told += [_left_out(row, models, share) for row in read if row.company == company]
    temperature = _temperature(told)
    told = [one.cooled(temperature) for one in told]
    print(f"temperature {temperature:.2f}, mean chance {np.mean([one.chance for one in told]):.3f}")
    dev = [one for one in told if one.row.is_dev]
    for name, part in (("ads_dev", dev), ("all that are labelled", told)):
        right, low, high = _proportion(one.is_right and one.chance >= CERTAIN_FROM for one in part)
        certain, _, _ = _proportion(one.chance >= CERTAIN_FROM for one in part)
        print(
            f"{name}, each company left out: n {len(part)}, family {right:.3f} ({low:.3f} to {high:.3f}; cannot tell"
            f" counts as wrong), certain {certain:.3f}"
        )
    for low, high in ((CERTAIN_FROM, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)):
        held = [one.is_right for one in told if low <= one.chance < high]
        print(f"  chance {low:.2f} to {min(1.0, high):.2f}: right {np.mean(held):.2f} (n {len(held)})")
    errors = [one.error for one in dev]
    print(f"ads_dev, infrastructure share: mean error {np.mean(errors):.1f}")
    return float(np.quantile(errors, 0.9)), temperature


@dataclass(frozen=True)
class LeftOut:
    row: Labelled
    is_right: bool
    chance: float
    error: float
    """Of the infrastructure share, in percent."""
    scores: tuple[float, ...]
    """The logarithm of each family's chance, in their order, before it is cooled."""

    def cooled(self, temperature: float) -> LeftOut:
        return replace(self, chance=float(_cooled(self.scores, temperature).max()))


def _cooled(scores: Sequence[float], temperature: float) -> Matrix:
    raised = np.exp((np.array(scores) - max(scores)) / temperature)
    cooled: Matrix = raised / raised.sum()
    return cooled


def _temperature(told: Sequence[LeftOut]) -> float:
    """The divisor of all scores at which the labels of postings left out are likeliest: above 1 where chances boast."""

    def loss(temperature: float) -> float:
        chances_of_labels = [_cooled(one.scores, temperature)[FAMILIES.index(one.row.family)] for one in told]
        return -float(np.log(np.maximum(chances_of_labels, 1e-12)).mean())

    return float(minimize_scalar(loss, bounds=(0.5, 5.0), method="bounded").x)


def _left_out(row: Labelled, models: dict[str, Linear], share: Linear) -> LeftOut:
    likely = chances(models, row.features)
    best = max(likely, key=lambda family: likely[family])
    error = abs(min(100, max(0, 5 * round(share(row.features) / 5))) - (row.share or 0))
    scores = tuple(float(np.log(max(1e-300, likely[family]))) for family in FAMILIES)
    return LeftOut(row, best == row.family, float(likely[best]), float(error), scores)


def _proportion(hits: Iterable[bool]) -> tuple[float, float, float]:
    """The share with its 95 % interval (Wilson)."""
    found = list(hits)
    return (sum(found) / len(found), *wilson(sum(found), len(found)))


def written(rows: Sequence[Labelled], half_width: float, temperature: float) -> str:
    strong = sum(not row.is_weak for row in rows)
    lines = [
        "# Weights of the activities of `activities.py`, fitted by `python benchmarks/fit_posting_scope.py --write`.",
        f"# {strong} labelled postings and {len(rows) - strong} weak labels, {datetime.now(UTC).date().isoformat()}.",
        "# `half_width` held nine in ten shares of companies left out; below `fewest_told` no share is given.",
        "[certainty]",
        f"certain_from = {CERTAIN_FROM}",
        f"against_title = {AGAINST_TITLE}",
        f"temperature = {temperature:.2f}",
        "[share]",
        f"fewest_told = {FEWEST_TOLD}",
        f"half_width = {max(5.0, half_width):.0f}",
        "[share.weights]",
        *_rows(fit_share(rows)),
    ]
    for family, model in fit_family(rows).models.items():
        lines += [f'[family."{family}"]', *_rows(model)]
    return "\n".join(lines) + "\n"


def _rows(model: Linear) -> list[str]:
    told = {name: weight for name, weight in model.weights.items() if abs(weight) >= 0.001}
    return [f"intercept = {model.intercept:.4f}", *(f'"{name}" = {weight:.4f}' for name, weight in told.items())]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--write", action="store_true", help="write the weights into the package")
    given = arguments.parse_args()
    rows = labelled()
    half_width, temperature = cross_validated(rows)
    if given.write:
        WEIGHTS.write_text(written(rows, half_width, temperature), "utf-8")
        print(f"wrote {WEIGHTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
