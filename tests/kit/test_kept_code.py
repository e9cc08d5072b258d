"""What was compiled once serves the next command, and holds nothing but the program itself."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tenfold.kit import kept, kept_code, kept_tables
from tenfold.kit.expressions import compile_pattern

EXPRESSIONS = [
    (r"(?P<n>\d+)\s*(?P<unit>hours?|h)\b", re.IGNORECASE),
    (r"(?<!no )on[\s-]?call(?! of)", 0),
    (r"^\s*[-*•] (.+)$", re.MULTILINE),
    (r"(a|ab)(c|bcd)(d*)\2?", 0),
    (r"[äöü€]+|\bß", re.IGNORECASE | re.VERBOSE),
]
TEXT = "- no on-call of 24 Hours\n* On call: 3 h abcd Äö ß ẞ €"


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(kept, "_package_folder", lambda: tmp_path / "absent")
    return tmp_path / "cache"


def _spans() -> list[list[tuple[object, ...]]]:
    re.purge()
    return [
        [(m.span(), m.groups(), m.groupdict()) for m in compile_pattern(text, flags).finditer(TEXT)]
        for text, flags in EXPRESSIONS
    ]


def test_kept_expressions_answer_as_compiled_ones(cache: Path) -> None:
    plain = _spans()
    with kept_code.kept_code():
        first = _spans()
    assert (cache / kept_code.FILE).is_file()
    with kept_code.kept_code():
        again = _spans()
    assert plain == first == again


def test_an_expression_with_words_of_a_document_is_never_written_down(cache: Path) -> None:
    with kept_code.kept_code():
        assert re.compile("Ada Lovelace of 12 Elm Street").search("Ada Lovelace of 12 Elm Street")
        compile_pattern("of the program")
    written = (cache / kept_code.FILE).read_bytes()
    assert b"Lovelace" not in written
    assert b"of the program" in written


def test_dataclasses_made_of_kept_methods_are_the_same(cache: Path) -> None:
    def made() -> type:
        fields: list[tuple[str, type, Any]] = [
            ("name", str, dataclasses.field()),
            ("years", int, dataclasses.field(default=3)),
        ]
        return dataclasses.make_dataclass("Person", fields, frozen=True, order=True)

    with kept_code.kept_code():
        made()
    with kept_code.kept_code():
        person = made()
    one, other = person("Ada"), person("Ada", 3)
    assert (repr(one), one == other, hash(one) == hash(other), one < person("Bea")) == (
        repr(made()("Ada")),
        True,
        True,
        True,
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "Eve"


@pytest.mark.parametrize("content", [b"", b"\x00", b"not a table", b"[1, 2"])
def test_a_damaged_file_is_made_anew(cache: Path, content: bytes) -> None:
    cache.mkdir(parents=True)
    (cache / kept_code.FILE).write_bytes(content)
    re.purge()
    with kept_code.kept_code():
        assert compile_pattern(r"\d+").search("12")
    assert len((cache / kept_code.FILE).read_bytes()) > len(content)


def test_another_users_file_is_not_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep("table", b"theirs")
    assert kept.read_kept("table") == b"theirs"
    monkeypatch.setattr(os, "geteuid", lambda: 4_242)
    assert kept.read_kept("table") is None


def test_where_nothing_can_be_written_commands_work_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(kept, "_package_folder", lambda: tmp_path / "file")
    with kept_code.kept_code():
        assert compile_pattern("nowhere kept").search("nowhere kept")


def test_a_table_is_made_anew_when_its_file_changes(cache: Path, tmp_path: Path) -> None:
    source = tmp_path / "words.toml"
    built: list[str] = []

    def build() -> dict[str, str]:
        built.append(source.read_text())
        return {"is": built[-1]}

    for content in ("one", "one", "two"):
        source.write_text(content)
        assert kept_tables.kept_table("words", [source], build) == {"is": content}
    assert built == ["one", "two"]


def test_a_second_command_compiles_no_expression_of_its_own(tmp_path: Path) -> None:
    counting = (
        "import re._compiler as c, sys; plain, sys.stdout = c.compile, open('/dev/null', 'w'); count = [0]\n"
        "def counted(*a): count[0] += 1; return plain(*a)\n"
        "c.compile = counted\n"
        "from tenfold.cli.app import leave; leave(['rules', 'timing'])\n"
        "print(count[0], file=sys.__stdout__)"
    )
    env = os.environ | {"TENFOLD_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    runs = [
        subprocess.run([sys.executable, "-c", counting], env=env, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert int(runs[1].stdout) < 40
