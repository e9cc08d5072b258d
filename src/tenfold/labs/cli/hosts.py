"""Several machines: join one, and see who holds what."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.labs.cli.base import Format, FormatOption, JsonOption, app, print_json, say

if TYPE_CHECKING:
    from tenfold.labs.engines import HostState
    from tenfold.labs.engines.temporal.engine import TemporalEngine

_RESERVED_MB, _ROOM_MB = 2048, 2048


@app.command(
    epilog="Examples: TENFOLD_TEMPORAL=temporal.internal:7233 TENFOLD_STORE=/mnt/tenfold tenfold labs host · "
    "tenfold labs host --name rooms-1 --slots 24"
)
def host(
    *,
    name: Annotated[str, typer.Option(help="Of this machine; its network name by default.")] = "",
    slots: Annotated[int, typer.Option(min=0, max=10_000, help="Rooms at most; 0: one for each 2 GB.")] = 0,
    listen: Annotated[str, typer.Option(help="Where web processes reach its rooms: host:port.")] = "",
) -> None:
    """Joins this machine to others: it holds rooms and grades work until it is ended, then hands its rooms over.

    Where the server is, the store that all machines reach, and certificates: by variables, see docs/scale.md.
    """
    from tenfold.labs import home
    from tenfold.labs.engines.choice import must_have_temporal

    must_have_temporal()
    from tenfold.labs.engines.store import store_at
    from tenfold.labs.engines.temporal.connect import client_of, settings
    from tenfold.labs.engines.temporal.host import Door, Host
    from tenfold.labs.engines.temporal.keeping import Place

    found = settings()
    named = name or _network_name()

    async def serve() -> None:
        client = await client_of(found, identity=named)
        place = Place(
            named, home.home(), store_at(found.store), client, found.heartbeat_timeout_s, found.freeze_after_s,
            min(30.0, found.heartbeat_timeout_s / 2),
        )  # fmt: skip
        rooms = slots or _slots_by_memory()
        door = Door(*_listening(listen), found) if listen else None
        told = f"{named} takes rooms, {rooms} at most"
        await Host(place, rooms).run(_until_signalled(), lambda: say(told), door=door)

    asyncio.run(serve())


def _listening(text: str) -> tuple[str, int]:
    from tenfold.kit.errors import UserError

    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UserError(f"--listen {text} names no place to listen", remedy="host:port, such as rooms-1.internal:7300")
    return host, int(port)


def _network_name() -> str:
    import platform

    return platform.node() or "localhost"


def _slots_by_memory() -> int:
    """One for each 2 GB, the most that a lab that ships reserves, but for what the system needs."""
    import os

    total_mb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return max(1, (total_mb - _RESERVED_MB) // _ROOM_MB)


def _until_signalled() -> asyncio.Event:
    import signal

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@app.command(
    epilog="Examples: tenfold labs hosts · tenfold labs hosts --json · tenfold labs hosts --drain rooms-1 · "
    "tenfold labs hosts --uncordon rooms-1"
)
def hosts(
    *,
    cordon: Annotated[str, typer.Option(help="This host takes no new rooms from now on.")] = "",
    uncordon: Annotated[str, typer.Option(help="This host takes new rooms again.")] = "",
    drain: Annotated[str, typer.Option(help="Cordons a host and has others take its rooms.")] = "",
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Which machines hold rooms, and which rooms each of them holds."""
    from tenfold.labs.engines.choice import must_have_temporal

    must_have_temporal()

    async def ask() -> tuple[HostState, ...]:
        engine = await _engine()
        for name, change in ((cordon, engine.cordon), (uncordon, engine.uncordon)):
            if name:
                await change(name)
        if drain:
            say(f"{drain} lets go of {len(await engine.drain(drain))} rooms; others take them")
        return await engine.hosts()

    _show(_run(ask()), as_json=json or format is Format.JSON)


def _show(found: tuple[HostState, ...], *, as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        cordoned = "  takes no new rooms" if one.is_cordoned else ""
        typer.echo(f"{one.name:20} {len(one.holds):>4} of {one.slots} rooms{cordoned}  {' '.join(one.holds)}".rstrip())
    if not found:
        typer.echo("No host answers. Next: tenfold labs host")


def _run(work: Coroutine[Any, Any, tuple[HostState, ...]]) -> tuple[HostState, ...]:
    return asyncio.run(work)


async def _engine() -> TemporalEngine:
    from tenfold.labs import home
    from tenfold.labs.engines.temporal.connect import settings
    from tenfold.labs.engines.temporal.engine import engine_at

    return await engine_at(settings(), home.home())
