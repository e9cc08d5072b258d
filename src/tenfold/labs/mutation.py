"""Wrong solutions made by operators over right ones, to prove a lab's grader: ordinary slips and those of the trade.

A mutant is one change at one place of one file. Its name says which, and is all that is needed to make it again:
`base|file|operator|number|old → new`. Mutants that behave like what they were made from are listed with the reason in
`lab/mutation.toml`; the files to be mutated are named there too.
"""

from __future__ import annotations

import ast
import copy
import fnmatch
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tomli

from tenfold.kit.errors import Place, UserError
from tenfold.labs.attacks import Files
from tenfold.labs.lab import Lab
from tenfold.labs.mutation_text import text_changes
from tenfold.labs.variants import Variant

_LONGEST_TEXT = 90
_BOUND_NAMES = ("max", "limit", "timeout", "size", "most", "length", "cap")
_CLOSING = ("close", "shutdown", "stop", "join", "cancel", "unlink", "clear", "popitem", "popleft", "pop", "acquire")
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip

_KEEP_FIRST = """
def keep(f):
    held = []
    def kept(*a, **k):
        held or held.append(f(*a, **k))
        return held[0]
    return kept
"""

_DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal = lambda *_: None
"""

Replacement = ast.AST | list[ast.stmt]
Operator = Callable[[ast.AST], Iterator[Replacement]]


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a tree: fields and indexes from the root down."""

    steps: tuple[tuple[str, int | None], ...]

    def of(self, tree: ast.AST) -> ast.AST:
        node: Any = tree
        for field, index in self.steps:
            node = getattr(node, field) if index is None else getattr(node, field)[index]
        return node  # type: ignore[no-any-return]

    def replace_in(self, tree: ast.Module, by: Replacement) -> ast.Module:
        """A copy of the tree with the node at this place replaced; by a list where it is a statement."""
        made = copy.deepcopy(tree)
        *above, (field, index) = self.steps
        parent = Site(tuple(above)).of(made)
        if index is None:
            setattr(parent, field, by)
        else:
            body = getattr(parent, field)
            body[index : index + 1] = by if isinstance(by, list) else [by]
            if not body and isinstance(parent, ast.stmt | ast.excepthandler | ast.Module):
                body.append(ast.Pass())
        return ast.fix_missing_locations(made)


def _walk(node: ast.AST, steps: tuple[tuple[str, int | None], ...] = ()) -> Iterator[tuple[Site, ast.AST]]:
    if steps:
        yield Site(steps), node
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _walk(value, (*steps, (field, None)))
        elif isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, ast.AST):
                    yield from _walk(one, (*steps, (field, index)))


# operators of the language


