"""The report as Markdown, for an issue, a wiki or a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.audit.excerpts import Excerpt
from tenfold.audit.report import FindingView, Report, Section
from tenfold.audit.wording import STATE_MARKS, STATE_MEANINGS, STATE_WORDS, day
from tenfold.kit.findings import Severity, State

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BLANKS = re.compile(r"\s+")
_CODE = re.compile(r"(`[^`\n]+`)")


def as_markdown(*reports: Report) -> str:
    return "\n---\n\n".join("\n".join(_lines(report)) for report in reports)


def _lines(report: Report) -> Iterator[str]:
    head = report.headline
    yield f"# {_plain(report.title)}"
    yield ""
    yield " · ".join(map(_plain, report.facts_line))
    yield ""
    yield f"**{_plain(head.opening)}** {_prose(' '.join((*head.points, head.closing)))}".rstrip()
    yield ""
    yield "| " + " | ".join(cell.title for cell in report.strip) + " |"
    yield "|" + ":-:|" * len(report.strip)
    yield "| " + " | ".join(f"{STATE_MARKS[cell.state]} {cell.word.lower()}" for cell in report.strip) + " |"
    yield ""
    for section in report.sections:
        yield from _section(section)
    yield from _answers(report)
    yield from _sources(report)
    yield from _legend(report)


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.practice.title}: {section.word.lower()}"
    yield ""
    for note in section.notes:
        yield from _note(note)
    for ask in section.asks:
        yield f"- **{_prose(ask.ask)}** Answer it in `{ask.field}`."
    if section.asks:
        yield ""
    if section.observations:
        yield "Looked at: " + " ".join(_prose(said.text) for said in section.observations)
        yield ""


def _note(note: FindingView) -> Iterator[str]:
    finding = note.finding
    lead = "Worth knowing: " if finding.severity is Severity.NOTE else ""
    yield f"**{lead}{_prose(finding.what)}**"
    yield ""
    for excerpt in note.excerpts:
        yield f"> “{_mark(excerpt)}”"
        yield ""
    for answer in note.answers:
        yield f"> `{answer.field}`: {_plain(answer.value)}"
        yield ""
    marks = "".join(f"[{number}]" for number in note.sources)
    yield f"{_prose(finding.why)}{' ' + _plain(marks) if marks else ''}"
    yield ""
    yield f"→ {_prose(finding.fix)}"
    yield ""
    if finding.flips:
        yield f"*What would change this:* {_prose(finding.flips)}"
        yield ""


def _answers(report: Report) -> Iterator[str]:
    if report.answer_sheet:
        yield "## Answer these"
        yield ""
        yield "```yaml"
        yield report.answer_sheet
        yield "```"
        yield ""


def _sources(report: Report) -> Iterator[str]:
    if not report.sources:
        return
    yield "## Sources"
    yield ""
    for source in report.sources:
        yield f"{source.number}. {_plain(source.name)}{f' <{source.url}>' if source.url else ''}"
        for figure in source.figures:
            value = f" — {_plain(figure.value)}" if figure.value else ""
            yield f"   - {_plain(figure.statement)}{value} (as of {day(figure.as_of)}; {figure.support})"
    yield ""


def _legend(report: Report) -> Iterator[str]:
    for state in State:
        yield f"- {STATE_MARKS[state]} {STATE_WORDS[state]}: {STATE_MEANINGS[state]}."
    yield ""
    yield f"Tenfold {report.version}"


def _mark(excerpt: Excerpt) -> str:
    return "".join(f"**{_plain(piece.text)}**" if piece.marked else _plain(piece.text) for piece in excerpt.pieces)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _BLANKS.sub(" ", text))


def _prose(text: str) -> str:
    """A sentence of ours: as it is, but for words between backticks, which are code."""
    return "".join(part if part.startswith("`") else _plain(part) for part in _CODE.split(text))
