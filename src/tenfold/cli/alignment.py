"""`tenfold alignment`: reporting line, decision rights and incentives; the charter as a document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
CharterOption = Annotated[Path | None, typer.Option(help="Write charter and incentives sheet here, as Markdown.")]


@app.command()
def alignment(
    file: FileArgument, charter: CharterOption = None, as_json: JsonOption = False, fail_on: FailOnOption = "never"
) -> None:
    """One reporting line, real authority, goals that pull one way?

    Examples:
      tenfold alignment plan.yaml
      tenfold alignment plan.yaml --charter charter.md
    """
    from dataclasses import asdict

    from tenfold.audit.intake import take
    from tenfold.kit.cli.output import emit
    from tenfold.practices.alignment.sheets import as_markdown, draft_sheets

    submission = take(file)
    verdict = verdict_of("alignment", submission)
    sheets = draft_sheets(submission.plan)
    if charter is not None:
        emit(as_markdown(sheets), charter)
    if as_json:
        print_json(to_dict(verdict) | {"charter": asdict(sheets)})
    else:
        print_verdict(verdict)
        typer.echo("\nTo settle: " + ("; ".join(sheets.gaps) if sheets.gaps else "nothing") + ".")
    leave_by(verdict, fail_on)
