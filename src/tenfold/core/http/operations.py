"""How an app adds an operation to the API: address, scope, what it gives, and the problems that it may answer with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from tenfold.core.http.api_access import Token
from tenfold.core.http.schemas import Problem
from tenfold.core.scopes import Scope

PROBLEM_STATUSES = (400, 401, 403, 404, 405, 422, 429)
View = TypeVar("View", bound=Callable[..., Any])


def operation(
    router: Router,
    method: str,
    path: str,
    response: Any,
    *,
    tag: str,
    scope: Scope | None,
    status: int = 200,
    conflicts: bool = False,
) -> Callable[[View], View]:
    """Adds the decorated view to a router.

    Args:
        router: the app's own.
        method: GET, POST, PUT, …
        path: below the API's root, `/plans/{plan_id}`.
        response: schema of the answer with `status`.
        tag: under which heading the guide shows it.
        scope: what a token needs; None where any open token will do.
        status: of the good answer.
        conflicts: whether it may answer 409.
    """
    statuses = (*PROBLEM_STATUSES, 409) if conflicts else PROBLEM_STATUSES

    def add(view: View) -> View:
        needs = f"\n\nNeeds the scope `{scope.value}`." if scope else ""
        router.api_operation(
            [method],
            path,
            auth=Token(scope),
            response={status: response, **dict.fromkeys(statuses, Problem)},
            summary=(view.__doc__ or "").partition("\n")[0],
            description=(view.__doc__ or "") + needs,
            openapi_extra={"x-scope": scope.value if scope else None},
            by_alias=True,
            tags=[tag],
        )(view)
        return view

    return add
