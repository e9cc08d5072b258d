"""A report in the words of pages, which name their own places where the command line names commands and fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from tenfold.apps.plans.forms.fields import field_name
from tenfold.audit.report import Answer, FindingView, QuestionView, Report, Section
from tenfold.kit.findings import Finding
from tenfold.kit.words import sentence
from tenfold.plan.document import HiringPlan
from tenfold.plan.document import Section as PlanSection
from tenfold.plan.yaml_io import sections_of

PAGE_OF_COMMAND = {
    "pay estimate": "the pay calculator",
    "pay total": "“Two offers” under Pay",
    "market import": "“Your people” under Pay",
    "posting write": "“Write it from the plan” beside the posting",
    "interviews kit": "the interview kit",
    "growth ladder show": "the ladder under Growth",
    "retention figures": "the teams’ pages under Retention",
}
"""Where a page does what a command does, by how the command begins."""
_COMMAND = re.compile(r"(?P<opens>(?:^|[.:?!] )?)`tenfold (?P<command>[^`]*)`")
_FIELD = re.compile(r"`?\b[a-z]+(?:_[a-z]+)*(?:\.[a-z]+(?:_[a-z0-9]+)*)+\b`?")


@lru_cache(maxsize=4_096)
def words_for_page(text: str) -> str:
    """A sentence without commands and field paths.

    Raises:
        KeyError: a command of which no page is known.
    """
    return _FIELD.sub(_named_field, _COMMAND.sub(_page_of, text))


def report_for_page(report: Report) -> Report:
    """The report as pages and files made for them show it; the sheet of YAML is left out, for the plan's form asks."""
    return replace(
        report,
        headline=replace(report.headline, points=tuple(map(words_for_page, report.headline.points))),
        first_edits=tuple(replace(edit, fix=words_for_page(edit.fix)) for edit in report.first_edits),
        sections=tuple(map(_section, report.sections)),
        answer_sheet="",
    )


def finding_for_page(finding: Finding) -> Finding:
    return replace(
        finding,
        what=words_for_page(finding.what),
        why=words_for_page(finding.why),
        fix=words_for_page(finding.fix),
        flips=words_for_page(finding.flips),
    )


def _section(section: Section) -> Section:
    return replace(
        section,
        notes=tuple(map(_note, section.notes)),
        asks=tuple(map(_question, section.asks)),
        observations=tuple(replace(line, text=words_for_page(line.text)) for line in section.observations),
    )


def _note(note: FindingView) -> FindingView:
    return replace(note, finding=finding_for_page(note.finding), answers=_answers(note.answers))


def _answers(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    return tuple(replace(answer, field=_answer_name(answer.field), line=None) for answer in answers)


def _answer_name(path: str) -> str:
    """`requirements.must[2].depth` is “Requirements: must-haves 3, depth”."""
    head, _, rest = path.partition("[")
    place, _, name = rest.partition("]")
    row = f" {int(place) + 1}" if place.isdecimal() else f" {place}" if place else ""
    return f"{field_name(head)}{row}{', ' + name.strip('.').replace('_', ' ') if name else ''}"


def _question(ask: QuestionView) -> QuestionView:
    return replace(ask, ask=words_for_page(ask.ask), why=words_for_page(ask.why))


def _page_of(match: re.Match[str]) -> str:
    page = page_of_command(match["command"])
    return match["opens"] + (sentence(page) if match["opens"][:1] != ":" and _begins(match) else page)


def _begins(match: re.Match[str]) -> bool:
    return bool(match["opens"]) or match.start() == 0


def _named_field(match: re.Match[str]) -> str:
    path = match[0].strip("`")
    return f"“{field_name(path)}”" if _is_field(path) else match[0]


def page_of_command(command: str) -> str:
    """What a page calls the place that does what a command does.

    Raises:
        KeyError: no page is known.
    """
    for begins, page in PAGE_OF_COMMAND.items():
        if command.startswith(begins):
            return page
    raise KeyError(command)


def _is_field(path: str) -> bool:
    """Whether the plan has such a field; `v1.2` and `example.com` are none."""
    return path in _field_paths()


@cache
def _field_paths() -> frozenset[str]:
    return frozenset(_paths(HiringPlan, ""))


def _paths(owner: type[PlanSection], above: str) -> Iterator[str]:
    for name, field in owner.model_fields.items():
        path = f"{above}{name}"
        yield path
        for section in sections_of(field.annotation):
            yield from _paths(section, f"{path}.")
