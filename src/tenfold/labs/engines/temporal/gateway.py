"""A web process's way to rooms on hosts: a socket of its own that finds, for each session, the host that holds it.

It lives in a thread with a loop of its own, so that pages, sockets and background work of one process share one
connection to each host. What it holds may be lost: a line that ends is opened anew by whoever needs it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tenfold.kit.errors import UserError
from tenfold.labs.engines.temporal.connect import Settings
from tenfold.labs.engines.temporal.engine import TemporalEngine, engine_at
from tenfold.labs.engines.temporal.lines import LineCut, Lines, Stream, pump, tls_of
from tenfold.labs.engines.temporal.relay import CALL, COPY, MOVED, FirstFrame
from tenfold.labs.home import Home
from tenfold.labs.rooms import RoomError
from tenfold.labs.rooms.frames import BadFrame, FrameReader, Kind, decode_json, encode_json
from tenfold.labs.sessions import Session

T = TypeVar("T")
FIND_S, COPY_S, _AGAIN_S, _CONNECT_S, _SWEEP_S = 15.0, 4.0, 0.2, 3.0, 600.0
_OPENS_NONE = frozenset((COPY, CALL, "save", "close"))
"""What is asked of a room that is there; everything else has one held where there is none."""


class NotHeld(Exception):
    """No host holds the session's room."""


