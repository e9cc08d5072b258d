"""What is installed from the wheel works by itself, away from the checkout, with all its data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "tenfold"
LIMIT_S = 300


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the build backend that this project names."""
    folder = tmp_path_factory.mktemp("dist")
    build = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=ROOT, capture_output=True, text=True, check=True, timeout=LIMIT_S
    )
    return folder / done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds what the lock names and the wheel, and nothing else."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True, timeout=LIMIT_S)
    _install(home, "--require-hashes", "-r", str(ROOT / "requirements" / "run.lock"))
    _install(home, "--no-deps", str(wheel))
    return home


def _install(home: Path, *what: str) -> None:
    """Out of uv's cache, which setting up has filled; from the index where something is not in it."""
    uv = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(home / "bin" / "python")]
    index, certificates = os.environ.get("PIP_INDEX_URL"), os.environ.get("PIP_CERT")
    settings = {"UV_DEFAULT_INDEX": index, "SSL_CERT_FILE": certificates}
    env = {**{name: value for name, value in settings.items() if value}, **os.environ}
    if subprocess.run([*uv, "--offline", *what], env=env, capture_output=True, check=False, timeout=LIMIT_S).returncode:
        subprocess.run([*uv, *what], env=env, check=True, timeout=LIMIT_S)


def _run(command: list[str], folder: Path) -> str:
    """Runs away from the checkout, with nothing of its environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=LIMIT_S, env={**kept, "NO_COLOR": "1"}
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    wanted = {
        f"tenfold/{path.relative_to(SOURCES).as_posix()}"
        for path in SOURCES.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - shipped == set()


def test_what_labs_run_on_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    wanted = {
        f"tenfold/labs/shipped/{path.relative_to(ROOT / 'labs').as_posix()}"
        for path in (ROOT / "labs").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted
    assert wanted - shipped == set()


def test_nothing_but_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tenfold"}


def test_what_the_wheel_depends_on_is_what_the_lock_names(installed: Path) -> None:
    uv = [sys.executable, "-m", "uv", "pip", "check", "--python", str(installed / "bin" / "python")]
    checked = subprocess.run(uv, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    assert checked.returncode == 0, checked.stderr


def test_the_installed_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    assert _run([str(installed / "bin" / "tenfold"), "--version"], tmp_path).split()[-1][0].isdigit()


def test_the_installed_code_is_the_wheels(installed: Path, tmp_path: Path) -> None:
    where = "import tenfold; print(tenfold.__file__)"
    assert Path(_run([str(installed / "bin" / "python"), "-c", where], tmp_path).strip()).is_relative_to(installed)


@pytest.mark.parametrize("example", ["good_plan.yaml", "posting_with_faults.md"])
def test_the_installed_command_audits_an_example(installed: Path, tmp_path: Path, example: str) -> None:
    copy = tmp_path / example
    copy.write_bytes((ROOT / "examples" / example).read_bytes())
    told = _run([str(installed / "bin" / "tenfold"), "audit", "--json", str(copy)], tmp_path)
    assert json.loads(told)
    page = _run([str(installed / "bin" / "tenfold"), "audit", "--format", "html", str(copy)], tmp_path)
    assert "</html>" in page or any(tmp_path.glob("*.html"))


def test_the_installed_command_lists_its_facts(installed: Path, tmp_path: Path) -> None:
    assert "timing.manual_share" in _run([str(installed / "bin" / "tenfold"), "facts", "--json"], tmp_path)
