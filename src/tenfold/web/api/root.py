"""The API: which address does what, which scope it needs, and its OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.router import Router

from tenfold import __version__
from tenfold.web.api import answers, plans, problems, shapes
from tenfold.web.api.access import Token
from tenfold.web.api.scopes import Scope

ALWAYS = (400, 401, 403, 404, 405, 422, 429)
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


def _add(method: str, path: str, do: Callable[..., Any], answer: Any, *, scope: Scope | None, **more: Any) -> None:
    status = more.pop("status", 200)
    extra = (409,) if more.pop("conflicts", False) else ()
    told = {status: answer, **dict.fromkeys((*ALWAYS, *extra), shapes.Problem)}
    words = f"\n\nNeeds the scope `{scope.value}`." if scope else ""
    api.api_operation(
        [method],
        path,
        auth=Token(scope),
        response=told,
        summary=(do.__doc__ or "").partition("\n")[0],
        description=(do.__doc__ or "") + words,
        openapi_extra={"x-scope": scope.value if scope else None},
        by_alias=True,
        **more,
    )(do)


_add("GET", "/me", answers.who_am_i, shapes.Me, scope=None, tags=["Token"])
_add("GET", "/plans", plans.list_plans, shapes.PlanPage, scope=Scope.PLANS_READ, tags=["Plans"])
_add(
    "POST",
    "/plans",
    plans.create_plan,
    shapes.PlanInList,
    scope=Scope.PLANS_WRITE,
    tags=["Plans"],
    status=201,
    conflicts=True,
)
_add("GET", "/plans/{plan_id}", plans.read_plan, shapes.Plan, scope=Scope.PLANS_READ, tags=["Plans"])
_add(
    "PUT",
    "/plans/{plan_id}",
    plans.save_plan,
    shapes.PlanInList,
    scope=Scope.PLANS_WRITE,
    tags=["Plans"],
    conflicts=True,
)
_add("GET", "/plans/{plan_id}/audit", plans.audit_plan, shapes.Audit, scope=Scope.PLANS_READ, tags=["Plans"])
_add("POST", "/audits", answers.run_audit, shapes.Audit, scope=Scope.AUDITS_RUN, tags=["Audits"])
_add("POST", "/postings/readings", answers.read_posting, shapes.Reading, scope=Scope.POSTINGS_READ, tags=["Postings"])
_add(
    "POST",
    "/pay/estimates",
    answers.estimate_pay,
    shapes.Supported | shapes.NotSupported,
    scope=Scope.PAY_ESTIMATE,
    tags=["Pay"],
)


def _tell_problems(responses: dict[Any, Any]) -> None:
    for status, told in responses.items():
        content = told.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            told["content"] = {problems.MEDIA_TYPE: content["application/json"]}
