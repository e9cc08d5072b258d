"""`tenfold law duties` and `tenfold law notice`: what an opened role owes, and the texts that say it."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.cli.output import hint

if TYPE_CHECKING:
    from tenfold.law.duties import RoleDuties, RoleDuty

Place = Annotated[list[str], typer.Option(help="A place: an ISO 3166-2 id or a location line. May be repeated.")]
Opened = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day the role is opened.")]
Closed = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it is closed, if it is.")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day to look from; default today.")
]
Automated = Annotated[
    bool | None, typer.Option("--tool/--no-tool", help="Whether software scores, ranks or screens; default not known.")
]
Employees = Annotated[int | None, typer.Option(min=0, help="How many people the employer has.")]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def duties(
    place: Place,
    opened: Opened,
    closed: Closed = None,
    as_of: AsOf = None,
    tool: Automated = None,
    employees: Employees = None,
    json: Json = False,
) -> None:
    """Show what an opened role owes by the law of its places.

    Notices, answers, audits, what to keep and what to erase, by due date.

    Examples:
      tenfold law duties --place CA-ON --opened 2026-09-01
      tenfold law duties --place US-NYC --opened 2026-09-01 --tool --json
      tenfold law duties --place DE --opened 2026-09-01 --closed 2026-11-02
    """
    found = _find(place, opened, closed, as_of, tool, employees)
    if json:
        typer.echo(json_text.dumps(_record(found), default=str, ensure_ascii=False, indent=2))
        return
    _print_duties(found)
    hint("Next: tenfold law notice ID --place … --opened … writes the text of a notice.")


def notice(
    id: Annotated[str, typer.Argument(help="Id of a text; `tenfold law duties` names them.")],
    place: Place,
    opened: Opened,
    value: Annotated[list[str] | None, typer.Option(help="What fills a gap, as NAME=WORDS. May be repeated.")] = None,
    tool: Automated = None,
    json: Json = False,
) -> None:
    """Write the text of one notice.

    With the law it is for and its sources. A text with a gap is not written; what is missing is named.

    Examples:
      tenfold law notice accommodation --place US-NYC --opened 2026-09-01 --value contact=jobs@firm.example
    """
    from tenfold.intake.notices import render_notice

    owed = _find(place, opened, None, None, tool, None)
    written = render_notice(id, owed.duties, dict(_pair(words) for words in value or []))
    if json:
        typer.echo(json_text.dumps({**asdict(written), "cited": written.cited}, default=str, ensure_ascii=False))
        return
    typer.echo(f"{written.title}\n\n{written.text}\n\n{written.cited}")
    for source in written.sources:
        typer.echo(f"  {source}")


def _pair(words: str) -> tuple[str, str]:
    from tenfold.kit.errors import UserError

    name, equals, rest = words.partition("=")
    if not equals:
        raise UserError(f"“{words}” is no value.", remedy="Write NAME=WORDS, such as contact=jobs@firm.example.")
    return name.strip(), rest


def _find(
    place: list[str], opened: datetime, closed: datetime | None, as_of: datetime | None, *about: Any
) -> RoleDuties:
    from tenfold.intake.cli.law import place_ids_of
    from tenfold.law.duties import duties_for

    tool, employees = about
    return duties_for(
        place_ids_of(place),
        opened.date(),
        closed.date() if closed else None,
        uses_automated_tool=tool,
        as_of=as_of.date() if as_of else date.today(),  # noqa: DTZ011  the reader's own day
        employees=employees,
    )


def _record(found: RoleDuties) -> dict[str, Any]:
    from tenfold.intake.notices import template_for

    def task(duty: RoleDuty) -> dict[str, Any]:
        template = template_for(duty)
        return {**asdict(duty), "state": duty.state(found.as_of).value, "notice": template.id if template else None}

    return {
        "as_of": found.as_of,
        "duties": [task(duty) for duty in found.duties],
        "not_in_table": [{"place": gap.place, "subject": gap.subject, "says": gap.sentence} for gap in found.gaps],
        "advice": found.advice,
    }


def _print_duties(found: RoleDuties) -> None:
    from rich.text import Text

    from tenfold.kit.cli.listing import Listing

    listing = Listing()
    for duty in found.duties:
        head = Text(f"{duty.name}: {duty.state(found.as_of).value}", style="bold")
        listing.item(head.append(f"  {_when(duty)}", style="not bold"), *_lines(duty))
    for gap in found.gaps:
        listing.item("Not in our table", gap.sentence)
    listing.item("What this is", found.advice)
    listing.total(len(found.duties), "task")


def _when(duty: RoleDuty) -> str:
    from tenfold.law.dated import day

    return f"{duty.timing}{f', by {day(duty.due)}' if duty.due else ''}"


def _lines(duty: RoleDuty) -> Iterator[str]:
    from tenfold.intake.notices import template_for
    from tenfold.law.dated import day

    yield duty.says
    yield f"{duty.law} [{duty.evidence}], from {day(duty.begins)}"
    if duty.conditions:
        yield f"if {' and '.join(duty.conditions)}"
    if duty.usable_from:
        yield f"told on that day, the tool may be used from {day(duty.usable_from)} (public holidays not counted)"
    if template := template_for(duty):
        yield f"text: {template.id}"
