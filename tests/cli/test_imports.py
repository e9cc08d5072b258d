"""A command loads what it needs: counted in modules, which no other program on the machine can slow down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POSTING, PLAN = str(ROOT / "examples" / "posting_with_faults.md"), str(ROOT / "examples" / "good_plan.yaml")
READER, LAW, CHECKS = "tenfold.posting.reading", "tenfold.law.", "tenfold.practices."
HEAVY = ("numpy", "scipy", "duckdb", "django", "sklearn")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def _loaded(home: Path, *arguments: str) -> list[str]:
    """The modules that a command has loaded when it leaves, the second time it is called."""
    asked = (
        "import json, sys; sys.stdout = open('/dev/null', 'w')\n"
        "from tenfold.cli.app import leave\n"
        f"leave({list(arguments)!r})\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.__stdout__)"
    )
    env = os.environ | {"TENFOLD_HOME": str(home)}
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stdout)
    return modules


@pytest.mark.parametrize("command", ["rules", "facts"])
def test_lists_load_neither_reader_nor_checks_nor_pydantic(home: Path, command: str) -> None:
    loaded = _loaded(home, command)
    assert not [name for name in loaded if name.startswith((READER, LAW, "tenfold.market.", "pydantic", *HEAVY))]
    assert not [name for name in loaded if name.startswith(CHECKS) and name.endswith(".check")]


@pytest.mark.parametrize("file", [POSTING, PLAN])
def test_an_audit_loads_no_library_of_numbers(home: Path, file: str) -> None:
    assert not [name for name in _loaded(home, "audit", file) if name.partition(".")[0] in HEAVY]


def test_help_loads_nothing_but_the_root_command(home: Path) -> None:
    assert not [name for name in _loaded(home, "--help") if name.partition(".")[0] in ("typer", "rich", "pydantic")]


def test_the_web_starts_without_what_few_requests_need() -> None:
    """Statistics and the directory's protocol are loaded when they are first asked for."""
    asked = (
        "import json, sys, django; django.setup(); import tenfold.web.urls\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.__stdout__)"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.web_settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "tenfold.apps.accounts.urls" in loaded
    assert not loaded & {"scipy.stats", "scipy.special", "scipy.sparse", "scipy.optimize", "scim2_models"}
    assert not loaded & {"duckdb", "pyarrow", "openpyxl", "weasyprint", "sklearn"}
