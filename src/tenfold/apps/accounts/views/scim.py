"""SCIM 2.0 (RFC 7644) for directories: people and groups of the organisation that the token is of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    ListResponse,
    NotFoundException,
    PatchOp,
    Resource,
    ResponseParameters,
    SCIMException,
    SearchRequest,
)

from tenfold.apps.accounts.models import DirectoryGroup, DirectoryPerson
from tenfold.apps.accounts.services import directory as services
from tenfold.apps.accounts.services.directory_resources import (
    CONFIG,
    MOST_RESULTS,
    POLICY,
    PROVIDER,
    Group,
    User,
    as_group,
    as_user,
    with_address,
)
from tenfold.apps.accounts.services.directory_tokens import Directory, open_directory
from tenfold.core.http.limits import asks_too_often
from tenfold.kit.errors import UserError

MEDIA_TYPE = "application/scim+json"
REQUESTS_PER_MINUTE = 600
MOST_BYTES = 500_000
Row = TypeVar("Row", DirectoryPerson, DirectoryGroup)
View = Callable[..., HttpResponse]
EQUALS = re.compile(r'^\s*(userName|externalId|displayName|id)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$', re.IGNORECASE)
"""The question that directories ask most, answered by the database."""


class NotHere(SCIMException):
    """A method that an address does not take."""

    status = 405


def scim(view: View) -> View:
    """Lets a directory in by its token; answers every problem as SCIM does."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, **arguments: Any) -> HttpResponse:
        directory = _directory(request)
        if directory is None:
            return _refuse_token(request)
        if asks_too_often(f"scim:{directory.token.pk}", REQUESTS_PER_MINUTE, per_minutes=1):
            return _problem(Error(status=429, detail="Too many requests; wait a minute."))
        try:
            with POLICY:
                return view(request, directory, **arguments)
        except SCIMException as error:
            return _problem(error.to_error())
        except ValidationError as error:
            return _problem(Error.from_validation_errors(error)[0])
        except UserError as error:
            return _problem(Error(status=409, detail=f"{error.what} {error.remedy}".strip()))

    return answered