@dataclass(slots=True)
class Gateway:
    """Use `start`. `path`: the socket that speaks as a server of rooms does."""

    home: Home
    settings: Settings
    folder: Path
    loop: asyncio.AbstractEventLoop
    _engine: TemporalEngine | None = None
    _known: dict[str, str] = field(default_factory=dict)
    _lines: dict[str, Lines] = field(default_factory=dict)
    _opening: dict[str, asyncio.Lock] = field(default_factory=dict)
    _sweeping: asyncio.Task[None] | None = None
    _thread: threading.Thread | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def path(self) -> Path:
        return self.folder / "rooms.sock"

    @classmethod
    def start(cls, home: Home, settings: Settings) -> Gateway:
        folder = Path(tempfile.mkdtemp(prefix="tenfold-lines-"))
        gateway, ready = cls(home, settings, folder, asyncio.new_event_loop()), threading.Event()
        gateway._thread = threading.Thread(target=gateway._live, args=(ready,), daemon=True, name="tenfold-lines")
        gateway._thread.start()
        ready.wait()
        return gateway

    def _live(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve_until_stopped(ready))
        self.loop.close()

    async def _serve_until_stopped(self, ready: threading.Event) -> None:
        server = await asyncio.start_unix_server(self._serve, str(self.path), limit=1 << 18)
        self.path.chmod(0o600)
        ready.set()
        await self._stop.wait()
        server.close()
        for one in self._lines.values():
            one.cut()
        await _end_all_others()
        await asyncio.sleep(0.05)  # so that what is cut is closed
        await self.loop.shutdown_default_executor()

    def stop(self) -> None:
        """For tests, and for who changes the settings."""
        self.loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def addresses(self) -> tuple[str, ...]:
        """The hosts that it has a connection to."""
        return tuple(sorted(name for name, one in self._lines.items() if not one.is_cut))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs something in its loop, and waits for it. Never from within that loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def engine(self) -> TemporalEngine:
        """Within its loop. Raises `UserError` where no server answers."""
        async with self._asking:
            if self._engine is None:
                self._engine = await engine_at(self.settings, self.home)
                self._sweeping = self.loop.create_task(self._sweep(self._engine))
            return self._engine

    @staticmethod
    async def _sweep(engine: TemporalEngine) -> None:
        """What was erased through another process goes from this machine, too."""
        while True:
            with contextlib.suppress(OSError):  # the store is out of reach; the next time
                await asyncio.to_thread(engine.shelf.sweep)
            await asyncio.sleep(_SWEEP_S)

    # lines

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first, words = await _first_words(reader)
            stream, answer = await self._open_line(words, first)
        except UserError as error:
            writer.write(encode_json({"error": "user", "what": error.what, "remedy": error.remedy or ""}))
        except (RoomError, NotHeld, LineCut) as error:
            what = str(error) or "the line to the host was cut"
            writer.write(encode_json({"error": "room", "what": what, "remedy": ""}))
        except (BadFrame, asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            pass  # it makes no sense, has gone, or the gateway ends
        else:
            writer.write(answer)
            await pump(stream, reader, writer)
        finally:
            writer.close()

    async def ask(self, words: dict[str, Any]) -> dict[str, Any]:
        """A question to the host that holds a session. Raises `NotHeld`, `UserError`, `RoomError`."""
        try:
            stream, answer = await self._open_line(words, encode_json(words))
        except LineCut as error:
            raise RoomError("the line to the host was cut") from error
        stream.drop()
        told = _words_of(answer)
        if "error" in told:
            if told["error"] == "user":
                raise UserError(told["what"], remedy=told.get("remedy", ""))
            raise RoomError(f"{told['error']}: {told['what']}")
        return dict(told["ok"])

    async def _open_line(self, words: dict[str, Any], first: bytes) -> tuple[Stream, bytes]:
        """A line to the host that holds the session, and the beginning of its answer. Looks again while it moves."""
        session = str(words.get("session"))
        until = time.monotonic() + (COPY_S if words.get("op") == COPY else FIND_S)
        while True:
            try:
                stream = (await self._lines_to(await self._holder(session, words))).open()
                return stream, await _answer_to(stream, first)
            except (LineCut, OSError) as error:
                self._known.pop(session, None)
                if time.monotonic() > until:
                    raise RoomError("the host that holds the room is out of reach") from error
                await asyncio.sleep(_AGAIN_S)

    async def _holder(self, session: str, words: dict[str, Any]) -> str:
        if (known := self._known.get(session)) is None:
            known = self._known[session] = await self._find(session, words)
        return known

    async def _find(self, session: str, words: dict[str, Any]) -> str:
        engine = await self.engine()
        found = await engine.holding(session)
        if found is None and words.get("op") in _OPENS_NONE:
            raise NotHeld
        if found is None or not found.host:
            copy = await asyncio.to_thread(engine.shelf.bring, session)
            if copy is None:
                raise UserError(f"there is no session {session}")
            await engine.hold(copy)
            found = await engine.holding(session)
        if found is None:
            raise NotHeld
        if not found.address:
            raise RoomError(f"host {found.host} has no door for pages: start it with --listen")
        return found.address

    async def _lines_to(self, address: str) -> Lines:
        """The one connection to a host. Raises OSError where it is out of reach."""
        async with self._opening.setdefault(address, asyncio.Lock()):
            if (held := self._lines.get(address)) is not None and not held.is_cut:
                return held
            host, _, port = address.rpartition(":")
            found, tls = self.settings, None
            if found.ca and found.certificate and found.key:
                tls = tls_of(found.ca, found.certificate, found.key, for_host=False)
            async with asyncio.timeout(_CONNECT_S):
                _, made = await self.loop.create_connection(Lines, host, int(port), ssl=tls)
            self._lines[address] = made
            return made

    # sessions

    async def current(self, name: str) -> Session | None:
        """This machine's copy of a session as it is now, wherever it is held; None where there is none.

        Where its host cannot be asked just now, as it was when it was asked last. Raises `RoomError`, `UserError`.
        """
        engine = await self.engine()
        is_known = bool(await asyncio.to_thread(engine.shelf.newest, name))
        if not is_known or await asyncio.to_thread(_has_ended, self.home, name):
            return await asyncio.to_thread(engine.shelf.bring, name)
        try:
            manifest = str((await self.ask({"op": COPY, "session": name}))["manifest"])
        except RoomError:
            if (known := _copy_here(self.home, name)) is not None:
                return known
            raise
        except NotHeld:
            if (ending := await engine.past_ending(name)) is not None:
                await asyncio.to_thread(engine.bring_home, name, ending)
            manifest = ""
        return await asyncio.to_thread(engine.shelf.bring, name, manifest)


async def _end_all_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _copy_here(home: Home, name: str) -> Session | None:
    folder = home.sessions / name
    return Session(folder) if (folder / "session.sqlite").is_file() else None


def _has_ended(home: Home, name: str) -> bool:
    copy = _copy_here(home, name)
    return copy is not None and "submitted" in copy.facts()


async def _first_words(reader: asyncio.StreamReader) -> tuple[bytes, dict[str, Any]]:
    """All that came with the first frame, and what it says."""
    found: list[tuple[Kind, bytes]] = []
    frames, held = FrameReader(lambda kind, payload: found.append((kind, payload))), b""
    while not found:
        block = await reader.read(65536)
        if not block:
            raise asyncio.IncompleteReadError(held, None)
        held += block
        frames.take(block)
    return held, decode_json(found[0][1])


async def _answer_to(stream: Stream, first: bytes) -> bytes:
    """The beginning of what the host says. Raises `LineCut` where it does not hold the room any more."""
    await stream.write(first)
    frame = FirstFrame(stream)
    try:
        kind, payload = await frame.read()
        is_moved = kind is Kind.JSON and decode_json(payload).get("error") == MOVED
    except BadFrame:
        is_moved = True
    if is_moved:
        stream.drop()
        raise LineCut
    return bytes(frame.held)


def _words_of(answer: bytes) -> dict[str, Any]:
    found: list[bytes] = []
    FrameReader(lambda _, payload: found.append(payload)).take(answer)
    return decode_json(found[0])


_gateways: dict[tuple[int, Path], Gateway] = {}
_starting = threading.Lock()


def gateway_of(home: Home, settings: Settings) -> Gateway:
    """This process's own, one for each home."""
    with _starting:
        key = (os.getpid(), home.root)
        if (held := _gateways.get(key)) is None or held.settings != settings:
            if held is not None:
                held.stop()
            held = _gateways[key] = Gateway.start(home, settings)
        return held


def stop_gateways() -> None:
    """All of this process. For tests."""
    with _starting:
        while _gateways:
            _, one = _gateways.popitem()
            one.stop()
