"""Advice checked together: what goes from the plan into the posting is first put right in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenfold.kit.findings import Finding, Severity, Verdict

_SEVERITIES = list(Severity)
_THEN_PUBLISH = "Then put what the plan says into the posting."


def order_advice(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts, each fix that would publish an answer that another finding calls wrong preceded by that one's.

    A range that is too low is raised before it is written into the posting, not after.
    """
    deciding = [found for verdict in verdicts for found in verdict.findings if found.severity is not Severity.NOTE]
    return tuple(
        replace(verdict, findings=tuple(_after_faults(found, deciding) for found in verdict.findings))
        for verdict in verdicts
    )


def faults_to_mend_first(finding: Finding, deciding: Sequence[Finding]) -> list[Finding]:
    """What is wrong with the answers that a finding's fix would publish, worst first."""
    faults = (other for other in deciding if not other.publishes and _is_about(other.field, finding.publishes))
    return sorted(faults, key=lambda fault: _SEVERITIES.index(fault.severity))


def _after_faults(finding: Finding, deciding: Sequence[Finding]) -> Finding:
    faults = faults_to_mend_first(finding, deciding)
    return replace(finding, fix=f"{faults[0].fix} {_THEN_PUBLISH}") if faults else finding


def _is_about(field: str, published: Sequence[str]) -> bool:
    return any(field == path or field.startswith((f"{path}.", f"{path}[")) for path in published)
