"""A form and a plan in step: what was typed goes into the YAML document in place, and back out for the inputs.

Only what differs is written, so the author's own spelling (`172,000`), order and comments stay. An empty input means
unanswered; the word none, or its box, is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from ruamel.yaml.comments import CommentedMap

from tenfold.apps.plans.forms.fields import (
    FieldSpec,
    GroupSpec,
    Kind,
    RowsSpec,
    fields_by_path,
    groups,
    html_id,
    rows_by_path,
)
from tenfold.apps.plans.forms.places import place_in_words, place_to_keep, questions_on_places
from tenfold.core.typed import whole
from tenfold.kit.errors import InputProblems, UserError
from tenfold.kit.typed_numbers import NotANumber, read_amount
from tenfold.plan.yaml_io import dump, long_text, parse_yaml

NONE = "none"
NONE_BOX = "none:"
ROWS_THERE = "rows:"
ROW_WAS = "was"
TEMPLATE_ROW = "__row__"
PRICES = ("strike", "preferred_price")
_ORDINARY = re.compile(r"[$€£]?\s?\d{1,3}(?:,\d{3})*(?:\.\d{1,2})?\s?[kKmM]?|\d+")


@dataclass(frozen=True)
class Input:
    """One input as it is drawn."""

    spec: FieldSpec
    name: str
    value: str
    error: str = ""
    is_none: bool = False

    @property
    def id(self) -> str:
        return html_id(self.name)

    @property
    def open_questions(self) -> tuple[str, ...]:
        """What must be asked back of places that may mean several, or none that is known."""
        return questions_on_places(self.value) if self.spec.kind is Kind.PLACES and self.value else ()


@dataclass(frozen=True)
class Row:
    """One item of a list. `was` is its place in the text that is edited; empty for a new one."""

    key: str
    name: str
    inputs: tuple[Input, ...]
    was: str = ""

    @property
    def id(self) -> str:
        return html_id(self.name)


@dataclass(frozen=True)
class Rows:
    """A list with its rows, and the empty row that a new one starts from."""

    spec: RowsSpec
    rows: tuple[Row, ...]
    blank: Row
    is_none: bool = False
    error: str = ""

    @property
    def id(self) -> str:
        return html_id(self.spec.path)


@dataclass(frozen=True)
class Group:
    """One part of the form, with how much of it is answered."""

    spec: GroupSpec
    parts: tuple[Input | Rows, ...]
    answered: int
    is_none: bool = False
    opens: bool = False

    @property
    def asked(self) -> int:
        return len(self.parts)


@dataclass(frozen=True)
class Form:
    groups: tuple[Group, ...]
    problems: tuple[UserError, ...] = field(default=())

    @property
    def stray(self) -> tuple[UserError, ...]:
        """Problems that no input of the form can show."""
        shown = {problem.place.field for problem in self.problems if _input_for(problem.place.field or "")}
        return tuple(problem for problem in self.problems if problem.place.field not in shown)


@lru_cache(maxsize=256)
def _parse_cached(text: str) -> CommentedMap:
    return parse_yaml(text)


def document_of(text: str) -> CommentedMap:
    """The text as a document to edit; its values may still be wrong.

    Raises:
        UserError: it is not YAML, or not meant as a plan.
    """
    return deepcopy(_parse_cached(text))


def read_only_document(text: str) -> CommentedMap:
    """As `document_of`, for whoever only reads it: the copy is half the cost.

    Raises:
        UserError: it is not YAML, or not meant as a plan.
    """
    return _parse_cached(text)


@lru_cache(maxsize=128)
def form_of_text(text: str, *, sees_pay: bool) -> Form:
    """As `form_of`, of a text without problems: who opens a plan twice gets the same form.

    Raises:
        UserError: it is not YAML, or not meant as a plan.
    """
    return form_of(_parse_cached(text), sees_pay=sees_pay)


def form_of(document: Mapping[str, Any], *, problems: tuple[UserError, ...] = (), sees_pay: bool = True) -> Form:
    """The form filled with what a document says."""
    errors = _by_field(problems)
    shown = [_group(spec, document, errors) for spec in groups() if sees_pay or spec.id != "pay"]
    return Form(tuple(shown), problems)


def text_of(document: CommentedMap) -> str:
    return dump(document)


def apply_form(posted: QueryDict, document: CommentedMap, *, sees_pay: bool = True) -> CommentedMap:
    """The document with what was posted, changed in place. Inputs that were not posted stay as they are."""
    for spec in groups():
        if spec.id == "pay" and not sees_pay:
            continue
        if spec.allows_none and NONE_BOX + spec.id in posted:
            _set(document, spec.id, NONE)
            continue
        if spec.allows_none and document.get(spec.id) == NONE and f"{NONE_BOX}{spec.id}:asked" in posted:
            del document[spec.id]
        for part in spec.parts:
            if isinstance(part, RowsSpec):
                _apply_rows(posted, document, part)
            else:
                _apply_field(posted, document, part)
    return document


def rearrange_rows(posted: QueryDict, document: CommentedMap, action: str) -> CommentedMap:
    """After `apply`: a row more (`add:PATH`), less (`remove:PATH.N`) or in the other list (`move:PATH.N`).

    N is the row's place as posted. Pages without scripts do this by a button.
    """
    verb, _, target = action.partition(":")
    if verb == "add" and target in rows_by_path():
        _list_at(document, target).append(CommentedMap())
        return document
    path, _, key = target.rpartition(".")
    spec = rows_by_path().get(path)
    keys = list(_row_keys(posted, path)) if spec else []
    items = _get(document, path)
    if spec is None or key not in keys or not isinstance(items, list) or keys.index(key) >= len(items):
        return document
    item = items.pop(keys.index(key))
    if verb == "move" and spec.moves_to:
        _list_at(document, spec.moves_to).append(item)
    if not items:
        _set(document, path, None)
    return document


def row_ids(posted: QueryDict) -> dict[str, str]:
    """The html id of every posted row by the place that it takes in the plan: `requirements.must[2]` and its fields."""
    ids: dict[str, str] = {}
    for path, spec in rows_by_path().items():
        place = 0
        for key in _row_keys(posted, path):
            if _row_is_blank(posted, spec, key):
                continue
            ids[f"{path}[{place}]"] = html_id(f"{path}.{key}")
            place += 1
    return ids


def target_of(field_path: str, ids: Mapping[str, str] | None = None) -> str:
    """The html id of the input that mends a field of the plan; of its list or section where there is no closer one."""
    if not field_path:
        return ""
    path = field_path
    while path:
        if ids and path in ids:
            return ids[path]
        if path.endswith("]"):
            head, _, place = path[:-1].rpartition("[")
            return html_id(f"{head}.{place}") if head in rows_by_path() and not ids else html_id(head)
        if path in fields_by_path() or path in rows_by_path():
            return html_id(path)
        if path in {spec.id for spec in groups()}:
            return f"part-{path}"
        path = path.rpartition(".")[0] if "." in path else ""
    return ""


def set_answer(document: CommentedMap, path: str, value: Any) -> None:
    """Sets one answer by its path, or takes it out (None)."""
    _set(document, path, value)


def whole_number(typed: str | None) -> int:
    """A version's number as it was posted; 0, which no version has, for anything else."""
    return whole(typed) or 0


