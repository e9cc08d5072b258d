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
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tenfold.web.api.root import api
from tests.company import Company
from tests.sizes import size
from tests.web.api_client import program_of
from tests.web.api_operations import filled, ids_of

MORE_THAN_SHAPE = positive_data_acceptance
"""Missing: a text may have the right shape and be no plan; the answer to that is 422, and told in the document."""
EXAMPLES = size(8, nightly=400)
IN_BODIES: dict[str, Any] = {
    "kept_id": "{candidate_id}",
    "merged_id": "{third_id}",
    "one_id": "{candidate_id}",
    "other_id": "{other_id}",
    "application_ids": ["{application_id}", "{third}"],
    "panel": ["interviewer@harbour-parcel.example"],
}
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


def lead_to_rows(case: Any, ids: dict[str, str]) -> bool:
    """Puts ids of people who are there into a request, in its address and its body; says whether it had a place."""
    found = False
    for name in set(case.path_parameters or {}) & set(ids):
        case.path_parameters[name], found = ids[name], True
    if isinstance(case.body, dict):
        for name, value in IN_BODIES.items():
            if name in case.body:
                case.body[name], found = filled(value, ids), True
    return found


@pytest.mark.parametrize(("method", "path"), operations(), ids=lambda part: part.strip("/").replace("/", "-"))
def test_every_operation_answers_as_its_schema_says(method: str, path: str, company: Company) -> None:
    ids = ids_of(company, company.plan(), "administrator")
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
    @given(case=strategy, finds=st.booleans())
    def ask(case: Any, finds: bool) -> None:
        excluded = [MORE_THAN_SHAPE]
        if finds and lead_to_rows(case, ids):
            excluded.append(negative_data_rejection)  # what was wrong may be what was replaced
        with transaction.atomic():
            case.call_and_validate(headers=sent, excluded_checks=excluded)
            transaction.set_rollback(True)

    ask()
