"""Reads a lab's folder and says all that is wrong with it.

`read` gives a `Lab` or raises everything at once, each with file and line. `findings` is the same for people who write
labs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli

from tenfold.kit.errors import InputProblems, Place, UserError
from tenfold.labs.lab import (
    LEAST_ALTERNATES,
    LEAST_MUTANTS,
    PLACEHOLDER,
    Criterion,
    CriterionKind,
    Evidence,
    FaultSource,
    Lab,
    LabKind,
    ServiceSpec,
    Trial,
    digest,
    files,
)
from tenfold.labs.lab_tables import LintFinding, MissingKey, Rule, TableReader
from tenfold.sandbox.interface import MEBIBYTE, Limits

MOST_WORKSPACE_BYTES = 64 * MEBIBYTE
DEFAULT_TIMEOUT_S = 180
_TEMPLATED = frozenset({".py", ".md", ".toml", ".txt", ".json", ".sh", ".csv", ".yml", ".yaml"})
_BASE = re.compile(r"^(reference|starter|alternates/[a-z][a-z0-9-]{1,60})$")
_NAME = re.compile(r"^[a-z][a-z0-9-]{1,60}$")


def read(folder: Path) -> Lab:
    """Raises `InputProblems` with everything that lint finds."""
    reading = _LabReader(folder)
    lab = reading.lab()
    if reading.found or lab is None:
        raise InputProblems([UserError(one.what, place=one.place) for one in reading.found])
    return lab


def findings(folder: Path) -> tuple[LintFinding, ...]:
    """Everything wrong with a lab's folder, in the order of its files."""
    reading = _LabReader(folder)
    reading.lab()
    return tuple(reading.found)


