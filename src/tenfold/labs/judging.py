"""Judges a folder of files over a variant, without a session: for authors of labs, and for other programs.

The files of a folder are laid over the variant's starter or reference. A `_change.py` in it, with `change(files,
variant)`, may edit instead: `files.held` maps paths to bytes. It runs in this process, so a folder must come from
somebody whom one would let run Python here; what is laid over is run in a box like any submission.
"""

from __future__ import annotations

import importlib.util
import traceback
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from tenfold.kit.errors import Place, UserError
from tenfold.labs import grading, variants
from tenfold.labs.attacks import Files
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.variants import Variant
from tenfold.labs.verdicts import Verdict
from tenfold.sandbox.interface import MEBIBYTE, Sandbox

CHANGE = "_change.py"
_MAX_BYTES = 64 * MEBIBYTE


class Base(StrEnum):
    """What the files are laid over."""

    STARTER = "starter"
    REFERENCE = "reference"


def judge(home: Home, sandbox: Sandbox, lab: Lab, *, seed: str, over: Base, folder: Path) -> Verdict:
    """Raises `UserError` for a folder that cannot be read or a change that cannot be made."""
    variant = variants.variant(home, sandbox, lab, seed)
    return grading.grade(home, sandbox, variant, submission(variant, over, folder))


def submission(variant: Variant, over: Base, folder: Path) -> bytes:
    """The workspace that the folder makes of a base, as a tar."""
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}", remedy="name one with the files to lay over")
    files = Files.of(variant.workspace(over))
    room = _MAX_BYTES
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name == CHANGE or "__pycache__" in path.parts:
            continue
        if path.is_symlink():
            files.held.pop(name, None)
            files.links[name] = str(path.readlink())
        elif path.is_file():
            room -= path.stat().st_size
            if room < 0:
                raise UserError(f"{folder} holds more than 64 MB", remedy="hand in what the task needs")
            files.held[name] = path.read_bytes()
    if (folder / CHANGE).is_file():
        _change(folder / CHANGE)(files, variant)
    return files.tar()


def _change(path: Path) -> Callable[[Files, Variant], Any]:
    spec = importlib.util.spec_from_file_location("_change", path)
    if spec is None or spec.loader is None:
        raise UserError("this is no Python file", place=Place(file=str(path)))
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        change = module.change
    except (SyntaxError, ImportError, AttributeError, NameError) as error:
        raise UserError(f"no change(files, variant) can be read: {error}", place=Place(file=str(path))) from error

    def guarded(files: Files, variant: Variant) -> None:
        try:
            change(files, variant)
        except (AssertionError, KeyError, ValueError, TypeError, AttributeError) as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            raise UserError(
                f"the change does not fit this variant: {type(error).__name__} {error}",
                remedy="see whether it edits the right base (--over) and text that is there",
                place=Place(file=str(path), line=last.lineno),
            ) from error

    return guarded


def to_dict(verdict: Verdict) -> dict[str, Any]:
    """What `tenfold labs judge --json` prints."""
    return {
        "outcome": verdict.outcome,
        "points": verdict.points,
        "of": verdict.of,
        "criteria": [
            {"id": one.criterion, "share": one.share, "earned": one.earned, "evidence": list(one.evidence)}
            for one in verdict.criteria
        ],
        "fault_of": verdict.fault_of,
        "event": verdict.event,
        "why": verdict.why,
        "seconds": verdict.seconds,
        "edition": verdict.edition,
    }
