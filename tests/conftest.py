"""What tests begin with: a company and a plan; how many examples the laws are held against.

That is 25 in CI, 100 at a desk, 2,000 with `HYPOTHESIS_PROFILE=thorough` (`bin/check --nightly`).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.company import Company

CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]

# No deadlines: a shared machine is slow at times, and that is no failure.
settings.register_profile("default", deadline=None, suppress_health_check=CALM)
settings.register_profile("small", deadline=None, suppress_health_check=CALM, max_examples=25)
settings.register_profile("thorough", deadline=None, suppress_health_check=CALM, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "small" if os.environ.get("CI") else "default"))

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def company(db: None) -> Company:
    from tests.company import found

    return found("Harbour Parcel")


@pytest.fixture
def other_company(db: None) -> Company:
    from tests.company import found

    return found("Quay Insurance")


@pytest.fixture
def signed_in(company: Company) -> Callable[[str], Client]:
    """A browser of the person with a role; nobody signed in for `nobody`."""
    from django.test import Client

    def as_role(role: str) -> Client:
        client = Client()
        if role != "nobody":
            client.force_login(company[role])
        return client

    return as_role
