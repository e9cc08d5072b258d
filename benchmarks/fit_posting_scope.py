"""Fits the weights by which a posting's family and infrastructure share are judged, and says how well they do.

    python benchmarks/fit_posting_scope.py                    leave-one-company-out figures
    python benchmarks/fit_posting_scope.py --write            … and writes src/tenfold/posting/data/scope_weights.toml
    python benchmarks/fit_posting_scope.py --more LABELS      … with further labels whose texts are in ads_corpus

Plain ridge and softmax regression on some thirty named features, so that a small set of labels is not learned by heart
and the weights can be read. Needs the labelled postings in `$TENFOLD_SHARED/data/postings`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, quantiles

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tenfold.posting.details import title_of  # noqa: E402 - after the path is set
from tenfold.posting.intake import source_text  # noqa: E402
from tenfold.posting.matching import find_skills  # noqa: E402
from tenfold.posting.scope import FAMILIES, scope_evidence, vocabulary  # noqa: E402
from tenfold.posting.sections import lay_out  # noqa: E402

POSTINGS = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared")) / "data" / "postings"
WEIGHTS = ROOT / "src" / "tenfold" / "posting" / "data" / "scope_weights.toml"
RIDGE_PENALTY = 40.0
SOFTMAX_PENALTY = 10.0
STEPS = 250


@dataclass(frozen=True)
class Labelled:
    id: str
    company: str
    features: dict[str, float]
    family: str
    share: int
    extra: bool


@dataclass(frozen=True)
class Linear:
    """Weights on standardised features, kept in the features' own scale."""

    intercept: float
    weights: dict[str, float]

    def __call__(self, features: dict[str, float]) -> float:
        return self.intercept + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())


def labelled(more: Path | None) -> list[Labelled]:
    texts = {path.stem: path.read_text("utf-8") for path in (POSTINGS / "ads_dev").glob("*.md")}
    rows = [(json.loads(line), False) for line in (POSTINGS / "ads_dev.jsonl").read_text("utf-8").splitlines()]
    if more is not None:
        with gzip.open(POSTINGS / "ads_corpus.jsonl.gz", "rt", encoding="utf-8") as corpus:
            texts |= {row["id"]: row["text"] for row in map(json.loads, corpus)}
        rows += [(json.loads(line), True) for line in more.read_text("utf-8").splitlines() if line.strip()]
    return [
        Labelled(
            row["id"], _company(texts[row["id"]]), _features(texts[row["id"]]), row["family"], row["infra_share"], extra
        )
        for row, extra in rows
    ]


def _company(text: str) -> str:
    return text.split("\n")[1].strip("# ")


def _features(text: str) -> dict[str, float]:
    source = source_text(text)
    layout = lay_out(source)
    evidence = scope_evidence(source, layout, title_of(source), find_skills(source.text), vocabulary(source, layout))
    return dict(evidence.features)


def fit_share(rows: Sequence[Labelled]) -> Linear:
    """Ridge regression of the infrastructure share, in percent."""
    names, table, means, spreads = _standardised(rows, lambda _: True)
    targets = [float(row.share) for row in rows]
    centre = mean(targets)
    size = len(names)
    normal = [
        [sum(line[i] * line[j] for line in table) + (RIDGE_PENALTY if i == j else 0.0) for j in range(size)]
        for i in range(size)
    ]
    right = [sum(line[i] * (target - centre) for line, target in zip(table, targets, strict=True)) for i in range(size)]
    return _in_own_scale(centre, _solved(normal, right), names, means, spreads)


def fit_family(rows: Sequence[Labelled]) -> dict[str, Linear]:
    """Softmax regression of the family with an L2 penalty, by accelerated gradient steps."""
    names, table, means, spreads = _standardised(rows, lambda name: not name.startswith("share."))
    size, kinds = len(names), len(FAMILIES)
    weights = [[0.0] * (size + 1) for _ in range(kinds)]
    ahead = [line[:] for line in weights]
    momentum = 1.0
    rate = 1.0 / (0.5 * sum(sum(value * value for value in line) + 1.0 for line in table) / 4 + SOFTMAX_PENALTY)
    wanted = [FAMILIES.index(row.family) for row in rows]
    for _ in range(STEPS):
        step = _softmax_gradient(ahead, table, wanted)
        before = weights
        weights = [
            [
                value - rate * (slope + (SOFTMAX_PENALTY * value if at < size else 0.0))
                for at, (value, slope) in enumerate(zip(line, slopes, strict=True))
            ]
            for line, slopes in zip(ahead, step, strict=True)
        ]
        following = (1.0 + math.sqrt(1.0 + 4.0 * momentum * momentum)) / 2.0
        pull = (momentum - 1.0) / following
        ahead = [
            [new + pull * (new - old) for new, old in zip(line, past, strict=True)]
            for line, past in zip(weights, before, strict=True)
        ]
        momentum = following
    return {
        family: _in_own_scale(weights[at][size], weights[at][:size], names, means, spreads)
        for at, family in enumerate(FAMILIES)
    }


