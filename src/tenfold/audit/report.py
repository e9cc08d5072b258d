"""The report: an audit put in the order in which a person wants to read it. Renderers draw this and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tenfold import __version__
from tenfold.audit.answer_sheet import answer_sheet
from tenfold.audit.excerpts import Block, Excerpt, Span, excerpts, marked_posting, spans_of
from tenfold.audit.headline import Headline
from tenfold.audit.intake import Submission
from tenfold.audit.registry import BY_ID, PRACTICES, Practice
from tenfold.audit.run import Audit
from tenfold.audit.wording import EVIDENCE_WORDS, SEVERITY_WORDS, STATE_WORDS, day, figure
from tenfold.kit.facts import Evidence, Fact
from tenfold.kit.findings import Finding, Picture, Quote, Severity, State, Verdict
from tenfold.law.places import is_place, place

_SEVERITIES = list(Severity)
_STATES = list(State)

Origin = tuple[str, str]
"""A source's name and address."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One of the ten marks of the strip."""

    practice: str
    title: str
    state: State

    @property
    def word(self) -> str:
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class FirstEdit:
    """One of the edits to begin with: the note that asks for it, the practice's title, and what to do."""

    note: str
    practice: str
    fix: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the plan that a finding rests on. `line` is where it stands in the plan's file."""

    field: str
    value: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as an editor would write it in the margin. `id` is its anchor; `sources` are numbers of the list."""

    id: str
    finding: Finding
    excerpts: tuple[Excerpt, ...]
    answers: tuple[Answer, ...]
    sources: tuple[int, ...]
    line: int | None = None

    @property
    def severity_word(self) -> str:
        return SEVERITY_WORDS[self.finding.severity]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question that only the reader can answer, with the field of the plan where the answer belongs."""

    rule: str
    field: str
    ask: str
    why: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Sourced:
    """A sentence and the numbers of its sources. `is_of_role`: of what is set up for the role."""

    text: str
    sources: tuple[int, ...]
    is_of_role: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of ours as SVG text, and its caption."""

    svg: str
    caption: Sourced


@dataclass(frozen=True, slots=True)
class Section:
    """One practice's part of the report."""

    practice: Practice
    state: State
    notes: tuple[FindingView, ...]
    asks: tuple[QuestionView, ...]
    observations: tuple[Sourced, ...]
    picture: Drawn | None = None

    @property
    def word(self) -> str:
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Figure:
    """One statement that a source supports."""

    key: str
    statement: str
    value: str
    as_of: date
    evidence: Evidence
    cited: bool = False

    @property
    def support(self) -> str:
        return "house rule, cited as a statement" if self.cited else EVIDENCE_WORDS[self.evidence]


@dataclass(frozen=True, slots=True)
class Source:
    """A source and what was taken from it, numbered in the order of first use."""

    number: int
    name: str
    url: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Report:
    """Everything a renderer shows. `sections` are worst first; `strip` is always in the registry's order."""

    name: str
    title: str
    facts_line: tuple[str, ...]
    as_of: date
    headline: Headline
    first_edits: tuple[FirstEdit, ...]
    strip: tuple[Cell, ...]
    counts: Mapping[State, int]
    answered: int
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    posting: tuple[Block, ...]
    text_hash: str
    answer_sheet: str
    is_plan: bool
    version: str = field(default=__version__)


def report(audit: Audit, submission: Submission | None = None) -> Report:
    """The report of an audit. `submission` adds the lines of the plan's file."""
    numbered = _number_figures(audit)
    notes = dict(_notes(audit, submission, numbered))
    sections = [_section(verdict, notes, submission, numbered) for verdict in audit.verdicts]
    order = {practice.id: place for place, practice in enumerate(PRACTICES)}
    sections.sort(key=lambda section: (_STATES.index(section.state), order[section.practice.id]))
    head = audit.headline
    return Report(
        name=audit.name,
        title=_title(audit),
        facts_line=tuple(_facts_line(audit)),
        as_of=audit.as_of,
        headline=head,
        first_edits=tuple(
            FirstEdit(notes[id(edit.finding)].id, BY_ID[edit.finding.practice].title, edit.finding.fix)
            for edit in head.edits
        ),
        strip=tuple(Cell(v.practice, BY_ID[v.practice].title, v.state) for v in audit.verdicts),
        counts=audit.counts,
        answered=audit.answered,
        sections=tuple(sections),
        sources=tuple(_sources(audit, numbered)),
        posting=_posting(audit, notes.values()),
        text_hash=audit.reading.text_hash if audit.reading else "",
        answer_sheet=answer_sheet(audit.questions),
        is_plan=submission is None or submission.is_plan,
    )


