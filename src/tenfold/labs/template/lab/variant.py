"""TODO: what differs between two candidates. Never how much work."""

from pathlib import Path
from random import Random


def make(rng: Random) -> dict:
    """Parameters: what templates (@@name@@), the grader and `inject` are given."""
    return {"route": rng.choice(("double", "twice", "result")), "faults": ["wrong-factor"]}


def inject(workspace: Path, parameters: dict) -> None:
    """Puts the variant's faults into the starter."""
    for fault in parameters["faults"]:
        break_it(workspace, fault)


def break_it(workspace: Path, fault: str) -> None:
    """One fault, also called for mutants that leave one in (`fault = 0` in lab/mutants.toml)."""
    path = workspace / "serve.py"
    path.write_text(path.read_text().replace("FACTOR = 2", "FACTOR = 1"))
