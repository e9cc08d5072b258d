"""The rubric of a lab: scales with anchors, which people rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.queries.sessions import lab_folder
from tenfold.labs import registry

RATINGS = (1, 2, 3)
LEAST_EVIDENCE = 3
"""Words: less than that is a grade in other words."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One thing rated, with what earns each rating, from 1 (low) to 3 (high)."""

    id: str
    competency: str
    ask: str
    anchors: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Rated:
    """A scale with what a reviewer says of it. `rating` None: it could not be seen."""

    scale: Scale
    rating: int | None
    is_unseen: bool
    evidence: str


def rubric_of(slug: str, folder: Path | None = None) -> tuple[Scale, ...]:
    """The scales of a lab as it ships, or as it was kept when a session began (`folder`)."""
    file = (folder or registry.labs_folder() / slug) / "lab/rubric.toml"
    if not file.is_file():
        return ()
    held = tomli.loads(file.read_text("utf-8"))
    return tuple(
        Scale(one["id"], one["competency"], one["ask"], {1: one["low"], 2: one["middle"], 3: one["high"]})
        for one in held["scale"]
    )


def rubric_for(invitation: LabInvitation) -> tuple[Scale, ...]:
    """The scales that a person's work is rated on: those of the lab as it was when they began."""
    return rubric_of(invitation.lab, lab_folder(invitation))


def list_rated(scales: tuple[Scale, ...], ratings: Mapping[str, Mapping[str, Any]]) -> list[Rated]:
    """The scales in order, each with what was said of it."""
    return [_rate(one, ratings.get(one.id, {})) for one in scales]


def _rate(scale: Scale, said: Mapping[str, Any]) -> Rated:
    return Rated(scale, said.get("rating"), bool(said.get("unseen")), said.get("evidence", ""))
