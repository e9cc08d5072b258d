"""Pay transparency of one posting at one look: place by place, and the one posting that satisfies them all.

The terminal and the web draw this and ask nothing more. Places stand by name. Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tenfold.kit.words import join
from tenfold.law.dated import NOT_LEGAL_ADVICE, day
from tenfold.law.lookup import places_with_rows_in
from tenfold.law.pay_transparency import (
    CommonPosting,
    LawAnswer,
    PostingFacts,
    Status,
    coming_rules,
    examine,
    places_not_in_table,
    strictest_common,
)
from tenfold.law.places import Kind, contains, full_name, place


@dataclass(frozen=True, slots=True)
class PlacePanel:
    """What one rule, or the absence of one, means for the posting in a place.

    `law` and `since` are empty where no rule speaks; `conditions` tell what would have to hold for the rule to reach
    the job. Every answer of the rule is in `answers`, in the order of the parts.
    """

    place: str
    name: str
    law: str
    since: date | None
    conditions: tuple[str, ...]
    answers: tuple[LawAnswer, ...]
    sources: tuple[str, ...]

    def with_status(self, *statuses: Status) -> tuple[LawAnswer, ...]:
        return tuple(answer for answer in self.answers if answer.status in statuses)

    @property
    def wanting(self) -> tuple[LawAnswer, ...]:
        """What is missing, open-ended, unusually wide, or asked though the rule bars it."""
        return tuple(answer for answer in self.answers if answer.status.wanting)

    @property
    def asks(self) -> tuple[LawAnswer, ...]:
        """What must be there, whether it is or not."""
        return tuple(answer for answer in self.answers if answer.status is not Status.NOT_REQUIRED and answer.says)

    @property
    def is_sure(self) -> bool:
        return bool(self.law) and not self.conditions

    @property
    def has_rule(self) -> bool:
        return any(answer.rule_id for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Coming:
    """A rule of one of the places that is enacted and begins later."""

    name: str
    law: str
    begins: date

    @property
    def sentence(self) -> str:
        return f"{self.name}: {self.law} begins on {day(self.begins)}."


@dataclass(frozen=True, slots=True)
class TransparencyPanel:
    """All that is known of a posting under the rules of its places on a day.

    `asked_of` are the places by name as the posting or plan gives them; `places` those whose rules reach it, what is
    wanting first; `not_in_table` the names of places of which the table has no row, `read_in_part` those of them with
    rows of some of their parts; `wide` the comparison with real ranges, which names no rule; `checked` the last day on
    which a row was compared with its sources.
    """

    asked_of: tuple[str, ...]
    as_of: date
    places: tuple[PlacePanel, ...]
    common: CommonPosting
    wide: LawAnswer | None
    coming: tuple[Coming, ...]
    sources: tuple[str, ...]
    checked: date | None
    not_in_table: tuple[str, ...] = ()
    read_in_part: tuple[str, ...] = ()
    advice: str = NOT_LEGAL_ADVICE

    @property
    def headline(self) -> str:
        """Under how many of the rules something is missing, under how many for sure; and which places have no row."""
        return " ".join(filter(None, [self._verdict, self._gap]))

    @property
    def _verdict(self) -> str:
        with_rule = [place for place in self.places if place.has_rule]
        wanting = [place for place in with_rule if place.wanting]
        if not with_rule:
            answered = len(self.places) > len(self.not_in_table)
            return "No rule in our table asks for anything in this posting." if answered else ""
        if not wanting:
            return f"This posting meets what we checked of {_rules(len(with_rule))}."
        sure = sum(any(answer.decides for answer in place.wanting) for place in wanting)
        certainty = (
            f", {sure} of them whatever your size and offices" if sure else ", depending on your size and offices"
        )
        certainty = "" if sure == len(wanting) else certainty
        return f"This posting does not yet meet {_of(len(wanting), len(with_rule))}{certainty}."

    @property
    def _gap(self) -> str:
        if not self.not_in_table:
            return ""
        partly = [name for name in self.not_in_table if name in self.read_in_part]
        wholly = [name for name in self.not_in_table if name not in self.read_in_part]
        verb = "is" if len(wholly) == 1 else "are"
        said = [
            f"Of {name} we have read the law of some parts only: say from which the job can be done." for name in partly
        ]
        if wholly:
            said.append(f"{join(wholly)} {verb} not in our table: ask what the law there wants before you post.")
        return " ".join(said)


def transparency_panel(
    facts: PostingFacts,
    places: Iterable[str],
    as_of: date,
    *,
    employees: int | None = None,
    employees_at: Mapping[str, int] | None = None,
    remote: bool | None = None,
    offices: Iterable[str] | None = None,
) -> TransparencyPanel:
    """Everything about a posting at once; arguments as `pay_transparency.rules_for`.

    Raises:
        UserError: an id is not a place's.
    """
    asked, near = tuple(dict.fromkeys(places)), None if offices is None else tuple(offices)
    answers = examine(facts, asked, as_of, employees=employees, employees_at=employees_at, remote=remote, offices=near)
    common = strictest_common(asked, as_of, employees=employees, employees_at=employees_at, remote=remote, offices=near)
    by_rule: dict[str, list[LawAnswer]] = {}
    for answer in answers:
        if not _compares(answer):
            by_rule.setdefault(answer.rule_id or answer.place, []).append(answer)
    panels = sorted((_place_panel(found) for found in by_rule.values()), key=_worst_first)
    return TransparencyPanel(
        asked_of=tuple(_asked_of(asked, remote=remote)),
        as_of=as_of,
        places=tuple(panels),
        common=common,
        wide=next((answer for answer in answers if _compares(answer)), None),
        coming=tuple(Coming(rule.name, rule.law, rule.span.first or date.max) for rule in coming_rules(asked, as_of)),
        sources=tuple(dict.fromkeys(source for panel in panels for source in panel.sources)),
        checked=max((answer.checked for answer in answers if answer.checked and not _compares(answer)), default=None),
        not_in_table=tuple(full_name(where) for where in places_not_in_table(asked)),
        read_in_part=tuple(full_name(where) for where in places_not_in_table(asked) if places_with_rows_in(where)),
    )


def _asked_of(places: Iterable[str], *, remote: bool | None) -> Iterator[str]:
    """Names of the places; one that lies in another of them goes without saying."""
    asked = list(places)
    for where in asked:
        if any(outer != where and contains(outer, where) for outer in asked):
            continue
        name, whole = full_name(where), place(where).kind in (Kind.COUNTRY, Kind.WORLD)
        article = "the " if name.startswith("United ") else ""
        yield f"anywhere in {article}{name}" if remote and whole else f"{article}{name}"


def _compares(answer: LawAnswer) -> bool:
    """Whether an answer is the comparison with real ranges, which is no rule's."""
    return not answer.rule_id and answer.status is Status.UNUSUALLY_WIDE


def _place_panel(answers: list[LawAnswer]) -> PlacePanel:
    first = answers[0]
    return PlacePanel(
        place=first.place,
        name=first.name,
        law=first.law,
        since=min((answer.since for answer in answers if answer.since), default=None),
        conditions=first.conditions,
        answers=tuple(answers),
        sources=tuple(dict.fromkeys(source for answer in answers for source in answer.sources)),
    )


def _worst_first(panel: PlacePanel) -> tuple[bool, bool, bool, str]:
    return not panel.has_rule, not panel.wanting, bool(panel.conditions), panel.name


def _of(number: int, rules: int) -> str:
    if number == rules:
        return {1: _rules(1), 2: "both laws that may apply"}.get(rules, f"all {rules} laws that may apply")
    return f"{number} of {_rules(rules)}"


def _rules(number: int) -> str:
    return "the one law that applies" if number == 1 else f"the {number} laws that may apply"
