"""What a lab's grader is written with. Standard library only: it is bound into the grader's box as `tenfold_grader`.

A grader is a module with `grade(room) -> list[Result]`. It reaches the systems under test through `room` only and never
imports their code. What it cannot decide it says (`unclear`); what is our fault it raises (`OurFault`).
"""

from .results import OurFault, Result, lost, met, partly, unclear
from .room import Room, Service

__all__ = ["OurFault", "Result", "Room", "Service", "lost", "met", "partly", "unclear"]
