"""How long a person waits: whole processes, and postings a second through the Python API.

    .venv/bin/python benchmarks/audit_speed.py [--runs 7] [POSTING ...]

Prints the median and the range of several runs; the first run of each is thrown away, because it fills caches. Without
arguments the bundled example is audited; with postings, those also serve the throughput, in turn.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tenfold.audit.intake import take_bytes
from tenfold.audit.report import report
from tenfold.audit.run import audit
from tenfold.kit.facts import load

EXAMPLE = Path(__file__).parents[1] / "examples" / "posting_with_faults.md"
PLAN = EXAMPLE.with_name("good_plan.yaml")
LEAST_SECONDS = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("postings", nargs="*", type=Path, default=[EXAMPLE])
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    posting = str(options.postings[0])
    with tempfile.TemporaryDirectory() as folder:
        page = str(Path(folder) / "report.html")
        for name, arguments, target_s in (
            ("python -c pass", None, None),
            ("tenfold --help", ["--help"], 0.3),
            ("tenfold audit, text", ["audit", posting], 1.0),
            ("tenfold audit, JSON", ["audit", posting, "--json"], 1.0),
            ("tenfold audit, HTML", ["audit", posting, "--out", page], 2.0),
            ("tenfold audit PLAN, text", ["audit", str(PLAN)], 1.0),
            ("tenfold rules", ["rules"], None),
            ("tenfold plan new", ["plan", "new", "-"], None),
        ):
            before_s = cpu_s()
            times_s = whole_process_s(arguments, options.runs)
            tell(name, times_s, (cpu_s() - before_s) / (options.runs + 1), target_s)
    checked = postings_a_second(options.postings)
    print(f"{'Python API, ten checks':24} {checked:6.0f} postings/s on one core (at least 100)")
    print(f"{'… and the report':24} {postings_a_second(options.postings, reports=True):6.0f} postings/s")


def tell(name: str, times_s: list[float], own_s: float, target_s: float | None) -> None:
    target = f" (at most {target_s:g} s)" if target_s else ""
    spread = f"{min(times_s):.3f} to {max(times_s):.3f}"
    print(f"{name:24} {statistics.median(times_s):6.3f} s, {spread}, processor {own_s:.3f} s{target}")


def cpu_s() -> float:
    """Processor time of all processes started so far: what a busy machine does not change."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def whole_process_s(arguments: list[str] | None, runs: int) -> list[float]:
    command = [sys.executable, *(["-c", "pass"] if arguments is None else ["-m", "tenfold", *arguments])]
    times_s = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times_s.append(time.perf_counter() - begun)
    return times_s[1:]


def postings_a_second(postings: list[Path], *, reports: bool = False) -> float:
    """Read, drafted and checked by ten practices; with `reports`, also put into a report, but not drawn."""
    documents = [(path.name, path.read_bytes()) for path in postings]
    facts, as_of = load(), date(2026, 11, 22)

    def once(name: str, raw: bytes) -> None:
        submission = take_bytes(raw, name=name)
        audited = audit(submission.plan, reading=submission.reading, as_of=as_of, name=name, facts=facts)
        if reports:
            report(audited, submission)

    once(*documents[0])
    done, begun = 0, time.perf_counter()
    while (elapsed_s := time.perf_counter() - begun) < LEAST_SECONDS or done < len(documents):
        once(*documents[done % len(documents)])
        done += 1
    return done / elapsed_s


if __name__ == "__main__":
    main()
