"""Wrong solutions made of files that are no Python: TOML and YAML, line by line, by what people get wrong in them.

A block is a line and what is indented below it, or a TOML table up to the next. What comes of a change may be no TOML
and no YAML any more: that is a mistake people make as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

_KEY = re.compile(r"^(?P<head>\s*(?:- )?(?P<key>[A-Za-z_][\w.-]*)\s*[:=]\s*)(?P<value>\S.*?)\s*$")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
Change = tuple[str, str, str]


def text_changes(source: str) -> Iterator[Change]:
    """Every mutant as (operator, what was changed, new text)."""
    lines = source.splitlines(keepends=True)
    yield from _dropped_blocks(lines)
    yield from _other_numbers(lines)
    yield from _other_values(lines)


def _dropped_blocks(lines: list[str]) -> Iterator[Change]:
    for at, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            end = _end_of_block(lines, at)
            yield "drop-block", f"{line.strip()[:60]} → nothing", "".join(lines[:at] + lines[end:])


def _end_of_block(lines: list[str], at: int) -> int:
    """The line after the last that belongs to the one at `at`."""
    if lines[at].startswith("["):
        return next((n for n in range(at + 1, len(lines)) if lines[n].startswith("[")), len(lines))
    indent = _indent(lines[at])
    end = at + 1
    while end < len(lines) and lines[end].strip() and _indent(lines[end]) > indent:
        end += 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _other_numbers(lines: list[str]) -> Iterator[Change]:
    for at, line in enumerate(lines):
        found = _KEY.match(line)
        number = _NUMBER.search(found["value"]) if found else None
        if found and number:
            for fresh in _numbers(number[0]):
                value = found["value"][: number.start()] + fresh + found["value"][number.end() :]
                yield "number", f"{line.strip()[:60]} → {fresh}", _with_line(lines, at, f"{found['head']}{value}\n")


def _numbers(text: str) -> list[str]:
    """Far off either way: a slip of one is often no mistake."""
    if "." in text:
        return ["0.0", f"{float(text) * 10:g}"]
    return ["0", str(int(text) * 10 + 10)]


def _other_values(lines: list[str]) -> Iterator[Change]:
    """What stands beside the same word elsewhere, or the word misspelt."""
    seen: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if (found := _KEY.match(line)) and found["value"] not in seen[found["key"]]:
            seen[found["key"]].append(found["value"])
    for at, line in enumerate(lines):
        found = _KEY.match(line)
        if not found or line.lstrip().startswith("#"):
            continue
        others = [value for value in seen[found["key"]] if value != found["value"]][:2]
        for fresh in [*others, _misspelt(found["value"])]:
            yield "value", f"{line.strip()[:60]} → {fresh[:20]}", _with_line(lines, at, f"{found['head']}{fresh}\n")


def _misspelt(value: str) -> str:
    return f"{value[:-1]}-x{value[-1]}" if value[-1] in "\"'" else f"{value}-x"


def _with_line(lines: list[str], at: int, fresh: str) -> str:
    return "".join([*lines[:at], fresh, *lines[at + 1 :]])
