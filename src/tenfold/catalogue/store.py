"""Loads the catalogue from its data files, once a process, and finds things in it by id, name or alias."""

from __future__ import annotations

import csv
import difflib
import io
from dataclasses import dataclass, fields
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import tomli

from tenfold.catalogue.model import (
    Archetype,
    Area,
    Competency,
    Kind,
    Level,
    Role,
    ScopeProfile,
    Skill,
    Status,
)

ML_OPERATIONS = "ml-operations"
INFRASTRUCTURE = "infrastructure"
_KINDS = {kind.value: kind for kind in Kind}
_STATUSES = {status.value: status for status in Status}


@dataclass(frozen=True)
class Catalogue:
    """The whole spine. Mappings keep the order of the data files."""

    areas: dict[str, Area]
    competencies: dict[str, Competency]
    skills: dict[str, Skill]
    roles: dict[str, Role]
    levels: dict[str, Level]
    profiles: dict[str, ScopeProfile]
    archetypes: dict[str, Archetype]

    @cached_property
    def mlops_areas(self) -> tuple[str, ...]:
        """The six ML-operations areas, in order."""
        return tuple(area.id for area in self.areas.values() if area.group == ML_OPERATIONS)

    @cached_property
    def _by_spelling(self) -> dict[str, Skill]:
        spellings: dict[str, Skill] = {}
        for skill in self.skills.values():
            for spelling in (skill.id, skill.name, *skill.aliases, *skill.cased):
                spellings.setdefault(fold(spelling), skill)
        return spellings

    def find(self, spelling: str) -> Skill | None:
        """The skill with this id, name or alias, in any case; None where there is none."""
        return self._by_spelling.get(fold(spelling))

    def similar(self, spelling: str, *, limit: int = 3) -> list[str]:
        """Ids whose spelling is near, nearest first: what a person may have meant."""
        near = difflib.get_close_matches(fold(spelling), self._by_spelling, n=limit * 2, cutoff=0.6)
        return list(dict.fromkeys(self._by_spelling[spelling].id for spelling in near))[:limit]

    def successor(self, skill: Skill) -> Skill | None:
        return self.skills.get(skill.successor) if skill.successor else None

    def area_of(self, skill: Skill) -> Area:
        return self.areas[skill.area]

    def level_for_years(self, years: float) -> Level:
        """The level whose usual span of years holds this many; a house rule for mapping, not a score."""
        for level in self.levels.values():
            if years < level.years[1]:
                return level
        return list(self.levels.values())[-1]


@cache
def catalogue() -> Catalogue:
    """The catalogue shipped with the package."""
    areas = {key: Area(id=key, **table) for key, table in _toml("areas").items()}
    scopes = _toml("scopes")
    return Catalogue(
        areas=areas,
        competencies={key: Competency(id=key, **table) for key, table in _toml("competencies").items()},
        skills=_skills(),
        roles={key: Role(id=key, **table) for key, table in _toml("roles").items()},
        levels={key: _level(rank, key, table) for rank, (key, table) in enumerate(_toml("levels").items())},
        profiles={key: ScopeProfile(id=key, **table) for key, table in scopes["profiles"].items()},
        archetypes={key: Archetype(id=key, **table) for key, table in scopes["archetypes"].items()},
    )


def fold(spelling: str) -> str:
    """A spelling as it is compared: lower case, single blanks."""
    return " ".join(spelling.casefold().split())


def _skills() -> dict[str, Skill]:
    """Reads the rows by position: with as many as there are, a dictionary per row would double the time to load."""
    rows = csv.reader(io.StringIO((files("tenfold.catalogue") / "data" / "skills.csv").read_text("utf-8")))
    if tuple(next(rows)) != tuple(field.name for field in fields(Skill)):
        raise ValueError("the columns of skills.csv are the fields of Skill, in their order")
    return {row[0]: _skill(row) for row in rows}


def _skill(row: list[str]) -> Skill:
    key, name, aliases, cased, kind, area, competency, status, successor, note, year, source = row
    return Skill(
        key,
        name,
        _several(aliases),
        _several(cased),
        _KINDS[kind],
        area,
        competency,
        _STATUSES[status],
        successor,
        note,
        int(year) if year else None,
        source,
    )


def _level(rank: int, key: str, table: dict[str, Any]) -> Level:
    low, high = table["years"]
    return Level(
        id=key,
        name=table["name"],
        rank=rank,
        years=(low, high),
        codes=tuple(table["codes"]),
        words=tuple(table["words"]),
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _toml(name: str) -> dict[str, Any]:
    return tomli.loads((files("tenfold.catalogue") / "data" / f"{name}.toml").read_text("utf-8"))
