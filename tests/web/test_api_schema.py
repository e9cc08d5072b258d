"""Whatever the API's OpenAPI document allows, and what it does not: no fault of ours, no answer that it does not tell.

`HYPOTHESIS_PROFILE=thorough .venv/bin/pytest tests/web/test_api_schema.py` asks each operation hundreds of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tenfold.web.api.root import api
from tests.company import Company
from tests.sizes import size
from tests.web.api_client import program_of

MORE_THAN_SHAPE = positive_data_acceptance
"""Missing: a text may have the right shape and be no plan; the answer to that is 422, and told in the document."""
EXAMPLES = size(8, nightly=400)
METHODS = ("get", "post", "put", "patch", "delete")


def described() -> dict[str, Any]:
    document: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    return document


def operations() -> list[tuple[str, str]]:
    return [(method, path) for path, known in described()["paths"].items() for method in known if method in METHODS]


@pytest.fixture(autouse=True)
def _the_connection_stays() -> Iterator[None]:
    """Between two requests a server may close its connection; here a test's transaction lives in it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("method", "path"), operations(), ids=lambda part: part.strip("/").replace("/", "-"))
def test_every_operation_answers_as_its_schema_says(method: str, path: str, company: Company) -> None:
    company.plan()
    made = program_of(company, "administrator").made
    assert made is not None
    # Asked in-process, answers are not unpacked.
    sent = {"Authorization": f"Bearer {made.secret}", "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    strategy = schema[path][method].as_strategy()
    settled: Callable[..., Any] = settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )

    @settled
    @given(case=strategy)
    def ask(case: Any) -> None:
        case.call_and_validate(headers=sent, excluded_checks=[MORE_THAN_SHAPE])

    ask()
