"""Mutants of TOML and YAML: each is one change of one place, and what people get wrong is among them."""

from __future__ import annotations

import difflib

import pytest

from tenfold.labs.mutation import changes_of
from tenfold.labs.mutation_text import text_changes

TOML = """verdict = "approve"

[[finding]]
file = "a.py"
line = 12
category = "security"

[[finding]]
file = "b.py"
line = 4
category = "leakage"
"""
YAML = """spec:
  replicas: 3
  strategy:
    rollingUpdate:
      maxSurge: 1
  template:
    spec:
      port: http
"""
CASES = {
    "a table is left out": (
        TOML,
        'verdict = "approve"\n\n[[finding]]\nfile = "b.py"\nline = 4\ncategory = "leakage"\n',
    ),
    "a number is far off": (TOML, TOML.replace("line = 12", "line = 130")),
    "a value of its neighbour": (TOML, TOML.replace('"security"', '"leakage"')),
    "a value is misspelt": (TOML, TOML.replace('"approve"', '"approve-x"')),
    "a block of YAML is left out": (YAML, "spec:\n  replicas: 3\n  template:\n    spec:\n      port: http\n"),
    "a number of YAML": (YAML, YAML.replace("replicas: 3", "replicas: 0")),
}


@pytest.mark.parametrize("case", CASES)
def test_what_people_get_wrong_is_made(case: str) -> None:
    before, after = CASES[case]
    assert after in [made for _, _, made in text_changes(before)]


@pytest.mark.parametrize("source", [TOML, YAML])
def test_every_mutant_is_another_text_changed_at_one_place(source: str) -> None:
    made = [text for _, _, text in text_changes(source)]
    assert source not in made
    for text in made:
        blocks = [
            tag
            for tag, *_ in difflib.SequenceMatcher(
                None, source.splitlines(), text.splitlines(), autojunk=False
            ).get_opcodes()
            if tag != "equal"
        ]
        assert len(blocks) == 1


def test_python_is_changed_by_its_tree_and_the_rest_by_lines() -> None:
    assert {operator for operator, _, _ in changes_of("x.toml", "a = 1\n")} == {"drop-block", "number", "value"}
    assert "constant" in {operator for operator, _, _ in changes_of("x.py", "a = 1\n")}
