"""One of the ten checks by itself: what `tenfold timing`, `scope` and `alignment` share."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import ExitCode

if TYPE_CHECKING:
    from tenfold.audit.intake import Submission
    from tenfold.kit.findings import Verdict

FileArgument = Annotated[str, typer.Argument(help="A plan or posting; - for standard input.", metavar="FILE")]
FailOnOption = Annotated[str, typer.Option("--fail-on", help="fix, review, note or never: leave with 1 from there on.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
ORDER = ("fix", "review", "note")
SHOWN = ("rule", "severity", "what", "why", "fix", "field", "flips")


def verdict_of(practice_id: str, submission: Submission) -> Verdict:
    """One check's verdict on a plan or posting, as of today."""
    from tenfold.audit.registry import PRACTICES
    from tenfold.checking.case import Case

    practice = next(one for one in PRACTICES if one.id == practice_id)
    today = date.today()  # noqa: DTZ011 - the reader's day
    return practice.check(Case(plan=submission.plan, reading=submission.reading, as_of=today))


def print_verdict(verdict: Verdict) -> None:
    """State, findings with their fixes, open questions, and what was looked at."""
    from tenfold.audit.wording import STATE_WORDS

    typer.echo(f"{verdict.practice.capitalize()}: {STATE_WORDS[verdict.state].lower()}")
    for finding in verdict.findings:
        typer.echo(f"\n{finding.severity.value.upper()}  {finding.what}\n  {finding.why}\n  → {finding.fix}")
    for question in verdict.questions:
        typer.echo(f"\n?  {question.ask}\n  {question.field}")
    for seen in verdict.observations:
        typer.echo(f"\n{seen.text}")


def to_dict(verdict: Verdict) -> dict[str, Any]:
    findings = [asdict(finding) for finding in verdict.findings]
    return {
        "practice": verdict.practice,
        "state": verdict.state.value,
        "findings": [{key: one[key] for key in SHOWN} for one in findings],
        "questions": [asdict(question) for question in verdict.questions],
    }


def print_json(record: dict[str, Any]) -> None:
    typer.echo(json.dumps(record, ensure_ascii=False, indent=2, default=str))


def leave_by(verdict: Verdict, fail_on: str) -> None:
    """Leaves with 1 where a finding is as severe as asked.

    Raises:
        UserError: no such severity.
    """
    from tenfold.kit.errors import UserError

    if fail_on not in (*ORDER, "never"):
        raise UserError(f"“{fail_on}” is no severity.", remedy="One of fix, review, note, never.")
    worst = min((ORDER.index(finding.severity.value) for finding in verdict.findings), default=len(ORDER))
    if fail_on != "never" and worst <= ORDER.index(fail_on):
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)
