"""The status of certificates and tools with its day: since when it holds, when it was looked up, when to look again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from tenfold.catalogue.model import Kind, Skill, Status
from tenfold.catalogue.store import catalogue
from tenfold.kit.facts import Evidence, Fact, FactBook
from tenfold.kit.review import Review, Subject, review_by


@dataclass(frozen=True, slots=True)
class DatedStatus:
    """A skill's status as of a day. `since` is None where no day is known; `valid_months` counts from the earning."""

    skill: Skill
    checked: date
    evidence: Evidence
    source: str = ""
    since: date | None = None
    review_by: date | None = None
    valid_months: int | None = None
    note: str = ""

    def on(self, day: date) -> Status:
        """The status on a day: before the day on which it ended a certificate or tool was alive."""
        return Status.ALIVE if self.since and day < self.since else self.skill.status

    def ends_after(self, day: date) -> bool:
        """Whether it is known on that day to end later."""
        return self.skill.status is not Status.ALIVE and self.since is not None and day < self.since

    def as_fact(self) -> Fact:
        """The status as a fact, to stand among the sources of a finding."""
        return Fact(
            key=f"catalogue.{self.skill.id}.status",
            value=self.skill.status.value,
            unit="",
            statement=f"{self.skill.name} is {self.skill.status.value}"
            + (f" since {self.since.isoformat()}" if self.since else ""),
            as_of=self.checked,
            source="status of certificates and tools",
            evidence=self.evidence,
            url=self.source,
        )


def dated_status(skill: Skill) -> DatedStatus:
    """The dated status of a skill; without a row of its own it has the day of the whole catalogue."""
    row = _rows().get(skill.id, {})
    cited = Evidence.SECONDARY if "[" in skill.status_note else Evidence.UNCONFIRMED
    return DatedStatus(
        skill=skill,
        checked=row.get("checked", _rows()["table"]["checked"]),
        evidence=Evidence(row.get("evidence", cited)),
        source=row.get("source", ""),
        since=row.get("since"),
        review_by=row.get("review_by"),
        valid_months=row.get("valid_months"),
        note=row.get("note", ""),
    )


def status_reviews(facts: FactBook) -> Iterator[Review]:
    """Every certificate and every tool with the day by which its status is looked up again; practices have none."""
    for skill in catalogue().skills.values():
        if skill.kind is not Kind.PRACTICE:
            yield _review(dated_status(skill), facts)


def _review(status: DatedStatus, facts: FactBook) -> Review:
    skill = status.skill
    subject = Subject.CERTIFICATE if skill.kind is Kind.CERTIFICATION else Subject.TOOL
    term = review_by(subject, status.evidence, status.checked, facts)
    return Review(
        subject=subject,
        id=skill.id,
        says=f"{skill.name} is {skill.status.value}" + (f" since {status.since.isoformat()}" if status.since else ""),
        status_date=status.checked,
        review_by=min(term, status.review_by or term),
        evidence=status.evidence,
        source=status.source or skill.status_note,
    )


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    return tomli.loads((files("tenfold.catalogue") / "data" / "status.toml").read_text("utf-8"))
