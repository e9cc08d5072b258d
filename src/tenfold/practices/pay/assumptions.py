"""Assumptions that no observation supports: company stage, a rescue mission. Named, editable, never mixed into data.

They are house rules (facts `pay.stage_*`, `pay.rescue_premium`): the operator edits them, an estimate never holds them;
they are laid beside it, and the sum of both is labelled as what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tenfold.kit.facts import Fact, FactBook, load
from tenfold.market.benchmark import NotSupported, PayEstimate


def assumptions_for(*, stage: str | None, rescue: bool, facts: FactBook | None = None) -> tuple[Fact, ...]:
    """The assumptions that a question calls for; a stage for which there is no rule calls for none."""
    book = facts or load()
    keys = [f"pay.stage_{stage.replace('-', '_')}"] if stage else []
    keys += ["pay.rescue_premium"] if rescue else []
    return tuple(book[key] for key in keys if key in book)


def factor(assumed: Sequence[Fact]) -> float:
    """All of them together, as a multiplier."""
    product = 1.0
    for fact in assumed:
        product *= 1 + fact.number / 100
    return product


def in_words(assumed: Sequence[Fact], answer: PayEstimate | NotSupported) -> list[str]:
    if not assumed or isinstance(answer, NotSupported):
        return []
    lines = ["", "Assumptions, not data (edit them as house rules):"]
    lines += [f"  {fact.statement}: {fact.number:+g} % ({fact.key})" for fact in assumed]
    moved = factor(assumed)
    lines.append(
        f"  With them the median would be {answer.p50 * moved:,.0f}, four ads in five {answer.p10 * moved:,.0f}–"
        f"{answer.p90 * moved:,.0f}. No interval can be given: nothing was measured."
    )
    return lines


def to_dict(assumed: Sequence[Fact], answer: PayEstimate | NotSupported) -> dict[str, Any] | None:
    if not assumed:
        return None
    values: dict[str, Any] = {
        "evidence": "assumption",
        "percent": {fact.key: fact.number for fact in assumed},
        "factor": round(factor(assumed), 4),
    }
    if isinstance(answer, PayEstimate):
        values["p50_with_assumptions"] = round(answer.p50 * factor(assumed), -2)
    return values