def _notes(
    audit: Audit, submission: Submission | None, numbered: Mapping[Origin, int]
) -> Iterator[tuple[int, FindingView]]:
    """Every finding's note by the identity of the finding; a rule that speaks twice gets numbered anchors."""
    said: dict[str, int] = {}
    for finding in audit.findings:
        said[finding.rule] = said.get(finding.rule, 0) + 1
        anchor = finding.rule.replace(".", "-") + (f"-{said[finding.rule]}" if said[finding.rule] > 1 else "")
        yield (
            id(finding),
            FindingView(
                id=anchor,
                finding=finding,
                excerpts=excerpts(audit.reading, finding.evidence) if audit.reading else (),
                answers=tuple(_answers(finding.evidence, submission)),
                sources=_numbers(finding.sources, numbered),
                line=submission.line_of(finding.field) if submission else None,
            ),
        )


def _answers(quotes: Iterable[Quote], submission: Submission | None) -> Iterator[Answer]:
    """The plan's answers; items of one list are one answer."""
    lists: dict[str, list[str]] = {}
    for quote in quotes:
        if quote.start is None:
            field = quote.field.rpartition("[")[0] if quote.field.endswith("]") else quote.field
            lists.setdefault(field, []).append(quote.text.removeprefix(f"{quote.field}: "))
    for field, values in lists.items():
        yield Answer(field, ", ".join(values), submission.line_of(field) if submission else None)


def _section(
    verdict: Verdict, notes: Mapping[int, FindingView], submission: Submission | None, numbered: Mapping[Origin, int]
) -> Section:
    own = sorted(
        (notes[id(finding)] for finding in verdict.findings), key=lambda n: _SEVERITIES.index(n.finding.severity)
    )
    asks = (
        QuestionView(
            question.rule,
            question.field,
            question.ask,
            question.why,
            submission.line_of(question.field) if submission else None,
        )
        for question in verdict.questions
    )
    observations = tuple(
        Sourced(remark.text, _numbers(remark.sources, numbered), remark.is_of_role) for remark in verdict.observations
    )
    return Section(
        BY_ID[verdict.practice],
        verdict.state,
        tuple(own),
        tuple(asks),
        observations,
        _draw_picture(verdict.picture, numbered),
    )


def _draw_picture(picture: Picture | None, numbered: Mapping[Origin, int]) -> Drawn | None:
    if picture is None:
        return None
    return Drawn(picture.svg, Sourced(picture.caption, _numbers(picture.sources, numbered)))


def _numbers(facts: Iterable[Fact], numbered: Mapping[Origin, int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbered[_origin(fact)] for fact in facts))


def _posting(audit: Audit, notes: Iterable[FindingView]) -> tuple[Block, ...]:
    if audit.reading is None:
        return ()
    marks: dict[str, list[Span]] = {note.id: spans_of(audit.reading, note.finding.evidence) for note in notes}
    return marked_posting(audit.reading, marks)


def _title(audit: Audit) -> str:
    read = audit.reading.title.value if audit.reading and audit.reading.title else ""
    return audit.plan.role.title or read or audit.name


def _facts_line(audit: Audit) -> Iterator[str]:
    company, role = audit.plan.company, audit.plan.role
    if company.name:
        yield company.name
    where = ", ".join(_place_name(one) for one in role.places[:2]) if role.places else company.place
    workplace = role.workplace.value if role.workplace else ""
    if where or workplace:
        yield _capitalise(", ".join(part for part in (where, workplace) if part))
    yield f"as of {day(audit.as_of)}"
    yield f"{audit.answered} of {len(audit.verdicts)} practices answered"


def _place_name(place_id: str) -> str:
    return place(place_id).name if is_place(place_id) else place_id


def _capitalise(words: str) -> str:
    return words[:1].upper() + words[1:]


def _origin(fact: Fact) -> Origin:
    return fact.source, fact.url


def _number_figures(audit: Audit) -> dict[Origin, int]:
    """Sources in the order in which a reader of the report meets them."""
    numbers: dict[Origin, int] = {}
    worst_first = sorted(audit.verdicts, key=lambda verdict: _STATES.index(verdict.state))
    for verdict in worst_first:
        for fact in verdict.sources:
            numbers.setdefault(_origin(fact), len(numbers) + 1)
    return numbers


def _sources(audit: Audit, numbered: Mapping[Origin, int]) -> Iterator[Source]:
    used = dict.fromkeys(fact for verdict in audit.verdicts for fact in verdict.sources)
    for origin, number in sorted(numbered.items(), key=lambda item: item[1]):
        figures = tuple(_figure(fact) for fact in used if _origin(fact) == origin)
        yield Source(number, origin[0], origin[1], figures)


def _figure(fact: Fact) -> Figure:
    return Figure(fact.key, fact.statement, figure(fact), fact.as_of, fact.evidence, fact.cited)
