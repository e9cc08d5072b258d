"""What a client asks of a room, but for terminals: each request answered with an object and perhaps bytes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.labs import edits
from tenfold.labs.rooms import messages, panel
from tenfold.labs.rooms.files_client import FilesClient
from tenfold.labs.rooms.room import Room
from tenfold.labs.sessions import utc_now
from tenfold.sandbox.files import MAX_FILE_BYTES

_CHANGES = (
    messages.NewTerminal,
    messages.WriteFile,
    messages.MakeFolder,
    messages.RemoveFile,
    messages.RenameFile,
    messages.Ask,
    messages.Command,
)
"""What works on the room: not while it is paused or over."""

Answer = tuple[dict[str, Any], bytes | None]


async def answer(room: Room, request: messages.Request, blob: bytes) -> Answer:
    """Raises `UserError`, `SandboxError`, `BoxGone`."""
    if isinstance(request, _CHANGES):
        room.must_not_be_frozen()
        await room.must_be_enterable()
    match request:
        case messages.Open():
            await room.open()
            return room.to_dict(), None
        case messages.State():
            return room.to_dict(), None
        case messages.NewTerminal():
            made = await room.new_terminal(request.cols, request.rows)
            return {"terminal": made.name}, None
        case messages.TakeDrive():
            room.take_drive(request.who)
            return room.to_dict(), None
        case messages.Save():
            return {"hash": await room.save("asked")}, None
        case messages.Submit():
            return {"hash": await room.submit()}, None
        case (
            messages.Close()
            | messages.LetGo()
            | messages.Freeze()
            | messages.Thaw()
            | messages.Lease()
            | messages.Discard()
        ):
            return await _answer_about_its_host(room, request), None
        case messages.Pause():
            await room.pause(request.reason, request.by)
            return room.to_dict(), None
        case messages.Resume():
            await asyncio.to_thread(room.session.resume, request.by, utc_now())
            room.clock.look_again()
            return room.to_dict(), None
        case messages.Services() | messages.Ask() | messages.Command():
            return await panel.answer(room, request, blob)
    return await _answer_about_files(room, request, blob)


async def _answer_about_its_host(
    room: Room,
    request: messages.Close | messages.LetGo | messages.Freeze | messages.Thaw | messages.Lease | messages.Discard,
) -> dict[str, Any]:
    match request:
        case messages.Close():
            if room.attachments:
                raise UserError("somebody is in the room", remedy="close its pages first")
            await room.leave()
        case messages.LetGo():
            return {"hash": await room.leave()}
        case messages.Freeze():
            await room.freeze(request.why)
        case messages.Thaw():
            await room.thaw()
        case messages.Lease():
            await room.take_lease(request.seconds)
        case messages.Discard():
            await room.discard()
    return room.to_dict()


async def _answer_about_files(room: Room, request: messages.Request, blob: bytes) -> Answer:
    files = await room.files_client()
    match request:
        case messages.ListFiles():
            words, _ = await files.ask({"op": "list"})
            return words, None
        case messages.ReadFile():
            words, body = await files.ask({"op": "read", "path": request.path})
            return words, body if "error" not in words else None
        case messages.WriteFile():
            return await _write_file(room, files, request, blob), None
        case messages.MakeFolder():
            words, _ = await files.ask({"op": "folder", "path": request.path})
            return words, None
        case messages.RemoveFile():
            words, _ = await files.ask({"op": "remove", "path": request.path, "version": request.version})
            return words, None
        case messages.RenameFile():
            words, _ = await files.ask({"op": "rename", "path": request.path, "to": request.to})
            return words, None
    raise UserError("there is no such request")


async def _write_file(room: Room, files: FilesClient, request: messages.WriteFile, blob: bytes) -> dict[str, Any]:
    """Writes, and keeps who wrote what in place of what."""
    if len(blob) > MAX_FILE_BYTES:
        raise UserError(f"a file that is written holds {MAX_FILE_BYTES:,} bytes at most")
    texts = [blob]
    if not edits.is_kept(room.session, request.version):
        held, before = await files.ask({"op": "read", "path": request.path})
        texts += [] if "error" in held else [before]
    words, _ = await files.ask({"op": "write", "path": request.path, "version": request.version}, blob)
    if "error" not in words:
        note = {"path": request.path, "by": request.who, "version": words["version"], "was": request.version}
        await asyncio.to_thread(_keep_edit, room, texts, note)
    return words


def _keep_edit(room: Room, texts: list[bytes], note: dict[str, str]) -> None:
    for text in texts:
        with contextlib.suppress(UserError, OSError):  # the write stands, whether or not its text is kept
            edits.keep_text(room.session, text)
    room.session.note("file", utc_now(), **note)
