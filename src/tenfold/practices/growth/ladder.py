"""A career ladder: levels, themes and cells; a cell says what someone at a level is seen to do in a theme.

The form is the one that the Financial Times publishes (MIT): stable ids, one entry a behaviour, retired entries flagged
and kept. Ours adds counter-examples, the catalogue's competency, and a map of how scope widens. Keys that are not known
here are kept, so that what is imported can be exported without loss.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import UserError
from tenfold.practices.growth.engine import YEARS, unseen_words
from tenfold.practices.growth.yaml_files import YamlFile, parse_yaml

RETIRED_KEYS = ("retired", "isRetired", "isLegacy", "deprecated")
OURS = frozenset({"tenfold_ladder", "version", "scope_map"})
OURS_IN_LEVEL = frozenset({"scope"})
OURS_IN_CELL = frozenset({"competency", "counterExamples"})


class Part(BaseModel):
    """A part of a ladder; unknown keys are kept."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, coerce_numbers_to_str=True)

    @property
    def is_retired(self) -> bool:
        return any((self.model_extra or {}).get(key) is True for key in RETIRED_KEYS)


class Level(Part):
    """One level, lowest first; `scope` is what it owns: a task, a team, the organisation."""

    id: str = Field(min_length=1)
    name: str
    summary: str | None = None
    scope: str | None = None


class Theme(Part):
    """What cells are grouped by."""

    id: str = Field(min_length=1)
    name: str
    summary: str | None = None


class Cell(Part):
    """What someone at a level is seen to do in a theme."""

    id: str = Field(min_length=1)
    level: str
    theme: str
    summary: str = Field(min_length=1)
    examples: list[str] = Field(default_factory=list)
    counter_examples: list[str] = Field(default_factory=list, alias="counterExamples")
    supporting_urls: list[Any] = Field(default_factory=list, alias="supportingUrls")
    proficiency: str | None = None
    competency: str | None = None


class ScopeStep(Part):
    """One thing to own, in the order in which scope usually widens."""

    id: str
    name: str
    owned_from: str
    competencies: list[str] = Field(default_factory=list)


class Ladder(Part):
    """A whole ladder. Every cell names a level and a theme that are there; ids are unique."""

    name: str = Field(min_length=1)
    summary: str | None = None
    version: str | None = None
    levels: list[Level] = Field(min_length=1)
    themes: list[Theme] = Field(min_length=1)
    competencies: list[Cell] = Field(min_length=1)
    scope_map: list[ScopeStep] = Field(default_factory=list)

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Ladder:
        for what, ids in (
            ("level", [level.id for level in self.levels]),
            ("theme", [theme.id for theme in self.themes]),
            ("competency", [cell.id for cell in self.competencies]),
        ):
            twice = [each for each, count in Counter(ids).items() if count > 1]
            if twice:
                raise ValueError(f"the {what} id “{twice[0]}” stands there {Counter(ids)[twice[0]]} times")
        levels, themes = {level.id for level in self.levels}, {theme.id for theme in self.themes}
        for cell in self.competencies:
            if cell.level not in levels:
                raise ValueError(f"“{cell.id}” names the level “{cell.level}”, which is not among the levels")
            if cell.theme not in themes:
                raise ValueError(f"“{cell.id}” names the theme “{cell.theme}”, which is not among the themes")
        return self

    def to_dict(self) -> dict[str, Any]:
        """The ladder as it is written: only keys that were given."""
        return self.model_dump(by_alias=True, exclude_unset=True)

    def rank(self, level: str) -> int:
        return [each.id for each in self.levels].index(level)

    def cell(self, cell_id: str) -> Cell | None:
        return next((cell for cell in self.competencies if cell.id == cell_id), None)

    @property
    def current(self) -> list[Cell]:
        """Cells that are not retired."""
        return [cell for cell in self.competencies if not cell.is_retired]


@dataclass(frozen=True, slots=True)
class LadderRemark:
    """Something to change in a ladder: severity (`fix`, `review` or `note`), the cell, what and why."""

    severity: str
    where: str
    text: str


