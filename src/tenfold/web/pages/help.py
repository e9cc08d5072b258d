"""What the help page says of each check: why it exists, what it looks at, and where its figures come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tenfold.audit.registry import PRACTICES, Practice
from tenfold.kit.facts import Fact, load

MAX_SOURCES = 4


@dataclass(frozen=True, slots=True)
class CheckHelp:
    """One check, explained. `reasons` are its rules' own; `sources` the facts that most of its figures rest on."""

    practice: Practice
    reasons: tuple[str, ...]
    sources: tuple[Fact, ...]


@cache
def help_on_checks() -> tuple[CheckHelp, ...]:
    return tuple(
        CheckHelp(
            practice, tuple(dict.fromkeys(rule.why for rule in practice.ruleset.rules)), tuple(_sources(practice))
        )
        for practice in PRACTICES
    )


def _sources(practice: Practice) -> Iterator[Fact]:
    """One fact for each source, in the order of the rules that cite them."""
    facts = load()
    cited = [facts[key] for rule in practice.ruleset.rules for key in rule.facts]
    by_source = {fact.source: fact for fact in reversed(cited)}
    yield from list(reversed(by_source.values()))[:MAX_SOURCES]


@cache
def figures_by_check() -> tuple[tuple[Practice, tuple[Fact, ...]], ...]:
    """Each check with the figures that its rules cite, in their order."""
    facts = load()
    cited = ((one, dict.fromkeys(key for rule in one.ruleset.rules for key in rule.facts)) for one in PRACTICES)
    return tuple((practice, tuple(facts[key] for key in keys)) for practice, keys in cited if keys)
