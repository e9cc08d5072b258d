"""Many faults while scripted candidates work: what was seen meanwhile, told as figures.

Each candidate appends numbered lines to a file of their room and remembers when each was acknowledged. Hosts live in
network namespaces; they are killed, their keeper alone is killed, they are cut off one way or both, the server of
Temporal is killed, and so is the web process's end of all lines.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

from tenfold.kit.errors import UserError
from tenfold.labs import engines, environments, rooms, sessions
from tenfold.labs.engines.temporal import gateway as gateways
from tenfold.labs.engines.temporal.connect import Settings, settings
from tenfold.labs.engines.temporal.lines import LineCut, Lines, tls_of
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.rooms import RoomError
from tenfold.labs.rooms.frames import encode_json
from tenfold.labs.sessions import Session
from tenfold.sandbox.client import RunnerSandbox
from tests.labs.engines.machines import FREEZE_S, TIMEOUT_S, Machine, Server
from tests.labs.engines.networks import Authority, Network, serve_tls
from tests.labs.rooms.candidate import Candidate

FAULTS = ("kill host", "kill keeper", "cut out", "cut back", "cut both", "kill server", "kill web")
LIMITS = ("TENFOLD_HEARTBEAT_TIMEOUT_S", "TENFOLD_FREEZE_AFTER_S")
T = TypeVar("T")
_LOOK_S, _BETWEEN_S = 0.2, 1.0


@dataclass
class Seen:
    """What happened. Seconds are by the monotonic clock."""

    faults: list[tuple[float, str, str]] = field(default_factory=list)  # when, kind, host
    away_s: list[float] = field(default_factory=list)
    """From a fault of a session's host to the next command that was answered."""
    two_live: list[str] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    """Of each line that was lost: how long before the fault it had been acknowledged."""
    lines: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)
    """Sessions in which no command was answered for three minutes after a fault."""


@dataclass
class Field:
    """Hosts in namespaces, a server, a store, and this process as the web's."""

    home: Home
    sandbox: RunnerSandbox
    lab: Lab
    folder: Path
    server: Server
    networks: dict[str, Network]
    machines: dict[str, Machine]
    freezes: bool = True

    def begin(self, name: str) -> Session:
        now = sessions.utc_now()
        made = sessions.start(self.home, self.sandbox, self.lab, candidate=name, attempt=1, now=now)
        return engines.keep(self.home, made)


@contextlib.contextmanager
def field_of(
    home: Home,
    sandbox: RunnerSandbox,
    lab: Lab,
    folder: Path,
    *,
    hosts: int = 3,
    freezes: bool = True,
    limits_s: tuple[float, float] = (TIMEOUT_S, FREEZE_S),
) -> Iterator[Field]:
    """Sets the variables of this process for as long as it lasts."""
    authority, server = Authority(folder / "papers"), Server(kept=folder / "temporal.db")
    networks = {f"h{number}": Network(number) for number in range(hosts)}
    for network in networks.values():
        network.remove()
        network.make()
    server.start()
    ours = ["127.0.0.1", *(one.ours for one in networks.values())]
    port, stop = _proxy(authority, server.address, ours)
    environment = environments.environment_named(lab.folder.parent, "tiny")
    machines: dict[str, Machine] = {}
    before = dict(os.environ)
    limits = dict(zip(LIMITS, map(str, limits_s), strict=True))
    try:
        for name, network in networks.items():
            papers = authority.papers(name, network.theirs)
            root = Home(Path("/var/lib", f"tenfold-test-{os.getpid()}-{name}"))
            machines[name] = Machine(
                name, root, f"{network.ours}:{port}", folder / "store", environment, network=network.name,
                listen=f"{network.theirs}:7300", extra=papers.variables() | limits,
            )  # fmt: skip
            machines[name].start()
        os.environ |= authority.papers("web", "127.0.0.1").variables()
        os.environ |= {"TENFOLD_ROOMS": "hosts", "TENFOLD_TEMPORAL": f"127.0.0.1:{port}"}
        os.environ |= {"TENFOLD_STORE": str(folder / "store")} | limits
        yield Field(home, sandbox, lab, folder, server, networks, machines, freezes)
    finally:
        gateways.stop_gateways()
        os.environ.clear()
        os.environ.update(before)
        for network in networks.values():
            network.mend()
        for machine in machines.values():
            machine.remove()
        stop()
        server.kill()
        for network in networks.values():
            network.remove()


