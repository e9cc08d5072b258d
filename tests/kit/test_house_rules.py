"""Every house rule is read by code, so that an edit changes what Tenfold says, or is marked as a citation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tenfold
from tenfold.kit.errors import UserError
from tenfold.kit.facts import Evidence, load

PACKAGE = Path(tenfold.__file__).parent
READERS = ("number", "get")


def test_a_house_rule_is_read_by_code_or_marked_as_cited() -> None:
    keys = {key for key, fact in load().items() if fact.evidence is Evidence.HOUSE_RULE}
    whole, beginnings = read_by_code()
    read = {key for key in keys if key in whole or key.startswith(tuple(beginnings))}
    cited = {key for key in keys if load()[key].cited}
    assert keys - read - cited == set()
    assert read & cited == set()


def test_only_house_rules_are_marked_as_cited() -> None:
    assert {fact.evidence for fact in load().values() if fact.cited} == {Evidence.HOUSE_RULE}


def test_a_cited_statement_cannot_be_edited(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('"requirements.areas" = 7\n')
    with pytest.raises(UserError, match="no rule reads a value from it"):
        load().with_house_rules(rules)


def test_a_list_of_words_may_become_shorter(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('"skills.core" = ["Python", "model-serving"]\n')
    assert load().with_house_rules(rules)["skills.core"].value == ("Python", "model-serving")


def read_by_code() -> tuple[set[str], set[str]]:
    """Keys that a value is taken from (`facts["key"]`, `facts.number("key")`), and beginnings of computed ones."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in keys_read(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(start := node.values[0], ast.Constant):
                beginnings.add(str(start.value))
    return whole, {words for words in beginnings if "." in words and not words.endswith(".")}


def keys_read(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            yield node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            yield from node.args[:1]
        elif isinstance(node, ast.ListComp | ast.List | ast.IfExp):
            yield from (item for item in ast.walk(node) if isinstance(item, ast.JoinedStr))
