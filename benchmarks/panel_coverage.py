"""Do the intervals of `tenfold.stats.reliability` hold what they promise? Panels with known variances tell.

Each panel has 30 candidates, each rated by 4 of 12 interviewers drawn at random. Prints how often the 95 % intervals
of the reliability, of the variances and of interviewers' leniency hold the truth, with the Wilson interval of that
share. About half a second a panel.

    .venv/bin/python benchmarks/panel_coverage.py --panels 1000
    .venv/bin/python benchmarks/panel_coverage.py --panels 1000 --subject 0.05 --rater 0.3 --residual 0.65
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from tenfold.stats.proportions import wilson
from tenfold.stats.reliability import Rating, RatingStudy, study

CANDIDATES, INTERVIEWERS, EACH = 30, 12, 4


def panel(rng: np.random.Generator, variances: dict[str, float]) -> tuple[list[Rating], dict[str, float]]:
    """Ratings, and each interviewer's true leniency."""
    skill = rng.normal(0, variances["subject"] ** 0.5, CANDIDATES)
    lenient = rng.normal(0, variances["rater"] ** 0.5, INTERVIEWERS)
    ratings = [
        Rating(f"c{i}", f"r{j}", float(skill[i] + lenient[j] + rng.normal(0, variances["residual"] ** 0.5)))
        for i in range(CANDIDATES)
        for j in rng.choice(INTERVIEWERS, EACH, replace=False)
    ]
    return ratings, {f"r{j}": float(lenient[j]) for j in range(INTERVIEWERS)}


def covered(found: RatingStudy, variances: dict[str, float], lenient: dict[str, float]) -> Counter[str]:
    """How many intervals of each kind hold the truth, and (with `of `) how many there are."""
    signal, leniency, noise = variances["subject"], variances["rater"], variances["residual"]
    truths = {
        "one rating": (found.single, signal / (signal + leniency + noise)),
        "mean of 4": (found.mean_of(4), signal / (signal + (leniency + noise) / 4)),
        "one rating, same rater": (found.single_same_rater, signal / (signal + noise)),
        **{f"variance of {name}": (found.variance(name), truth) for name, truth in variances.items()},
    }
    seen: Counter[str] = Counter()
    for name, (one, truth) in truths.items():
        seen[f"of {name}"] += 1
        seen[name] += one.low is not None and one.high is not None and one.low <= truth <= one.high
    for row in found.leniencies:
        if row.effect is not None:
            seen["of leniency"] += 1
            seen["leniency"] += row.effect.low <= lenient[row.rater] <= row.effect.high
    return seen


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--panels", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--subject", type=float, default=0.28)
    options.add_argument("--rater", type=float, default=0.09)
    options.add_argument("--residual", type=float, default=0.63)
    given = options.parse_args()
    variances = {"subject": given.subject, "rater": given.rater, "residual": given.residual}
    rng, total = np.random.default_rng(given.seed), Counter[str]()
    for _ in range(given.panels):
        ratings, lenient = panel(rng, variances)
        total += covered(study(ratings), variances, lenient)
    print(f"{given.panels} panels, variances {variances}")
    for name in [name.removeprefix("of ") for name in total if name.startswith("of ")]:
        n, hits = total[f"of {name}"], total[name]
        low, high = wilson(hits, n)
        print(f"  {name:<26} {hits / n:.3f}  ({low:.3f} to {high:.3f}, n = {n})")


if __name__ == "__main__":
    main()
