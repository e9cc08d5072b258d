"""Rooms under load, as ratios in one run: beside a bare room, a bare echo server, a bare shell.

`python -m benchmarks.labs_rooms start|echo|yes|seek [figures]` (as root, with TENFOLD_HOME where `mini` is built for
`start`). What is compared is measured in turns, so that a busy neighbour strikes both alike.

    start [rounds]          from the link to the first echoed keystroke: cold, from the pool; beside a bare room
    echo [rooms] [seconds]  scripted clients typing in bare shells, beside an echo server and bare shells
    yes [seconds]           endless output to a line of 100 kB/s: how long Ctrl-C takes
    seek [megabytes]        anywhere in a long recording
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from secrets import token_hex

from tests.labs import toy
from tests.sandboxes import room_server_pids, stop_room_server, stop_runner

from tenfold.labs import environments, home, lab_reader, rooms, sessions
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.rooms import Accepted, Output, Role
from tenfold.labs.rooms.connect import start_server
from tenfold.labs.rooms.raw_log import RECORD
from tenfold.labs.rooms.replay import Replay
from tenfold.labs.sessions import Session
from tenfold.sandbox import boxes, client
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.interface import BoxSpec

ROOT = Path("/var/lib/tenfold-benchmark-rooms")


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def print_times(what: str, times: Sequence[float]) -> None:
    figures = f"median {statistics.median(times) * 1e3:8.2f} ms   p95 {percentile(times, 0.95) * 1e3:8.2f} ms"
    print(f"{what:58} {figures}   n = {len(times)}", flush=True)


def memory_kb(pid: int) -> int:
    """Its own memory (private pages), without what it shares with others."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


# from the link to the first keystroke


async def first_echo(session: Session) -> float:
    """Seconds from asking for the room to seeing a typed character again."""
    began = time.monotonic()
    await rooms.open_room(session)
    line = await rooms.attach(session, role=Role.DRIVER, stream=token_hex(8), is_relayed=False)
    await line.send_input(0, b"#first-key")
    shown = b""
    async for frame in line:
        if isinstance(frame, Output):
            shown += frame.data
            if b"#first-key" in shown:
                break
    took = time.monotonic() - began
    await line.close()
    return took


def bare_room(sandbox: RunnerSandbox, spec: BoxSpec) -> float:
    """The same box with the same tools, and a shell in it: no session, no recording, no server."""
    began = time.monotonic()
    box = sandbox.create(spec)
    terminal = box.open_pty(["/bin/bash", "-i"])
    os.write(terminal.fd, b"#first-key")
    shown = b""
    while b"#first-key" not in shown:
        shown += os.read(terminal.fd, 65536)
    took = time.monotonic() - began
    os.close(terminal.fd)
    box.destroy()
    return took


def start(rounds: int) -> None:
    place = home.home()
    lab = sessions.lab_named("slow-inference")
    environment = environments.environment_named(lab.folder.parent, lab.environment)
    sandbox = home.sandbox(place)
    assert isinstance(sandbox, RunnerSandbox)
    made = [new_session(place, sandbox, lab) for _ in range(2 * rounds)]
    bare: list[float] = []
    cold: list[float] = []
    warm: list[float] = []
    for which in ("cold", "warm"):
        os.environ["TENFOLD_WARM_ROOMS"] = "slow-inference=2" if which == "warm" else ""
        stop_room_server(place.root)
        start_server(place, idle_s=20)
        for _ in range(rounds):
            session = made.pop()
            time.sleep(1.5)  # the pool fills itself again; between two candidates there are minutes
            bare.append(bare_room(sandbox, BoxSpec(limits=lab.limits, environment=environment.key)))
            (warm if which == "warm" else cold).append(asyncio.run(first_echo(session)))
            asyncio.run(rooms.submit(session))
    print_times("bare room, first echoed keystroke", bare)
    print_times("link to first echoed keystroke, cold", cold)
    print_times("link to first echoed keystroke, from the pool", warm)
    print(f"cold / bare {statistics.median(cold) / statistics.median(bare):.2f}", end="   ")
    print(f"pool / bare {statistics.median(warm) / statistics.median(bare):.2f}   load {os.getloadavg()[0]:.1f}")
    stop_room_server(place.root)


