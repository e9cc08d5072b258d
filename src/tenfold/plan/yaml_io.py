"""Plans as YAML: read with the line of every problem, written with the author's comments kept.

A plan's text is untrusted: size and nesting are bounded before anything walks it, and no YAML tag builds an object.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarstring import LiteralScalarString

from tenfold.kit.errors import CannotBeUsed, InputProblems, Place, UserError
from tenfold.kit.parsing_cost import is_within, require_cheap_yaml
from tenfold.plan.document import VERSION, HiringPlan, Section

TOP_KEY = "tenfold_plan"
MOST_CHARACTERS = 2_000_000
MOST_NODES = 50_000
DEEPEST = 40
LONGEST_QUOTE = 80
FAR_BEYOND_REMEDY = "Remove anchors and aliases, and write lists out."
PLAN_REMEDY = "`tenfold plan schema` prints the format; `tenfold plan new` writes a skeleton."

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class LoadedPlan:
    """A plan and the YAML document that it came from, comments and all."""

    plan: HiringPlan
    document: CommentedMap
    name: str

    def line_of(self, field: str) -> int | None:
        """The line (from 1) where a field such as `requirements.must[2]` stands; of its nearest parent if absent."""
        return _line(self.document, _path(field))


def load_plan(text: str, *, name: str = "plan") -> LoadedPlan:
    """Reads a plan.

    Raises:
        UserError: the text is not YAML, not a plan, or holds values that a plan cannot hold; every problem names its
            line and field.
    """
    document = _parse(text, name)
    return LoadedPlan(plan=_validate(document, name), document=document, name=name)


def parse_yaml(text: str, *, name: str = "plan") -> CommentedMap:
    """A plan's document, its values not looked at yet: to edit in place, then hand to `loaded`.

    Raises:
        UserError: the text is not YAML, or not meant as a plan.
    """
    return _parse(text, name)


def validate_document(document: CommentedMap, *, name: str = "plan") -> LoadedPlan:
    """The plan that a document amounts to after it was edited in place.

    Raises:
        UserError: it holds values that a plan cannot hold.
    """
    return LoadedPlan(plan=_validate(document, name), document=document, name=name)


def looks_like_plan(text: str) -> bool:
    """Whether a text is meant as a plan (rather than a posting): it has the top key at the start of a line."""
    return any(line.startswith(TOP_KEY) for line in text.splitlines()[:400])


def dump(document: CommentedMap) -> str:
    out = io.StringIO()
    _yaml().dump(document, out)
    return out.getvalue()


def _parse(text: str, name: str) -> CommentedMap:
    if len(text) > MOST_CHARACTERS:
        raise UserError(
            f"This plan has {len(text):,} characters; {MOST_CHARACTERS:,} is the most that is read.",
            remedy="Keep long texts in the posting and link to the rest.",
            place=Place(file=name),
        )
    _require_cheap(text, name)
    try:
        document = _yaml().load(text)
    except MarkedYAMLError as error:
        raise _syntax_error(error, text, name) from None
    except ReaderError as error:
        raise UserError(
            f"The character #x{_code_point(error):04x} is not allowed in YAML.",
            remedy="Delete it, or write it as an escape inside double quotes.",
            place=Place(file=name, line=text.count("\n", 0, error.position) + 1),
        ) from None
    except RecursionError:
        raise _far_beyond(name) from None
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, AssertionError) as error:
        raise UserError(
            f"This is not valid YAML: {_first_line(error)}", remedy=PLAN_REMEDY, place=Place(file=name, line=1)
        ) from None
    if not isinstance(document, CommentedMap):
        raise UserError(
            "A plan is a list of keys and values; this file is not.",
            remedy=PLAN_REMEDY,
            place=Place(file=name, line=1),
        )
    _require_bounds(document, name)
    version = document.get(TOP_KEY)
    if version != VERSION or not isinstance(version, int) or isinstance(version, bool):
        said = f"this one says {version!r}" if TOP_KEY in document else "this file does not say it"
        raise UserError(
            f"A plan begins with `{TOP_KEY}: {VERSION}`; {said}.",
            remedy=f"Write `{TOP_KEY}: {VERSION}` on the first line.",
            place=Place(file=name, line=_line(document, (TOP_KEY,)) or 1, field=TOP_KEY),
        )
    return document


def _require_cheap(text: str, name: str) -> None:
    try:
        require_cheap_yaml(text)
    except CannotBeUsed as error:
        raise UserError(error.what, remedy=FAR_BEYOND_REMEDY, place=Place(file=name)) from None


class _Placed(RoundTripConstructor):
    """Builds values; one that cannot be built, such as 30 February, is an error that knows its line."""

    def construct_object(self, node: Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise ConstructorError(None, None, _first_line(error), node.start_mark) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "it cannot be read")


def _code_point(error: ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character[:1] or "\0")


def _far_beyond(name: str) -> UserError:
    return UserError(
        "This plan is nested or repeated far beyond what a plan needs.",
        remedy=FAR_BEYOND_REMEDY,
        place=Place(file=name),
    )


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Placed
    yaml.preserve_quotes = True
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _syntax_error(error: MarkedYAMLError, text: str, name: str) -> UserError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    lines = text.splitlines()
    offending = lines[line - 1] if line and line <= len(lines) else ""
    if "\t" in offending[: len(offending) - len(offending.lstrip())] or "'\\t'" in str(error.problem):
        remedy = "Indent with spaces; YAML does not allow tabs."
    elif "duplicate" in str(error.problem):
        remedy = "Keep one of the two."
    else:
        remedy = "Look at the colons, quotes and indentation on this line and the one above."
    problem = " ".join(str(error.problem or error.context or "it cannot be read").split())
    return UserError(
        f"This is not valid YAML: {problem}.",
        remedy=remedy,
        place=Place(file=name, line=line, column=mark.column + 1 if mark else None),
    )


def _require_bounds(document: CommentedMap, name: str) -> None:
    if not is_within(document, nodes=MOST_NODES, depth=DEEPEST):
        raise _far_beyond(name)


def _validate(document: CommentedMap, name: str) -> HiringPlan:
    try:
        return HiringPlan.model_validate(_without_empty(document))
    except ValidationError as error:
        problems = [_problem(document, name, item) for item in error.errors(include_url=False)]
        raise (InputProblems(problems) if len(problems) > 1 else problems[0]) from None


def _without_empty(node: Any) -> Any:
    """The document as plain values; a key without a value, or with nothing but such keys, is as good as absent."""
    if isinstance(node, dict):
        cleaned = {str(key): _without_empty(value) for key, value in node.items() if value is not None}
        return {key: value for key, value in cleaned.items() if value != {}}
    if isinstance(node, list):
        return [_without_empty(item) for item in node]
    return str(node) if isinstance(node, str) else node


def _problem(document: CommentedMap, name: str, item: ErrorDetails) -> UserError:
    loc, kind, message, given = tuple(item["loc"]), item["type"], item["msg"], item.get("input")
    path = _within(document, loc)
    field = _spell_location(loc if kind in ("missing", "extra_forbidden") else path)
    place = Place(file=name, line=_line(document, path), field=field)
    if kind == "extra_forbidden":
        return UserError(f"A plan has no “{field}”.", remedy=_suggest_key(loc), place=place)
    return UserError(f"{_plainly(kind, message)}{_value_words(given, message)}.", remedy=_hint(loc), place=place)


def _value_words(value: Any, message: str) -> str:
    """What the plan says instead, unless the message quotes it already; long answers are cut."""
    if not isinstance(value, str | int | float) or str(value) in message:
        return ""
    shown = repr(value)
    return f"; this says {shown if len(shown) <= LONGEST_QUOTE else shown[: LONGEST_QUOTE - 1] + '…'}"


def _plainly(kind: str, message: str) -> str:
    words = {
        "missing": "This is needed here",
        "int_parsing": "This should be a whole number",
        "int_from_float": "This should be a whole number",
        "float_parsing": "This should be a number",
        "bool_parsing": "This should be yes (true) or no (false)",
        "string_type": "This should be text",
        "list_type": "This should be a list, one item a line with a dash",
        "model_type": "This should be a group of keys and values",
        "model_attributes_type": "This should be a group of keys and values",
        "date_from_datetime_parsing": "This should be a date such as 2026-11-18",
        "date_parsing": "This should be a date such as 2026-11-18",
        "finite_number": "This should be a number",
    }
    if kind in words:
        return words[kind]
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return (text[0].upper() + text[1:]).rstrip(".") if text else "This cannot be read"


def _hint(loc: Path) -> str:
    described = _description(loc)
    return f"{described}." if described else PLAN_REMEDY


def _suggest_key(loc: Path) -> str:
    owner = _section(loc[:-1])
    if owner is None:
        return PLAN_REMEDY
    near = difflib.get_close_matches(str(loc[-1]), owner.model_fields, n=1, cutoff=0.6)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"Known here: {', '.join(owner.model_fields)}."


def _description(loc: Path) -> str:
    owner = _section(loc[:-1])
    if owner is None or str(loc[-1]) not in owner.model_fields:
        return _description(loc[:-1]) if len(loc) > 1 else ""
    return owner.model_fields[str(loc[-1])].description or ""


def _section(loc: Path) -> type[Section] | None:
    """The section of the plan that a location lies in, found by walking the document's types."""
    owner: type[Section] = HiringPlan
    for step in loc:
        if isinstance(step, int):
            continue
        field = owner.model_fields.get(str(step))
        inner = next(_sections_in(field), None) if field else None
        if inner is None:
            return None
        owner = inner
    return owner


