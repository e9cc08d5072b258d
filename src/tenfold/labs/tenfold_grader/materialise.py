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
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

PLACEHOLDER = re.compile(r"@@([a-z][a-z0-9_]*)@@")
TEMPLATED = frozenset((".py", ".md", ".toml", ".txt", ".json", ".sh", ".csv", ".yml", ".yaml"))


def main(lab: Path, seed: str, out: Path) -> None:
    variant = _module(lab / "lab/variant.py")
    parameters = variant.make(random.Random(seed))
    words = {**parameters, **(variant.derived(parameters) if hasattr(variant, "derived") else {})}
    shipped = variant.stand_in(parameters) if hasattr(variant, "stand_in") else {}
    everywhere = variant.everywhere(parameters) if hasattr(variant, "everywhere") else {}
    maker = _Maker(lab, out, variant, parameters, words)
    maker.everywhere = everywhere
    maker.starter(shipped)
    maker.reference()
    for kind in ("alternates", "mutants", "attacks"):
        for name, words_of_trial, folder in _trials(lab, kind):
            maker.trial(kind, name, words_of_trial, folder)
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
        if name.startswith("alternates/"):
            shutil.copytree(self.out / name, at)
            return
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

    def trial(self, kind: str, name: str, words: dict[str, Any], folder: Path | None) -> None:
        """`files`: whole files; `fault`: a fault left in; `rewrite`: the variant's own; `edit`: exact replacements."""
        at = self.out / kind / name
        at.parent.mkdir(exist_ok=True)
        self._base(words.get("base", "reference"), at)
        if folder and (folder / "files").is_dir():
            shutil.copytree(folder / "files", at, dirs_exist_ok=True)
        for path, text in words.get("files", {}).items():
            _write(at / path, str(text).encode())
        if "fault" in words:
            self.variant.break_it(at, self._fault(words["fault"]))
        if "rewrite" in words:
            self.variant.rewrite(at, self.parameters, words["rewrite"])
        if folder and (folder / "change.py").is_file():
            _module(folder / "change.py").change(at, self.parameters, self.variant)
        for edit in words.get("edit", ()):
            _edit(at / edit["file"], edit["old"], edit["new"], f"{kind}/{name}")
        self._finish(at)

    def _fault(self, named: Any) -> Any:
        """A fault by its name, or the nth of the variant's; of `mutant_faults` where it may have none of its own."""
        faults = self.parameters.get("mutant_faults") or self.parameters["faults"]
        return faults[named] if isinstance(named, int) else named


def _trials(lab: Path, kind: str) -> list[tuple[str, dict[str, Any], Path | None]]:
    table = lab / "lab" / f"{kind}.toml"
    rows = tomllib.loads(table.read_text("utf-8"))[kind.removesuffix("s")] if table.is_file() else []
    found: list[tuple[str, dict[str, Any], Path | None]] = [(str(row["name"]), row, None) for row in rows]
    files = sorted((lab / "lab" / kind).glob("*/trial.toml"))
    return found + [(file.parent.name, tomllib.loads(file.read_text("utf-8")), file.parent) for file in files]


def _edit(path: Path, old: str, new: str, where: str) -> None:
    """`ValueError` where the text to be replaced is not there: a mutant that changes nothing proves nothing."""
    text = path.read_text("utf-8")
    if old not in text:
        raise ValueError(f"{where}: {path.name} does not hold {old!r}")
    path.write_text(text.replace(old, new), "utf-8")


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
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that lab/variant.py may use the kit
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
