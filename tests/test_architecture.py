"""The house as ARCHITECTURE.md draws it: contracts that bite, and rules over the syntax tree beside them."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "src" / "tenfold"
PLANTED = {
    "apps/accounts/views/planted.py": ("from tenfold.apps.pay import models\n", "Apps, high to low"),
    "apps/plans/queries_planted.py": ("", "Inside an app"),
    "apps/plans/models_planted.py": ("from tenfold.apps.plans import services\n", "Inside an app"),
    "practices/timing/planted.py": ("import django\n", "Everything below core knows no Django"),
    "practices/scope/planted.py": ("from tenfold.practices.pay import engine\n", "Practices never import each other"),
    "kit/planted.py": ("from tenfold.plan import document\n", "The house: a layer imports"),
    "planted/__init__.py": ("", "The house: a layer imports"),
}
"""A file, what it imports, and the contract that must break."""
WRITERS = ("create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete")
"""Methods that write, when they are called on a manager or query set."""
CLI = ("cli.py", "cli/", "terminal.py", "labs/presenters.py")
"""Where typer and rich may be imported: commands, and what draws a terminal."""


@pytest.mark.parametrize(("file", "contract"), [(file, contract) for file, (_, contract) in PLANTED.items()])
def test_a_planted_import_breaks_its_contract(broken: str, file: str, contract: str) -> None:
    at = broken.index("Broken contracts")
    assert contract in broken[at:], f"{file} went unnoticed"


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the house with every fault planted at once."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(HOUSE, copy / "src" / "tenfold", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, (text, _) in PLANTED.items():
        path = copy / "src" / "tenfold" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    lint = Path(sys.executable).with_name("lint-imports")
    environment = {"PYTHONPATH": str(copy / "src"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [str(lint), "--no-cache"], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_only_services_write() -> None:
    written = {place for place in writes(HOUSE) if not may_write(place)}
    assert written == set()


def test_a_view_that_writes_is_found(tmp_path: Path) -> None:
    view = tmp_path / "apps" / "plans" / "views" / "planted.py"
    view.parent.mkdir(parents=True)
    view.write_text(
        "def view(request, plan):\n"
        "    plan.title = 'x'\n"
        "    plan.save()\n"
        "    Plan.objects.filter(pk=1).update(title='x')\n"
        "    plan.versions.all().delete()\n"
        "    cache.delete('key')\n"
        "    {}.update(a=1)\n"
    )
    assert {place.rpartition(":")[2] for place in writes(tmp_path)} == {"3", "4", "5"}


OWN_SAVE = ("core/models/only_added.py",)
"""Models whose `save` refuses to change a row, and so calls its parent's."""


def may_write(place: str) -> bool:
    """Services, what migrations call, and a model's own `save`."""
    file = place.partition(":")[0]
    return "/services" in file or "/migrations/" in file or file in OWN_SAVE


def writes(house: Path) -> Iterator[str]:
    """Every call in apps, core and web that writes to the database, as `file:line`."""
    for part in ("apps", "core", "web"):
        for path in (house / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_write(node.func):
                    yield f"{path.relative_to(house)}:{node.lineno}"


def is_write(called: ast.Attribute) -> bool:
    if called.attr == "save":
        return True
    chain = ast.unparse(called.value)
    of_rows = ".objects" in chain or ".filter(" in chain or ".all()" in chain or ".exclude(" in chain
    return called.attr in WRITERS and of_rows


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def test_rows_and_rules_know_no_http() -> None:
    inner = [path for name in ("models", "services", "queries") for path in HOUSE.glob(f"apps/*/{name}*")]
    inner += [HOUSE / "core" / "models", HOUSE / "core" / "services"]
    files = [file for path in inner for file in (path.rglob("*.py") if path.is_dir() else [path])]
    assert len(files) > 8
    asked = {str(f.relative_to(HOUSE)): m for f in files for m in imports(f) if m.startswith(("django.http", "ninja"))}
    assert asked == {}


def test_only_commands_and_terminals_know_typer_and_rich() -> None:
    found = set()
    for path in HOUSE.rglob("*.py"):
        file = str(path.relative_to(HOUSE))
        if not any(part in file for part in CLI) and any(
            m.partition(".")[0] in ("typer", "rich") for m in imports(path)
        ):
            found.add(file)
    assert found == set()


def test_the_grader_that_goes_into_rooms_imports_nothing_of_the_house() -> None:
    inside = {module for path in (HOUSE / "labs" / "tenfold_grader").rglob("*.py") for module in imports(path)}
    assert not {module for module in inside if module.startswith("tenfold.")}
