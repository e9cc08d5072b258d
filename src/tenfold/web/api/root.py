"""The API: which address does what, which scope it needs, and its OpenAPI document."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.router import Router

from tenfold import __version__
from tenfold.apps.accounts import api as accounts
from tenfold.apps.candidates import api as candidates
from tenfold.apps.decisions import api as decisions
from tenfold.apps.employees import api as employees
from tenfold.apps.fairness import api as fairness
from tenfold.apps.growth import api as growth
from tenfold.apps.interviews import api as interviews
from tenfold.apps.offers import api as offers
from tenfold.apps.pay import api as pay
from tenfold.apps.plans import api as plans
from tenfold.apps.postings import api as postings
from tenfold.apps.retention import api as retention
from tenfold.apps.sources import api as sources
from tenfold.core.http import problems

ABOUT = (
    "Plans, audits, readings and pay estimates of a Tenfold installation. Send `Authorization: Bearer …` with a token "
    "that you made on the page “API”. A token has the rights of the person who made it, and of those only what its "
    "scopes name. Errors are problem+json."
)


class Api(NinjaAPI):
    """Names operations and addresses by what they do, and tells the truth about the media type of problems."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_operation_url_name(self, operation: Operation, router: Router) -> str:  # noqa: ARG002 - the base's
        return str(operation.view_func.__name__)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _tell_problems(operation["responses"])
        return schema


api = Api(
    title="Tenfold",
    version=__version__,
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
)
problems.install(api)
for router in (
    accounts.router,
    candidates.router,
    plans.router,
    postings.router,
    pay.router,
    interviews.router,
    decisions.router,
    fairness.router,
    offers.router,
    employees.router,
    growth.router,
    retention.router,
    sources.router,
):
    api.add_router("", router)


def _tell_problems(responses: dict[Any, Any]) -> None:
    for status, told in responses.items():
        content = told.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            told["content"] = {problems.MEDIA_TYPE: content["application/json"]}
