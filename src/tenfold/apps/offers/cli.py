"""`tenfold offers`: one offer shown, offers exported, and what they came to, from the command line."""

from __future__ import annotations

import csv
import io
import json as jsons
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from tenfold.core.setup import open_database
from tenfold.kit.errors import Place, UserError
from tenfold.kit.words import plural

if TYPE_CHECKING:
    from tenfold.apps.candidates.models import OpenRole
    from tenfold.apps.offers.queries.measures import Measure, Measures

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
BY = "command line"
COLUMNS = ("offer", "application", "role", "state", "version", "made", "to_be_answered_by")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RoleId = Annotated[str, typer.Option("--role", help="Id of a role; all roles where it is left out.")]


@app.callback()
def offers() -> None:
    """Show an offer, export offers, measure what they came to.

    Works on the database of the web application (TENFOLD_HOME, DATABASE_URL). That pay was seen is in the audit trail.
    """


@app.command()
def show(
    offer: Annotated[str, typer.Argument(metavar="ID", help="Id of an offer, or of the application that it is for.")],
    json: Json = False,
) -> None:
    """Show one offer: state, terms, comparisons and approvals of each version.

    Examples:
      tenfold offers show 3f2c…
      tenfold offers show 3f2c… --json
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.offers.models import Offer
    from tenfold.apps.offers.presenters.plain import whole_offer
    from tenfold.core.services.trail import record_sight_of_pay

    id_ = _uuid(offer)
    found = Offer.objects.filter(pk=id_).first() or Offer.objects.filter(application=id_).first()
    if found is None:
        raise UserError(f"There is no offer {offer}.", remedy="`tenfold offers export` lists them.")
    record_sight_of_pay(by=BY, of=found, now=timezone.now())
    told = whole_offer(found, now=timezone.now())
    typer.echo(_as_json(told) if json else "\n".join(_lines(told)))


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"{told['words']}, version {told['version']}, to be answered by {told['to_be_answered_by']}"]
    for version in told["versions"]:
        terms = version["terms"]
        lines.append(f"  version {version['number']}: {terms['base_year']:,.0f} {terms['currency']} a year")
        lines += [f"    {one['says']}" for one in version["comparisons"]]
        lines += [f"    {'approved' if one['approved'] else 'objected'}: {one['name']}" for one in version["approvals"]]
    return lines


@app.command()
def export(
    role: RoleId = "",
    out: Annotated[Path | None, typer.Option(help="CSV file to write; the terminal where it is left out.")] = None,
    json: Json = False,
) -> None:
    """Export offers without names and pay, newest first: ids, states and days.

    Examples:
      tenfold offers export --out offers.csv
      tenfold offers export --role 3f2c… --json
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.offers.models import Offer
    from tenfold.apps.offers.queries.standing import standing_of

    now, rows = timezone.now(), []
    for one in Offer.objects.filter(application__role__in=_roles(role)).select_related("application__role"):
        standing = standing_of(one, now=now)
        days = (one.made_at.date().isoformat(), standing.latest.expires_date.isoformat())
        ids = (str(one.pk), str(one.application_id), str(one.application.role_id))
        rows.append(dict(zip(COLUMNS, (*ids, standing.words, one.latest_number, *days), strict=True)))
    text = _as_json(rows) if json else _as_csv(rows)
    if out is None:
        typer.echo(text.rstrip())
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"The file cannot be written: {error.strerror}.", place=Place(file=str(out))) from None
    typer.echo(f"{plural(len(rows), 'offer')} written to {out}.")


@app.command()
def measures(role: RoleId = "", json: Json = False) -> None:
    """Days to fill, share accepted, why others were declined: with n and 95 % interval, or “not enough data”.

    Examples:
      tenfold offers measures
      tenfold offers measures --role 3f2c… --json
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.offers.queries.measures import measure

    found = measure(_roles(role), now=timezone.now())
    typer.echo(_as_json(found.to_dict()) if json else "\n".join(_measure_lines(found)))


def _measure_lines(found: Measures) -> list[str]:
    lines = [
        f"days to fill: {_figure(found.days_to_fill, 1, ' days')}",
        f"accepted:     {_figure(found.acceptance, 100, ' %')}",
    ]
    if found.n_declined is None:
        return [*lines, "declined:     not enough data (fewer than 5)"]
    return lines + [f"declined:     {one.name}: {one.n}" for one in found.reasons]


def _figure(measure: Measure, times: float, unit: str) -> str:
    if measure.value is None:
        return f"not enough data (n = {measure.n})"
    low, high = ("open" if end is None else f"{times * end:.0f}" for end in (measure.low, measure.high))
    return f"{times * measure.value:.0f}{unit} (95 %: {low} to {high}, n = {measure.n})"


def _roles(id_: str) -> list[OpenRole]:
    from tenfold.apps.candidates.models import OpenRole

    found = list(OpenRole.objects.filter(pk=_uuid(id_)) if id_ else OpenRole.objects.all())
    if id_ and not found:
        raise UserError(f"There is no role {id_}.", remedy="Its id is in the address of its page.")
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UserError(f"“{text}” is no id.", remedy="Ids are in addresses of pages and in the history.") from None


def _as_json(content: Any) -> str:
    return jsons.dumps(content, ensure_ascii=False, indent=2, default=str)


def _as_csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
