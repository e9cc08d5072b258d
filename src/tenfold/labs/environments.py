"""Environments: the tools that a lab's candidate and grader find, locked, built once, shared read-only.

`labs/environments/<name>/` holds `environment.toml` (what it is for, what must import), `requirements.in` and
`requirements.lock` (hashes for everything). The folder built is named by the lock's hash, so a changed lock is another
environment and a running session keeps its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tomli

from tenfold.kit.errors import Place, UserError
from tenfold.labs.home import reachable_by_others
from tenfold.sandbox.interface import BoxSpec, Limits, Sandbox

_READY = ".ready"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment as shipped. `disk_mb`: what it takes when built; `imports`: what must load without network."""

    name: str
    what: str
    disk_mb: int
    imports: tuple[str, ...]
    folder: Path

    @property
    def lock(self) -> Path:
        return self.folder / "requirements.lock"

    @property
    def key(self) -> str:
        """Its name when built: environment and lock."""
        return f"{self.name}-{hashlib.sha256(self.lock.read_bytes()).hexdigest()[:12]}"

    def built(self, root: Path) -> Path:
        return root / self.key

    def is_built(self, root: Path) -> bool:
        return (self.built(root) / _READY).is_file()

    def is_being_built(self, root: Path) -> bool:
        """By a process that lives; what is left of one that was ended holds no lock."""
        try:
            with _lock_file(self, root).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return not self.is_built(root)
        return False


def shipped_environments(labs: Path) -> Iterator[Environment]:
    for file in sorted((labs / "environments").glob("*/environment.toml")):
        yield _load(file)


def environment_named(labs: Path, name: str) -> Environment:
    """Raises `UserError` for a name that is not shipped."""
    known = {one.name: one for one in shipped_environments(labs)}
    if name not in known:
        raise UserError(f"there is no environment {name}", remedy=f"one of: {', '.join(known)}")
    return known[name]


def _load(file: Path) -> Environment:
    try:
        words = tomli.loads(file.read_text("utf-8"))
        return Environment(
            name=file.parent.name,
            what=str(words["what"]),
            disk_mb=int(words["disk_mb"]),
            imports=tuple(words["imports"]),
            folder=file.parent,
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UserError(f"not an environment: {error}", place=Place(file=str(file))) from error


def base_python() -> Path:
    """A Python 3.11 or newer that every uid can read, so that it runs in a box. Raises `UserError`."""
    named_one = os.environ.get("TENFOLD_LAB_PYTHON")
    candidates = [Path(named_one)] if named_one else [Path(f"/usr/bin/python3.{minor}") for minor in range(11, 15)]
    for candidate in candidates:
        # Only /usr is seen in a box, so a Python elsewhere would be a broken link inside.
        if (
            candidate.exists()
            and candidate.resolve().is_relative_to("/usr")
            and reachable_by_others(candidate.resolve())
        ):
            return candidate
    raise UserError(
        "labs need a Python 3.11 or newer below /usr, which every uid can read; none was found",
        remedy="apt-get install python3 python3-venv, or set TENFOLD_LAB_PYTHON",
    )


def build(environment: Environment, root: Path, say: Say) -> Path:
    """Builds an environment unless it is there. A build that was interrupted is never mistaken for one.

    Whoever asks while another process builds it waits for that one. Raises `UserError` for want of disk, network or a
    Python.
    """
    if environment.is_built(root):
        return environment.built(root)
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o755)
    with _lock_file(environment, root).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return environment.built(root) if environment.is_built(root) else _build(environment, root, say)


def _lock_file(environment: Environment, root: Path) -> Path:
    return root / f".{environment.key}.lock"


def _build(environment: Environment, root: Path, say: Say) -> Path:
    target = environment.built(root)
    free_mb = shutil.disk_usage(root).free // 1_000_000
    if free_mb < environment.disk_mb * 1.2:
        raise UserError(
            f"environment {environment.name} takes about {environment.disk_mb} MB and {root} has {free_mb} MB free",
            remedy="free some space, or set TENFOLD_HOME to a larger disk",
        )
    shutil.rmtree(target, ignore_errors=True)  # a build that was interrupted: scripts name their folder, so no renaming
    say(f"{environment.name}: making it with {base_python()} in {target}")
    uv = _uv()
    _run([uv, "venv", "-q", "--python", str(base_python()), str(target)], "could not make the environment")
    say(f"{environment.name}: installing what the lock names")
    lock = str(environment.lock)
    _run(
        [uv, "pip", "install", "-q", "--python", str(target / "bin/python"), "--require-hashes", "-r", lock],
        "could not install it; without network it can only be built from a cache that holds everything",
    )
    say(f"{environment.name}: compiling")
    subprocess.run(
        [str(target / "bin/python"), "-m", "compileall", "-q", "-j", "2", str(target / "lib")],
        check=False,
        capture_output=True,
    )
    _let_everyone_read(target)
    (target / _READY).write_text(environment.lock.read_text("utf-8"), "utf-8")
    return target


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise UserError("uv is not installed, and environments are built with it", remedy="pip install uv")
    return found


def _run(words: list[str], what: str) -> None:
    quiet = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    if "PIP_CERT" in quiet:
        quiet.setdefault("SSL_CERT_FILE", quiet["PIP_CERT"])
    if "PIP_INDEX_URL" in quiet:
        quiet.setdefault("UV_DEFAULT_INDEX", quiet["PIP_INDEX_URL"])
    quiet.setdefault("UV_LINK_MODE", "copy")
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=quiet)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-8:]
        raise UserError(
            f"{what}: {' '.join(last)}", remedy="look at disk and network, then run tenfold labs env build again"
        )


def _let_everyone_read(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def check(environment: Environment, sandbox: Sandbox) -> str:
    """Imports what must import, in a box without network. Returns a line of versions; raises `UserError`."""
    names = ", ".join(environment.imports)
    versions = f'[f\'{{name}} {{getattr(sys.modules[name], "__version__", "")}}\' for name in {environment.imports!r}]'
    code = f"import sys, {names}; print(*{versions}, sep=', ')"
    box = sandbox.create(BoxSpec(limits=Limits(memory_mb=2048, disk_mb=64), environment=environment.key))
    try:
        done = box.exec(["python", "-c", code], timeout_s=120)
    finally:
        box.destroy()
    if done.returncode:
        tail = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise UserError(
            f"environment {environment.name} is broken: {' '.join(tail)}", remedy="remove it and build it again"
        )
    return done.stdout.decode().strip()