def new_session(place: Home, sandbox: RunnerSandbox, lab: Lab) -> Session:
    name = f"benchmark-{token_hex(4)}"
    return sessions.start(place, sandbox, lab, candidate=name, attempt=1, now=sessions.utc_now())


# a hundred rooms


class Typist:
    """Types characters one by one and times each until it is seen again; nothing may be lost or out of order."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.times: list[float] = []
        self.problems: list[str] = []
        self._typed, self._echoed = bytearray(), bytearray()
        self._at = self._offset = 0

    async def open(self) -> None:
        self._line = await rooms.attach(self.session, role=Role.DRIVER, stream="t", is_relayed=False)
        self._frames = aiter(self._line)
        await self._send(b"stty raw -echo; printf 'REA''DY'; exec cat\r")
        while b"READY" not in self._echoed:
            await self._receive()
        del self._echoed[: self._echoed.index(b"READY") + 5]

    async def _send(self, block: bytes) -> None:
        await self._line.send_input(self._at, block)
        self._at += len(block)

    async def _receive(self) -> None:
        frame = await anext(self._frames)
        if isinstance(frame, Output):
            if frame.offset != self._offset:
                self.problems.append(f"{self._offset} expected, {frame.offset} came")
            self._offset = frame.end
            self._echoed += frame.data
            await self._line.acknowledge(frame.end)
        elif not isinstance(frame, Accepted) and frame.kind in {"broken", "refused", "resend"}:
            self.problems.append(frame.kind)

    async def work(self, until: float, chance: random.Random) -> None:
        next_at = time.monotonic() + chance.uniform(0, 0.2)
        while time.monotonic() < until:
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))
            next_at += 0.2
            key = bytes([chance.randrange(1, 256)])
            self._typed += key
            asked = time.monotonic()
            await self._send(key)
            while len(self._echoed) < len(self._typed):
                await self._receive()
            self.times.append(time.monotonic() - asked)

    async def close(self) -> None:
        await self._line.close()
        if self._echoed != self._typed:
            self.problems.append("what was echoed is not what was typed")


async def echo_clients(count: int, until: float, port_path: str) -> list[float]:
    """The same typing at an echo server that does nothing else."""
    times: list[float] = []

    async def one(chance: random.Random) -> None:
        reader, writer = await asyncio.open_unix_connection(port_path)
        next_at = time.monotonic() + chance.uniform(0, 0.2)
        while time.monotonic() < until:
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))
            next_at += 0.2
            began = time.monotonic()
            writer.write(b"x")
            await reader.readexactly(1)
            times.append(time.monotonic() - began)
        writer.close()

    await asyncio.gather(*(one(random.Random(number)) for number in range(count)))
    return times


ECHO_SERVER = """
import asyncio, os, sys
async def serve(reader, writer):
    outer, inner = os.openpty()
    {inner}
    loop = asyncio.get_running_loop()
    {relay}
    try:
        while block := await reader.read(65536):
            {echo}
    finally:
        writer.close()
        loop.remove_reader(outer)
