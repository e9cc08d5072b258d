"""How many examples the laws are held against: 100 as a rule, 10,000 with `HYPOTHESIS_PROFILE=thorough`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]

# No deadlines: a shared machine is slow at times, and that is no failure.
settings.register_profile("default", deadline=None, suppress_health_check=CALM)
settings.register_profile("thorough", deadline=None, suppress_health_check=CALM, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
