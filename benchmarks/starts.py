"""What a command costs to start, as ratios to importing four libraries, in processor time of whole processes, in turn.

    .venv/bin/python -m benchmarks.starts [--runs 11]

The reference is `python -c 'import pydantic, ruamel.yaml, typer, rich.console'`. All commands take turns, so that what
slows the machine for a while slows all alike; the first round fills caches and is thrown away. Medians, with the range.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
POSTING, PLAN = ROOT / "examples" / "posting_with_faults.md", ROOT / "examples" / "good_plan.yaml"
REFERENCE = "import of four libraries"
TENFOLD = [sys.executable, "-m", "tenfold"]
COMMANDS: dict[str, tuple[list[str], float | None]] = {
    REFERENCE: ([sys.executable, "-c", "import pydantic, ruamel.yaml, typer, rich.console"], None),
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "tenfold --help": ([*TENFOLD, "--help"], 0.6),
    "tenfold rules": ([*TENFOLD, "rules"], 1.4),
    "tenfold facts": ([*TENFOLD, "facts"], None),
    "tenfold audit POSTING": ([*TENFOLD, "audit", str(POSTING)], 2.5),
    "tenfold audit PLAN": ([*TENFOLD, "audit", str(PLAN)], None),
}


def cost_s(command: list[str]) -> float:
    """User and system seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    arguments.add_argument("--runs", type=int, default=11)
    rounds = [
        {name: cost_s(command) for name, (command, _) in COMMANDS.items()}
        for _ in range(arguments.parse_args().runs + 1)
    ][1:]
    middle = {name: statistics.median(one[name] for one in rounds) for name in COMMANDS}
    for name, (_, most) in COMMANDS.items():
        taken = [one[name] for one in rounds]
        wanted = f" (wanted: at most {most:g} x)" if most else ""
        ratio = middle[name] / middle[REFERENCE]
        print(f"{name:26} {middle[name]:.3f} s ({min(taken):.3f}-{max(taken):.3f}), {ratio:.2f} x{wanted}")


if __name__ == "__main__":
    main()