def _proxy(authority: Authority, to: str, at: list[str]) -> tuple[int, Callable[[], None]]:
    """Mutual TLS before the server, in a thread of its own; returns its port and how it is ended."""
    loop, ready, found = asyncio.new_event_loop(), threading.Event(), list[int]()
    stop = asyncio.Event()

    async def serve() -> None:
        port, server = await serve_tls(authority.papers("server", *at), to, *at)
        found.append(port)
        ready.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.1)  # so that what is closed is gone

    def live() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.close()

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    ready.wait(30)
    return found[0], end


@dataclass
class Worker:
    """A scripted candidate."""

    place: Field
    session: Session
    seen: Seen
    acknowledged: list[float] = field(default_factory=list)
    host: str = ""
    struck_at: float = 0.0

    async def work(self, stop: asyncio.Event) -> None:
        engine = engines.engine(self.place.home)
        while not stop.is_set():
            try:
                async with asyncio.timeout(20):
                    if not self.host:
                        self.host = (await engine.hold(self.session)).host
                    number = len(self.acknowledged)
                    done = await rooms.run_command(self.session, f"echo {number} >> lines.txt && wc -l < lines.txt")
            except (UserError, RoomError, TimeoutError, OSError):
                self.host = ""
                await asyncio.sleep(0.2)
                continue
            if done.status == 0:
                self._note(int(done.output))
            await asyncio.sleep(0.3)

    def has_worked_since(self, moment: float) -> bool:
        return bool(self.acknowledged) and self.acknowledged[-1] >= moment and not self.struck_at

    def _note(self, there: int) -> None:
        now = time.monotonic()
        if self.struck_at:
            self.seen.away_s.append(now - self.struck_at)
        kept = there - 1
        if kept < len(self.acknowledged):
            until = self.struck_at or now
            self.seen.lost += [until - at for at in self.acknowledged[kept:]]
            del self.acknowledged[kept:]
        self.struck_at = 0.0
        self.acknowledged.append(now)
        self.acknowledged += [now] * (there - len(self.acknowledged))  # one was written and its answer was lost
        self.seen.lines += 1


async def run(place: Field, *, faults: int, candidates: int, seed: int) -> Seen:
    """Strikes so often, while so many work; then everything is handed in and graded by two who ask at once."""
    seen, stop, dice = Seen(), asyncio.Event(), random.Random(seed)  # noqa: S311  repeatable, and no secret
    workers = [
        Worker(place, await asyncio.to_thread(place.begin, f"fault-{seed}-{number}"), seen)
        for number in range(candidates)
    ]
    tasks = [asyncio.create_task(one.work(stop)) for one in workers]
    watching = asyncio.create_task(_watch(place, workers, seen))
    try:
        await _until_all_work(workers)
        for _ in range(faults):
            await _strike(place, workers, seen, dice)
            seen.stuck += await _until_all_work(workers)
            if seen.stuck:
                break
            await asyncio.sleep(_BETWEEN_S)
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        watching.cancel()
    for one in [] if seen.stuck else workers:
        seen.verdicts[one.session.id] = await _grade(place, one.session)
    return seen


async def _until_all_work(workers: list[Worker], limit_s: float = 180.0) -> list[str]:
    """Until each had an answer since; returns those that had none within the limit."""
    began = time.monotonic()
    while time.monotonic() - began < limit_s:
        if not (waiting := [one for one in workers if not one.has_worked_since(began)]):
            return []
        await asyncio.sleep(0.1)
    return [f"{one.session.id} on {one.host or 'no host'}" for one in waiting]


