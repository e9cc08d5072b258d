"""The practice room: a lab of its own with a lab's tools, in which nothing is graded and nothing counts.

It is the smallest lab that the kit knows, with another task and workspace, made once for each environment.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from tenfold.labs import environments, lab_reader, scaffold
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab

SLUG = "practice"
MINUTES = 480
"""So many that practice never runs out of them."""
CONTENT = Path(__file__).with_name("practice_room")
_VARIANT = '''"""Nothing varies."""


def make(rng):
    return {"route": "practice", "faults": []}


def inject(workspace, parameters):
    return None


def break_it(workspace, fault):
    return None
'''


def practice_lab(home: Home, like: Lab) -> Lab:
    """The practice room with the tools of a lab. Raises `UserError` where it cannot be made."""
    environment = environments.environment_named(like.folder.parent, like.environment)
    root = home.root / "practice" / f"{environment.key}-{_digest()}"
    if not (root / SLUG / "task.toml").is_file():
        shutil.copytree(environment.folder, root / "environments" / environment.name, dirs_exist_ok=True)
        _make(root, environment.name)
    return lab_reader.read(root / SLUG)


def _make(root: Path, environment: str) -> None:
    shutil.rmtree(root / SLUG, ignore_errors=True)
    shutil.rmtree(root / ".making", ignore_errors=True)
    made = scaffold.new(root / ".making", SLUG)
    shutil.rmtree(made / "workspace")
    shutil.copytree(CONTENT / "workspace", made / "workspace", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CONTENT / "instruction.md", made / "instruction.md")
    (made / "lab/variant.py").write_text(_VARIANT, "utf-8")
    task = made / "task.toml"
    text = re.sub(r"^minutes = \d+", f"minutes = {MINUTES}", task.read_text("utf-8"), flags=re.MULTILINE)
    text = re.sub(r'^environment = ".*"', f'environment = "{environment}"', text, flags=re.MULTILINE)
    text = re.sub(r"^answer_files = .*\n", "", text, flags=re.MULTILINE)
    task.write_text(text, "utf-8")
    made.rename(root / SLUG)


def _digest() -> str:
    seal = hashlib.sha256(_VARIANT.encode())
    for path in sorted(CONTENT.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            seal.update(path.read_bytes())
    return seal.hexdigest()[:8]
