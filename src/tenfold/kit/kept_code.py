"""What Python compiles while a command starts is kept between commands: regular expressions and dataclasses' methods.

A start compiles some seven hundred expressions and writes and compiles twelve hundred methods; that takes longer than
the command itself, and reading them next to nothing. Python keeps modules in the same way. Only what the program is
made of is kept, never an expression that holds words of a document.
"""

from __future__ import annotations

import dataclasses
import marshal
import re
import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import CodeType, FrameType
from typing import Any, NamedTuple

from tenfold.kit.kept import keep, read_kept
from tenfold.kit.needles import KNOWN

FILE = f"compiled.{sys.implementation.cache_tag}"
MOST_KEPT = 6_000
NEAR = 4
_Key = tuple[str, int]
_plain_exec: Callable[..., None] = exec


class _Code(NamedTuple):
    """What `re` needs to make a pattern: as its own compiler hands it over."""

    flags: int
    code: bytes
    groups: int
    names: dict[str, int]
    by_number: tuple[str | None, ...]


@contextmanager
def kept_code() -> Iterator[None]:
    """While it lasts, what was compiled before is not compiled again; what is new is kept after it."""
    try:
        compiler: Any = import_module("re._compiler")
        tools = _Tools(compiler, import_module("re._parser"), import_module("_sre"))
    except (ImportError, AttributeError):  # a Python whose `re` is built differently
        yield
        return
    store = _Store(tools)
    makers: Any = dataclasses
    compiler.compile, makers.exec = store.compile, store.exec
    try:
        yield
    finally:
        compiler.compile, makers.exec = tools.compile, _plain_exec
        store.save()


class _Tools:
    """The parts of `re` that are used here, none of which is public."""

    def __init__(self, compiler: Any, parser: Any, engine: Any) -> None:
        self.compile: Callable[..., re.Pattern[Any]] = compiler.compile
        self.code, self.parse, self.make, self.magic = compiler._code, parser.parse, engine.compile, engine.MAGIC  # noqa: SLF001


class _Store:
    def __init__(self, tools: _Tools) -> None:
        self._tools = tools
        self._patterns: dict[_Key, tuple[Any, ...]] = {}
        self._methods: dict[str, CodeType] = {}
        self._used: set[_Key | str] = set()
        self._is_new = False
        with suppress(ValueError, EOFError, TypeError):
            made_by, patterns, methods, needles = marshal.loads(read_kept(FILE) or b"")  # noqa: S302 - as modules are kept
            if made_by == self._made_by:
                self._patterns, self._methods = patterns, methods
                KNOWN.update({key: tuple(map(frozenset, sets)) for key, sets in needles.items()})
        self._known = len(KNOWN)

    @property
    def _made_by(self) -> tuple[int, str]:
        return self._tools.magic, sys.version

    def exec(self, text: str, names: dict[str, Any], found: dict[str, Any]) -> None:
        """As `exec`, for the methods that dataclasses write."""
        code = self._methods.get(text)
        if code is None:
            code = self._methods[text] = compile(text, "<string>", "exec")
            self._is_new = True
        self._used.add(text)
        _plain_exec(code, names, found)

    def compile(self, expression: Any, flags: int = 0) -> re.Pattern[Any]:
        """As the compiler of `re`."""
        if type(expression) is not str:
            return self._tools.compile(expression, flags)
        key = (expression, int(flags))
        kept = self._patterns.get(key)
        if kept is None:
            if not _is_of_the_program(sys._getframe(1)):  # noqa: SLF001
                return self._tools.compile(expression, flags)
            kept = self._patterns[key] = tuple(self._compile(*key))
            self._is_new = True
        self._used.add(key)
        with suppress(RuntimeError, ValueError, TypeError):
            made, code, groups, names, by_number = kept
            pattern: re.Pattern[str] = self._tools.make(
                expression, made, array("I", code).tolist(), groups, names, by_number
            )
            return pattern
        return self._tools.compile(expression, flags)

    def _compile(self, expression: str, flags: int) -> _Code:
        """As `re` does it, up to the numbers."""
        parsed = self._tools.parse(expression, flags)
        names = parsed.state.groupdict
        by_number: list[str | None] = [None] * parsed.state.groups
        for name, number in names.items():
            by_number[number] = name
        code = array("I", self._tools.code(parsed, flags)).tobytes()
        return _Code(int(flags | parsed.state.flags), code, parsed.state.groups - 1, dict(names), tuple(by_number))

    def save(self) -> None:
        """Keeps what was compiled; of too much only what this command used."""
        if not self._is_new and len(KNOWN) == self._known:
            return
        if len(self._patterns) + len(self._methods) > MOST_KEPT:
            self._patterns = {key: code for key, code in self._patterns.items() if key in self._used}
            self._methods = {text: code for text, code in self._methods.items() if text in self._used}
        needles = {key: tuple(map(tuple, sets)) for key, sets in KNOWN.items()}
        keep(FILE, marshal.dumps((self._made_by, self._patterns, self._methods, needles)))


def _is_of_the_program(frame: FrameType | None) -> bool:
    """Whether a module compiles it while it is imported, or hands it over as one of the program's own."""
    for _ in range(NEAR):
        while frame is not None and frame.f_globals.get("__name__") == "re":
            frame = frame.f_back
        if frame is None:
            return False
        if frame.f_code.co_name == "<module>" or frame.f_globals.get("__name__") == "tenfold.kit.expressions":
            return True
        frame = frame.f_back
    return False