def _swap_operator(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SWAPS:
        yield _with(node, ops=[_SWAPS[type(node.ops[0])]()])
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _SWAPS:
        yield _with(node, op=_SWAPS[type(node.op)]())


def _constant(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1 if isinstance(node.value, int) else node.value / 4)


def _condition(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield _with(node, ifs=[])


def _return_nothing(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        empty: ast.expr = ast.Constant(None)
        if isinstance(node.value, ast.List | ast.ListComp):
            empty = ast.List([], ast.Load())
        yield _with(node, value=empty)


def _drop_call(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        yield []


def _drop_update(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    ):
        yield []


# operators of the trade


def _drop_lock(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.With | ast.AsyncWith) and "lock" in ast.unparse(node.items[0].context_expr).lower():
        yield node.body


def _drop_bound(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Call):
        kept = [key for key in node.keywords if not (key.arg and any(word in key.arg for word in _BOUND_NAMES))]
        if len(kept) < len(node.keywords):
            yield _with(node, keywords=kept)
        if isinstance(node.func, ast.Name) and node.func.id in {"min", "max"} and len(node.args) == 2:
            yield node.args[0]
            yield node.args[1]
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        yield node.value


def _narrow_window(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.lower is not None:
        yield _with(node, slice=ast.Slice(lower=ast.UnaryOp(ast.USub(), ast.Constant(1))))


def _swallow_error(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Raise):
        yield [ast.Pass()]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "raise_for_status":
        yield node.func.value
    elif isinstance(node, ast.ExceptHandler):
        yield _with(node, type=ast.Name("Exception", ast.Load()), body=[ast.Pass()])


def _drop_handler(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Try):
        yield node.body


def _skip_check(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.If):
        yield [*node.orelse]
        yield [*node.body]


def _stale_cache(node: ast.AST) -> Iterator[Replacement]:
    """The first answer for ever: of a function that asks for something."""
    if isinstance(node, ast.FunctionDef) and any(isinstance(one, ast.Return) and one.value for one in ast.walk(node)):
        if _is_route(node):
            return
        keep = ast.parse(_KEEP_FIRST).body[0]
        plain = [
            one for one in node.decorator_list if ast.unparse(one) not in {"staticmethod", "classmethod", "property"}
        ]
        if len(plain) == len(node.decorator_list):
            inner = _with(node, decorator_list=[])
            assert isinstance(keep, ast.FunctionDef)  # noqa: S101  parsed above
            keep.name = "_keep"
            wrap = ast.parse(f"{node.name} = _keep({node.name})").body
            yield [keep, inner, *wrap]


def _cache_by_argument(node: ast.AST) -> Iterator[Replacement]:
    """Answers kept by argument, without bound and without end."""
    if isinstance(node, ast.FunctionDef) and not node.decorator_list and node.args.args and node.name != "__init__":
        words = "def _keep(f):\n held = {}\n def kept(*a, **k):\n  key = repr(a[1:] or a)\n  if key not in held:\n"
        keep = ast.parse(f"{words}   held[key] = f(*a, **k)\n  return held[key]\n return kept").body
        yield [*keep, node, *ast.parse(f"{node.name} = _keep({node.name})").body]


def _lost_shutdown(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
        yield [*ast.parse(_DEAF).body, node]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        if isinstance(called, ast.Attribute) and called.attr in _CLOSING:
            yield []


def _shared_state(node: ast.AST) -> Iterator[Replacement]:
    """One for all: what `__init__` makes afresh becomes the same object for every instance."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.List | ast.Dict | ast.Call):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
            test = ast.parse(f"if not hasattr(type(self), {target.attr!r}):\n    pass").body[0]
            assert isinstance(test, ast.If)  # noqa: S101  parsed above
            test.body = [ast.Assign([_type_of(target)], node.value, lineno=0)]
            yield [test]


def _type_of(target: ast.Attribute) -> ast.expr:
    typed = ast.parse(f"type(self).{target.attr} = 0").body[0]
    assert isinstance(typed, ast.Assign)  # noqa: S101  parsed above
    return typed.targets[0]


def _block_the_loop(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Await) and isinstance(node.value, ast.Call) and len(node.value.args) >= 1:
        if "thread" in ast.unparse(node.value.func) or "executor" in ast.unparse(node.value.func):
            first, *rest = node.value.args
            yield ast.Call(first, rest, [])
    elif (
        isinstance(node, ast.FunctionDef)
        and _is_route(node)
        and any(isinstance(one, ast.Call) for one in ast.walk(node))
    ):
        yield ast.AsyncFunctionDef(**{field: getattr(node, field) for field in node._fields})


def _is_route(node: ast.FunctionDef) -> bool:
    return any("app." in ast.unparse(one) for one in node.decorator_list)


def _lose_order(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "sorted" and node.args:
            yield node.args[0]
        elif node.func.id in {"list", "zip"} and node.args:
            yield _with(
                node,
                args=[
                    ast.Call(
                        ast.Name("reversed", ast.Load()),
                        [ast.Call(ast.Name("list", ast.Load()), [node.args[0]], [])],
                        [],
                    ),
                    *node.args[1:],
                ],
            )


def _off_by_one_day(node: ast.AST) -> Iterator[Replacement]:
    if isinstance(node, ast.Attribute) and node.attr == "day" and isinstance(node.ctx, ast.Load):
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _with(node: ast.AST, **fields: Any) -> Any:
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


OPERATORS: dict[str, Operator] = {
    "swap-operator": _swap_operator,
    "constant": _constant,
    "condition": _condition,
    "return-nothing": _return_nothing,
    "drop-call": _drop_call,
    "drop-update": _drop_update,
    "drop-lock": _drop_lock,
    "drop-bound": _drop_bound,
    "narrow-window": _narrow_window,
    "swallow-error": _swallow_error,
    "drop-handler": _drop_handler,
    "skip-check": _skip_check,
    "stale-cache": _stale_cache,
    "cache-by-argument": _cache_by_argument,
    "lost-shutdown": _lost_shutdown,
    "shared-state": _shared_state,
    "block-the-loop": _block_the_loop,
    "lose-order": _lose_order,
    "off-by-one-day": _off_by_one_day,
}


def changes_of(path: str, source: str) -> Iterator[tuple[str, str, str]]:
    """Every mutant of a file by its kind: Python by operators over its tree, anything else line by line."""
    return changes(source) if path.endswith(".py") else text_changes(source)


def changes(source: str) -> Iterator[tuple[str, str, str]]:
    """Every mutant of a file as (operator, what was changed, new source). Those that are no Python are left out."""
    tree = ast.parse(source)
    plain = ast.unparse(tree)
    for operator, make in OPERATORS.items():
        for site, node in _walk(tree):
            for by in make(node):
                made = ast.unparse(site.replace_in(tree, by))
                if made != plain:
                    yield operator, f"{_source_of(node)} → {_source_of(by)}", made


def _source_of(node: Replacement) -> str:
    if isinstance(node, list):
        return " ".join(_source_of(one) for one in node) or "nothing"
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))
    return " ".join(text.split())[: _LONGEST_TEXT // 2]


@dataclass(frozen=True, slots=True)
class Equivalents:
    """What a lab says of its generated mutants: the files to be mutated, and which mutants behave the same, and why."""

    files: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def reason(self, name: str) -> str | None:
        base, file, operator, _, text = name.split("|", 4)
        for row in self.rows:
            if (
                fnmatch.fnmatch(base, row.get("base", "*"))
                and fnmatch.fnmatch(file, row.get("file", "*"))
                and fnmatch.fnmatch(operator, row.get("operator", "*"))
                and row.get("text", "") in text
            ):
                return row["reason"]
        return None


def equivalent(lab: Lab) -> Equivalents:
    """Raises `UserError` where `lab/mutation.toml` cannot be read or lists an equivalent without a reason."""
    path = lab.folder / "lab/mutation.toml"
    if not path.is_file():
        return Equivalents(("*.py",), ())
    try:
        words = tomli.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"is not TOML: {error}", place=Place(file=str(path))) from error
    rows = words.get("equivalent", [])
    if any(not row.get("reason") for row in rows):
        raise UserError("an equivalent mutant needs its `reason`", place=Place(file=str(path)))
    return Equivalents(tuple(words.get("files", ["*.py"])), tuple(rows))


def names(variant: Variant, bases: Sequence[str], count: int) -> list[str]:
    """`count` mutants, or all there are: from every base and operator in turn, in an order that is always the same."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    known = equivalent(variant.lab)
    for base in bases:
        original = Files.of(variant.workspace("reference")).held if base != "reference" else {}
        held = Files.of(variant.workspace(base)).held
        for path in sorted(held):
            fresh = original.get(path) != held[path]  # what an alternate shares with the reference is mutated once
            if fresh and any(fnmatch.fnmatch(path, pattern) for pattern in known.files):
                for number, (operator, text, _) in enumerate(changes_of(path, held[path].decode())):
                    groups[base, operator].append(f"{base}|{path}|{operator}|{number}|{text[:_LONGEST_TEXT]}")
    for group in groups.values():
        random.Random("mutants").shuffle(group)  # noqa: S311  a fixed order, no secret
    chosen: list[str] = []
    while groups and len(chosen) < count:
        chosen += [group.pop() for group in groups.values() if group]
        groups = defaultdict(list, {key: group for key, group in groups.items() if group})
    return chosen[:count]


def apply_mutation(variant: Variant, name: str) -> bytes:
    """The workspace of a mutant, as a tar. Raises `UserError` for a name that this variant does not have."""
    base, path, _, number, _ = name.split("|", 4)
    files = Files.of(variant.workspace(base))
    for place, (_, _, source) in enumerate(changes_of(path, files.held[path].decode())):
        if place == int(number):
            files.held[path] = source.encode()
            return files.tar()
    raise UserError(f"the variant has no mutant {name}")
