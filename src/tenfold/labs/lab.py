"""A lab as a folder of data: read, checked, and told apart by its content.

`read` gives a `Lab` or raises all that is wrong at once, each with file and line. `findings` is the same for people who
write labs, with warnings beside the errors.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import tomli

from tenfold.kit.errors import InputProblems, Place, UserError
from tenfold.sandbox.interface import MEBIBYTE, Limits

MOST_WORKSPACE_BYTES = 64 * MEBIBYTE
LEAST_MUTANTS, LEAST_ALTERNATES = 8, 2
PLACEHOLDER = re.compile(r"@@([a-z][a-z0-9_]*)@@")
_BASES = ("reference", "starter")
_NAME = re.compile(r"^[a-z][a-z0-9-]{1,60}$")


class LabKind(StrEnum):
    """How a candidate takes it."""

    LIVE = "live"
    TAKE_HOME = "take-home"
    REVIEW = "review"


class CriterionKind(StrEnum):
    """What a criterion looks at, in the order in which a verdict tells them."""

    BEHAVIOUR = "behaviour"
    NO_COLLATERAL = "no-collateral"
    EVIDENCE = "evidence"
    DIAGNOSIS = "diagnosis"


class Rule(StrEnum):
    """Ids of what lint finds."""

    MISSING_FILE = "missing-file"
    NOT_TOML = "not-toml"
    MISSING_KEY = "missing-key"
    BAD_VALUE = "bad-value"
    UNKNOWN_KEY = "unknown-key"
    NOT_CITED = "criterion-not-cited"
    CITES_UNKNOWN = "cites-unknown-criterion"
    POINTS = "points-not-100"
    TOO_FEW = "too-few"
    LEADS_OUTSIDE = "leads-outside"
    SPECIAL_FILE = "special-file"
    TOO_LARGE = "too-large"
    UNKNOWN_PLACEHOLDER = "unknown-placeholder"
    CYCLIC_TEMPLATE = "cyclic-template"
    HARBOR = "harbor"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing wrong with a lab's folder."""

    rule: Rule
    what: str
    place: Place

    def __str__(self) -> str:
        return f"{self.place}: {self.what} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing graded. `needs`: criteria that must be met for this one to earn anything."""

    id: str
    points: int
    competency: str
    kind: CriterionKind
    what: str
    learn: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, an alternate or an attack: files laid over `base`. `loses`: the criterion that a mutant must lose."""

    name: str
    what: str
    folder: Path
    base: str = "reference"
    loses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """How the system under test is started, and the Python file that this runs."""

    start: tuple[str, ...]
    entry: str
    port: int
    ready: str


@dataclass(frozen=True, slots=True)
class Lab:
    """One lab, valid as far as its data go."""

    slug: str
    folder: Path
    description: str
    version: str
    kind: LabKind
    minutes: int
    levels: tuple[str, ...]
    infra_share: tuple[int, int]
    competencies: tuple[str, ...]
    tools: tuple[str, ...]
    families: tuple[str, ...]
    ai_policy: str
    environment: str
    limits: Limits
    service: ServiceSpec
    pass_mark: int
    floor: int
    criteria: tuple[Criterion, ...]
    mutants: tuple[Trial, ...]
    alternates: tuple[Trial, ...]
    attacks: tuple[Trial, ...]
    hints: tuple[str, ...]
    digest: str

    @property
    def points(self) -> int:
        return sum(criterion.points for criterion in self.criteria)

    @property
    def edition(self) -> str:
        """Version and content: what a verdict rests on."""
        return f"{self.slug}@{self.version}+{self.digest[:12]}"


def read(folder: Path) -> Lab:
    """Raises `InputProblems` with everything that lint finds."""
    reading = _Reading(folder)
    lab = reading.lab()
    if reading.found or lab is None:
        raise InputProblems([UserError(one.what, place=one.place) for one in reading.found])
    return lab


def findings(folder: Path) -> tuple[LintFinding, ...]:
    """Everything wrong with a lab's folder, in the order of its files."""
    reading = _Reading(folder)
    reading.lab()
    return tuple(reading.found)


def digest(folder: Path) -> str:
    """SHA-256 over every file that a variant or a grading depends on; report cards and compiled files do not count."""
    seal = hashlib.sha256()
    for path in sorted(_files(folder)):
        name = path.relative_to(folder).as_posix()
        if not name.startswith("lab/report-card"):
            seal.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return seal.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
            yield path


