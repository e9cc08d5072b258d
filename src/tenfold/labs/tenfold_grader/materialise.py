"""Makes one variant of a lab from its seed, inside a box: `lab/variant.py` is the lab author's code, not ours.

Writes to the working folder: `parameters.json`, `instruction.md`, `starter/`, `reference/`, `data/` (for the grader)
and `mutants|alternates|attacks/<name>/`, each a whole workspace.
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

PLACEHOLDER = re.compile(r"@@([a-z][a-z0-9_]*)@@")
TEMPLATED = frozenset((".py", ".md", ".toml", ".txt", ".json", ".sh", ".csv", ".yml", ".yaml"))


def main(lab: Path, seed: str, out: Path) -> None:
    variant = _module(lab / "lab/variant.py")
    parameters = variant.make(random.Random(seed))  # noqa: S311  a variant is reproducible, not secret
    words = {**parameters, **(variant.derived(parameters) if hasattr(variant, "derived") else {})}
    shipped = variant.stand_in(parameters) if hasattr(variant, "stand_in") else {}
    everywhere = variant.everywhere(parameters) if hasattr(variant, "everywhere") else {}
    maker = _Maker(lab, out, variant, parameters, words)
    maker.everywhere = everywhere
    maker.starter(shipped)
    maker.reference()
    for kind in ("mutants", "alternates", "attacks"):
        for folder in sorted((lab / "lab" / kind).glob("*/trial.toml")):
            maker.trial(kind, folder.parent)
    for name, content in (variant.data(parameters) if hasattr(variant, "data") else {}).items():
        _write(out / "data" / name, content)
    (out / "instruction.md").write_text(rendered((lab / "instruction.md").read_text("utf-8"), words), "utf-8")
    (out / "parameters.json").write_text(json.dumps(parameters, sort_keys=True), "utf-8")


class _Maker:
    """Lays workspaces out of the lab's parts."""

    def __init__(
        self,
        lab: Path,
        out: Path,
        variant: ModuleType,
        parameters: dict[str, Any],
        words: dict[str, Any],
    ) -> None:
        self.lab, self.out, self.variant = lab, out, variant
        self.parameters, self.words = parameters, words
        self.everywhere: dict[str, bytes] = {}

    def _base(self, name: str, at: Path) -> None:
        shutil.copytree(self.lab / "workspace", at)
        if name == "starter":
            self.variant.inject(at, self.parameters)
        elif (self.lab / "lab/reference").is_dir():
            shutil.copytree(self.lab / "lab/reference", at, dirs_exist_ok=True)

    def _finish(self, at: Path) -> None:
        for name, content in self.everywhere.items():
            _write(at / name, content)
        for path in at.rglob("*"):
            if path.is_file() and path.suffix in TEMPLATED:
                text = path.read_text("utf-8")
                if "@@" in text:
                    path.write_text(rendered(text, self.words), "utf-8")

    def starter(self, shipped: dict[str, bytes]) -> None:
        at = self.out / "starter"
        self._base("starter", at)
        self._finish(at)
        for name, content in shipped.items():
            _write(at / name, content)

    def reference(self) -> None:
        self._base("reference", self.out / "reference")
        self._finish(self.out / "reference")

    def trial(self, kind: str, folder: Path) -> None:
        at = self.out / kind / folder.name
        at.parent.mkdir(exist_ok=True)
        based = re.search(r'^base = "(\w+)"', (folder / "trial.toml").read_text("utf-8"), re.MULTILINE)
        self._base(based[1] if based else "reference", at)
        if (folder / "files").is_dir():
            shutil.copytree(folder / "files", at, dirs_exist_ok=True)
        if (folder / "change.py").is_file():
            _module(folder / "change.py").change(at, self.parameters, self.variant)
        self._finish(at)


def rendered(text: str, words: dict[str, Any]) -> str:
    """One pass: a value that itself holds a placeholder is not looked at again. `KeyError` for an unknown word."""
    return PLACEHOLDER.sub(lambda found: str(words[found[1]]), text)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.parent.name.replace("-", "_") + path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