@scim
def users(request: HttpRequest, directory: Directory) -> HttpResponse:
    """Lists people, or adds one."""
    rows = DirectoryPerson.objects.filter(organisation=directory.organisation).prefetch_related("groups")
    if request.method == "GET":
        return _list(request, rows, User, as_user)
    _require(request, "POST")
    given = User.model_validate(with_address(_body(request)), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    made = services.add_person(directory=directory, given=given, now=timezone.now())
    return _one(request, as_user(_again(rows, made), _base(request)), Context.RESOURCE_CREATION_RESPONSE, status=201)


@scim
def user(request: HttpRequest, directory: Directory, pk: str) -> HttpResponse:
    """Reads, replaces, patches or removes a person."""
    rows = DirectoryPerson.objects.filter(organisation=directory.organisation).prefetch_related("groups")
    person = _find(rows.select_related("user"), pk)
    if request.method == "GET":
        return _one(request, as_user(person, _base(request)), Context.RESOURCE_QUERY_RESPONSE)
    if request.method == "DELETE":
        services.remove_person(directory=directory, person=person, now=timezone.now())
        return _gone()
    given, context = _change(request, as_user(person, _base(request)))
    services.change_person(directory=directory, person=person, given=given, now=timezone.now())
    return _one(request, as_user(_again(rows, person), _base(request)), context)


@scim
def groups(request: HttpRequest, directory: Directory) -> HttpResponse:
    """Lists groups, or adds one."""
    rows = DirectoryGroup.objects.filter(organisation=directory.organisation).prefetch_related("people")
    if request.method == "GET":
        return _list(request, rows, Group, as_group)
    _require(request, "POST")
    given = Group.model_validate(_body(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    made = services.write_group(directory=directory, group=None, given=given, now=timezone.now())
    return _one(request, as_group(_again(rows, made), _base(request)), Context.RESOURCE_CREATION_RESPONSE, status=201)


@scim
def group(request: HttpRequest, directory: Directory, pk: str) -> HttpResponse:
    """Reads, replaces, patches or removes a group."""
    rows = DirectoryGroup.objects.filter(organisation=directory.organisation).prefetch_related("people")
    found = _find(rows, pk)
    if request.method == "GET":
        return _one(request, as_group(found, _base(request)), Context.RESOURCE_QUERY_RESPONSE)
    if request.method == "DELETE":
        services.remove_group(directory=directory, group=found, now=timezone.now())
        return _gone()
    given, context = _change(request, as_group(found, _base(request)))
    services.write_group(directory=directory, group=found, given=given, now=timezone.now())
    return _one(request, as_group(_again(rows, found), _base(request)), context)


@scim
def search_users(request: HttpRequest, directory: Directory) -> HttpResponse:
    """The list of people, asked for in a body (RFC 7644, section 3.4.3)."""
    _require(request, "POST")
    rows = DirectoryPerson.objects.filter(organisation=directory.organisation).prefetch_related("groups")
    return _list(request, rows, User, as_user)


@scim
def search_groups(request: HttpRequest, directory: Directory) -> HttpResponse:
    """The list of groups, asked for in a body."""
    _require(request, "POST")
    rows = DirectoryGroup.objects.filter(organisation=directory.organisation).prefetch_related("people")
    return _list(request, rows, Group, as_group)


@scim
def search_everything(request: HttpRequest, directory: Directory) -> HttpResponse:
    """People and groups in one list, people first."""
    _require(request, "POST")
    search: Any = SearchRequest.__class_getitem__(User | Group)
    asked = search.model_validate(_body(request), scim_ctx=Context.SEARCH_REQUEST)
    base, here = _base(request), directory.organisation
    people = DirectoryPerson.objects.filter(organisation=here).prefetch_related("groups")
    some = DirectoryGroup.objects.filter(organisation=here).prefetch_related("people")
    every: list[Any] = [*(as_user(one, base) for one in people), *(as_group(one, base) for one in some)]
    return _page(asked, [one for one in every if asked.filter is None or asked.filter.match(one)])


@scim
def service_provider_config(request: HttpRequest, _directory: Directory) -> HttpResponse:
    """What this service can do."""
    _require(request, "GET")
    return _one(request, CONFIG, Context.RESOURCE_QUERY_RESPONSE)


@scim
def resource_types(request: HttpRequest, _directory: Directory, name: str = "") -> HttpResponse:
    """That there are people and groups."""
    return _describe(request, list(PROVIDER.resource_types), name)


@scim
def schemas(request: HttpRequest, _directory: Directory, name: str = "") -> HttpResponse:
    """What a person and a group consist of."""
    return _describe(request, list(PROVIDER.schemas), name)


@scim
def anything_else(request: HttpRequest, _directory: Directory, rest: str) -> HttpResponse:  # noqa: ARG001 - as called
    raise NotFoundException


def _describe(request: HttpRequest, described: list[Any], name: str) -> HttpResponse:
    _require(request, "GET")
    if "filter" in request.GET:  # RFC 7644, section 4
        return _problem(Error(status=403, detail="What this service is cannot be filtered."))
    if name:
        found = next((one for one in described if str(one.id) == name), None)
        if found is None:
            raise NotFoundException
        return _one(request, found, Context.RESOURCE_QUERY_RESPONSE)
    said = [one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, mode="json") for one in described]
    return _answer(_list_answer(said, total=len(said), start=1))


def _directory(request: HttpRequest) -> Directory | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    return open_directory(secret=secret.strip(), now=timezone.now())


def _refuse_token(request: HttpRequest) -> HttpResponse:
    if asks_too_often(f"scim:{request.META.get('REMOTE_ADDR', '')}", REQUESTS_PER_MINUTE // 10, per_minutes=1):
        return _problem(Error(status=429, detail="Too many requests; wait a minute."))
    response = _problem(Error(status=401, detail="A token of the organisation's directory is needed."))
    response["WWW-Authenticate"] = 'Bearer realm="tenfold-scim"'
    return response


def _body(request: HttpRequest) -> dict[str, Any]:
    """Raises SCIMException where the body is no JSON object of a sensible size."""
    try:
        given = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or "\\u0000" in request.body.decode("utf-8", "replace"):
        raise _invalid_syntax()
    return given


def _invalid_syntax() -> SCIMException:
    error = SCIMException(detail="The body is not a SCIM resource as JSON.")
    error.scim_type = "invalidSyntax"
    return error


def _require(request: HttpRequest, method: str) -> None:
    if request.method != method:
        raise NotHere(detail=f"This address does not take {request.method}.")


def _change(request: HttpRequest, before: Any) -> tuple[Any, Context]:
    """The resource as it is to be, by PUT or PATCH."""
    model = type(before)
    if request.method == "PUT":
        body = with_address(_body(request)) if model is User else _body(request)
        given = model.model_validate(body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        given.replace(before)
        return given, Context.RESOURCE_REPLACEMENT_RESPONSE
    _require(request, "PATCH")
    patch: Any = PatchOp.__class_getitem__(model)
    patch.model_validate(_body(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST).patch(before)
    return before, Context.RESOURCE_PATCH_RESPONSE


def _list(
    request: HttpRequest, rows: models.QuerySet[Any], model: type[Any], shown: Callable[[Any, str], Any]
) -> HttpResponse:
    search: Any = SearchRequest.__class_getitem__(model)
    asked = search.model_validate(_ask(request), scim_ctx=Context.SEARCH_REQUEST)
    base = _base(request)
    quick = EQUALS.match(asked.filter or "")
    if quick:
        rows = rows.filter(**_equals(model, quick[1].lower(), json.loads(quick[2])))
    if asked.filter and not quick:
        return _page(asked, [one for one in (shown(row, base) for row in rows) if asked.filter.match(one)])
    page = _slice(asked)
    return _page(asked, [shown(row, base) for row in rows[page]], total=rows.count())


def _page(asked: Any, found: list[Any], *, total: int | None = None) -> HttpResponse:
    """One page of what was found; where `total` is given, `found` is the page already."""
    page = _slice(asked)
    shown = found[page] if total is None else found
    said = [_dump(one, Context.SEARCH_RESPONSE, asked) for one in shown]
    return _answer(_list_answer(said, total=len(found) if total is None else total, start=page.start + 1))


def _slice(asked: Any) -> slice:
    start = max(asked.start_index or 1, 1) - 1
    count = MOST_RESULTS if asked.count is None else min(asked.count, MOST_RESULTS)
    return slice(start, start + count)


def _ask(request: HttpRequest) -> dict[str, Any]:
    """The question: in the address, or in the body where it was posted to `/.search`."""
    return _query(request.GET) if request.method == "GET" else _body(request)


def _query(given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("filter", "startIndex", "count", "attributes", "excludedAttributes")
    return {name: given[name] for name in names if given.get(name)}


def _equals(model: type[Any], attribute: str, value: str) -> dict[str, Any]:
    if attribute == "id":
        return {"pk__in": services.ids_among([value])}
    if attribute == "externalid":
        return {"external_id": value}
    if model is User:
        return {"user_name__iexact": value} if attribute == "username" else {"document__displayName__iexact": value}
    return {"name__iexact": value} if attribute == "displayname" else {"pk__in": []}


def _list_answer(resources: list[dict[str, Any]], *, total: int, start: int) -> dict[str, Any]:
    return {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def _dump(resource: Resource[Any], context: Context, asked: ResponseParameters[Any] | None) -> dict[str, Any]:
    return resource.model_dump(scim_ctx=context, response_parameters=asked)


def _one(request: HttpRequest, resource: Any, context: Context, *, status: int = 200) -> HttpResponse:
    given = _query(request.GET)
    parameters = {name: given[name] for name in ("attributes", "excludedAttributes") if name in given}
    wanted: Any = ResponseParameters.__class_getitem__(type(resource))
    asked = wanted.model_validate(parameters) if parameters else None
    response = _answer(_dump(resource, context, asked), status=status)
    if status == 201:
        response["Location"] = str(resource.meta.location)
    return response


def _answer(said: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def _gone() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Cache-Control"] = "no-store"
    return response


def _problem(error: Error) -> HttpResponse:
    return _answer(error.model_dump(mode="json"), status=error.status or 400)


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/scim/v2")


def _find(rows: models.QuerySet[Row], pk: str) -> Row:
    found = rows.filter(pk__in=services.ids_among([pk])).first()
    if found is None:
        raise NotFoundException(detail="There is nothing here with this id.")
    return found


def _again(rows: models.QuerySet[Row], row: Row) -> Row:
    return rows.get(pk=row.pk)