class _Reading:
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
        self._need_files()
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
            return self._made(task, own, criteria)
        except _Missing:
            return None

    def _made(self, task: Mapping[str, Any], own: Mapping[str, Any], criteria: tuple[Criterion, ...]) -> Lab:
        want = _Wanted(self, "task.toml", own, "metadata.lab")
        room = _Wanted(self, "task.toml", self._table(task, "environment") or {}, "environment")
        service = self._table(own, "service") or {}
        serving = _Wanted(self, "task.toml", service, "metadata.lab.service")
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
            service=ServiceSpec(
                start=serving.texts("start"),
                entry=serving.path_inside("entry"),
                port=serving.number("port", 1024, 65535),
                ready=serving.text("ready"),
            ),
            pass_mark=want.number("pass_mark", 1, 100),
            floor=want.number("floor", 0, 99),
            criteria=criteria,
            mutants=self._trials("mutants", ids, LEAST_MUTANTS),
            alternates=self._trials("alternates", ids, LEAST_ALTERNATES),
            attacks=self._trials("attacks", ids, 0),
            hints=self._hints(),
            digest=digest(self.folder),
        )
        want.no_others({*_OWN_KEYS, "service"})
        return lab

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
            big = max((path for path in _files(self.folder)), key=lambda path: path.stat().st_size)
            self._note(
                Rule.TOO_LARGE, f"the lab holds {total // 1_000_000} MB, 64 are allowed; this is its largest file", big
            )
        return total <= MOST_WORKSPACE_BYTES

    def _need_files(self) -> None:
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
        except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
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
            self._note(Rule.HARBOR, "our keys stand in [metadata.lab], not [lab]", "task.toml", line)
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
            want = _Wanted(self, name, row, f"criterion[{number}]", line)
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
            except _Missing:
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
        for path in _files(self.folder):
            if path.suffix not in {".py", ".md", ".toml", ".txt", ".json", ".sh", ".csv", ".yml", ".yaml"}:
                continue
            if "grader" in path.parts or path.name in {"task.toml", "variant.py"}:
                continue
            for row, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                for word in set(PLACEHOLDER.findall(line)) - known:
                    self._note(
                        Rule.UNKNOWN_PLACEHOLDER, f"@@{word}@@ is not among [metadata.lab] parameters",
                        path.relative_to(self.folder).as_posix(), row,
                    )  # fmt: skip

    # trials and hints

    def _trials(self, kind: str, criteria: set[str], least: int) -> tuple[Trial, ...]:
        folder = self.folder / "lab" / kind
        made = []
        for inner in sorted(folder.iterdir()) if folder.is_dir() else []:
            if not inner.is_dir() or inner.name == "__pycache__":
                continue
            name = f"lab/{kind}/{inner.name}/trial.toml"
            words = self._toml(name)
            if words is None:
                continue
            loses = tuple(words.get("loses", ()))
            if not _NAME.match(inner.name) or not words.get("what"):
                self._note(Rule.MISSING_KEY, "needs `what`, and a folder named in lower case", name, 1, "what")
            if kind == "mutants" and (not loses or set(loses) - criteria):
                self._note(
                    Rule.BAD_VALUE, "a mutant names in `loses` at least one criterion, and only such", name,
                    self.line_of(name, "loses"), "loses",
                )  # fmt: skip
            base = str(words.get("base", "reference"))
            if base not in _BASES:
                self._note(
                    Rule.LEADS_OUTSIDE, f"base must be {' or '.join(_BASES)}, not {base!r}", name,
                    self.line_of(name, "base"), "base",
                )  # fmt: skip
            made.append(Trial(inner.name, str(words.get("what")), inner, base, loses))
        if len(made) < least:
            self._note(Rule.TOO_FEW, f"{len(made)} {kind}, at least {least} are needed", f"lab/{kind}")
        return tuple(made)

    def _hints(self) -> tuple[str, ...]:
        rows = (self._toml("lab/hints.toml") or {}).get("hint", [])
        return tuple(str(row.get("text", "")) for row in rows)

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
    ]
)


_Choice = TypeVar("_Choice", bound=StrEnum)


class _Missing(Exception):
    """A key without which no lab can be made; noted already."""


class _Wanted:
    """Keys asked of one table, each noted where it is missing or wrong."""

    def __init__(
        self, reading: _Reading, file: str, table: Mapping[str, Any], where: str, line: int | None = None
    ) -> None:
        self._reading, self._file, self._table, self._where, self._line = reading, file, table, where, line

    def _get(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        if key not in self._table:
            self._complain(Rule.MISSING_KEY, key, f"{key} is missing: {what}")
        value = self._table[key]
        if isinstance(value, bool) or not isinstance(value, kind):
            self._complain(Rule.BAD_VALUE, key, f"{key} must be {what}, not {value!r}")
        return value

    def _complain(self, rule: Rule, key: str, what: str) -> None:
        line = self._line or self._reading.line_of(self._file, key)
        self._reading.note(rule, what, self._file, line, f"{self._where}.{key}")
        raise _Missing

    def text(self, key: str) -> str:
        value = str(self._get(key, str, "a text"))
        if not value.strip():
            self._complain(Rule.BAD_VALUE, key, f"{key} is empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self._get(key, list, "a list of texts"))

    def path_inside(self, key: str) -> str:
        value = self.text(key)
        if value.startswith("/") or ".." in PurePosixPath(value).parts:
            self._complain(Rule.LEADS_OUTSIDE, key, f"{key} must lie in the workspace, and {value} does not")
        return value

    def number(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        if default is not None and key not in self._table:
            return default
        value = int(self._get(key, int, f"a number from {low} to {high}"))
        if not low <= value <= high:
            self._complain(Rule.BAD_VALUE, key, f"{key} must lie between {low} and {high}, not be {value}")
        return value

    def pair(self, key: str) -> tuple[int, int]:
        value = self._get(key, list, "two percentages")
        if len(value) != 2 or not 0 <= value[0] <= value[1] <= 100:
            self._complain(Rule.BAD_VALUE, key, f"{key} must be two percentages, the lower first")
        return int(value[0]), int(value[1])

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        value = self.text(key)
        try:
            return kind(value)
        except ValueError:
            self._complain(Rule.BAD_VALUE, key, f"{key} must be one of {', '.join(kind)}, not {value!r}")
            raise

    def no_others(self, known: set[str]) -> None:
        for key in sorted(set(self._table) - known):
            line = self._reading.line_of(self._file, key)
            self._reading.note(Rule.UNKNOWN_KEY, f"{key} is not known here", self._file, line, f"{self._where}.{key}")
