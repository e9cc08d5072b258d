"""A materialised variant as a plain, frozen Harbor task; and Harbor's own opinion of it, where Harbor can be had."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tenfold.kit.errors import UserError
from tenfold.labs import variants
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.variants import Variant
from tenfold.sandbox import trees
from tenfold.sandbox.interface import Sandbox

HARBOR_VARIABLE = "TENFOLD_HARBOR_PYTHON"
_RUN = '''"""Grades what was handed in and writes one reward file: flat, finite numbers."""

import json
import sys
from pathlib import Path

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS), str(TESTS / "grader")]


from tenfold_grader.container_room import ContainerRoom  # noqa: E402
import grade  # noqa: E402

words = json.loads((TESTS / "lab.json").read_text())
room = ContainerRoom(TESTS, Path(sys.argv[1]), words["start"])
try:
    results = grade.grade(room)
finally:
    room.finish([])
shares = {one.criterion: one.share or 0.0 for one in results}
def counts(one):
    return all(shares[need] == 1.0 for need in one["needs"])
some = any(one["kind"] == "behaviour" and shares[one["id"]] > 0 and counts(one) for one in words["criteria"])
points = sum(
    one["points"] * shares[one["id"]]
    for one in words["criteria"]
    if counts(one) and (one["kind"] != "no-collateral" or some)
)
out = Path(sys.argv[2])
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"reward": round(points / 100, 4)}))
'''


@dataclass(frozen=True, slots=True)
class Opinion:
    """What Harbor says of a task. Where it is not at hand, `accepted` is true and `says` tells so."""

    accepted: bool
    says: str
    details: tuple[str, ...] = ()


def build(variant: Variant, out: Path) -> Path:
    """Writes the task into a folder that must not exist yet; nothing half-written is left on failure."""
    if out.exists():
        raise UserError(f"{out} exists already", remedy="name a folder that does not")
    out.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        _write(variant, part)
        part.chmod(0o755)
        part.rename(out)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return out


def _write(variant: Variant, out: Path) -> None:
    lab = variant.lab
    shutil.copyfile(lab.folder / "task.toml", out / "task.toml")
    (out / "instruction.md").write_text(variant.instruction, "utf-8")
    shutil.copytree(lab.folder / "environment", out / "environment")
    lock = lab.folder.parent / "environments" / lab.environment / "requirements.lock"
    shutil.copyfile(lock, out / "environment/requirements.lock")
    _unpack(variant.workspace("starter"), out / "environment/workspace")
    (out / "solution").mkdir()
    shutil.copyfile(lab.folder / "solution/solve.sh", out / "solution/solve.sh")
    _unpack(variant.workspace("reference"), out / "solution/files")
    tests = out / "tests"
    tests.mkdir()
    shutil.copyfile(lab.folder / "tests/test.sh", tests / "test.sh")
    shutil.copytree(lab.folder / "lab/grader", tests / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(variants.KIT, tests / "tenfold_grader", ignore=shutil.ignore_patterns("__pycache__"))
    _unpack(variant.workspace("reference"), tests / "reference")
    _unpack(variant.workspace("data"), tests / "data")
    parameters = {**variant.parameters, "reference_address": "127.0.0.2"}
    (tests / "parameters.json").write_text(json.dumps(parameters), "utf-8")
    (tests / "lab.json").write_text(json.dumps(_words(lab)), "utf-8")
    (tests / "run.py").write_text(_RUN, "utf-8")
    for script in ("tests/test.sh", "solution/solve.sh"):
        (out / script).chmod(0o755)


def _words(lab: Lab) -> dict[str, object]:
    return {
        "edition": lab.edition,
        "start": lab.service.start if lab.service else [],
        "criteria": [
            {"id": one.id, "points": one.points, "kind": one.kind, "needs": one.needs} for one in lab.criteria
        ],
    }


def _unpack(tar: bytes, folder: Path) -> None:
    folder.mkdir(parents=True)
    trees.unpack(io.BytesIO(tar), folder)


_ASK = """
import json, sys
from importlib.metadata import version
from harbor.models.task.task import Task
task = Task(sys.argv[1])
print(json.dumps({"version": version("harbor"), "name": task.name, "mode": str(task.config.verifier.environment_mode)}))
"""


def judge(home: Home, sandbox: Sandbox, lab: Lab) -> Opinion:
    """Builds one variant and lets Harbor load it, and lint it where the version has a lint."""
    python = _python()
    if python is None:
        return Opinion(True, f"Harbor was not asked (no Python with it: set {HARBOR_VARIABLE})")
    with tempfile.TemporaryDirectory() as folder:
        task = build(variants.variant(home, sandbox, lab, "harbor"), Path(folder) / lab.slug)
        done = subprocess.run([str(python), "-c", _ASK, str(task)], check=False, capture_output=True, text=True)
        if done.returncode:
            return Opinion(False, "Harbor does not load it", tuple(done.stderr.strip().splitlines()[-5:]))
        words = json.loads(done.stdout.splitlines()[-1])
        return _lint(python, task, f"Harbor {words['version']} loads it as {words['name']}")


def _lint(python: Path, task: Path, loaded: str) -> Opinion:
    program = python.with_name("harbor")
    has = subprocess.run([str(program), "lint", "--help"], check=False, capture_output=True, text=True)
    if has.returncode:
        return Opinion(True, f"{loaded}; this version has no lint")
    done = subprocess.run([str(program), "lint", str(task)], check=False, capture_output=True, text=True)
    lines = tuple((done.stdout + done.stderr).strip().splitlines()[-20:])
    return Opinion(
        done.returncode == 0, f"{loaded}; its lint {'accepts' if not done.returncode else 'refuses'} it", lines
    )


def _python() -> Path | None:
    """A Python that has Harbor: named by a variable, since Harbor needs 3.12 and an environment of its own."""
    named = os.environ.get(HARBOR_VARIABLE)
    return Path(named) if named and Path(named).exists() else None
