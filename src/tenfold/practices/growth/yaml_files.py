"""YAML files of ladders and evidence: bounded, without tags that build objects, with the line of every problem."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tenfold.kit.errors import CannotBeUsed, InputProblems, Place, UserError
from tenfold.kit.parsing_cost import is_within, require_cheap_yaml

MAX_BYTES = 5_000_000
MAX_NODES = 200_000
MAX_DEPTH = 40
MAX_PROBLEMS = 20
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class YamlFile:
    """A document that was read, still with its lines."""

    document: CommentedMap
    name: str

    def line(self, *path: str | int) -> int | None:
        """The line (from 1) where a part of the document stands, or its nearest parent that has one."""
        node, line = self.document, None
        for step in path:
            try:
                line = node.lc.data[step][0] + 1
                node = node[step]
            except (AttributeError, KeyError, IndexError, TypeError):
                return line
        return line

    def plain(self) -> dict[str, Any]:
        """The document as plain values; keys without a value are as good as absent."""
        return {str(key): _plain(value) for key, value in self.document.items() if value is not None}

    def to_model(self, model: type[Model]) -> Model:
        """The document as a model.

        Raises:
            UserError: every problem with its line and field.
        """
        try:
            return model.model_validate(self.plain())
        except ValidationError as error:
            found = [self._problem(tuple(item["loc"]), item["msg"]) for item in error.errors(include_url=False)]
            raise (InputProblems(found[:MAX_PROBLEMS]) if len(found) > 1 else found[0]) from None

    def _problem(self, path: tuple[str | int, ...], message: str) -> UserError:
        words = message.removeprefix("Value error, ").rstrip(".")
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        place = Place(file=self.name, line=self.line(*path), field=field)
        return UserError(f"{words[:1].upper()}{words[1:]}.", remedy="See docs/growth.md for the format.", place=place)


def read_text(path: Path) -> str:
    """The text of a small UTF-8 file.

    Raises:
        UserError: it is missing, too large, or not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"The file cannot be read: {error.strerror}.", remedy="Check the path.", place=Place(file=str(path))
        ) from error
    if len(raw) > MAX_BYTES:
        raise UserError(
            f"The file is larger than {MAX_BYTES:,} bytes.", remedy="Split it.", place=Place(file=str(path))
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(
            "The file is not UTF-8 text.", remedy="Save it as UTF-8.", place=Place(file=str(path))
        ) from error


def parse_yaml(text: str, *, name: str) -> YamlFile:
    """The mapping that a YAML text holds.

    Raises:
        UserError: it is not YAML, not a mapping, or far beyond what a ladder needs.
    """
    try:
        require_cheap_yaml(text)
        document = YAML(typ="rt").load(text)
    except CannotBeUsed as error:
        raise _unusable(name, error.what) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "it cannot be read").split())
        raise _unusable(name, f"This is not valid YAML: {what}.", mark.line + 1 if mark else None) from None
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError) as error:
        why = next(iter(str(error).splitlines()), "it cannot be read")
        raise _unusable(name, f"This is not valid YAML: {why}.") from None
    if document is None:
        raise UserError("The file is empty.", remedy="See docs/growth.md for the format.", place=Place(file=name))
    if not isinstance(document, CommentedMap):
        raise _unusable(name, "This file is not a group of keys and values.", 1)
    _require_bounds(document, name)
    return YamlFile(document, name)


def dump_yaml(values: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(values, out)
    return out.getvalue()


def _require_bounds(document: Any, name: str) -> None:
    if not is_within(document, nodes=MAX_NODES, depth=MAX_DEPTH):
        raise _unusable(name, "This file is nested or repeated far beyond what a ladder needs.")


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(item) for item in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, str):
        return str(node)
    return int(node) if isinstance(node, int) else float(node) if isinstance(node, float) else node


def _unusable(name: str, what: str, line: int | None = None) -> UserError:
    remedy = "Look at the colons, quotes and indentation on this line and the one above."
    return UserError(what, remedy=remedy, place=Place(file=name, line=line))