def problems_of(error: UserError) -> tuple[UserError, ...]:
    return tuple(error.problems) if isinstance(error, InputProblems) else (error,)


def _group(spec: GroupSpec, document: Mapping[str, Any], errors: Mapping[str, str]) -> Group:
    parts = tuple(_part(part, document, errors) for part in spec.parts)
    answered = sum(bool(part.rows) or part.is_none if isinstance(part, Rows) else bool(part.value) for part in parts)
    is_none = document.get(spec.id) == NONE
    wrong = any(part.error for part in parts) or any(
        one.error for part in parts if isinstance(part, Rows) for row in part.rows for one in row.inputs
    )
    return Group(spec, parts, answered, is_none=is_none and spec.allows_none, opens=spec.opens or wrong)


def _part(part: FieldSpec | RowsSpec, document: Mapping[str, Any], errors: Mapping[str, str]) -> Input | Rows:
    value = _get(document, part.path)
    if isinstance(part, FieldSpec):
        return _input(part, part.path, part.path, value, errors)
    items = value if isinstance(value, list) else []
    rows = tuple(_row(part, str(place), item, f"{part.path}[{place}]", errors) for place, item in enumerate(items))
    blank = _row(part, TEMPLATE_ROW, None, "", {})
    return Rows(part, rows, blank, is_none=value == NONE, error=errors.get(part.path, ""))