async def main():
    server = await asyncio.start_unix_server(serve, sys.argv[1])
    print('ready', flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
PLAIN = ECHO_SERVER.format(inner="pass", relay="pass", echo="writer.write(block)")
SHELLS = ECHO_SERVER.format(
    inner="import subprocess, tty; tty.setraw(inner); subprocess.Popen(['cat'], stdin=inner, stdout=inner, stderr=-3, "
    "start_new_session=True)",
    relay="loop.add_reader(outer, lambda: writer.write(os.read(outer, 65536)))",
    echo="os.write(outer, block)",
)


async def beside(source: str, count: int, seconds: float) -> list[float]:
    path = f"{tempfile.gettempdir()}/echo-{token_hex(4)}"
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", source, path, stdout=-1)
    assert server.stdout is not None
    await server.stdout.readline()
    try:
        return await echo_clients(count, time.monotonic() + seconds, path)
    finally:
        server.kill()
        await server.wait()


class BareTerminal:
    """A terminal in the same box, read and written by whoever opened it: no server, no recording, no frames."""

    def __init__(self, sandbox: RunnerSandbox, box: str) -> None:
        self.terminal = sandbox.adopt(box).open_pty(["/bin/sh", "-c", "stty raw -echo; printf READY; exec cat"])
        shown = b""
        while b"READY" not in shown:
            shown += os.read(self.terminal.fd, 4096)
        self.times: list[float] = []

    async def work(self, until: float, chance: random.Random) -> None:
        loop = asyncio.get_running_loop()
        has_come = asyncio.Event()

        def on_readable() -> None:
            os.read(self.terminal.fd, 4096)
            has_come.set()

        loop.add_reader(self.terminal.fd, on_readable)
        next_at = time.monotonic() + chance.uniform(0, 0.2)
        while time.monotonic() < until:
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))
            next_at += 0.2
            began = time.monotonic()
            has_come.clear()
            os.write(self.terminal.fd, b"x")
            await has_come.wait()
            self.times.append(time.monotonic() - began)
        loop.remove_reader(self.terminal.fd)

    def close(self) -> None:
        self.terminal.process.kill()
        os.close(self.terminal.fd)


def toy_home() -> tuple[Home, RunnerSandbox, Lab]:
    place = Home(ROOT)
    folder = toy.write(Path(tempfile.mkdtemp()))
    environments.build(environments.environment_named(folder.parent, "tiny"), place.environments, lambda _: None)
    sandbox = client.start_own(place.runner, place.environments)
    return place, sandbox, lab_reader.read(folder)


async def type_for_ten_seconds(
    workers: Sequence[Callable[[float, random.Random], Coroutine[None, None, None]]], seed: int
) -> None:
    until = time.monotonic() + 10
    await asyncio.gather(*(one(until, random.Random(seed * 1000 + number)) for number, one in enumerate(workers)))


async def echo(count: int, seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    place, sandbox, lab = toy_home()
    start_server(place, idle_s=5)
    made = [new_session(place, sandbox, lab) for _ in range(count)]
    for session in made:
        await rooms.open_room(session)
    (pid,) = room_server_pids(place.root)
    typists = [Typist(session) for session in made]
    memory: list[int] = []

    for one in typists:
        await one.open()
    bare = [BareTerminal(sandbox, session.facts()["box"]) for session in made]
    plain: list[float] = []
    shells: list[float] = []
    rounds = max(1, int(seconds / 10))
    for number in range(rounds):
        plain += await beside(PLAIN, count, 5)
        shells += await beside(SHELLS, count, 5)
        await type_for_ten_seconds([one.work for one in bare], number)
        await type_for_ten_seconds([one.work for one in typists], number)
        memory.append(memory_kb(pid))
    for one in typists:
        await one.close()
    for terminal in bare:
        terminal.close()
    mine = [moment for one in typists for moment in one.times]
    problems = [problem for one in typists for problem in one.problems]
    print_times(f"echo server, {count} clients", plain)
    print_times(f"bare cat on a terminal behind a socket, {count} clients", shells)
    direct = [moment for terminal in bare for moment in terminal.times]
    print_times("the same cat in the same boxes, terminals held directly", direct)
    print_times(f"{count} rooms", mine)
    for what, other in (("echo server", plain), ("bare cat", shells), ("terminals held directly", direct)):
        print(f"p95 / {what}: {percentile(mine, 0.95) / percentile(other, 0.95):.2f}", end="   ")
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"lost or out of order: {len(problems)} {problems[:3]}   keystrokes {len(mine)}")
    half = len(memory) // 2
    print(f"server's own memory: {memory[0] / count:.0f} kB a room at first, {memory[half] / count:.0f} in the middle, "
          f"{memory[-1] / count:.0f} at the end")  # fmt: skip
    for session in made:
        await rooms.submit(session)
    stop_room_server(place.root)
    stop_runner(boxes.Place(place.runner, place.environments, privileged=True))


