"""The rules as plain rows, without the checks themselves: what lists them need not load what they look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tenfold
from tenfold.kit.kept_tables import kept_table


class RuleRow(NamedTuple):
    """A rule as it is listed; the fields are those of `checking.rules.Rule`."""

    id: str
    requirement: str
    severity: str
    why: str
    facts: tuple[str, ...]

    @property
    def practice(self) -> str:
        return self.id.partition(".")[0]


def rule_rows() -> tuple[RuleRow, ...]:
    """Every rule, in the order of the practices; taken from the checks again when the code of one changes."""
    rows = kept_table("rules", _code_of_practices(), _rows)
    return tuple(RuleRow(name, serves, severity, why, tuple(facts)) for name, serves, severity, why, facts in rows)


def _rows() -> list[RuleRow]:
    from tenfold.audit.registry import all_rules  # noqa: PLC0415 - loads reader, law and market

    return [RuleRow(rule.id, rule.requirement, rule.severity.value, rule.why, rule.facts) for rule in all_rules()]


def _code_of_practices() -> Iterator[Path]:
    root = Path(tenfold.__file__).parent
    yield from sorted((root / "practices").rglob("*.py"))
    yield root / "audit" / "registry.py"