async def _strike(place: Field, workers: list[Worker], seen: Seen, dice: random.Random) -> None:
    kind, name = dice.choice(FAULTS), dice.choice(sorted(place.machines))
    machine, network = place.machines[name], place.networks[name]
    lasts_s = dice.uniform(0.5, 2 * TIMEOUT_S)
    hits_all = kind in {"kill server", "kill web"}
    now = time.monotonic()
    seen.faults.append((now, kind, name))
    for one in workers:
        if hits_all or one.host == name:
            one.struck_at = now
    match kind:
        case "kill host":
            await asyncio.to_thread(machine.kill)
            await asyncio.sleep(lasts_s)
            await asyncio.to_thread(machine.start)
        case "kill keeper":
            await asyncio.to_thread(machine.kill_alone)
            await asyncio.sleep(lasts_s)
            await asyncio.to_thread(machine.start)
        case "kill server":
            await asyncio.to_thread(place.server.kill)
            await asyncio.sleep(min(lasts_s, TIMEOUT_S))
            await asyncio.to_thread(place.server.start)
        case "kill web":
            await asyncio.to_thread(gateways.stop_gateways)
        case _:
            network.cut(out=kind != "cut back", back=kind != "cut out")
            if not place.freezes:
                await _keep_alive(place, name)
            await asyncio.sleep(lasts_s)
            network.mend()


async def _keep_alive(place: Field, name: str) -> None:
    """The plant: the freeze is taken out of this host's rooms."""
    machine = place.machines[name]
    for marker in (machine.home.rooms / "open").glob("*"):
        with contextlib.suppress(UserError, RoomError):
            await rooms.lease(machine.room_of(Session(machine.home.sessions / marker.name)), 3600)


async def _watch(place: Field, workers: list[Worker], seen: Seen) -> None:
    """Asks each host's own server of rooms, past all networks, whether a session's room moves there."""
    while True:
        for one in workers:
            names = [name for name, machine in place.machines.items() if await _is_live(machine, one.session.id)]
            if len(names) > 1 and all([await _is_live(place.machines[name], one.session.id) for name in names]):
                seen.two_live.append(f"{one.session.id} on {' and '.join(names)}")
        await asyncio.sleep(_LOOK_S)


async def _is_live(machine: Machine, session: str) -> bool:
    if not (machine.home.rooms / "open" / session).exists() or not _serves(machine.home):
        return False
    try:
        async with asyncio.timeout(2):
            state = await rooms.room_state(Session(machine.home.sessions / session))
    except (UserError, RoomError, TimeoutError, OSError):
        return False
    return state.is_open and not state.frozen


def _serves(home: Home) -> bool:
    """Whether its server of rooms answers; asking by `rooms` would start one."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(home.rooms / "rooms.sock"))
        return True
    return False


async def _grade(place: Field, session: Session) -> int:
    """How often it was judged, though two asked at once."""
    async with asyncio.timeout(120):
        await _again(lambda: engines.engine(place.home).submit(session))
        found = await asyncio.to_thread(engines.session_at, place.home, session.id)
        assert found is not None
        engine = engines.engine(place.home)
        first, second = await asyncio.gather(engine.grade(found), engine.grade(found))
        assert first == second
    gateway = gateways.gateway_of(place.home, settings())
    return await asyncio.to_thread(lambda: gateway.run(_times(gateway, found)))


async def _again(work: Callable[[], Awaitable[T]]) -> T:
    """Until it is done: a room's failure says that one should ask again."""
    while True:
        with contextlib.suppress(RoomError, UserError):
            return await work()
        await asyncio.sleep(0.5)


async def _times(gateway: gateways.Gateway, session: Session) -> int:
    return await (await gateway.engine()).times_judged(session)


async def until_held(place: Field, session: Session, limit_s: float = 60.0) -> None:
    """Until a host has taken its room: hosts may be about to start."""
    async with asyncio.timeout(limit_s):
        await _again(lambda: engines.engine(place.home).hold(session))


