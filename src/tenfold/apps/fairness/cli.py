"""`tenfold fairness`: published periods listed, and handed to an auditor."""

from __future__ import annotations

import json as jsons
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from tenfold.core.setup import open_database
from tenfold.kit.errors import Place, UserError

if TYPE_CHECKING:
    from tenfold.apps.fairness.models import AuditPeriod

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def fairness() -> None:
    """List published audit periods and write the packet for an independent auditor.

    Works on the database of the web application (TENFOLD_HOME, DATABASE_URL). For a file of people see
    `tenfold interviews audit`.
    """


@app.command("list")
def list_periods(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List published periods.

    Examples:
      tenfold fairness list
      tenfold fairness list --json
    """
    open_database()
    from tenfold.apps.fairness.models import AuditPeriod

    rows = [
        {**_dates(one), "id": str(one.pk), "organisation": one.organisation.name}
        for one in AuditPeriod.objects.select_related("organisation")
    ]
    lines = [f"{one['id']}  {one['from']} to {one['until']}  {one['organisation']}" for one in rows]
    typer.echo(jsons.dumps({"periods": rows}, indent=2) if json else "\n".join(lines or ["No period is published."]))


@app.command()
def packet(
    period: Annotated[str, typer.Argument(metavar="ID", help="Id of a published period; `list` shows them.")],
    out: Annotated[Path, typer.Option(metavar="FILE.zip", help="Where the packet is written; no file may be there.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write the packet for an independent auditor: tables, method, counts, dates and hashes; no person.

    Examples:
      tenfold fairness packet 3f2c… --out audit-2026.zip
    """
    open_database()
    from tenfold.apps.fairness.presenters.files import packet as pack

    found = _period(period)
    try:
        with out.open("xb") as file:
            file.write(pack(found))
    except OSError as error:
        raise UserError(
            f"The packet cannot be written: {error.strerror}.", remedy="Name a new file.", place=Place(file=str(out))
        ) from None
    told = {"file": str(out), **_dates(found)}
    typer.echo(jsons.dumps(told, indent=2) if json else f"Written: {out}")


def _dates(period: AuditPeriod) -> dict[str, str]:
    return {"from": period.from_date.isoformat(), "until": period.until_date.isoformat()}


def _period(id_: str) -> AuditPeriod:
    from tenfold.apps.fairness.models import AuditPeriod

    try:
        found: AuditPeriod | None = AuditPeriod.objects.filter(pk=UUID(id_)).select_related("organisation").first()
    except ValueError:
        found = None
    if found is None:
        raise UserError(f"There is no period “{id_}”.", remedy="`tenfold fairness list` shows them.")
    return found
