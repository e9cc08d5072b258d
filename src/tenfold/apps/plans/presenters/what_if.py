"""What if a must-have were a nice-to-have: the choices, the document they amount to, and what they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import QueryDict
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from tenfold.apps.plans.forms.editing import document_of
from tenfold.audit.check_text import reading_of
from tenfold.audit.registry import PRACTICES
from tenfold.audit.what_if import Measured, WhatIf, compare
from tenfold.audit.wording import STATE_WORDS
from tenfold.catalogue.store import catalogue
from tenfold.core.home import home
from tenfold.kit.findings import State
from tenfold.kit.words import join, money_range, plural, sentence, thousands
from tenfold.market.benchmark import PayEstimate
from tenfold.plan.document import HiringPlan
from tenfold.plan.yaml_io import validate_document
from tenfold.posting.model import PostingReading
from tenfold.practices.skills.pool import PoolEstimate, Respondents
from tenfold.practices.skills.survey import load_respondents

LISTS = ("must", "nice")
MOVE = "move:"
SURVEY = "survey.json"
"""The imported survey in the home; `tenfold web survey` writes it."""


@dataclass(frozen=True)
class Choice:
    """One requirement and where it stands: `must`, `nice` or `out`."""

    name: str
    skill: str
    depth: str
    where: str

    @property
    def id(self) -> str:
        return f"what-if-{self.name.replace('.', '-')}"


@dataclass(frozen=True)
class FigureRow:
    """One figure before and after, each with its interval. `said` is what stands behind it; empty is unknown."""

    title: str
    before: str
    after: str
    said: str = ""
    before_interval: str = ""
    after_interval: str = ""

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ChangedPractice:
    """A practice whose state changes."""

    title: str
    before: str
    after: str
    before_word: str
    after_word: str


def choices(document: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Every requirement of a document, must-haves first."""
    return tuple(
        Choice(f"{where}.{place}", _name(item), str(item.get("depth", "")) if isinstance(item, Mapping) else "", where)
        for where in LISTS
        for place, item in enumerate(_items(document, where))
    )


def move_requirements(posted: QueryDict, document: CommentedMap) -> CommentedMap:
    """The document with each requirement where the choice puts it, with all that is said of it."""
    lists: dict[str, list[Any]] = {where: [] for where in LISTS}
    newcomers: dict[str, list[Any]] = {where: [] for where in LISTS}
    for where in LISTS:
        for place, item in enumerate(_items(document, where)):
            to = posted.get(f"{MOVE}{where}.{place}", where)
            if to == where:
                lists[where].append(item)
            elif to in newcomers:
                newcomers[to].append(item)
    for where in LISTS:
        wanted = [*lists[where], *newcomers[where]]
        if wanted != _items(document, where):
            _set(document, where, wanted)
    return document


def what_if(before: str, after: CommentedMap, *, as_of: date) -> WhatIf:
    """The saved text and what is in the editor, measured alike.

    Raises:
        UserError: one of them is not a plan.
    """
    old, new = validate_document(document_of(before)).plan, validate_document(after).plan
    was = _reading(old)
    readings = was, was if new.posting == old.posting else _reading(new)
    return compare(old, new, readings=readings, as_of=as_of, respondents=survey())


def _reading(plan: HiringPlan) -> PostingReading | None:
    return reading_of(plan.posting) if plan.posting and plan.posting.strip() else None


def reason(before: str, after: CommentedMap) -> str:
    """What was moved, for whoever reads the version later."""
    was, now = ({one.skill: one.where for one in choices(text)} for text in (document_of(before), after))
    told = {"nice": "as a nice-to-have", "must": "as a must-have"}
    words = [
        f"{_title(skill)} {told[now[skill]] if skill in now else 'left out'}"
        for skill in was
        if now.get(skill) != was[skill]
    ]
    if document_of(before).get("posting") != after.get("posting"):
        words.append("the posting asks for less or says more")
    return f"What if: {join(words)}"[:500] if words else ""


def rows(found: WhatIf, *, sees_pay: bool) -> tuple[FigureRow, ...]:
    was, now = found.before, found.after
    told = [
        FigureRow("Must-haves", str(len(was.must)), str(len(now.must)), _posting_still_asks(now)),
        _pool(was.pool, now.pool),
    ]
    told.append(
        FigureRow(
            "Work that the must-haves ask for",
            _split_words(was),
            _split_words(now),
            "Infrastructure against ML and data, counted by area; ML operations count half to either side."
            if now.infrastructure is not None
            else "Too few must-haves take a side.",
        )
    )
    told += _market_rows(was, now)
    if sees_pay and (was.offer_percentile is not None or now.offer_percentile is not None):
        told.append(
            FigureRow(
                "Your offer lies above", _percentile(was), _percentile(now), "Percent of such postings that pay less."
            )
        )
    return tuple(told)


