"""This machine: its rooms, its runner, and the tools that labs find."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from tenfold.kit.errors import ExitCode, UserError
from tenfold.labs.cli.base import (
    Format,
    FormatOption,
    JsonOption,
    app,
    env_app,
    print_json,
    say,
)


@app.command(epilog="Examples: tenfold labs sweep · tenfold labs sweep --json")
def sweep(*, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """Removes what a killed runner left.

    Boxes, mounts, cgroups, processes. Kept work is rescued first.
    """
    from dataclasses import asdict

    from tenfold.labs import home
    from tenfold.sandbox import boxes
    from tenfold.sandbox import sweep as engine

    place = home.home()
    maker = boxes.Place(place.runner, place.environments, privileged=os.geteuid() == 0)
    with engine.lock(maker):
        swept = engine.sweep(maker)
    if json or format is Format.JSON:
        print_json(asdict(swept))
        return
    typer.echo(
        "Nothing was left behind."
        if swept.nothing
        else f"Removed {len(swept.boxes)} boxes, {swept.processes} processes, {swept.mounts} mounts, "
        f"{len(swept.cgroups)} cgroups; rescued {len(swept.rescued)} workspaces."
    )


@app.command(epilog="Examples: tenfold labs sandbox · tenfold labs sandbox --escapes")
def sandbox(
    *, escapes: Annotated[bool, typer.Option("--escapes", help="Try to get out, and prove each attempt.")] = False
) -> None:
    """What this machine's sandbox holds.

    With --escapes, whether it does.
    """
    from tenfold.labs import home
    from tenfold.labs.presenters import sandbox_says
    from tenfold.sandbox import escapes as suite

    place = home.home()
    found = home.sandbox(place)
    typer.echo(sandbox_says(found))
    if not escapes:
        return
    with suite.bait() as things:
        full = [suite.attempt(found, one, things) for one in suite.ATTEMPTS]
        proofs = {one.name: suite.prove(place.environments, one, things) for one in suite.ATTEMPTS}
    typer.echo(suite.summary(full, proofs))
    if any(outcome.escaped for outcome in full):
        raise typer.Exit(ExitCode.FAIL_ON_REACHED)


@app.command(epilog="Example (as root): tenfold labs runner --allow tenfold")
def runner(
    *,
    allow: Annotated[list[str] | None, typer.Option(help="A user, or a uid, who may use it; repeat for more.")] = None,
) -> None:
    """Serves rooms: the one process that needs root.

    It serves others until it is ended.
    """
    import pwd

    from tenfold.labs import home
    from tenfold.sandbox import boxes
    from tenfold.sandbox import runner as engine

    engine.must_be_able()
    place = home.home()
    uids = set()
    for name in allow or []:
        try:
            uids.add(int(name) if name.isdigit() else pwd.getpwnam(name).pw_uid)
        except KeyError:
            raise UserError(f"there is no user {name}", remedy="name one that exists, or a uid") from None
    maker = boxes.Place(place.runner, place.environments, privileged=True)
    say(f"runner at {engine.socket_path(maker)} for root and uids {sorted(uids) or 'none'}")
    engine.run(maker, frozenset(uids), idle_s=None)


@app.command(epilog="Examples: tenfold labs rooms · tenfold labs rooms --warm slow-inference=2 --warm ship-model=1")
def rooms(
    *,
    warm: Annotated[
        list[str] | None,
        typer.Option(help="LAB=COUNT: rooms of that kind that wait, made beforehand; repeat for more."),
    ] = None,
) -> None:
    """Serves the rooms of this home: terminals, recordings, clocks. Needs no privilege.

    One is started by itself where none serves; as a service of its own it outlives a restart of the web server.
    """
    import asyncio

    from tenfold.labs import home
    from tenfold.labs.rooms.server import RoomServer, socket_path
    from tenfold.labs.rooms.warm import parse_warm

    place = home.home()
    server = RoomServer(place, warm=parse_warm(place, warm or []))
    say(f"rooms at {socket_path(place)}")
    asyncio.run(server.serve())


@env_app.command("list", epilog="Examples: tenfold labs env list · tenfold labs env list --json")
def env_list(*, format: FormatOption = Format.TEXT, json: JsonOption = False) -> None:
    """Environments that ship, and whether they are built here."""
    from tenfold.labs import environments, home, registry

    root = home.home().environments
    rows = [
        {"name": one.name, "what": one.what, "disk_mb": one.disk_mb, "built": one.is_built(root), "key": one.key}
        for one in environments.shipped_environments(registry.labs_folder())
    ]
    if json or format is Format.JSON:
        print_json(rows)
        return
    for row in rows:
        typer.echo(
            f"{row['name']:10} {'built' if row['built'] else 'not built':9}  {row['disk_mb']:>5} MB  {row['what']}"
        )
    typer.echo(f"\nThey live in {root}. Next: tenfold labs env build mini")


@env_app.command("build", epilog="Examples: tenfold labs env build mini · tenfold labs env build")
def env_build(
    names: Annotated[list[str] | None, typer.Argument(help="Which; default all.", show_default=False)] = None,
) -> None:
    """Builds environments that are not there: from their locks, checked by hash."""
    from tenfold.labs import environments, home, registry

    place = home.home()
    chosen = [environments.environment_named(registry.labs_folder(), name) for name in names or []] or list(
        environments.shipped_environments(registry.labs_folder())
    )
    for one in chosen:
        typer.echo(environments.build(one, place.environments, say))


@env_app.command("check", epilog="Example: tenfold labs env check mini")
def env_check(
    names: Annotated[list[str] | None, typer.Argument(help="Which; default all built.", show_default=False)] = None,
) -> None:
    """Imports what each holds, in a room without network."""
    from tenfold.labs import environments, home, registry

    place = home.home()
    sandbox = home.sandbox(place)
    for one in environments.shipped_environments(registry.labs_folder()):
        if one.name in (names or [one.name]) and one.is_built(place.environments):
            typer.echo(f"{one.name}: {environments.check(one, sandbox)}")