@cache
def shipped_ladder() -> Ladder:
    """Tenfold's own ladder of MLOps engineering."""
    path = files("tenfold.practices.growth") / "data" / "ladder.yaml"
    return load_ladder(path.read_text(encoding="utf-8"), name="ladder.yaml")


def load_ladder(text: str, *, name: str) -> Ladder:
    """A ladder in our form or in that of the Financial Times.

    Raises:
        UserError: it is no ladder; every problem names its line.
    """
    return ladder_of(parse_yaml(text, name=name))


def ladder_of(found: YamlFile) -> Ladder:
    return found.to_model(Ladder)


def to_ft(ladder: Ladder) -> tuple[dict[str, Any], list[str]]:
    """The ladder in the Financial Times' form, and which of our keys it has no room for."""
    values = ladder.to_dict()
    dropped = sorted(OURS & set(values))
    kept = {key: value for key, value in values.items() if key not in OURS}
    kept["levels"] = [_without(level, OURS_IN_LEVEL) for level in values["levels"]]
    kept["competencies"] = [_without(cell, OURS_IN_CELL) for cell in values["competencies"]]
    dropped += sorted({key for level in values["levels"] for key in level if key in OURS_IN_LEVEL})
    dropped += sorted({key for cell in values["competencies"] for key in cell if key in OURS_IN_CELL})
    return kept, dropped


def lint_ladder(ladder: Ladder) -> list[LadderRemark]:
    """What to change so that a ladder can be used: gaps, cells that nobody could see, levels that say the same."""
    return [*_empty_cells(ladder), *_same_words(ladder), *_unseen(ladder), *_bare(ladder), *_unknown(ladder)]


def require_level(ladder: Ladder, level: str) -> str:
    if level not in {each.id for each in ladder.levels}:
        known = ", ".join(each.id for each in ladder.levels)
        raise UserError(f"The ladder has no level “{level}”.", remedy=f"It has: {known}.")
    return level


def _without(values: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


def _empty_cells(ladder: Ladder) -> Iterator[LadderRemark]:
    filled = {(cell.theme, cell.level) for cell in ladder.current}
    used = {theme for theme, _ in filled}
    for theme in ladder.themes:
        if theme.id not in used:
            yield LadderRemark("review", theme.id, f"The theme “{theme.name}” has no entry at any level.")
            continue
        for level in ladder.levels:
            if (theme.id, level.id) not in filled:
                text = (
                    f"“{theme.name}” says nothing of {level.name}: who reaches that level cannot see what is expected."
                )
                yield LadderRemark("review", f"{theme.id}/{level.id}", text)


def _same_words(ladder: Ladder) -> Iterator[LadderRemark]:
    for low, high in pairwise(ladder.levels):
        below = {_plain(cell.summary): cell for cell in ladder.current if cell.level == low.id}
        for cell in ladder.current:
            other = below.get(_plain(cell.summary)) if cell.level == high.id else None
            if other is not None:
                text = f"{low.name} and {high.name} are told to do the same (see {other.id})."
                yield LadderRemark("fix", cell.id, text)


def _unseen(ladder: Ladder) -> Iterator[LadderRemark]:
    for cell in ladder.current:
        if YEARS.search(cell.summary):
            yield LadderRemark("fix", cell.id, "It asks for years: years measure patience and are a proxy for age.")
        elif words := unseen_words(cell.summary):
            yield LadderRemark("review", cell.id, f"“{words}” cannot be seen; say what the person does.")


def _bare(ladder: Ladder) -> Iterator[LadderRemark]:
    bare = [cell.id for cell in ladder.current if not cell.examples]
    if bare:
        text = f"{len(bare)} of {len(ladder.current)} entries have no example; two readers will read them differently."
        yield LadderRemark("note", bare[0], text)


def _unknown(ladder: Ladder) -> Iterator[LadderRemark]:
    known = catalogue().competencies
    for cell in ladder.current:
        if cell.competency is not None and cell.competency not in known:
            text = f"The catalogue has no competency “{cell.competency}”, so labs and interviews do not reach it."
            yield LadderRemark("review", cell.id, text)


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
