"""Notice texts by law: plain sentences of ours, filled in with one role's facts, with the law and its sources cited.

A text is never given out half filled: what is missing is named, all of it at once. The texts are in English.
Not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

import tomli

from tenfold.kit.errors import UserError
from tenfold.kit.facts import Evidence
from tenfold.kit.words import join, on_day
from tenfold.law.dated import NOT_LEGAL_ADVICE
from tenfold.law.duties import RoleDuty

_FIELD = re.compile(r"\{(\w+)\}")
MOST_CHARACTERS = 2_000
"""Of one value that is filled in."""


class Reader(StrEnum):
    """Who reads a notice."""

    CANDIDATE = "candidate"
    EMPLOYEES = "employees"
    POSTING = "posting"


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """A text with gaps. `serves` are ids of duties; `fields` the names that must be filled in, in their order."""

    id: str
    serves: tuple[str, ...]
    to: Reader
    title: str
    text: str

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_FIELD.findall(f"{self.title}\n{self.text}")))


@dataclass(frozen=True, slots=True)
class Notice:
    """A finished text with the laws it is written for, what they rest on, and the day up to which they were checked."""

    template: str
    to: Reader
    title: str
    text: str
    laws: tuple[str, ...]
    evidence: Evidence
    sources: tuple[str, ...]
    checked: date
    advice: str = NOT_LEGAL_ADVICE

    @property
    def cited(self) -> str:
        """One line under the text: the law, how well it was confirmed, up to which day."""
        unsure = ", not confirmed by a page we read" if not self.evidence.may_decide else ""
        return f"Written for {join(self.laws)}{unsure}; checked up to {on_day(self.checked)}. {self.advice}"


@cache
def templates() -> dict[str, NoticeTemplate]:
    """Every text by id, in the order of the table."""
    tables = tomli.loads((files("tenfold.intake") / "data" / "notices.toml").read_text("utf-8"))
    return {
        key: NoticeTemplate(key, tuple(row["for"]), Reader(row["to"]), row["title"], row["text"].strip())
        for key, row in tables.items()
    }


@cache
def _template_of_duty() -> dict[str, str]:
    return {duty: template.id for template in templates().values() for duty in template.serves}


def template_for(duty: RoleDuty) -> NoticeTemplate | None:
    """The text that serves a duty; None where the duty asks for no text, or for one that we have not written."""
    found = _template_of_duty().get(duty.id)
    return templates()[found] if found else None


def required_notices(duties: Iterable[RoleDuty]) -> dict[str, tuple[RoleDuty, ...]]:
    """Ids of the texts that a role's duties call for, each with the duties it serves, in the order of the duties."""
    owed: dict[str, tuple[RoleDuty, ...]] = {}
    for duty in duties:
        if template := template_for(duty):
            owed[template.id] = (*owed.get(template.id, ()), duty)
    return owed


def fields_needed(duties: Iterable[RoleDuty]) -> tuple[str, ...]:
    """What has to be known to write every text that the duties call for."""
    ids = required_notices(duties)
    return tuple(dict.fromkeys(name for id_ in ids for name in templates()[id_].fields))


def render_notice(template_id: str, duties: Iterable[RoleDuty], values: Mapping[str, str]) -> Notice:
    """A finished text for the duties that it serves; those of other texts among them are left aside.

    Raises:
        UserError: there is no such text, none of the duties calls for it, or values are missing, blank or too long.
    """
    template = _is_known(template_id)
    mine = [duty for duty in duties if duty.id in template.serves]
    if not mine:
        raise UserError(
            f"None of these duties calls for the notice “{template_id}”.",
            remedy=f"It serves {join(template.serves)}.",
        )
    filled = _fill(template, values)
    strength = list(Evidence)
    return Notice(
        template=template.id,
        to=template.to,
        title=template.title.format_map(filled),
        text=template.text.format_map(filled),
        laws=tuple(dict.fromkeys(duty.law for duty in mine)),
        evidence=max((duty.evidence for duty in mine), key=strength.index),
        sources=tuple(dict.fromkeys(source for duty in mine for source in duty.sources)),
        checked=min(duty.checked for duty in mine),
    )


def _is_known(template_id: str) -> NoticeTemplate:
    template = templates().get(template_id)
    if template is None:
        raise UserError(f"There is no notice “{template_id}”.", remedy=f"One of {', '.join(templates())}.")
    return template


def _fill(template: NoticeTemplate, values: Mapping[str, str]) -> dict[str, str]:
    """The values on one line each: a line break in a name must not begin a paragraph, or a header, of ours."""
    filled = {name: " ".join(values.get(name, "").split()) for name in template.fields}
    missing = [name.replace("_", " ") for name, value in filled.items() if not value]
    if missing:
        raise UserError(
            f"The notice “{template.id}” lacks {join(missing)}.",
            remedy="Give every value; a notice with a gap is not sent.",
        )
    long = [name.replace("_", " ") for name, value in filled.items() if len(value) > MOST_CHARACTERS]
    if long:
        raise UserError(
            f"In the notice “{template.id}” {join(long)} is longer than {MOST_CHARACTERS:,} characters.",
            remedy="Shorten it, and link to the rest.",
        )
    return filled
