"""What a grading rests on beside the lab: the grader's kit, the engine and the sandbox, as one digest.

A report card holds for just this digest, so that the gates of a lab run again when anything they rest on has changed,
and only then.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
ENGINE = (
    "attacks.py", "conductor.py", "doctor.py", "grading.py", "hostile.py", "mutation.py", "mutation_text.py",
    "systems.py", "variants.py", "verdicts.py",
)  # fmt: skip


def engine_files() -> list[Path]:
    """Every file whose content may change what a grading says."""
    kit = (_HERE / "tenfold_grader").glob("*.py")
    return sorted([*kit, *(_HERE / name for name in ENGINE), *(_HERE.parent / "sandbox").glob("*.py")])


@cache
def engine_digest() -> str:
    """SHA-256 over their names and content."""
    seal = hashlib.sha256()
    for path in engine_files():
        seal.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return seal.hexdigest()
