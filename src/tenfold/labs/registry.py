"""The labs shipped, fast: what other parts need to know of them without reading all of their files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from tenfold.kit.errors import Place, UserError

if TYPE_CHECKING:
    from tenfold.labs.lab import Lab


@dataclass(frozen=True, slots=True)
class LabSummary:
    """One lab's metadata. `infra_share`: the percentages of infrastructure work for which it fits, from and to."""

    slug: str
    description: str
    kind: str
    minutes: int
    levels: tuple[str, ...]
    infra_share: tuple[int, int]
    competencies: tuple[str, ...]
    tools: tuple[str, ...]
    environment: str
    checked_on: str | None  # the date of its report card, where all gates passed
    edition_checked: str | None  # what was checked; `is_verified` compares it with what is there now
    folder: Path

    def fits(self, *, infra_share: float | None = None, level: str | None = None) -> bool:
        """Whether it suits a role's scope (0 to 1) and level; what is not known excludes nothing."""
        low, high = self.infra_share
        return (infra_share is None or low <= infra_share * 100 <= high) and (level is None or level in self.levels)


def labs_folder() -> Path:
    """Where the labs shipped are: `labs` of the checkout or of the installed package."""
    here = Path(__file__).resolve()
    for folder in (here.parents[0] / "shipped", here.parents[3] / "labs"):
        if folder.is_dir():
            return folder
    raise UserError("the labs that ship with Tenfold are not here", remedy="install tenfold anew")


def summaries(labs: Path) -> tuple[LabSummary, ...]:
    """Every lab below a folder, by slug. Raises `UserError` for one whose metadata cannot be read."""
    newest = max((file.stat().st_mtime_ns for file in labs.glob("*/task.toml")), default=0)
    return _summaries(labs, newest)


@cache
def _summaries(labs: Path, _newest: int) -> tuple[LabSummary, ...]:
    return tuple(_summary(file) for file in sorted(labs.glob("*/task.toml")))


def _summary(file: Path) -> LabSummary:
    try:
        task = tomli.loads(file.read_text("utf-8"))
        own: dict[str, Any] = task["metadata"]["lab"]
        low, high = own["infra_share"]
        card = _card_of_passing(file.parent)
        return LabSummary(
            slug=file.parent.name,
            description=task["task"]["description"],
            kind=own["kind"],
            minutes=own["minutes"],
            levels=tuple(own["levels"]),
            infra_share=(low, high),
            competencies=tuple(own["competencies"]),
            tools=tuple(own["tools"]),
            environment=own["environment"],
            checked_on=str(card["date"]) if card else None,
            edition_checked=str(card["edition"]) if card else None,
            folder=file.parent,
        )
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise UserError(
            f"the lab's metadata cannot be read: {error}",
            remedy="tenfold labs lint tells all that is wrong with it",
            place=Place(file=str(file)),
        ) from error


def _card_of_passing(folder: Path) -> dict[str, Any] | None:
    card = folder / "lab/report-card.toml"
    words = tomli.loads(card.read_text("utf-8")) if card.is_file() else {}
    return words if words.get("passed") else None


def is_verified(one: LabSummary) -> bool:
    """Whether nothing of the lab has changed since its doctor found it fit. Reads all of its files."""
    from tenfold.labs import lab  # noqa: PLC0415  the audit reads the registry and none of this

    return one.edition_checked is not None and one.edition_checked.endswith(f"+{lab.digest(one.folder)[:12]}")


def passed_unchanged(lab: Lab) -> str | None:
    """The date on which the lab passed its gates, fully or the quick ones, with just this content and engine."""
    from tenfold.labs.engine_digest import engine_digest  # noqa: PLC0415  as above

    for name in ("lab/report-card.toml", "lab/gates.toml"):
        card = lab.folder / name
        words = tomli.loads(card.read_text("utf-8")) if card.is_file() else {}
        if words.get("passed") and words.get("edition") == lab.edition and words.get("judged_by") == engine_digest():
            return str(words["date"])
    return None
