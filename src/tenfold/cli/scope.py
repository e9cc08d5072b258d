"""`tenfold scope`: which MLOps job a posting describes, beside the one that is declared."""

from __future__ import annotations

from typing import Any

import typer

from tenfold.cli.one_check import (
    FailOnOption,
    FileArgument,
    JsonOption,
    leave_by,
    print_json,
    print_verdict,
    to_dict,
    verdict_of,
)

app = typer.Typer(add_completion=False)


@app.command()
def scope(file: FileArgument, as_json: JsonOption = False, fail_on: FailOnOption = "never") -> None:
    """Which MLOps job is this: infrastructure, balanced or ML?

    Examples:
      tenfold scope posting.md
      tenfold scope plan.yaml --json
    """
    from tenfold.audit.intake import take

    submission = take(file)
    verdict = verdict_of("scope", submission)
    read = submission.reading.infra_share if submission.reading else None
    said: dict[str, Any] = {
        "declared": submission.plan.role.scope,
        "described": {"share": read.value, "low": read.low, "high": read.high} if read else None,
    }
    if as_json:
        print_json(to_dict(verdict) | {"infrastructure_share": said})
    else:
        declared = f"{submission.plan.role.scope:g} %" if submission.plan.role.scope is not None else "not declared"
        described = f"{read.value} % (between {read.low} and {read.high})" if read else "cannot be read"
        typer.echo(f"Infrastructure share: declared {declared}; the posting describes {described}.")
        print_verdict(verdict)
    leave_by(verdict, fail_on)
