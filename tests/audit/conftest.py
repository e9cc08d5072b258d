import pytest

from tenfold.audit.report import Report, report
from tests.audit.sample import sample


@pytest.fixture(scope="session")
def sample_report() -> Report:
    return report(sample())
