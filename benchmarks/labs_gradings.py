"""Thirty gradings handed in at once: does each get the verdict that it gets alone?

`python -m benchmarks.labs_gradings [lab] [count]` (as root; needs the lab's environment). Half of them right, half
wrong, each another variant. First one after another, then all together into the queue, from threads of their own.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tenfold.labs import grading, sessions, variants
from tenfold.labs.home import Home, home
from tenfold.labs.lab import Lab
from tenfold.labs.variants import Variant
from tenfold.labs.verdicts import Verdict
from tenfold.sandbox import client
from tenfold.sandbox.client import RunnerSandbox

ROOT = Path("/var/lib/tenfold-benchmark-gradings")
Handed = tuple[Variant, str]


def submissions(place: Home, sandbox: RunnerSandbox, lab: Lab, count: int) -> list[Handed]:
    """Right and wrong solutions in turns."""
    right = ["reference", *(f"alternates/{one.name}" for one in lab.alternates)]
    wrong = ["starter", *(f"mutants/{one.name}" for one in lab.mutants)]
    subjects = [pair[number % len(pair)] for number in range(count) for pair in (right, wrong)][:count]
    return [
        (variants.variant(place, sandbox, lab, f"queue-{number}"), subject) for number, subject in enumerate(subjects)
    ]


def main() -> None:
    lab = sessions.lab_named(sys.argv[1] if len(sys.argv) > 1 else "drift-watch")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    if os.geteuid() != 0:
        sys.exit("needs root: a runner is measured")
    place = Home(ROOT)
    sandbox = client.start_own(place.runner, home().environments, idle_s=20)
    ROOT.chmod(0o755)
    if not place.environments.exists():
        place.environments.symlink_to(home().environments)
    work = submissions(place, sandbox, lab, count)

    def judge(one: Handed) -> Verdict:
        variant, subject = one
        return grading.grade(place, sandbox, variant, variant.workspace(subject), on_position=note_position)

    longest = 0

    def note_position(ahead: int) -> None:
        nonlocal longest
        longest = max(longest, ahead)

    alone, alone_s = timed("one after another", lambda: [judge(one) for one in work])
    with ThreadPoolExecutor(count) as pool:
        queued, queued_s = timed("all at once", lambda: list(pool.map(judge, work)))
    same = [before.same_as(after) for before, after in zip(alone, queued, strict=True)]
    for (variant, subject), before, after, is_same in zip(work, alone, queued, same, strict=True):
        if not is_same:
            print(f"  differs: {subject}, {variant.seed}")
            print(f"    {before.outcome} {before.points}, {after.outcome} {after.points}")
    print(f"{lab.edition}: {sum(same)} of {count} verdicts equal; queue of {longest + 1} at its longest")
    print(f"seconds a grading, median: {median(alone):.2f} alone, {median(queued):.2f} in the queue")
    print(f"all together to one after another: {queued_s / alone_s:.2f}")
    shutil.rmtree(place.variants, ignore_errors=True)


def timed(name: str, work: Callable[[], list[Verdict]]) -> tuple[list[Verdict], float]:
    began = time.perf_counter()
    done = work()
    took_s = time.perf_counter() - began
    print(f"{name}: {len(done)} gradings in {took_s:.0f} s")
    return done, took_s


def median(verdicts: list[Verdict]) -> float:
    return statistics.median(one.seconds for one in verdicts)


if __name__ == "__main__":
    main()
