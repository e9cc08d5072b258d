"""Functions are verbs, results nouns: names of the old dialect and bare participles stay out of the house."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORDS = tomllib.loads((ROOT / "tests/plain_words.toml").read_text(encoding="utf-8"))
IRREGULAR = (
    "given told said shown kept made held taken sent known bought found lent drawn seen built meant written put split"
)
PARTICIPLE = re.compile(rf"_?([a-z]+ed|{'|'.join(IRREGULAR.split())})")
EXCEPTIONS = WORDS["participles"]


def definitions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def is_attribute(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Name) and one.id in {"property", "cached_property"} for one in node.decorator_list
    )


def is_bare_participle(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return not isinstance(node, ast.ClassDef) and not is_attribute(node) and bool(PARTICIPLE.fullmatch(node.name))


def in_house() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    for path in sorted((ROOT / "src/tenfold").rglob("*.py")):
        if "migrations" not in path.parts:
            where = str(path.relative_to(ROOT / "src/tenfold"))
            yield from ((f"{where}:{node.name}", node) for node in definitions(path.read_text(encoding="utf-8")))


def test_no_definition_bears_a_name_of_the_old_dialect() -> None:
    assert [where for where, node in in_house() if node.name in WORDS["definitions"]] == []


def test_no_function_is_named_by_a_bare_participle() -> None:
    found = {where for where, node in in_house() if is_bare_participle(node)}
    assert sorted(found - set(EXCEPTIONS)) == []
    assert sorted(set(EXCEPTIONS) - found) == [], "exceptions that are none any more"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("def parsed(): ...", True),
        ("def _shown(): ...", True),
        ("async def kept(): ...", True),
        ("class Box:\n    def ended(self): ...", True),
        ("class Box:\n    @property\n    def ended(self): ...", False),
        ("def parse_row(): ...", False),
        ("def is_shown(): ...", False),
    ],
)
def test_bare_participles_are_seen(text: str, bare: bool) -> None:
    assert any(is_bare_participle(node) for node in definitions(text)) is bare
