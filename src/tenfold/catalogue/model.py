"""What the catalogue holds: frozen records, one id each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Whether a skill's project lives. `renamed` and `archived` may name a successor."""

    ALIVE = "alive"
    ARCHIVED = "archived"
    RENAMED = "renamed"
    RETIRED = "retired"


class Kind(StrEnum):
    """What sort of thing a skill is.

    Only named technologies count as tools of a posting (`Skill.is_tool`); practices and certifications do not.
    """

    LANGUAGE = "language"
    FRAMEWORK = "framework"
    LIBRARY = "library"
    TOOL = "tool"
    PLATFORM = "platform"
    SERVICE = "service"
    DATABASE = "database"
    PROTOCOL = "protocol"
    FORMAT = "format"
    OPERATING_SYSTEM = "operating-system"
    MODEL = "model"
    PRACTICE = "practice"
    CERTIFICATION = "certification"


@dataclass(frozen=True, slots=True)
class Area:
    """A field of skill; see `data/areas.toml` for the meaning of the weights."""

    id: str
    name: str
    group: str
    infra_weight: float
    mlops: bool
    what: str


@dataclass(frozen=True, slots=True)
class Competency:
    """What a requirement, a lab criterion, an interview question and a ladder row all point to."""

    id: str
    name: str
    area: str
    what: str


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill or tool.

    The name and the `aliases` are matched without regard to case. `cased` are spellings that count only in exactly
    this case ("Go", "R", "Ray") because in lower case they are ordinary words; a name that stands in `cased` is matched
    that way only. `successor` is the id of what to name instead. `status_note` is one sentence, with its source in
    brackets where one was read. `first_release` is the year in which the public could first get it, given only where
    `first_release_source` states it.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    cased: tuple[str, ...]
    kind: Kind
    area: str
    competency: str
    status: Status
    successor: str
    status_note: str
    first_release: int | None
    first_release_source: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """The spellings that count in any case; those of `cased` count besides, in exactly theirs."""
        return self.aliases if self.name in self.cased else (self.name, *self.aliases)

    @property
    def is_tool(self) -> bool:
        return self.kind not in (Kind.PRACTICE, Kind.CERTIFICATION)


@dataclass(frozen=True, slots=True)
class Role:
    """A role family. `hirable`: one of the five that Tenfold plans, prices and audits."""

    id: str
    name: str
    hirable: bool
    what: str


@dataclass(frozen=True, slots=True)
class Level:
    """One of five levels; `rank` counts from 0 (junior). `years` is a span [from, to) for mapping only."""

    id: str
    name: str
    rank: int
    years: tuple[int, int]
    codes: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScopeProfile:
    """A named split of infrastructure and ML work; `infra_share` in percent."""

    id: str
    name: str
    infra_share: int
    what: str


@dataclass(frozen=True, slots=True)
class Archetype:
    """One of three shapes of the MLOps job."""

    id: str
    name: str
    what: str
