"""The answer first, in sentences a person would say.

Nothing is glued together from fragments: the points are the findings' own sentences, whole, worst first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tenfold.kit.findings import Finding, Severity, State, Verdict

MOST_POINTS = 2
LONGEST_POINT = 150
MOST = 2 / 3
"""The share of findings that counts as “most of it”."""

# What a reader of a posting meets first; findings of equal severity are told in this order.
TELLING = ("pay", "skills", "requirements", "timing", "scope", "alignment", "labs", "interviews", "retention", "growth")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to the plan or posting and how many of the deciding findings it clears."""

    finding: Finding
    clears: int


@dataclass(frozen=True, slots=True)
class Headline:
    """`opening` is the answer; `points` the worst findings' own sentences; `closing` what mends it and is unknown."""

    opening: str
    points: tuple[str, ...]
    closing: str
    edits: tuple[Edit, ...]

    @property
    def sentence(self) -> str:
        return " ".join(part for part in (self.opening, *self.points, self.closing) if part)


def headline(verdicts: Sequence[Verdict], *, has_posting: bool) -> Headline:
    deciding = sorted(_deciding(verdicts), key=_telling)
    worst = [finding for finding in deciding if finding.severity is deciding[0].severity]
    states = Counter(verdict.state for verdict in verdicts)
    edits = first_edits(worst)
    return Headline(
        opening=_opening(states, len(verdicts), has_posting=has_posting),
        points=tuple(_points(worst)),
        closing=" ".join(
            (*_remaining(worst, len(deciding) - len(worst), edits), *_answered_words(states, len(verdicts)))
        ),
        edits=edits,
    )


def first_edits(worst: Sequence[Finding]) -> tuple[Edit, ...]:
    """The edits that mend the worst findings: all or, where one edit clears several, the fewest that clear most.

    Findings mended at the same field of the plan are one edit.
    """
    places: dict[str, list[Finding]] = {}
    for finding in worst:
        mends_itself = finding.field in ("", "posting")
        places.setdefault(finding.rule if mends_itself else finding.field, []).append(finding)
    edits = [Edit(findings[0], len(findings)) for findings in sorted(places.values(), key=len, reverse=True)]
    for count in range(1, len(edits)):
        cleared = sum(edit.clears for edit in edits[:count])
        if cleared >= len(worst) * MOST and count < cleared:
            return tuple(edits[:count])
    return tuple(edits)


def spell_number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _deciding(verdicts: Iterable[Verdict]) -> Iterator[Finding]:
    return (finding for verdict in verdicts for finding in verdict.findings if finding.severity is not Severity.NOTE)


def _telling(finding: Finding) -> tuple[int, int]:
    return list(Severity).index(finding.severity), TELLING.index(finding.practice)


def _opening(states: Counter[State], practices: int, *, has_posting: bool) -> str:
    ready = "ready to publish" if has_posting else "ready to hire"
    if states[State.FIX]:
        return f"Not {ready}."
    if states[State.REVIEW] and states[State.UNANSWERED] < practices / 2:
        return f"Almost {ready}: no problems found, but some points need review."
    if states[State.REVIEW]:
        return "No problems found, but a lot is missing."
    if states[State.UNANSWERED] == practices:
        return "There is too little here to check."
    if states[State.UNANSWERED]:
        return "No problems found so far."
    return ready.capitalize() + "."


def _points(worst: Sequence[Finding]) -> Iterator[str]:
    """Whole sentences of the worst findings, one a practice, short ones where there is a choice."""
    short = [finding for finding in worst if len(finding.what) <= LONGEST_POINT] or worst[:1]
    told: dict[str, str] = {}
    for finding in short:
        told.setdefault(finding.practice, _sentence(finding.what))
    yield from list(told.values())[:MOST_POINTS]


def _sentence(what: str) -> str:
    what = what.strip()
    return what if what.endswith((".", "?", "!", "”", "…")) else what + "."


def _remaining(worst: Sequence[Finding], others: int, edits: Sequence[Edit]) -> Iterator[str]:
    if not worst:
        return
    cleared = sum(edit.clears for edit in edits)
    subject = "One edit" if len(edits) == 1 else f"{spell_number(len(edits)).capitalize()} edits"
    wrong = worst[0].severity is Severity.FIX
    if cleared < len(worst):
        what = f"{spell_number(cleared)} of the {spell_number(len(worst))} {'problems' if wrong else 'items'}"
    else:
        everything = "the problem" if wrong else "this"
        number = "both" if len(worst) == 2 else f"all {spell_number(len(worst))}"
        many = f"{number} {'problems' if wrong else 'items'}"
        what = everything if len(worst) == 1 else many
    yield f"{subject} would {'fix' if wrong else 'settle'} {what}."
    if others:
        yield f"{spell_number(others).capitalize()} more {'item needs' if others == 1 else 'items need'} review."


def _answered_words(states: Counter[State], practices: int) -> Iterator[str]:
    unknown = states[State.UNANSWERED]
    if unknown == practices:
        yield f"None of the {spell_number(practices)} checks can be completed yet: they need your answers."
    elif unknown:
        answered = practices - unknown - states[State.HIDDEN]
        done = f"{spell_number(answered).capitalize()} of {spell_number(practices)} checks"
        waiting = f"{spell_number(unknown)} need" if unknown > 1 else "one needs"
        yield f"{done} {'is' if answered == 1 else 'are'} complete; {waiting} your answers."
    elif not states[State.FIX] and not states[State.REVIEW] and not states[State.HIDDEN]:
        yield f"All {spell_number(practices)} checks are good."
    if states[State.HIDDEN]:
        yield f"{spell_number(states[State.HIDDEN]).capitalize()} of the checks is hidden from you."
