"""The library: which labs ship, what their report cards say, whom each fits, and who has seen which variant."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomli
from django.db.models import Count
from django.utils.timezone import localdate

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.plans.models import StoredPlan
from tenfold.catalogue.store import catalogue
from tenfold.checking.case import Case
from tenfold.kit.errors import UserError
from tenfold.labs import environments, home, lab_reader, registry
from tenfold.labs.lab import Lab
from tenfold.labs.registry import LabSummary
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.reading import read
from tenfold.practices.labs.planned import must_haves


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What a lab's doctor found. `generated`: wrong solutions made by operators, None where none were tried."""

    date: date
    gradings: int
    seeds: Mapping[str, int]
    kill_rate: float
    generated: int | None
    generated_kill_rate: float | None
    flake_bound: float
    median_seconds: float
    gates: Sequence[Mapping[str, Any]]
    faults: Sequence[Mapping[str, str]]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A lab in the library. `exposure`: how many people began it here; `fits` and `misses`: against a chosen plan."""

    summary: LabSummary
    title: str
    card: ReportCard | None
    exposure: int
    competencies: Sequence[str]
    fits: Sequence[str]
    misses: Sequence[str]


BEING_BUILT = "The tools of this lab are being installed; look again in a minute or two."


@dataclass(frozen=True, slots=True)
class MachineState:
    """Whether this machine can make rooms. `lacks`: what is missing, `remedy`: how to get it."""

    can: bool
    lacks: str = ""
    remedy: str = ""


def summary_of(slug: str) -> LabSummary | None:
    return next((one for one in registry.summaries(registry.labs_folder()) if one.slug == slug), None)


def lab_of(slug: str) -> Lab:
    """The lab that ships under a name. Raises UserError."""
    if summary_of(slug) is None:
        raise UserError(f"There is no lab “{slug}”.", remedy="Choose one from the library.")
    return lab_reader.read(registry.labs_folder() / slug)


def preview_text(slug: str) -> str:
    """What the lab shows, for hiring managers, as Markdown."""
    return _text(registry.labs_folder() / slug / "lab/preview.md")


def instruction_text(slug: str) -> str:
    """The task as written, with the names that vary still as placeholders."""
    return _text(registry.labs_folder() / slug / "instruction.md")


def title_of(slug: str) -> str:
    head = instruction_text(slug).partition("\n")[0]
    return head.removeprefix("# ").strip() or slug.replace("-", " ").capitalize()


def report_card(folder: Path) -> ReportCard | None:
    """The card beside a lab; None where its doctor has written none."""
    text = _text(folder / "lab/report-card.toml")
    if not text:
        return None
    held = tomli.loads(text)
    summary = next(one for one in registry.summaries(folder.parent) if one.slug == folder.name)
    return ReportCard(
        date=held["date"],
        gradings=held["gradings"],
        seeds=held.get("seeds", {}),
        kill_rate=held["kill_rate"],
        generated=held.get("generated_mutants"),
        generated_kill_rate=held.get("generated_kill_rate"),
        flake_bound=held["flake_bound"],
        median_seconds=held["median_seconds"],
        gates=held.get("gate", []),
        faults=held.get("fault", []),
        is_current=registry.is_verified(summary),
    )


def offers(organisation_id: uuid.UUID, plan: StoredPlan | None) -> list[Offer]:
    """Every lab, those that fit the plan best first; by name where no plan is chosen."""
    counts: dict[str, int] = dict(
        LabInvitation.objects.of_people()
        .filter(organisation_id=organisation_id, begun_at__isnull=False)
        .values_list("lab")
        .annotate(n=Count("pk"))
        .order_by()
    )
    fit = _Fit(plan)
    found = [_offer(one, counts.get(one.slug, 0), fit) for one in registry.summaries(registry.labs_folder())]
    return sorted(found, key=lambda one: (len(one.misses) - len(one.fits) if plan else 0, one.summary.slug))


def _offer(one: LabSummary, exposure: int, fit: _Fit) -> Offer:
    return Offer(
        summary=one,
        title=title_of(one.slug),
        card=report_card(one.folder),
        exposure=exposure,
        competencies=[_competency_name(name) for name in one.competencies],
        fits=fit.list_fits(one),
        misses=fit.list_misses(one),
    )


class _Fit:
    """What a plan asks that a lab may show: its must-haves, its level, its share of infrastructure."""

    def __init__(self, plan: StoredPlan | None) -> None:
        self.musts: list[str] = []
        self.level: str | None = None
        self.share: float | None = None
        if plan is None:
            return
        document = load_plan(plan.latest().text).plan
        reading = read(document.posting, name="posting") if document.posting else None
        self.musts = must_haves(Case(document, reading, localdate()))
        self.level = document.role.level
        self.share = None if document.role.scope is None else document.role.scope / 100

    def list_fits(self, lab: LabSummary) -> list[str]:
        """The must-haves that it shows, by name."""
        return [_competency_name(one) for one in self.musts if one in lab.competencies]

    def list_misses(self, lab: LabSummary) -> list[str]:
        """Why it does not suit the plan's level or scope."""
        found = []
        if self.level is not None and not lab.fits(level=self.level):
            found.append(f"made for {', '.join(lab.levels)}; the plan hires {self.level}")
        if self.share is not None and not lab.fits(infra_share=self.share):
            low, high = lab.infra_share
            found.append(f"made for {low}–{high} % infrastructure; the plan says {self.share * 100:.0f} %")
        return found


def _competency_name(id_: str) -> str:
    known = catalogue().competencies
    return known[id_].name if id_ in known else id_


def machine_state(slug: str = "") -> MachineState:
    """Whether rooms can be made here, and the tools of a lab are built."""
    place = home.home()
    try:
        sandbox = home.sandbox(place)
        sandbox.close()
        if slug and (summary := summary_of(slug)) is not None:
            environment = environments.environment_named(registry.labs_folder(), summary.environment)
            if not environment.is_built(place.environments):
                if environment.is_being_built(place.environments):
                    return MachineState(False, BEING_BUILT)
                command = f"tenfold labs env build {environment.name}"
                return MachineState(False, f"The tools of this lab ({environment.name}) are not built here.", command)
    except UserError as error:
        return MachineState(False, f"{error.what[:1].upper()}{error.what[1:]}.".replace("..", "."), error.remedy or "")
    return MachineState(True)


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""