class _LabReader:
    """One pass over a folder. Every problem is noted; the lab is given only if it can be made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: list[LintFinding] = []

    def lab(self) -> Lab | None:
        if not self.folder.is_dir():
            self._note(Rule.MISSING_FILE, "there is no such folder", self.folder)
            return None
        if not self._check_tree():
            return None  # what is too large is not read
        self._needfiles()
        task = self._toml("task.toml")
        if task is None:
            return None
        own = self._table(task, "metadata", "lab")
        if own is None:
            self._note(Rule.MISSING_KEY, "the table [metadata.lab] is missing", "task.toml", 1, "metadata.lab")
            return None
        self._check_harbor_part(task)
        criteria = self._criteria()
        self._check_citations(criteria)
        self._check_placeholders(own)
        try:
            return self._build(task, own, criteria)
        except MissingKey:
            return None

    def _build(self, task: Mapping[str, Any], own: Mapping[str, Any], criteria: tuple[Criterion, ...]) -> Lab:
        want = TableReader(self, "task.toml", own, "metadata.lab")
        room = TableReader(self, "task.toml", self._table(task, "environment") or {}, "environment")
        verifier = TableReader(self, "task.toml", self._table(task, "verifier") or {}, "verifier")
        ids = {criterion.id for criterion in criteria}
        low, high = want.pair("infra_share")
        lab = Lab(
            slug=self.folder.name,
            folder=self.folder,
            description=str(task.get("task", {}).get("description", "")),
            version=want.text("version"),
            kind=want.choice("kind", LabKind),
            minutes=want.number("minutes", 5, 480),
            levels=want.texts("levels"),
            infra_share=(low, high),
            competencies=want.texts("competencies"),
            tools=want.texts("tools"),
            families=want.texts("families"),
            ai_policy=want.text("ai_policy"),
            environment=want.text("environment"),
            limits=Limits(
                memory_mb=(memory_mb := room.number("memory_mb", 32, 65536, default=1024)),
                cpus=float(room.number("cpus", 1, 64, default=1)),
                disk_mb=min(room.number("storage_mb", 1, 32768, default=256), memory_mb // 2),
                pids=want.number("pids", 16, 4096),
            ),
            service=self._service(own),
            answer_files=want.texts("answer_files") if "answer_files" in own else (),
            grading_timeout_s=float(verifier.number("timeout_sec", 30, 3600, default=DEFAULT_TIMEOUT_S)),
            pass_mark=want.number("pass_mark", 1, 100),
            floor=want.number("floor", 0, 99),
            criteria=criteria,
            mutants=self._trials("mutants", ids, LEAST_MUTANTS),
            alternates=self._trials("alternates", ids, LEAST_ALTERNATES),
            attacks=self._trials("attacks", ids, 0),
            hints=self._hints(),
            sources=self._sources(want.texts("families")),
            digest=digest(self.folder),
        )
        want.no_others({*_OWN_KEYS, "service"})
        return lab

    def _service(self, own: Mapping[str, Any]) -> ServiceSpec | None:
        table = self._table(own, "service")
        if table is None:
            return None
        serving = TableReader(self, "task.toml", table, "metadata.lab.service")
        return ServiceSpec(
            start=serving.texts("start"),
            entry=serving.path_inside("entry") if "entry" in table else "",
            port=serving.number("port", 1024, 65535),
            ready=serving.text("ready"),
        )

    # files

    def _check_tree(self) -> bool:
        """Looks at what is there without opening it. False where it is too large to be read."""
        total = 0
        for path in sorted(self.folder.rglob("*")):
            if path.is_symlink():
                self._note(Rule.LEADS_OUTSIDE, f"a symbolic link (to {path.readlink()}): a lab holds files only", path)
            elif path.is_file():
                total += path.stat().st_size
            elif not path.is_dir():
                self._note(Rule.SPECIAL_FILE, "neither a file nor a folder", path)
        if total > MOST_WORKSPACE_BYTES:
            big = max((path for path in files(self.folder)), key=lambda path: path.stat().st_size)
            self._note(
                Rule.TOO_LARGE, f"the lab holds {total // 1_000_000} MB, 64 are allowed; this is its largest file", big
            )
        return total <= MOST_WORKSPACE_BYTES

    def _needfiles(self) -> None:
        for name in (
            "instruction.md",
            "environment/Dockerfile",
            "tests/test.sh",
            "solution/solve.sh",
            "lab/variant.py",
            "lab/grader/grade.py",
            "lab/rubric.toml",
            "lab/debrief.md",
            "workspace",
        ):
            if not (self.folder / name).exists():
                self._note(Rule.MISSING_FILE, "is missing", name)

    def _toml(self, name: str) -> dict[str, Any] | None:
        path = self.folder / name
        if not path.is_file() or path.is_symlink():
            self._note(Rule.MISSING_FILE, "is missing", name)
            return None
        try:
            return tomli.loads(path.read_text("utf-8"))
        except (ValueError, RecursionError) as error:
            line = re.search(r"at line (\d+)", str(error))
            self._note(Rule.NOT_TOML, f"is not TOML: {error}", name, int(line[1]) if line else 1)
            return None

    @staticmethod
    def _table(holder: Mapping[str, Any], *keys: str) -> dict[str, Any] | None:
        table: Any = holder
        for key in keys:
            table = table.get(key) if isinstance(table, dict) else None
        return table if isinstance(table, dict) else None

    def _check_harbor_part(self, task: Mapping[str, Any]) -> None:
        expected: tuple[tuple[tuple[str, ...], object], ...] = (
            (("schema_version",), "1.4"),
            (("verifier", "environment_mode"), "separate"),
            (("environment", "network_mode"), "no-network"),
        )
        for keys, value in expected:
            held: Any = task
            for key in keys:
                held = held.get(key) if isinstance(held, dict) else None
            if held != value:
                self._note(
                    Rule.HARBOR, f"{'.'.join(keys)} must be {value!r}, not {held!r}", "task.toml",
                    self.line_of("task.toml", keys[-1]), ".".join(keys),
                )  # fmt: skip
        if "lab" in task:
            line = self.line_of("task.toml", r"\[lab\]", raw=True)
            self._note(Rule.HARBOR, "our keys go in [metadata.lab], not [lab]", "task.toml", line)
        name = (self._table(task, "task") or {}).get("name", "")
        if not str(name).endswith(f"/{self.folder.name}"):
            self._note(
                Rule.HARBOR, f"task.name must end with /{self.folder.name}", "task.toml",
                self.line_of("task.toml", "name"), "task.name",
            )  # fmt: skip

    # criteria

    def _criteria(self) -> tuple[Criterion, ...]:
        name = "lab/criteria.toml"
        rows = (self._toml(name) or {}).get("criterion", [])
        made: list[Criterion] = []
        for number, row in enumerate(rows):
            line = self.line_of(name, r"\[\[criterion\]\]", raw=True, nth=number)
            want = TableReader(self, name, row, f"criterion[{number}]", line)
            try:
                made.append(
                    Criterion(
                        id=want.text("id"),
                        points=want.number("points", 1, 100),
                        competency=want.text("competency"),
                        kind=want.choice("kind", CriterionKind),
                        what=want.text("what"),
                        learn=want.text("learn"),
                        needs=tuple(row.get("needs", ())),
                    )
                )
            except MissingKey:
                continue
        self._check_criteria(made, name)
        return tuple(made)

    def _check_criteria(self, made: list[Criterion], name: str) -> None:
        ids = {criterion.id for criterion in made}
        if made and (total := sum(criterion.points for criterion in made)) != 100:
            self._note(Rule.POINTS, f"the points add up to {total}, not 100", name, 1)
        for criterion in made:
            if unknown := set(criterion.needs) - ids:
                self._note(
                    Rule.BAD_VALUE, f"{criterion.id} needs {', '.join(sorted(unknown))}, which is no criterion", name,
                    self.line_of(name, criterion.id, raw=True), "needs",
                )  # fmt: skip

    def _check_citations(self, criteria: tuple[Criterion, ...]) -> None:
        path = self.folder / "instruction.md"
        if not path.is_file():
            return
        lines = path.read_text("utf-8", "replace").splitlines()
        cited = {
            word: row for row, line in enumerate(lines, 1) for word in re.findall(r"`criterion:([a-z0-9-]+)`", line)
        }
        for criterion in criteria:
            if criterion.id not in cited:
                self._note(
                    Rule.NOT_CITED, f"`criterion:{criterion.id}` is graded and not named in instruction.md",
                    "lab/criteria.toml", self.line_of("lab/criteria.toml", f'"{criterion.id}"', raw=True), criterion.id,
                )  # fmt: skip
        for word, row in cited.items():
            if word not in {criterion.id for criterion in criteria}:
                self._note(Rule.CITES_UNKNOWN, f"`criterion:{word}` is no criterion", "instruction.md", row)

    def _check_placeholders(self, own: Mapping[str, Any]) -> None:
        known = set(own.get("parameters", ()))
        for path in files(self.folder):
            if path.suffix not in _TEMPLATED or "grader" in path.parts or path.name in {"task.toml", "variant.py"}:
                continue
            for row, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                for word in set(PLACEHOLDER.findall(line)) - known:
                    self._note(
                        Rule.UNKNOWN_PLACEHOLDER, f"@@{word}@@ is not among [metadata.lab] parameters",
                        path.relative_to(self.folder).as_posix(), row,
                    )  # fmt: skip

    # trials and hints

    def _trials(self, kind: str, criteria: set[str], least: int) -> tuple[Trial, ...]:
        """From `lab/<kind>.toml`, one table each, and from `lab/<kind>/<name>/trial.toml` with whole files beside."""
        table = f"lab/{kind}.toml"
        made = []
        if (self.folder / table).exists():
            rows = (self._toml(table) or {}).get(kind.removesuffix("s"), [])
            for number, row in enumerate(rows if isinstance(rows, list) else []):
                line = self.line_of(table, rf"\[\[{kind.removesuffix('s')}\]\]", raw=True, nth=number)
                made.append(self._trial(kind, str(row.get("name", "")), row, criteria, table, line))
        folder = self.folder / "lab" / kind
        for inner in sorted(folder.iterdir()) if folder.is_dir() else []:
            if inner.is_dir() and inner.name != "__pycache__":
                name = f"lab/{kind}/{inner.name}/trial.toml"
                if (words := self._toml(name)) is not None:
                    made.append(self._trial(kind, inner.name, words, criteria, name, 1))
        if len(made) < least:
            self._note(Rule.TOO_FEW, f"{len(made)} {kind}, at least {least} are needed", f"lab/{kind}")
        for name in sorted({one.name for one in made if [two.name for two in made].count(one.name) > 1}):
            self._note(Rule.BAD_VALUE, f"two {kind} are called {name}", table, 1, "name")
        return tuple(made)

    def _trial(  # noqa: PLR0917  a row and where it stands
        self, kind: str, name: str, words: Mapping[str, Any], criteria: set[str], file: str, line: int
    ) -> Trial:
        def note(rule: Rule, what: str, key: str) -> None:
            self._note(rule, what, file, line if line > 1 else self.line_of(file, key), key)

        loses = tuple(words.get("loses", ()))
        if not _NAME.match(name) or not words.get("what"):
            note(Rule.MISSING_KEY, "needs `what`, and a name in lower case", "what")
        if kind == "mutants" and (not loses or set(loses) - criteria):
            note(Rule.BAD_VALUE, "a mutant names in `loses` at least one criterion, and only such", "loses")
        base = str(words.get("base", "reference"))
        if not _BASE.match(base):
            note(Rule.LEADS_OUTSIDE, f"base must be reference, starter or alternates/NAME, not {base!r}", "base")
        for path in (*words.get("files", {}), *(edit.get("file", "") for edit in words.get("edit", []))):
            if path.startswith("/") or ".." in path.split("/") or not path:
                note(Rule.LEADS_OUTSIDE, f"{path!r} is no file of the workspace", "file")
        return Trial(name, str(words.get("what")), base, loses)

    def _sources(self, families: tuple[str, ...]) -> tuple[FaultSource, ...]:
        """Of every family but `none`: where it was seen, so that a report card can say so."""
        name = "lab/sources.toml"
        rows = (self._toml(name) or {}).get("family", []) if (self.folder / name).exists() else []
        made = []
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            line = self.line_of(name, r"\[\[family\]\]", raw=True, nth=number)
            want = TableReader(self, name, row, f"family[{number}]", line)
            try:
                made.append(
                    FaultSource(
                        want.text("id"), want.text("source"), want.choice("evidence", Evidence), want.text("what")
                    )
                )
            except MissingKey:
                continue
        for family in families:
            if family != "none" and family not in {one.family for one in made}:
                self._note(
                    Rule.NO_SOURCE, f"{family} has no source in lab/sources.toml", "task.toml",
                    self.line_of("task.toml", "families"), "families",
                )  # fmt: skip
        return tuple(made)

    def _hints(self) -> tuple[str, ...]:
        rows = (self._toml("lab/hints.toml") or {}).get("hint", [])
        return tuple(_hint(row) for row in rows)

    # notes

    def line_of(self, name: str, key: str, *, raw: bool = False, nth: int = 0) -> int:
        """The line on which a key is set (or a raw pattern stands) for the nth time; 1 where it is not there."""
        path = self.folder / name
        if not path.is_file():
            return 1
        pattern = re.compile(key if raw else rf"^\s*{re.escape(key)}\s*=")
        rows = [
            row for row, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1) if pattern.search(line)
        ]
        return rows[nth] if nth < len(rows) else 1

    def _note(self, rule: Rule, what: str, path: str | Path, line: int | None = None, field: str | None = None) -> None:
        self.note(rule, what, path, line, field)

    def note(self, rule: Rule, what: str, path: str | Path, line: int | None, field: str | None) -> None:
        name = path if isinstance(path, str) else path.relative_to(self.folder).as_posix()
        shown = f"{self.folder.name}/{name}" if name != "." else str(self.folder)
        self.found.append(LintFinding(rule, what, Place(file=shown, line=line, field=field)))


def _hint(row: Mapping[str, Any]) -> str:
    """Its text, with what it costs where the lab says so: with raters, never in the grading."""
    text, costs = str(row.get("text", "")), row.get("costs")
    return f"{text} (Costs {costs} points with those who rate the work, none in the grading.)" if costs else text


_OWN_KEYS = frozenset(
    [
        "version",
        "kind",
        "minutes",
        "levels",
        "infra_share",
        "competencies",
        "tools",
        "families",
        "ai_policy",
        "environment",
        "pids",
        "pass_mark",
        "floor",
        "parameters",
        "answer_files",
    ]
)
