"""One room as the server keeps it: its box, its terminals, who is in it, its clock, and when the work is saved."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.labs.home import Home
from tenfold.labs.rooms.files_client import FilesClient
from tenfold.labs.rooms.messages import CANDIDATE, MAX_TERMINALS, Attach, Role
from tenfold.labs.rooms.raw_log import RawLog
from tenfold.labs.rooms.room_clock import RoomClock
from tenfold.labs.rooms.terminal import Attachment, RoomTerminal
from tenfold.labs.sessions import KEEP_S, Session, State, utc_now
from tenfold.sandbox.client import RunnerBox
from tenfold.sandbox.interface import Box, BoxGone, BoxSpec, Sandbox, SandboxError, SandboxUnavailable, TerminalHeld

SAVE_EVERY_S = 30.0
SAVE_EVERY_DETACHED_S = 300.0
CUT_OFF = "this machine has lost touch with the others"
_SHELL = ("/bin/bash", "-i")
_HELD_S = 3.0
_KILLED = 137


@dataclass(slots=True)
class Makers:
    """What rooms are made with. `sandbox` and `make` may take long and run in threads."""

    home: Home
    sandbox: Callable[[], Sandbox]
    make: Callable[[BoxSpec], Box]


class Room:
    """Lives as long as its session is open and the server runs; boxes come and go."""

    def __init__(self, session: Session, makers: Makers) -> None:
        self.session = session
        self.clock = RoomClock(session)
        self.terminals: dict[str, RoomTerminal] = {}
        self.watchers: list[Callable[[list[str]], None]] = []
        self.driver = CANDIDATE
        self.box: Box | None = None
        self.files: FilesClient | None = None
        self.frozen = ""
        """Why nothing runs in the room for now; "" where it does."""

        self._leased_until: float | None = None

        self.folder_of_commands = "/workspace"
        self.last_used_at = time.monotonic()
        self._makers = makers
        self._opening = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._saved_at = time.monotonic()
        self._next_terminal = 1
        self._users = 0
        self.commands = asyncio.Lock()

    @contextlib.contextmanager
    def use(self) -> Iterator[None]:
        """While a request is at work the room is not forgotten."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1

    @property
    def is_busy(self) -> bool:
        return self._users > 0

    # opening

    async def open(self) -> Box:
        """The box, made if need be. Raises `UserError` where the session is over or paused."""
        async with self._opening:
            self.last_used_at = time.monotonic()
            if self.box is None:
                await asyncio.to_thread(self.session.must_be_enterable)
                box = await asyncio.to_thread(self._open_box)
                self.box = box
                self._watch_lease(box)
                self._take_terminals_back(box)
                self._note_state()
            return self.box

    def _open_box(self) -> Box:
        return self.session.open_box(self._makers.home, self._makers.sandbox(), utc_now(), make=self._makers.make)

    def _watch_lease(self, box: Box) -> None:
        if isinstance(box, RunnerBox):
            asyncio.get_running_loop().add_reader(box.lease, self._on_lease_end, box)

    def _on_lease_end(self, box: RunnerBox) -> None:
        """The runner has ended, and every box with it."""
        asyncio.get_running_loop().remove_reader(box.lease)
        if self.box is box:
            self.fail("the runner of rooms has ended")

    def fail(self, why: str) -> None:
        """The room broke under whoever is in it: our fault, and time is given back."""
        box, self.box = self.box, None
        if box is None:
            return
        visit, left_at = self.clock.stop(utc_now())
        state = self.session.state
        back = 0.0
        if state is State.OPEN:
            back = self.session.room_failed(visit, why, left_at)
        what = "broken" if state is State.OPEN else "submitted"
        for terminal in list(self.terminals.values()):
            terminal.notify(what, minutes=back, why=why)
        self._drop_box(box)

    def _drop_box(self, box: Box) -> None:
        if isinstance(box, RunnerBox):
            with contextlib.suppress(ValueError, OSError):
                asyncio.get_running_loop().remove_reader(box.lease)
        if self.files:
            self.files.close()
            self.files = None
        for terminal in self.terminals.values():
            terminal.close()
            for one in list(terminal.attachments):
                one.transport.close()
        self.terminals.clear()
        self._note_state()

    # terminals

    @property
    def _state_file(self) -> Path:
        return self.session.folder / "room.json"

    def _note_state(self) -> None:
        """What a server that comes after a crash needs to take the terminals back."""
        words = {
            "box": self.box.id if self.box else "",
            "driver": self.driver,
            "frozen": self.frozen,
            "next": self._next_terminal,
            "terminals": {
                one.name: {"runner": one.runner_name, "recording": one.path.stem, "cols": one.cols, "rows": one.rows}
                for one in self.terminals.values()
                if not one.is_over
            },
        }
        part = self._state_file.with_suffix(".part")
        part.write_text(json.dumps(words), "utf-8")
        part.rename(self._state_file)
        marker = self._makers.home.rooms / "open" / self.session.id
        if self.box:
            marker.touch()
        else:
            marker.unlink(missing_ok=True)

    def _take_terminals_back(self, box: Box) -> None:
        try:
            words = json.loads(self._state_file.read_text("utf-8"))
        except (OSError, ValueError):
            return
        self.driver = words.get("driver", CANDIDATE)
        self._next_terminal = int(words.get("next", 1))
        if words.get("box") != box.id:
            return
        self.frozen = words.get("frozen", "")
        for name, one in words["terminals"].items():
            try:
                terminal = _take_patiently(box, one["runner"])
                log = RawLog.reopen(self.session.folder / "recordings" / f"{one['recording']}.raw")
            except (BoxGone, SandboxError, UserError):
                continue
            self.terminals[name] = RoomTerminal(
                name, terminal, log, size=(one["cols"], one["rows"]), on_end=self._on_terminal_end
            )

    async def new_terminal(self, cols: int, rows: int) -> RoomTerminal:
        """Raises `UserError` where there are too many."""
        box = await self.open()
        alive = [one for one in self.terminals.values() if not one.is_over]
        if len(alive) >= MAX_TERMINALS:
            raise UserError(f"a room has {MAX_TERMINALS} terminals at most", remedy="close one first")
        try:
            terminal = await asyncio.to_thread(box.open_pty, _SHELL, rows=rows, cols=cols, keep=True)
        except BoxGone as error:
            self.fail(str(error))
            raise UserError("the room broke, which is our fault", remedy="open it again") from error
        name = f"t{self._next_terminal}"
        self._next_terminal += 1
        path = self.session.next_recording()
        log = RawLog.create(path, cols=cols, rows=rows, title=f"{self.session.id} {name}")
        made = RoomTerminal(name, terminal, log, size=(cols, rows), on_end=self._on_terminal_end)
        self.terminals[name] = made
        self.session.note("terminal", utc_now(), terminal=name, recording=path.stem)
        self._note_state()
        return made

    def _on_terminal_end(self, terminal: RoomTerminal) -> None:
        self._note_state()
        if terminal.status is None or terminal.status == _KILLED:  # perhaps the whole box has ended
            _start(self._check_box(terminal))
        else:
            terminal.notify("exit", status=terminal.status)

    async def _check_box(self, terminal: RoomTerminal) -> None:
        """Tells apart a program that ended from a room that broke."""
        box = self.box
        if box is None:
            return
        try:
            await asyncio.to_thread(box.usage)
        except (BoxGone, SandboxUnavailable):
            self.fail("the room has ended")
        else:
            terminal.notify("exit", status=terminal.status)

    async def terminal_for(self, request: Attach) -> RoomTerminal:
        """The one asked for; without a name the first that lives, made where there is none."""
        await self.open()
        if request.terminal:
            if (found := self.terminals.get(request.terminal)) is None:
                raise UserError(f"there is no terminal {request.terminal}", remedy="open a new one")
            return found
        for one in self.terminals.values():
            if not one.is_over:
                return one
        return await self.new_terminal(request.cols or 80, request.rows or 24)

    # people

    @property
    def attachments(self) -> list[Attachment]:
        return [one for terminal in self.terminals.values() for one in terminal.attachments]

    def role_for(self, who: str, wanted: Role) -> Role:
        """One person drives; who asks to and may not, for now, navigates."""
        if wanted is Role.DRIVER and who != self.driver:
            return Role.NAVIGATOR
        return wanted

    def take_drive(self, who: str) -> None:
        """Hands the drive to somebody: whoever had it navigates from now on. It is noted."""
        if who == self.driver:
            return
        before, self.driver = self.driver, who
        for terminal in self.terminals.values():
            terminal.set_roles(who)
            terminal.notify("drive", driver=who)
        self.session.note("drive", utc_now(), to=who, was=before)
        self._note_state()

    def on_presence(self) -> None:
        """Somebody came, went or was heard of."""
        self.last_used_at = time.monotonic()
        self._follow([one for one in self.attachments if one.is_candidate], time.time())
        people = self.people()
        for terminal in self.terminals.values():
            terminal.notify("people", people=people)

    def _follow(self, candidates: list[Attachment], now: float) -> None:
        """Nobody is charged while nothing runs."""
        self.clock.follow([] if self.frozen else candidates, now)

    def people(self) -> list[dict[str, str]]:
        seen: dict[str, str] = {}
        for one in self.attachments:
            if one.role is Role.DRIVER or one.who not in seen:
                seen[one.who] = one.role
        return [{"who": who, "role": role} for who, role in seen.items()]

    # time and work

    async def tick(self) -> None:
        """Twice a second: the clock, programs that ended, work to save, a session that others closed."""
        for terminal in list(self.terminals.values()):
            terminal.check_end()
            self._forget(terminal)
        if self.box is not None and (why := self.clock.why_closed()):
            await self._close(why)
            return
        if self._leased_until is not None and time.monotonic() > self._leased_until:
            await self.freeze(CUT_OFF)
        candidates = [one for one in self.attachments if one.is_candidate]
        self._follow(candidates, time.time())
        if self.box is None or self.frozen:
            return
        every = SAVE_EVERY_S if candidates else SAVE_EVERY_DETACHED_S
        if time.monotonic() - self._saved_at > every and not self._saving.locked():
            _start(self.save_quietly("interval"))
        if not self.attachments and time.monotonic() - self.last_used_at > KEEP_S:
            await self.save_quietly("left")
            await self.end()

    def _forget(self, terminal: RoomTerminal) -> None:
        """One that is over, and that nobody looks at; its recording stays."""
        if terminal.is_over and not terminal.attachments:
            terminal.close()
            self.terminals.pop(terminal.name, None)

    async def pause(self, reason: str, by: str) -> None:
        """The clock stands, the candidate goes out."""
        self.clock.stop(utc_now())
        await asyncio.to_thread(self.session.pause, reason, by, utc_now())
        self.clock.look_again()
        await self.tick()

    async def must_be_enterable(self) -> None:
        """Raises `UserError` where the session is handed in, paused, or out of time: nothing is changed then."""
        await asyncio.to_thread(self.session.must_be_enterable)

    async def _close(self, why: str) -> None:
        """Paused, over or handed in elsewhere: the work is saved, the candidate goes out, the box stays."""
        kind, text = why.split(":", 1)
        self.clock.stop(utc_now())
        if kind != "submitted":
            await self.save_quietly("left")
        for one in self.attachments:
            one.notify(kind, why=text)
            if one.is_candidate or kind == "submitted":
                one.transport.close()
        if kind == "submitted":
            await self.end()

    async def end(self) -> None:
        """Ends the box and all terminals; recordings and work stay."""
        self.frozen, self._leased_until = "", None
        box, self.box = self.box, None
        if box is not None:
            self._drop_box(box)
            await asyncio.to_thread(box.destroy)

    async def save_quietly(self, kind: str) -> None:
        """Saves the work and tells everybody, also where it cannot be saved."""
        try:
            await self.save(kind)
        except UserError as problem:
            for one in self.attachments:
                one.notify("unsaved", what=problem.what, remedy=problem.remedy)
        except (BoxGone, SandboxError, SandboxUnavailable) as problem:
            self.fail(str(problem))

    async def save(self, kind: str) -> str:
        """Takes a snapshot; returns its hash. Raises `UserError` where the workspace holds too much."""
        async with self._saving:
            box = self.box
            self._saved_at = time.monotonic()
            if box is None:
                raise UserError("the room is not open")
            name = await asyncio.to_thread(self.session.take_snapshot, box, kind, utc_now())
            for one in self.attachments:
                one.notify("saved", at=datetime.now(UTC).isoformat(), hash=name)
            return name

    # a host that is cut off

    async def freeze(self, why: str) -> None:
        """Stops everything in the room and the clock, without ending anything. Harmless when repeated."""
        if self.box is None or self.frozen:
            return
        self.frozen = why
        self.clock.stop(utc_now())
        await asyncio.to_thread(self.box.freeze)
        self._note_state()
        for one in self.attachments:
            one.notify("frozen", why=why)

    async def thaw(self) -> None:
        """Everything goes on where it stood, and the clock with whoever is in the room."""
        if self.box is not None and self.frozen:
            await asyncio.to_thread(self.box.thaw)
            self.frozen = ""
            self._note_state()
            for one in self.attachments:
                one.notify("thawed")

    async def take_lease(self, seconds: float) -> None:
        """Whoever places rooms says that this one is ours for so long: then it freezes, unless they say so again."""
        self._leased_until = time.monotonic() + seconds
        if self.frozen == CUT_OFF:
            await self.thaw()

    async def wait_for_lease(self) -> None:
        """Stands still until a lease comes: whoever starts anew does not know whose the room is by now."""
        self._leased_until = time.monotonic()
        await self.freeze(CUT_OFF)

    def must_not_be_frozen(self) -> None:
        """Raises `UserError`: what would change the room waits until it goes on."""
        if self.frozen:
            raise UserError(f"the room stands still for the moment: {self.frozen}", remedy="it goes on by itself")

    async def discard(self) -> None:
        """Ends the box without saving: another host has gone on from what was saved."""
        self.clock.stop(utc_now())
        for one in self.attachments:
            one.notify("moved", why="your work is saved; the room goes on in a moment")
        await asyncio.to_thread(self.session.forget_box)
        await self.end()

    async def leave(self) -> str:
        """Saves the work and ends the box, so that the room can be made elsewhere; "" where it was not open.

        Raises `UserError` where the workspace cannot be saved: then the room stays.
        """
        if self.box is None:
            return ""
        self.clock.stop(utc_now())
        name = await self.save("left")
        for one in self.attachments:
            one.notify("moved", why="your work is saved; the room goes on in a moment")
        await asyncio.to_thread(self.session.forget_box)
        await self.end()
        return name

    async def submit(self) -> str:
        """Hands in what the room holds now, ends the room. Repeating changes nothing."""
        if self.session.state is State.OPEN and self.box is None:
            box = await asyncio.to_thread(self.session.room, self._makers.sandbox(), utc_now())
            self.box = box
        async with self._saving:
            name = await asyncio.to_thread(self.session.submit, self.box, utc_now())
        self.clock.stop(utc_now())
        for one in self.attachments:
            one.notify("submitted", hash=name)
        await self.end()
        return name

    def to_dict(self) -> dict[str, Any]:
        """The room's state, for pages."""
        state = self.session.state
        is_here = any(one.is_candidate for one in self.attachments)
        status = "ended" if state is not State.OPEN else "attached" if is_here else "detached"
        return {
            "session": self.session.id,
            "status": status,
            "state": str(state),
            "is_open": self.box is not None,
            "clock": asdict(self.clock.standing()),
            "saved_at": self.session.facts().get("saved_at"),
            "paused": self.session.paused(),
            "frozen": self.frozen,
            "driver": self.driver,
            "people": self.people(),
            "terminals": [
                {"name": one.name, "cols": one.cols, "rows": one.rows, "end": one.log.end, "is_over": one.is_over,
                 "recording": one.path.stem}
                for one in self.terminals.values()
            ],
        }  # fmt: skip

    async def files_client(self) -> FilesClient:
        box = await self.open()
        if self.files is None or self.files.is_closed:
            connection = await asyncio.to_thread(box.serve_files)
            self.files = await FilesClient.open(connection, self._on_changes)
            if self.watchers:
                await self.files.ask({"op": "watch"})
        return self.files

    def _on_changes(self, paths: list[str]) -> None:
        for watcher in list(self.watchers):
            watcher(paths)

    def let_go(self) -> None:
        """The server ends and the box may stay: terminals are given back to the runner."""
        for terminal in self.terminals.values():
            terminal.close()
        if self.files:
            self.files.close()


_TASKS: set[asyncio.Task[None]] = set()


def _start(work: Coroutine[None, None, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    _TASKS.add(task)
    task.add_done_callback(_TASKS.discard)


def _take_patiently(box: Box, name: str) -> Any:
    """A kept terminal; the runner may not have seen yet that the server before us is gone."""
    until = time.monotonic() + _HELD_S
    while True:
        try:
            return box.take_pty(name)
        except TerminalHeld:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
