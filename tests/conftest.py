"""A company with one person of each role, and a plan: what tests of the application begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.company import Company

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