# endless output


async def yes(seconds: float) -> None:
    place, sandbox, lab = toy_home()
    session = new_session(place, sandbox, lab)
    line = await rooms.attach(session, role=Role.DRIVER, stream="t", is_relayed=False)
    await line.send_input(0, b"yes\r")
    began, asked, offset, tail = time.monotonic(), 0.0, 0, b""
    acknowledged = 0
    async for frame in line:
        if not isinstance(frame, Output):
            continue
        await asyncio.sleep(len(frame.data) / 100_000)
        offset = frame.end
        tail = (tail + frame.data)[-4096:]
        if offset - acknowledged >= 65536 or len(frame.data) < 4096:
            acknowledged = offset
            await line.acknowledge(offset)
        if not asked and time.monotonic() - began > seconds:
            asked = time.monotonic()
            await line.send_input(4, b"\x03echo st''opped\r")
        if b"stopped" in tail:
            break
    took = time.monotonic() - asked
    print(f"yes for {seconds:.0f} s at 100 kB/s: {offset / 1e6:.1f} MB shown")
    print(f"from Ctrl-C to the next command's output {took:.2f} s   load {os.getloadavg()[0]:.1f}")
    await line.close()
    await rooms.submit(session)
    stop_room_server(place.root)
    stop_runner(boxes.Place(place.runner, place.environments, privileged=True))


# recordings


def write_recording(path: Path, megabytes: int, minutes: float) -> None:
    """Lines as programs print them, colours and all, spread over a time line."""
    noise = random.Random(1)
    lines = [f"\x1b[3{number % 8}m{noise.getrandbits(256):x}\x1b[0m epoch {number}\r\n" for number in range(2000)]
    block = "".join(lines).encode()[:65536]
    count = megabytes * 1_000_000 // len(block)
    path.with_suffix(".json").write_text(
        json.dumps({"version": 1, "began_at": time.time(), "cols": 100, "rows": 30, "title": "long"}), "utf-8"
    )
    step = 4096
    with path.open("wb") as raw, path.with_suffix(".index").open("wb") as index:
        for number in range(count):
            raw.write(block)
            for part in range(0, len(block), step):
                at_us = int((number + part / len(block)) / count * minutes * 60e6)
                index.write(RECORD.pack(number * len(block) + part, at_us, 0, step))


def timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def seek(megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "001.raw")
        write_recording(path, megabytes, 90)
        opened = [timed(lambda: Replay(path, idle_limit_s=1e9).__exit__()) for _ in range(5)]
        chance = random.Random(2)
        seeks, segments = [], []
        for _ in range(40):
            at_s = chance.uniform(0, 90 * 60)

            def one(at_s: float = at_s) -> None:
                with Replay(path, idle_limit_s=1e9) as replay:
                    replay.seek(at_s)

            seeks.append(timed(one))
            with Replay(path, idle_limit_s=1e9) as replay:
                segment = replay.segment_at(at_s)
                segments.append(timed(lambda replay=replay, segment=segment: replay.cast(segment.number)))  # type: ignore[misc]
        print(f"a recording of {path.stat().st_size / 1e6:.0f} MB over 90 minutes, without any kept screen")
        print_times("opening it, segments and time line", opened)
        print_times("opening it and seeking anywhere", seeks)
        print_times("a segment as asciicast", segments)
        print(f"slowest seek {max(seeks) * 1e3:.0f} ms   load {os.getloadavg()[0]:.1f}")


def main() -> None:
    what, figures = (sys.argv[1] if len(sys.argv) > 1 else ""), [float(word) for word in sys.argv[2:]]
    if what == "start":
        start(int(figures[0]) if figures else 20)
    elif what == "echo":
        asyncio.run(echo(int(figures[0]) if figures else 100, figures[1] if len(figures) > 1 else 60))
    elif what == "yes":
        asyncio.run(yes(figures[0] if figures else 60))
    elif what == "seek":
        seek(int(figures[0]) if figures else 1000)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
