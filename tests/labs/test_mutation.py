"""Mutants made by operators: each operator changes what it says, and every mutant is Python of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tenfold.labs import mutation, registry
from tenfold.labs.mutation import OPERATORS, changes

EXAMPLES = {
    "swap-operator": ("x = a < b", "x = a <= b"),
    "constant": ("x = 7", "x = 8"),
    "condition": ("x = a if b else c", "x = a"),
    "return-nothing": ("def f():\n    return g()", "def f():\n    return None"),
    "drop-call": ("f()\ng()", "g()"),
    "drop-update": ("self.x = 1", "pass"),
    "drop-lock": ("with self._lock:\n    x = 1", "x = 1"),
    "drop-bound": ("x = deque(maxlen=LAST)", "x = deque()"),
    "narrow-window": ("x = y[-20:]", "x = y[-1:]"),
    "swallow-error": ("if a:\n    raise E(b)", "if a:\n    pass"),
    "drop-handler": ("try:\n    f()\nexcept E:\n    g()", "f()"),
    "skip-check": ("if a:\n    b()\nc()", "c()"),
    "lost-shutdown": ("server.close()\nx = 1", "x = 1"),
    "block-the-loop": ("async def f():\n    x = await run_in_threadpool(g, 1)", "async def f():\n    x = g(1)"),
    "lose-order": ("x = sorted(y)", "x = y"),
    "off-by-one-day": ("x = batch.day", "x = batch.day + 1"),
}


@pytest.mark.parametrize("operator", EXAMPLES)
def test_an_operator_does_what_it_is_called(operator: str) -> None:
    before, after = EXAMPLES[operator]
    made = [source for name, _, source in changes(before) if name == operator]
    assert ast.unparse(ast.parse(after)) in made


def run(source: str, expression: str) -> object:
    scope: dict[str, object] = {}
    exec(source, scope)  # noqa: S102  our own examples
    return eval(expression, scope)  # noqa: S307  the same


def test_the_first_answer_is_kept_for_ever() -> None:
    (made,) = [source for name, _, source in changes("def f(x):\n    return x * 2") if name == "stale-cache"]
    assert run(made, "[f(1), f(5)]") == [2, 2]


def test_answers_are_kept_by_argument_without_end() -> None:
    seen = "seen = []\ndef f(x):\n    seen.append(x)\n    return x * 2"
    (made,) = [source for name, _, source in changes(seen) if name == "cache-by-argument"]
    assert run(made, "[f(1), f(5), f(1), seen]") == [2, 10, 2, [1, 5]]


def test_state_is_shared_between_instances() -> None:
    source = "class A:\n    def __init__(self):\n        self.held = []"
    (made,) = [new for name, _, new in changes(source) if name == "shared-state"]
    assert run(made, "(A().held.append(1), A().held)[1]") == [1]


def test_every_operator_is_tried() -> None:
    assert set(OPERATORS) - set(EXAMPLES) == {"stale-cache", "cache-by-argument", "shared-state"}


@pytest.mark.parametrize("slug", ["slow-inference", "drift-watch"])
def test_every_mutant_of_a_lab_is_python_and_differs(slug: str) -> None:
    folder = registry.labs_folder() / slug
    for path in [*(folder / "workspace").rglob("*.py"), *(folder / "lab/reference").rglob("*.py")]:
        source = _filled(path)
        plain = ast.unparse(ast.parse(source))
        for _, _, made in changes(source):
            assert ast.unparse(ast.parse(made)) != plain


def _filled(path: Path) -> str:
    return path.read_text("utf-8").replace("@@python_features@@", "[]").replace("@@", "")


def test_an_equivalent_is_known_by_where_it_is_and_needs_a_reason() -> None:
    rows = ({"file": "service/*.py", "operator": "constant", "text": "15", "reason": "nothing takes that long here"},)
    known = mutation.Equivalents(("*.py",), rows)
    assert known.reason("reference|service/model.py|constant|3|15 → 16") == "nothing takes that long here"
    assert known.reason("reference|service/model.py|drop-call|3|15 → 16") is None
    assert known.reason("reference|serve.py|constant|3|15 → 16") is None