async def greeting(address: str, found: Settings) -> str:
    """Whether a host lets somebody with these certificates in, and is let in."""
    assert found.ca
    assert found.certificate
    assert found.key
    host, _, port = address.rpartition(":")
    tls = tls_of(found.ca, found.certificate, found.key, for_host=False)
    try:
        async with asyncio.timeout(10):
            _, line = await asyncio.get_running_loop().create_connection(Lines, host, int(port), ssl=tls)
            stream = line.open()
            await stream.write(encode_json({"op": "state", "session": "none"}))
            answer = await stream.read()
    except (OSError, LineCut):
        return "refused"
    line.cut()
    await asyncio.sleep(0.1)
    return "let in" if answer else "refused"


@dataclass(frozen=True, slots=True)
class Outage:
    """The server of Temporal was gone. `froze_after_s`: None where the room never stood still; `why`: as it was shown.

    `back_after_s`: from its return to the next answered command. `lost_s`: how long before it went the oldest lost line
    was acknowledged. `charged_s`: of the clock, and `worked_s`: until the work that is there now.
    """

    froze_after_s: float | None
    why: str
    back_after_s: float
    attempts: int
    lost_s: float
    charged_s: float
    worked_s: float


async def outage(place: Field, lasts_s: float, *, ends: bool = True) -> Outage:
    """One candidate is in their room, and the server goes for so long: its process ends, or answers nobody."""
    session = await asyncio.to_thread(place.begin, f"outage-{token_hex(4)}")
    await until_held(place, session)
    engine = engines.engine(place.home)
    before = await engine.state(session)
    machine = place.machines[before.host]
    candidate = Candidate(machine.room_of(session), relayed=False)
    await candidate.connect()
    came = time.time()
    times = [(time.time(), await _append(session)) for _ in range(20)]
    gone_at = time.time()
    await asyncio.to_thread(place.server.kill if ends else place.server.stop)
    froze, why = await _until_frozen(machine, session, gone_at, lasts_s, times)
    await asyncio.sleep(max(0.0, gone_at + lasts_s - time.time()))
    await asyncio.to_thread(place.server.start if ends else place.server.go_on)
    returned_at = time.time()
    there = await _until_answered(session)
    back_s = time.time() - returned_at
    candidate.cut()
    lost = [at for at, number in times if number >= there]
    after = await _again(lambda: engine.state(session))
    room = place.machines[after.host].room_of(session)
    await asyncio.sleep(1.0)
    standing = room.clock().used_s
    if froze is not None and after.attempt == before.attempt:
        worked_s = gone_at + froze - came
    elif froze is not None:
        worked_s = _saved_before(room, gone_at + froze) - came
    else:
        worked_s = time.time() - 1.0 - came
    await _again(lambda: engine.submit(session))
    return Outage(
        froze, why, back_s, after.attempt - before.attempt, gone_at - min(lost) if lost else 0.0, standing, worked_s
    )


async def _append(session: Session) -> int:
    done = await rooms.run_command(session, "echo x >> lines.txt; wc -l < lines.txt")
    await asyncio.sleep(0.2)
    return int(done.output) - 1


async def _until_frozen(
    machine: Machine, session: Session, gone_at: float, lasts_s: float, times: list[tuple[float, int]]
) -> tuple[float | None, str]:
    """When the room stood still after the server went; lines are written until then."""
    here = machine.room_of(session)
    while time.time() < gone_at + lasts_s:
        state = await rooms.room_state(here)
        if state.frozen:
            return time.time() - gone_at, state.frozen
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                times.append((time.time(), await _append(here)))
    return None, ""


async def _until_answered(session: Session) -> int:
    async with asyncio.timeout(180):
        while True:
            with contextlib.suppress(UserError, RoomError, TimeoutError):
                async with asyncio.timeout(5):
                    done = await rooms.run_command(session, "wc -l < lines.txt")
                    return int(done.output)
            await asyncio.sleep(0.1)


def _saved_before(session: Session, moment: float) -> float:
    """When the work was saved that the room was made from."""
    return max(one.at.timestamp() for one in session.snapshots() if one.at.timestamp() < moment)
