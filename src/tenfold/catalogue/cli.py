"""`tenfold catalogue`: find skills, areas, roles and levels by id, name or alias."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenfold.catalogue.model import Skill

app = typer.Typer(add_completion=False, no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
MOST_FOUND = 20


@app.callback()
def catalogue_app() -> None:
    """Find skills, areas, roles and levels.

    Requirements, labs, interview questions and ladders all point to these ids.
    """


@app.command()
def find(word: Annotated[str, typer.Argument(help="A skill's name, or part of it.")], json: Json = False) -> None:
    """Find skills by id, name or alias.

    Examples:
      tenfold catalogue find kfserving
      tenfold catalogue find "feature store" --json
    """
    from tenfold.catalogue.store import catalogue, fold

    book, wanted = catalogue(), fold(word)
    exact = book.find(word)
    held = [skill for skill in book.skills.values() if _holds(skill, wanted)]
    near = [] if exact or held else [book.skills[key] for key in book.similar(word)]
    chosen = list(dict.fromkeys([*([exact] if exact else []), *held, *near]))
    if not chosen:
        raise UserError(
            f"Nothing in the catalogue is like “{word}”.", remedy="`tenfold catalogue areas` shows what there is."
        )
    _print(chosen[:MOST_FOUND], json=json)


@app.command("list")
def list_skills(
    area: Annotated[
        str | None, typer.Option(help="Only skills of this area; `tenfold catalogue areas` lists them.")
    ] = None,
    json: Json = False,
) -> None:
    """List skills, all or of one area.

    Examples:
      tenfold catalogue list --area serving
    """
    from tenfold.catalogue.store import catalogue

    book = catalogue()
    if area is not None and area not in book.areas:
        raise UserError(f"There is no area “{area}”.", remedy=f"One of {', '.join(book.areas)}.")
    _print([skill for skill in book.skills.values() if area in (None, skill.area)], json=json)


@app.command()
def show(id: Annotated[str, typer.Argument(help="Id, name or alias of a skill.")], json: Json = False) -> None:
    """Show everything about one skill.

    Examples:
      tenfold catalogue show kserve
    """
    from tenfold.catalogue.store import catalogue

    book = catalogue()
    skill = book.find(id)
    if skill is None:
        near = book.similar(id)
        raise UserError(
            f"There is no skill “{id}”.",
            remedy=f"Did you mean {' or '.join(near)}?" if near else "`tenfold catalogue find WORD` looks one up.",
        )
    record = {key: value for key, value in _record(skill).items() if json or value not in ("", [], None)}
    if json:
        _print_json(record)
        return
    for key, value in record.items():
        typer.echo(f"{key.replace('_', ' '):22} {', '.join(value) if isinstance(value, list) else value}")


@app.command()
def areas(json: Json = False) -> None:
    """List the areas of skill.

    With how much of each counts as infrastructure.

    Examples:
      tenfold catalogue areas
    """
    from tenfold.catalogue.store import catalogue

    known = list(catalogue().areas.values())
    if json:
        _print_json([asdict(area) for area in known])
        return
    _print_rows(
        {"id": False, "name": True, "group": False, "infrastructure": False},
        [(area.id, area.name, area.group, f"{area.infra_weight:.0%}".replace("%", " %")) for area in known],
    )


@app.command()
def roles(json: Json = False) -> None:
    """List role families and levels.

    Examples:
      tenfold catalogue roles
    """
    from tenfold.catalogue.store import catalogue

    book = catalogue()
    if json:
        _print_json(
            {
                "roles": [asdict(role) for role in book.roles.values()],
                "levels": [asdict(level) for level in book.levels.values()],
            }
        )
        return
    _print_rows(
        {"role": False, "name": False, "what": True}, [(role.id, role.name, role.what) for role in book.roles.values()]
    )
    typer.echo()
    _print_rows(
        {"level": False, "name": False, "usual years": False},
        [(level.id, level.name, f"{level.years[0]} to {level.years[1]}") for level in book.levels.values()],
    )


def _holds(skill: Skill, wanted: str) -> bool:
    from tenfold.catalogue.store import fold

    return any(wanted in fold(spelling) for spelling in (skill.id, skill.name, *skill.aliases, *skill.cased))


def _record(skill: Skill) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(skill).items()}


def _print(skills: Iterable[Skill], *, json: bool) -> None:
    if json:
        _print_json([_record(skill) for skill in skills])
        return
    _print_rows(
        {"id": False, "name": True, "area": False, "competency": False, "status": True},
        [
            (
                skill.id,
                skill.name,
                skill.area,
                skill.competency,
                skill.status + (f" → {skill.successor}" if skill.successor else ""),
            )
            for skill in skills
        ],
    )


def _print_rows(columns: dict[str, bool], rows: list[tuple[str, ...]]) -> None:
    from tenfold.kit.cli.listing import Listing

    Listing().table(columns, rows)


def _print_json(record: Any) -> None:
    from json import dumps

    typer.echo(dumps(record, ensure_ascii=False, indent=2))
