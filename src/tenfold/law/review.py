"""Rows of law as things to look up again: a term after they were checked, or on the day on which they begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tenfold.kit.facts import Evidence, FactBook
from tenfold.kit.review import Review, Subject, review_by
from tenfold.law.automation import automation_rules
from tenfold.law.pay_history import pay_history_rules
from tenfold.law.retention import retention_rows
from tenfold.law.role_rules import role_rules
from tenfold.law.rules import PayRule, pay_rules


class _Row(NamedTuple):
    table: str
    id: str
    says: str
    checked: date
    begins: date | None
    evidence: Evidence
    sources: tuple[str, ...]


def law_reviews(facts: FactBook) -> Iterator[Review]:
    """Every row of law but our own rules; a law that begins after it was checked, on its first day at the latest."""
    for row in _rows():
        term = review_by(Subject.LAW, row.evidence, row.checked, facts)
        begins = row.begins if row.begins and row.begins > row.checked else term
        yield Review(
            subject=Subject.LAW,
            id=f"{row.table}/{row.id}",
            says=row.says,
            status_date=row.checked,
            review_by=min(term, begins),
            evidence=row.evidence,
            source=row.sources[0] if row.sources else "",
        )


def _rows() -> Iterator[_Row]:
    for pay in pay_rules().values():
        yield _Row("pay", pay.id, _say(pay), _check_day(pay), pay.span.earliest, pay.evidence, pay.sources)
    for rule in automation_rules().values():
        if rule.evidence is not Evidence.HOUSE_RULE:
            begins = rule.span.earliest
            yield _Row("automation", rule.id, rule.name, rule.checked, begins, rule.evidence, rule.sources)
    for record in retention_rows().values():
        if record.evidence is not Evidence.HOUSE_RULE:
            says = f"{record.name}: {record.law}"
            yield _Row("retention", record.id, says, record.checked, record.first, record.evidence, record.sources)
    for ban in pay_history_rules().values():
        says = f"{ban.name}: {ban.law}"
        yield _Row("pay-history", ban.id, says, ban.checked, ban.first, ban.evidence, ban.sources)
    for role in role_rules().values():
        if role.evidence is not Evidence.HOUSE_RULE:
            says = f"{role.name}: {role.law}"
            yield _Row("role", role.id, says, role.checked, role.span.earliest, role.evidence, role.sources)


def _check_day(rule: PayRule) -> date:
    return min(rule.checked, rule.transposition.as_of) if rule.transposition else rule.checked


def _say(rule: PayRule) -> str:
    transposed = f" ({rule.transposition.state.words})" if rule.transposition else ""
    return f"{rule.name}: {rule.law}{transposed}"
