"""Selection rates by sex, by race or ethnicity and by both, step after step and role after role.

The tables are laid out as New York City's rules ask of a bias audit (6 RCNY section 5-301): people assessed, selected,
selection rate and impact ratio for each category and for intersections. A category below 2 % of those assessed has no
ratio of its own and is nobody's yardstick; who said nothing of themselves is counted and compared with nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tenfold.kit.words import join
from tenfold.practices.interviews.impact_report import SMALL_SHARE, words_on_group
from tenfold.stats.impact import Comparison, Selected, Stratified, impact, stratify
from tenfold.stats.publication import LEAST, CountRow, CountTable, Publication

SEX, RACE = "sex", "race or ethnicity"
BOTH = f"{SEX} and {RACE}"
QUESTIONS: Mapping[str, tuple[str, ...]] = {SEX: (SEX,), RACE: (RACE,), BOTH: (SEX, RACE)}
UNSAID = "not stated"
EVERYBODY = ""
"""The part that holds all roles."""


@dataclass(frozen=True, slots=True)
class Candidacy:
    """One application that is decided. `steps`: by name, whether it went on there; `answers`: by question, if any."""

    id: str
    person: str
    role: str
    answers: Mapping[str, str]
    steps: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category that may be shown. `comparison` is None for who said nothing, and below 2 % of those assessed."""

    category: str
    n: int
    selected: int
    comparison: Comparison | None
    is_small: bool
    words: tuple[str, ...]

    @property
    def rate(self) -> Fraction:
        return Fraction(self.selected, self.n)


@dataclass(frozen=True, slots=True)
class FairnessTable:
    """One step, one question, everybody or one role.

    `assessed` and `selected` count everybody; `has_hidden`: categories are left out of `rows`, being too small or
    needed to hide one that is. `stratified`: of each category against the one with the highest rate, by role.
    """

    step: str
    question: str
    part: str
    assessed: int
    selected: int
    rows: tuple[CategoryRow, ...]
    has_hidden: bool
    stratified: tuple[Stratified, ...] = ()

    @property
    def reference(self) -> str | None:
        return next((one.category for one in self.rows if one.comparison and one.comparison.is_reference), None)

    @property
    def is_shown(self) -> bool:
        return bool(self.rows)

    @property
    def words(self) -> tuple[str, ...]:
        said = [word for row in self.rows for word in row.words]
        if self.rows and self.has_hidden:
            said.append(
                f"Some categories are not shown: fewer than {LEAST} people, or needed to keep such a count hidden."
            )
        return (*said, *(word for one in self.stratified for word in _words_on_strata(one)))


def fairness_tables(
    candidacies: Sequence[Candidacy], steps: Sequence[str], *, least: int = LEAST
) -> tuple[FairnessTable, ...]:
    """Tables of all steps, in their order, for everybody and then for each role; strata are the roles.

    `least`: people that a count must hold to be shown (`stats.publication`); 1 shows everything.
    """
    book = Publication(least, {one.id: one.person for one in candidacies})
    roles: dict[str, list[Candidacy]] = defaultdict(list)
    for one in candidacies:
        roles[one.role].append(one)
    parts = {EVERYBODY: list(candidacies), **dict(sorted(roles.items(), key=lambda pair: (-len(pair[1]), pair[0])))}
    parts = parts if len(roles) > 1 else {EVERYBODY: list(candidacies)}
    found = [
        _table(book, step, question, part, people)
        for part, people in parts.items()
        for step in steps
        for question in QUESTIONS
    ]
    return tuple(_with_strata(one, found) for one in found if one.assessed)


def _table(book: Publication, step: str, question: str, part: str, people: Iterable[Candidacy]) -> FairnessTable:
    took_part = [one for one in people if step in one.steps]
    by: dict[str, list[Candidacy]] = defaultdict(list)
    for one in took_part:
        by[_category(one, question)].append(one)
    rows = [_row(step, question, name, members) for name, members in by.items()]
    shown = book.publish(CountTable(step, question, part, tuple(rows)))
    counts = [
        Selected(name, len(members), sum(one.steps[step] for one in members))
        for name, members in by.items()
        if f"{question}: {name}" in shown
    ]
    selected = sum(one.steps[step] for one in took_part)
    return FairnessTable(
        step, question, part, len(took_part), selected, _compare(counts, len(took_part)), len(by) > len(counts)
    )


def _category(one: Candidacy, question: str) -> str:
    said = [one.answers.get(part, "") for part in QUESTIONS[question]]
    return ", ".join(said) if all(said) else UNSAID


def _row(step: str, question: str, name: str, members: Sequence[Candidacy]) -> CountRow:
    chosen: frozenset[Hashable] = frozenset(one.id for one in members if one.steps[step])
    others = frozenset(one.id for one in members) - chosen
    return CountRow(f"{question}: {name}", chosen, others, _wider(question, name, members[0]))


def _wider(question: str, name: str, one: Candidacy) -> tuple[str, ...]:
    """Categories of other questions that hold this one: who did not state the one did not state both."""
    if question != BOTH:
        return (f"{BOTH}: {UNSAID}",) if name == UNSAID else ()
    return () if name == UNSAID else tuple(f"{part}: {one.answers[part]}" for part in QUESTIONS[question])


def _compare(counts: Sequence[Selected], n: int) -> tuple[CategoryRow, ...]:
    """Rows by name, who said nothing last."""
    small = {one.group for one in counts if Fraction(one.n, n) < SMALL_SHARE}
    compared = {
        one.group: one for one in impact([one for one in counts if one.group != UNSAID and one.group not in small])
    }
    rows = [
        CategoryRow(
            one.group,
            one.n,
            one.selected,
            compared.get(one.group),
            one.group in small,
            _words(one, compared.get(one.group), n, is_small=one.group in small),
        )
        for one in counts
    ]
    return tuple(sorted(rows, key=lambda row: (row.category == UNSAID, row.category)))


def _words(one: Selected, comparison: Comparison | None, n: int, *, is_small: bool) -> tuple[str, ...]:
    if comparison is not None:
        return tuple(words_on_group(comparison, n))
    if is_small and one.group != UNSAID:
        return (f"{one.group} is below 2 % of those assessed: its ratio is left out, as 6 RCNY section 5-301 allows.",)
    return ()


def _with_strata(table: FairnessTable, tables: Sequence[FairnessTable]) -> FairnessTable:
    """Put together from what the roles' own tables show, so that it tells nothing further."""
    reference = table.reference
    if table.part != EVERYBODY or reference is None:
        return table
    strata = {
        one.part: [Selected(row.category, row.n, row.selected) for row in one.rows]
        for one in tables
        if one.part != EVERYBODY and (one.step, one.question) == (table.step, table.question) and one.rows
    }
    told = [row.category for row in table.rows if row.comparison and not row.comparison.is_reference]
    found = [stratify(name, reference, strata) for name in told] if strata else []
    kept = tuple(one for one in found if one.ratio is not None)
    return FairnessTable(
        table.step, table.question, table.part, table.assessed, table.selected, table.rows, table.has_hidden, kept
    )


def _words_on_strata(one: Stratified) -> list[str]:
    if one.sign_flips:
        return [f"{one.group}: all roles together point one way, the single roles the other. The sum misleads."]
    if one.opposite:
        return [f"{one.group}: the ratio points the other way in {join(list(one.opposite)[:5])}."]
    return []