def _softmax_gradient(weights: list[list[float]], table: list[list[float]], wanted: list[int]) -> list[list[float]]:
    slopes = [[0.0] * len(line) for line in weights]
    for line, right in zip(table, wanted, strict=True):
        scores = [sum(weight * value for weight, value in zip(own, line, strict=False)) + own[-1] for own in weights]
        highest = max(scores)
        chances = [math.exp(score - highest) for score in scores]
        total = sum(chances)
        for kind, chance in enumerate(chances):
            error = chance / total - (kind == right)
            row = slopes[kind]
            for at, value in enumerate(line):
                row[at] += error * value
            row[-1] += error
    return slopes


def _standardised(
    rows: Sequence[Labelled], wanted: Callable[[str], bool]
) -> tuple[list[str], list[list[float]], list[float], list[float]]:
    names = [name for name in sorted(rows[0].features) if wanted(name)]
    columns = [[row.features.get(name, 0.0) for row in rows] for name in names]
    means = [mean(column) for column in columns]
    spreads = [
        math.sqrt(mean((value - middle) ** 2 for value in column)) or 1.0
        for column, middle in zip(columns, means, strict=True)
    ]
    table = [
        [(row.features.get(name, 0.0) - m) / s for name, m, s in zip(names, means, spreads, strict=True)]
        for row in rows
    ]
    return names, table, means, spreads


def _in_own_scale(
    intercept: float, weights: Sequence[float], names: Sequence[str], means: Sequence[float], spreads: Sequence[float]
) -> Linear:
    own = {name: weight / spread for name, weight, spread in zip(names, weights, spreads, strict=True)}
    return Linear(intercept - sum(own[name] * middle for name, middle in zip(names, means, strict=True)), own)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with pivoting; the penalty keeps the matrix regular."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for at in range(size):
        best = max(range(at, size), key=lambda line: abs(rows[line][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            rows[below] = [low - factor * high for low, high in zip(rows[below], rows[at], strict=True)]
    found = [0.0] * size
    for at in reversed(range(size)):
        found[at] = (rows[at][size] - sum(rows[at][j] * found[j] for j in range(at + 1, size))) / rows[at][at]
    return found


def cross_validated(rows: Sequence[Labelled]) -> float:
    """Prints leave-one-company-out figures; returns the half-width that held nine in ten errors of the share."""
    errors, right = [], []
    mlops = []
    for row in rows:
        others = [other for other in rows if other.company != row.company]
        share = min(100, max(0, 5 * round(fit_share(others)(row.features) / 5)))
        family = max(((model(row.features), name) for name, model in fit_family(others).items()))[1]
        errors.append(abs(share - row.share))
        right.append(family == row.family)
        if row.family == "mlops":
            mlops.append(family == "mlops")
    for name, chosen in (("ads_dev", [not row.extra for row in rows]), ("further", [row.extra for row in rows])):
        if any(chosen):
            picked = [index for index, keep in enumerate(chosen) if keep]
            print(
                f"{name}: n {len(picked)}  family {mean(right[i] for i in picked):.3f}"
                f"  infra share mean error {mean(errors[i] for i in picked):.1f}"
            )
    print(
        f"all: family {mean(right):.3f}, recall of mlops {mean(mlops):.2f} of {len(mlops)},"
        f" share error {mean(errors):.1f}"
    )
    return quantiles(errors, n=10, method="inclusive")[-1]


def written(rows: Sequence[Labelled], half_width: float) -> str:
    share, families = fit_share(rows), fit_family(rows)
    lines = [
        "# Weights of the features of `scope.py`, fitted by `python benchmarks/fit_posting_scope.py --write`.",
        f"# {len(rows)} labelled postings, {datetime.now(UTC).date().isoformat()}.",
        "# `half_width` held nine in ten shares of companies left out; below `fewest_lines` no share is given.",
        "[share]",
        "fewest_lines = 2.0",
        f"half_width = {max(5.0, half_width):.0f}",
        "[share.weights]",
        *_rows(share),
    ]
    for family, model in families.items():
        lines += [f'[family."{family}"]', *_rows(model)]
    return "\n".join(lines) + "\n"


def _rows(model: Linear) -> list[str]:
    return [
        f"intercept = {model.intercept:.4f}",
        *(f'"{name}" = {weight:.4f}' for name, weight in model.weights.items()),
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments.add_argument("--more", type=Path, help="further labels (JSON lines) of ads in ads_corpus")
    given = arguments.parse_args()
    rows = labelled(given.more)
    half_width = cross_validated(rows)
    if given.write:
        WEIGHTS.write_text(written(rows, half_width), "utf-8")
        print(f"wrote {WEIGHTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
