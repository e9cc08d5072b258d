"""Faults while scripted candidates work on three hosts in network namespaces, and what came of it.

`python -m benchmarks.labs_faults --faults 200 --candidates 30 --seed 1` (as root; `--no-freeze` takes the freeze out,
and must be seen). Hosts, their keepers, the server of Temporal and the web's lines are killed, lines are cut one way
and both; heartbeat timeout 5 s, freeze at 2.5 s, a save every 2.5 s.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import os
import tempfile
import time
from pathlib import Path

from tests.labs.engines import faults
from tests.labs.engines.machines import TIMEOUT_S

from benchmarks.labs_rooms import percentile, toy_home


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--faults", type=int, default=200)
    asked.add_argument("--candidates", type=int, default=30)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--no-freeze", action="store_true")
    words = asked.parse_args()
    home, sandbox, lab = toy_home()
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        faults.field_of(home, sandbox, lab, Path(folder), freezes=not words.no_freeze) as place,
    ):
        seen = asyncio.run(faults.run(place, faults=words.faults, candidates=words.candidates, seed=words.seed))
    tell(seen, time.monotonic() - began)


def tell(seen: faults.Seen, took_s: float) -> None:
    kinds = collections.Counter(kind for _, kind, _ in seen.faults)
    print(f"{len(seen.faults)} faults in {took_s:.0f} s, load {os.getloadavg()[0]:.1f}: {dict(kinds)}")
    print(f"sessions {len(seen.verdicts)}, lines written {seen.lines}")
    print(f"without an answer for three minutes: {seen.stuck}")
    print(f"seen live on two hosts: {len(seen.two_live)} {seen.two_live[:3]}")
    print(f"judged more than once: {sum(count > 1 for count in seen.verdicts.values())}")
    most = max(seen.lost, default=0.0)
    print(f"lines lost {len(seen.lost)}, the oldest acknowledged {most:.2f} s before the fault")
    if away := seen.away_s:
        print(
            f"away (n {len(away)}): median {percentile(away, 0.5):.2f} s, p95 {percentile(away, 0.95):.2f} s, "
            f"most {max(away):.2f} s; heartbeat timeout {TIMEOUT_S:g} s"
        )


if __name__ == "__main__":
    main()