def changed_practices(found: WhatIf) -> Iterator[ChangedPractice]:
    titles = {practice.id: practice.title for practice in PRACTICES}
    for practice, was, now in found.changed_states:
        yield ChangedPractice(titles[practice], was.value, now.value, _word(was), _word(now))


def answer(found: WhatIf, *, posting_changes: bool = False) -> str:
    """The whole in a sentence."""
    fewer = len(found.before.must) - len(found.after.must)
    same_list = not fewer and found.before.must == found.after.must
    if same_list and not posting_changes:
        return "Nothing is changed yet. Make a must-have a nice-to-have, and see here what that changes."
    parts = [plural(abs(fewer), "must-have") + (" fewer" if fewer > 0 else " more")] if fewer else []
    parts = parts or ["the posting changes" if same_list else "the list changes"]
    if found.pool_factor is not None and round(found.pool_factor, 1) != 1:
        parts.append(f"the pool is {found.pool_factor:.1f} times what it was")
    if found.gone:
        parts.append(f"{plural(len(found.gone), 'finding')} {'goes' if len(found.gone) == 1 else 'go'}")
    if found.new:
        parts.append(f"{plural(len(found.new), 'finding')} {'comes' if len(found.new) == 1 else 'come'}")
    if len(parts) == 1 and (fewer or same_list):
        parts.append("no check changes")
    return f"{sentence(join(parts))}."


def survey() -> Respondents | None:
    """The survey that an operator imported."""
    path = home() / SURVEY
    return _load_survey(path, path.stat().st_mtime) if path.exists() else None


@lru_cache(maxsize=1)
def _load_survey(path: Path, _written: float) -> Respondents:
    return load_respondents(path)


def _pool(was: PoolEstimate | None, now: PoolEstimate | None) -> FigureRow:
    if was is None or now is None:
        return FigureRow(
            "People who have them all", "", "", "No survey is imported, so this is unknown. An operator can import one."
        )
    said = f"Of respondents to {now.source}, with a 95 % interval."
    if now.unknown:
        said += f" It never asked about {join([_title(skill) for skill in now.unknown])}; left out of the count."
    return FigureRow(
        "People who have them all", _share(was), _share(now), said, _share_interval(was), _share_interval(now)
    )


def _share(found: PoolEstimate) -> str:
    count = "fewer than ten" if found.pool.is_too_small else f"{found.pool.count:,}"
    return f"{count} of {found.pool.of:,}"


def _share_interval(found: PoolEstimate) -> str:
    low, high = found.pool.interval
    return f"{100 * low:.0f}–{100 * high:.0f} %"


def _split_words(measured: Measured) -> str:
    share = measured.infrastructure
    return "" if share is None else f"{share:.0f}/{100 - share:.0f}"


def _market_rows(was: Measured, now: Measured) -> Iterator[FigureRow]:
    """The market that the pay check compares with; then, where the must-haves take a side, the same at their split."""
    yield _market_row("The market", was.estimate, now.estimate, _basis(now))
    if was.scoped_market or now.scoped_market:
        said = "The same postings, moved by the pay of infrastructure and ML roles in that proportion."
        yield _market_row("The market at that split of work", was.scoped_market, now.scoped_market, said)


def _market_row(title: str, was: PayEstimate | None, now: PayEstimate | None, said: str) -> FigureRow:
    return FigureRow(title, _median(was), _median(now), said, _median_interval(was), _median_interval(now))


def _median(market: PayEstimate | None) -> str:
    return "" if market is None else thousands(market.p50)


def _median_interval(market: PayEstimate | None) -> str:
    return "" if market is None else money_range(*market.median_interval)


def _basis(measured: Measured) -> str:
    market = measured.estimate
    if market is None:
        return "Not enough data for this role, level and place."
    return (
        f"Median of posted base pay with its 95 % interval; n = {market.count_in_words}, {market.first_date:%B %Y} to "
        f"{market.last_date:%B %Y}."
    )


def _percentile(measured: Measured) -> str:
    return "" if measured.offer_percentile is None else f"{measured.offer_percentile:.0f} %"


def _posting_still_asks(measured: Measured) -> str:
    if not measured.only_in_posting:
        return ""
    return f"The posting’s text asks for {join([_title(skill) for skill in measured.only_in_posting])} as well."


def _word(state: State) -> str:
    return STATE_WORDS[state].lower()


def _title(skill: str) -> str:
    known = catalogue()
    if skill in known.skills:
        return known.skills[skill].name
    return known.competencies[skill].name if skill in known.competencies else skill


def _name(item: Any) -> str:
    return str(item.get("skill", "")) if isinstance(item, Mapping) else str(item)


def _items(document: Mapping[str, Any], where: str) -> list[Any]:
    section = document.get("requirements")
    items = section.get(where) if isinstance(section, Mapping) else None
    return list(items) if isinstance(items, list) else []


def _set(document: CommentedMap, where: str, items: list[Any]) -> None:
    section = document["requirements"]
    if items:
        section[where] = CommentedSeq(items)
    else:
        section.pop(where, None)
