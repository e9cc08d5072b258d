"""A lab as a folder of data: what it holds, and its content's digest. `lab_reader` reads and checks one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tenfold.sandbox.interface import Limits

LEAST_MUTANTS, LEAST_ALTERNATES = 8, 2
PLACEHOLDER = re.compile(r"@@([a-z][a-z0-9_]*)@@")


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


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing graded. `needs`: criteria that must be met for this one to earn anything.

    `learn`: what a strong solution does, shown to everybody after grading.
    """

    id: str
    points: int
    competency: str
    kind: CriterionKind
    what: str
    learn: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, an alternate or an attack: a change of `base`. `loses`: the criterion that a mutant must lose."""

    name: str
    what: str
    base: str = "reference"
    loses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """How the system under test is started, and the Python file that this runs ("" where it is no Python)."""

    start: tuple[str, ...]
    entry: str
    port: int
    ready: str


class Evidence(StrEnum):
    """How a source is known."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"
    HOUSE_RULE = "house-rule"


@dataclass(frozen=True, slots=True)
class FaultSource:
    """Where a family of faults comes from. `evidence`: primary, secondary, unconfirmed or house-rule."""

    family: str
    source: str
    evidence: str
    what: str


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
    service: ServiceSpec | None  # None: files are judged, or what the grader runs in the room
    answer_files: tuple[str, ...]  # what a candidate fills in for the grader to read
    grading_timeout_s: float
    pass_mark: int
    floor: int
    criteria: tuple[Criterion, ...]
    mutants: tuple[Trial, ...]
    alternates: tuple[Trial, ...]
    attacks: tuple[Trial, ...]
    hints: tuple[str, ...]
    sources: tuple[FaultSource, ...]
    digest: str

    @property
    def points(self) -> int:
        return sum(criterion.points for criterion in self.criteria)

    @property
    def edition(self) -> str:
        """Version and content: what a verdict rests on."""
        return f"{self.slug}@{self.version}+{self.digest[:12]}"


_NO_GRADING_DEPENDS_ON = ("lab/report-card", "lab/gates.toml", "lab/mutation.toml")


def digest(folder: Path) -> str:
    """SHA-256 over every file that a variant or a grading depends on.

    Report cards and compiled files do not count, nor does the list of mutants that behave the same: it is written after
    looking at those that are alive, and must not void what was graded.
    """
    seal = hashlib.sha256()
    for path in sorted(files(folder)):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(_NO_GRADING_DEPENDS_ON):
            seal.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return seal.hexdigest()


def files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
            yield path