def _sections_in(field: Any) -> Iterator[type[Section]]:
    yield from sections_of(field.annotation)


def sections_of(annotation: Any) -> Iterator[type[Section]]:
    """Every section type inside an annotation such as `list[Requirement] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from sections_of(inner)


def _within(document: Any, loc: Path) -> Path:
    """The part of a location that exists in the document."""
    node, path = document, []
    for step in loc:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        path.append(step)
    return tuple(path)


def _line(document: Any, path: Path) -> int | None:
    node, line = document, None
    for step in path:
        try:
            position = node.lc.data[step]
            line, node = position[0] + 1, node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            return line
    return line


def _path(field: str) -> Path:
    steps: list[str | int] = []
    for part in field.replace("]", "").split("."):
        name, *indices = part.split("[")
        steps.append(name)
        steps.extend(int(index) for index in indices if index.isdigit())
    return tuple(steps)


def _spell_location(path: Path) -> str:
    spelled = ""
    for step in path:
        spelled += f"[{step}]" if isinstance(step, int) else f".{step}" if spelled else str(step)
    return spelled


__all__ = [
    "CommentedMap",
    "CommentedSeq",
    "LoadedPlan",
    "dump",
    "load_plan",
    "looks_like_plan",
    "parse_yaml",
    "sections_of",
    "validate_document",
]


def long_text(text: str) -> LiteralScalarString:
    """A text over several lines, written below its key as it stands."""
    written: LiteralScalarString = LiteralScalarString(text.rstrip("\n") + "\n")
    return written
