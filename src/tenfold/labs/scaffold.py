"""`labs new`: a lab that passes lint and fails every other gate, each file saying what to write in it.

The lab it makes is the smallest that the kit can grade: a service that answers a number, one fault, a grader of three
checks. Everything that says TODO is to be replaced; what remains is what every lab has.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from tenfold.kit.errors import UserError
from tenfold.labs.lab import LEAST_ALTERNATES, LEAST_MUTANTS, Lab

TEMPLATE = Path(__file__).with_name("template")
_NAME = re.compile(r"^[a-z][a-z0-9-]{1,60}$")
_LEFT_OUT = ("__pycache__", "report-card.toml", "gates.toml")


def new(into: Path, slug: str, *, like: Lab | None = None) -> Path:
    """The new lab's folder. Raises `UserError` for a name that is none or is taken; nothing is half-written."""
    if not _NAME.match(slug):
        raise UserError(f"{slug!r} is no name for a lab", remedy="small letters, digits and hyphens, as queue-backlog")
    target = into / slug
    if target.exists():
        raise UserError(f"{target} exists already", remedy="name another, or remove it")
    into.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{slug}.", dir=into))
    try:
        source = like.folder if like else TEMPLATE
        shutil.copytree(source, part, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        _rename(part, like.slug if like else "template", slug)
        if like is None:
            _add_trials(part)
        part.chmod(0o755)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def _rename(folder: Path, old: str, slug: str) -> None:
    task = folder / "task.toml"
    text = task.read_text("utf-8").replace(f'name = "tenfold/{old}"', f'name = "tenfold/{slug}"')
    task.write_text(text, "utf-8")


def _add_trials(folder: Path) -> None:
    """As many mutants and alternates as lint asks for, each to be written."""
    rows = [
        f'[[mutant]]\nname = "todo-{number}"\nwhat = "TODO: what somebody gets wrong"\nloses = ["answers"]\n'
        for number in range(1, LEAST_MUTANTS + 1)
    ]
    head = "# Wrong solutions by hand: `files` (whole), `edit` (file, old, new) or `fault` (left in).\n\n"
    (folder / "lab/mutants.toml").write_text(head + "\n".join(rows), "utf-8")
    for number in range(1, LEAST_ALTERNATES + 1):
        inner = folder / f"lab/alternates/todo-{number}"
        inner.mkdir(parents=True)
        (inner / "trial.toml").write_text('what = "TODO: a right solution by another design"\n', "utf-8")
