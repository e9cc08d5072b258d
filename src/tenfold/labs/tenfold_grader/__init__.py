"""What a lab's grader is written with. Standard library only: it is bound into the grader's box as `tenfold_grader`.

A grader is a module with `grade(room) -> list[Result]`. It reaches the systems under test through `room` only and never
imports their code. What it cannot decide it says (`unclear`); what is our fault it raises (`OurFault`).

    runner     run_checks: each check on its own, put to the reference where the candidate's system makes it fail
    checks     latency, CPU, memory, status tables, restart, running in parallel and comparing
    answers    JSON, TOML and Prometheus text read within bounds
    load       ids, duplicates, sizes, nonce inputs from a seed; many at once
    clients    HTTP, V2, MLflow's registry, Feast's online store, git
    platforms  a stand-in of feature store and model registry that can be held, counted and made to fail
    streams    days of real-looking data with known drift
    findings   what was found against what is there, by place and category
    ratio      latency as a ratio to the reference, measured in turns
"""

from .results import OurFault, Result, SystemGone, lost, met, partly, unclear, weighed
from .room import CANDIDATE, REFERENCE, Room, Service
from .runner import Check, check, run_checks

__all__ = [
    "CANDIDATE", "REFERENCE", "Check", "OurFault", "Result", "Room", "Service", "SystemGone",
    "check", "lost", "met", "partly", "run_checks", "unclear", "weighed",
]  # fmt: skip
