"""How much a test draws: a small seeded number in each run, the full number in `bin/check --nightly`."""

from __future__ import annotations

import os

IS_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def size(small: int, *, nightly: int) -> int:
    """What is asserted must hold at both sizes; a tolerance that depends on the size says so itself."""
    return nightly if IS_NIGHTLY else small
