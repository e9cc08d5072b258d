"""`tenfold people`: lists imported, people erased, and erasure verified, from the command line."""

from __future__ import annotations

import json as jsons
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from tenfold.core.setup import open_database
from tenfold.kit.errors import ExitCode, Place, UserError
from tenfold.kit.words import plural

if TYPE_CHECKING:
    from tenfold.apps.candidates.models import OpenRole

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
BY = "command line"
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def people() -> None:
    """Import lists of people, erase a person, verify that erased people are gone.

    Works on the database of the web application (TENFOLD_HOME, DATABASE_URL).
    """


@app.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, or JSON of Greenhouse Harvest v3 or Ashby.")],
    role: Annotated[str, typer.Option(help="Id of the open role; not needed where only one is open.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look the list over, import nobody.")] = False,
    json: Json = False,
) -> None:
    """Import a list of people into an open role; nobody is written to.

    Rows that cannot be used are named with their line and left out.

    Examples:
      tenfold people import applicants.csv --dry-run
      tenfold people import harvest.json --role 3f2c… --json
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.candidates.queries.importing import check_rows, read_list
    from tenfold.apps.candidates.services.actors import Actor
    from tenfold.apps.candidates.services.imports import import_rows

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError(
            f"The file cannot be read: {error.strerror}.", remedy="Check the path.", place=Place(file=str(file))
        ) from None
    read, target = read_list(file.name, content), _role(role)
    bad = [row for row in check_rows(read.rows, target) if row.problems]
    imported = len(read.rows) - len(bad)
    if not dry_run:
        imported = import_rows(
            role=target, rows=read.rows, actor=Actor("import"), shape=read.shape, now=timezone.now(), said_by=BY
        )
    problems = [{"line": row.line, "field": field, "what": what} for row in bad for field, what in row.problems]
    told = {"imported": 0 if dry_run else imported, "usable": len(read.rows) - len(bad), "problems": problems}
    _tell({**told, "left_out_columns": list(read.left_out), "role": str(target.pk)}, json, _import_lines(told, dry_run))


def _import_lines(told: dict[str, Any], dry_run: bool) -> list[str]:
    lines = [f"line {one['line']}: {one['what']} ({one['field']})" for one in told["problems"]]
    n = plural(told["usable"] if dry_run else told["imported"], "person", "people")
    return [*lines, f"{n} can be imported." if dry_run else f"{n} imported."]


def _role(id_: str) -> OpenRole:
    from tenfold.apps.candidates.models import OpenRole

    rows = OpenRole.objects.filter(closed_at=None)
    if id_:
        found = rows.filter(pk=_uuid(id_)).first()
        if found is None:
            raise UserError(f"There is no open role {id_}.", remedy=_role_list(list(rows)))
        return found
    several = list(rows[:20])
    if len(several) != 1:
        raise UserError(f"{plural(len(several), 'role')} open.", remedy=_role_list(several))
    return several[0]


def _role_list(roles: list[OpenRole]) -> str:
    return (
        "Name one with --role: " + "; ".join(f"{role.pk} {role.title}" for role in roles) if roles else "Open a role."
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UserError(f"“{text}” is not an id.", remedy="Ids are in addresses of pages and in the history.") from None


@app.command()
def erase(
    person: Annotated[str, typer.Argument(metavar="ID", help="Id of a candidate, or of one of their applications.")],
    despite_the_law: Annotated[
        bool, typer.Option("--despite-the-law", help="Also where a law wants the records kept for now.")
    ] = False,
    json: Json = False,
) -> None:
    """Erase a person everywhere: every row that is them, files, mails, waiting lists.

    Where a law of the role's place wants records kept, the person is shut away and erased on that day.

    Examples:
      tenfold people erase 3f2c… --json
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.candidates.models import Candidate
    from tenfold.apps.candidates.services.actors import TENFOLD
    from tenfold.apps.candidates.services.privacy import erase as erase_person

    id_ = _uuid(person)
    found = Candidate.objects.filter(pk=id_).first() or Candidate.objects.filter(applications=id_).first()
    if found is None:
        raise UserError(f"There is no person {person}.", remedy="`tenfold people verify` says what is left of whom.")
    done = erase_person(candidate=found, actor=TENFOLD, now=timezone.now(), despite_the_law=despite_the_law)
    due = done.due_date.isoformat() if done.due_date else None
    words = f"Access closed; erased on {due} ({done.law})." if due else f"Erased: {plural(done.rows, 'row')}."
    _tell({"erased": due is None, "due": due, "law": done.law, "rows": done.rows}, json, [words])


@app.command()
def verify(
    text: Annotated[
        list[str] | None, typer.Option("--text", help="A name or address that must stand nowhere; may be repeated.")
    ] = None,
    json: Json = False,
) -> None:
    """Look for what is left of erased people, and for moves that the trail does not explain.

    With --text every table is read decrypted, and every file of the home. Exit code 1 where anything is found.

    Examples:
      tenfold people verify
      tenfold people verify --text "Kim Sørensen" --text kim@example.org --json
    """
    open_database()
    from tenfold.apps.candidates.models import Candidate
    from tenfold.apps.candidates.queries import verification

    found = [
        *verification.traces_of_erased(),
        *verification.unexplained_applications(),
        *(verification.traces_of_words(text) if text else ()),
    ]
    erased = Candidate.objects.exclude(erased_at=None).count()
    lines = [f"{one.place}: {one.what}" for one in found] or [
        f"Nothing is left of {plural(erased, 'erased person', 'erased people')}."
    ]
    _tell({"erased": erased, "traces": [{"place": one.place, "what": one.what} for one in found]}, json, lines)
    if found:
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


def _tell(told: dict[str, Any], json: bool, lines: list[str]) -> None:
    typer.echo(jsons.dumps(told, ensure_ascii=False, indent=2) if json else "\n".join(lines))
