"""How often the loop's interval holds the truth: 1,000 invented loops of known rank correlation.

nice .venv/bin/python -m benchmarks.validity_coverage --loops 1000 --out benchmarks/data/validity_coverage.json
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np

from tenfold.practices.retention.validity import FEWEST, Answer, close_loop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loops", type=int, default=100)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    held = asked = few = 0
    for seed in range(given.loops):
        chance = np.random.default_rng(seed)
        rho, n = chance.uniform(0, 0.7), int(chance.integers(4, 150))
        pairs = chance.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=n)
        found = close_loop(list(pairs[:, 0]), list(pairs[:, 1]))
        if n < FEWEST:
            few += found.answer is not Answer.TOO_FEW
            continue
        assert found.low is not None
        assert found.high is not None
        asked += 1
        held += found.low <= 6 / math.pi * math.asin(rho / 2) <= found.high
    told = {"loops": given.loops, "with_an_interval": asked, "held": round(held / asked, 3), "told_below_ten": few}
    print(json.dumps(told, indent=2))
    if given.out:
        given.out.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
