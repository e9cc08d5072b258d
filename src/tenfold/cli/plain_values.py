"""Words of the command line that need no conversion are taken as they are.

Typer has every value checked by an adapter of pydantic, made at the first value: a tenth of a second to learn that a
word is a word. What is plain (words, paths without conditions, choices spelt as they are listed) is settled here, in
the same way; all else goes to Typer's own adapter, and so does everything in versions of Typer that are built
differently.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from typer import Context

SLOT = "_runtime_param"
CONDITIONS = ("exists", "resolve_path", "writable", "allow_dash", "path_type")
OTHER = object()
Take = Callable[[Any], Any]


class PlainValue:
    """Stands in the place of Typer's adapter until a value comes that is not plain."""

    def __init__(self, parameter: Any, take: Take) -> None:
        self._parameter, self._take = parameter, take

    def coerce(self, value: Any, **where: Any) -> Any:
        if value is None:
            return () if self._parameter.multiple or self._parameter.nargs == -1 else None
        taken = self._take(value)
        if taken is not OTHER:
            return taken
        setattr(self._parameter, SLOT, None)
        return self._parameter.get_runtime_param().coerce(value, **where)


def take_plain_values(command: Any) -> None:
    """Spares the command and those below it the adapters of their plain parameters."""
    for parameter in command.get_params(Context(command)):
        descriptor = getattr(parameter, "type_descriptor", None)
        if descriptor is not None and getattr(parameter, SLOT, OTHER) is None:
            setattr(parameter, SLOT, PlainValue(parameter, _take(descriptor.annotation, descriptor.parameter_info)))
    for below in getattr(command, "commands", {}).values():
        take_plain_values(below)


def _take(annotation: Any, asked: Any) -> Take:
    if asked.parser is not None:
        return _nothing
    if get_origin(annotation) is list:
        each = _take(get_args(annotation)[0], asked)
        return lambda values: _all_of(each, values)
    if annotation is str:
        return _text
    if annotation is Path:
        is_plain = asked.file_okay and asked.dir_okay and not any(getattr(asked, name) for name in CONDITIONS)
        return _path if is_plain else _nothing
    if isinstance(annotation, type) and issubclass(annotation, Enum) and asked.case_sensitive:
        return lambda value: _choice(annotation, value)
    return _nothing


def _nothing(value: Any) -> Any:  # noqa: ARG001 - none is plain
    return OTHER


def _all_of(each: Take, values: Any) -> Any:
    if not isinstance(values, Sequence) or isinstance(values, str):
        return OTHER
    taken = [each(value) for value in values]
    return OTHER if any(one is OTHER for one in taken) else taken


def _text(value: Any) -> Any:
    """A word that came as text; one with bytes that are no text is left to Typer, which refuses it."""
    return value if isinstance(value, str) and (value.isascii() or _is_text(value)) else OTHER


def _is_text(value: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _path(value: Any) -> Any:
    """A path; what stands there and cannot be read is left to Typer, which says so."""
    if not isinstance(value, Path) and _text(value) is OTHER:
        return OTHER
    return Path(value) if os.access(value, os.R_OK) or not os.path.lexists(value) else OTHER


def _choice(choices: type[Enum], value: Any) -> Any:
    if isinstance(value, choices):
        return value
    return next((one for one in choices if one.value == value), OTHER)