def _row(spec: RowsSpec, key: str, item: Any, path: str, errors: Mapping[str, str]) -> Row:
    values = item if isinstance(item, Mapping) else {spec.fields[0].name: item}
    inputs = tuple(
        _input(one, f"{spec.path}.{key}.{one.name}", f"{path}.{one.name}", values.get(one.name), errors)
        for one in spec.fields
    )
    was = key if item is not None else ""
    return Row(key, f"{spec.path}.{key}", inputs, was)


def _input(spec: FieldSpec, name: str, path: str, value: Any, errors: Mapping[str, str]) -> Input:
    return Input(spec, name, shown_value(spec, value), errors.get(path, ""), is_none=spec.allows_none and value == NONE)


def shown_value(spec: FieldSpec, value: Any) -> str:
    """A value as the input of its field shows it: places in words, everything else as the document has it."""
    if spec.kind is Kind.PLACES and isinstance(value, list):
        return "\n".join(place_in_words(format_value(item)) for item in value)
    if spec.kind is Kind.COUNTS and isinstance(value, Mapping):
        return "\n".join(f"{place_in_words(str(key))}: {format_value(inner)}" for key, inner in value.items())
    return format_value(value)


def format_value(value: Any) -> str:
    """A value of the document as it stands in an input."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(format_value(item) for item in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {format_value(inner)}" for key, inner in value.items())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _by_field(problems: tuple[UserError, ...]) -> dict[str, str]:
    return {
        problem.place.field: f"{problem.what} {problem.remedy}".strip() for problem in problems if problem.place.field
    }


def _input_for(path: str) -> bool:
    head = path.partition("[")[0]
    return head in fields_by_path() or head in rows_by_path()


def _apply_field(posted: QueryDict, document: CommentedMap, spec: FieldSpec) -> None:
    if NONE_BOX + spec.path in posted and spec.allows_none:
        _set(document, spec.path, NONE)
    elif spec.path in posted:
        given = _posted_value(posted, spec.path)
        before = _get(document, spec.path)
        if given == _normal(shown_value(spec, before)) or (
            before == NONE and not given and spec.allows_none and not _is_in_form(posted, spec)
        ):
            return
        value = _places_kept(spec, given, before) if spec.kind is Kind.PLACES else _value(spec, given)
        _set(document, spec.path, value)


def _places_kept(spec: FieldSpec, given: str, before: Any) -> list[Any] | None:
    """The lines as the plan keeps them; a place that was there already keeps its own spelling."""
    were = {place_in_words(format_value(one)): one for one in before} if isinstance(before, list) else {}
    lines = [" ".join(line.split()) for line in given.splitlines() if line.strip()]
    return [were.get(line) or place_to_keep(line, spec.path) for line in lines] or None


def _is_in_form(posted: QueryDict, spec: FieldSpec) -> bool:
    """Whether the box for none was there to be unticked."""
    return f"{NONE_BOX}{spec.path}:asked" in posted


def _apply_rows(posted: QueryDict, document: CommentedMap, spec: RowsSpec) -> None:
    if ROWS_THERE + spec.path not in posted:
        return
    if spec.allows_none and NONE_BOX + spec.path in posted:
        _set(document, spec.path, NONE)
        return
    before = _get(document, spec.path)
    items = before if isinstance(before, list) else []
    after = [
        _applied_row(posted, spec, key, items)
        for key in _row_keys(posted, spec.path)
        if not _row_is_blank(posted, spec, key)
    ]
    if after == list(items):
        if not after and before == NONE:
            _set(document, spec.path, None)
        return
    _set(document, spec.path, after or None)


def _applied_row(posted: QueryDict, spec: RowsSpec, key: str, items: list[Any]) -> Any:
    """The item as posted, on top of the item that it was: a bare word stays one as long as nothing else is said."""
    was = posted.get(f"{spec.path}.{key}.{ROW_WAS}", "")
    at = whole(was)
    old = items[at] if at is not None and at < len(items) else None
    item = CommentedMap(old) if isinstance(old, Mapping) else CommentedMap()
    first = spec.fields[0].name
    if old is not None and not isinstance(old, Mapping):
        item[first] = old
    for one in spec.fields:
        name = f"{spec.path}.{key}.{one.name}"
        if name not in posted or _posted_value(posted, name) == _normal(format_value(item.get(one.name))):
            continue
        value = _value(one, _posted_value(posted, name))
        if value is None:
            item.pop(one.name, None)
        else:
            item[one.name] = value
    if (
        list(item) == [first]
        and (old is None or not isinstance(old, Mapping))
        and spec.path.startswith("requirements.")
    ):
        return item[first]
    return item


def _row_keys(posted: QueryDict, path: str) -> Iterator[str]:
    """Keys of the posted rows of a list, in the order of the page."""
    access: dict[str, None] = {}
    start = f"{path}."
    for name in posted:
        if name.startswith(start):
            key = name[len(start) :].partition(".")[0]
            if key != TEMPLATE_ROW:
                access.setdefault(key)
    yield from access


def _row_is_blank(posted: QueryDict, spec: RowsSpec, key: str) -> bool:
    return not any(posted.get(f"{spec.path}.{key}.{one.name}", "").strip() for one in spec.fields)


def _posted_value(posted: QueryDict, name: str) -> str:
    return _normal(posted.get(name) or "")


def _normal(text: str) -> str:
    """Line ends as YAML has them; nothing around."""
    return text.replace("\r\n", "\n").strip()


def _value(spec: FieldSpec, given: str) -> Any:
    """What was typed as a plain YAML value. What cannot be one stays as typed, for the plan to refuse with a reason."""
    if not given:
        return None
    if given.casefold() == NONE and spec.allows_none:
        return NONE
    match spec.kind:
        case Kind.LINES:
            return [line.strip() for line in given.splitlines() if line.strip()]
        case Kind.COUNTS:
            pairs = (line.rpartition(":") for line in given.splitlines() if line.strip())
            return {
                place_to_keep(key.strip(), spec.path): _number(said.strip(), said.strip()) for key, _, said in pairs
            }
        case Kind.YES_NO:
            return {"yes": True, "no": False}.get(given, given)
        case Kind.NUMBER:
            return _number(given.removesuffix("%").strip(), given)
        case Kind.AMOUNT if spec.name not in PRICES:
            return _amount_typed(given)
        case Kind.LONG if "\n" in given:
            return long_text(given)
        case _:
            return given


def _number(digits: str, otherwise: str) -> int | float | str:
    """The number that was typed, in any country's habit; as typed where it is none or could be two."""
    try:
        value = read_amount(digits)
    except NotANumber:
        return otherwise
    return int(value) if value.is_integer() else value


def _amount_typed(given: str) -> int | float | str:
    """Amounts in ordinary spelling stay as typed (`172,000`, `172k`); others are written as they were understood."""
    return given if _ORDINARY.fullmatch(given) else _number(given, given)


def _get(document: Mapping[str, Any], path: str) -> Any:
    node: Any = document
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _set(document: CommentedMap, path: str, value: Any) -> None:
    """Sets a value, making the sections above it; None takes the key away, and a section that is empty then."""
    *above, last = path.split(".")
    if value is None:
        _drop(document, above, last)
        return
    node = document
    for key in above:
        below = node.get(key)
        if not isinstance(below, CommentedMap):
            below = CommentedMap()
            node[key] = below
        node = below
    node[last] = value


def _drop(document: CommentedMap, above: list[str], last: str) -> None:
    owner = _get(document, ".".join(above)) if above else document
    if not isinstance(owner, CommentedMap) or last not in owner:
        return
    del owner[last]
    if above and not owner:
        _set(document, ".".join(above), None)


def _list_at(document: CommentedMap, path: str) -> list[Any]:
    items = _get(document, path)
    if not isinstance(items, list):
        _set(document, path, [])
        items = _get(document, path)
    return items  # type: ignore[no-any-return]  # it was just made a list
