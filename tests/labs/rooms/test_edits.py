"""Each save in the editor can be read again: by whom, of what, before and after; within bounds, and never wrongly."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tenfold.labs import edits, rooms
from tenfold.labs.engines.carry import Packer, unpack
from tenfold.labs.engines.store import store_at
from tenfold.labs.home import Home
from tenfold.labs.session_store import SessionStore
from tenfold.labs.sessions import Session
from tenfold.sandbox.files import version_of
from tests.sandboxes import needs_bwrap, needs_root


@needs_root
@needs_bwrap
def test_each_edit_is_told_with_who_made_it(session: Session) -> None:
    async def work() -> bytes:
        await rooms.open_room(session)
        mine, theirs = rooms.files(session), rooms.files(session, who="u-1")
        first = next(one for one in await mine.tree() if one.kind == "file" and one.size)
        began = await mine.read(first.path)
        version = await mine.write(first.path, b"one\n", version=began.version)
        version = await theirs.write(first.path, b"two\n", version=version)
        await mine.write(first.path, b"two\n", version=version)  # changes nothing
        await mine.write("empty", b"", version="")
        return began.content

    began = asyncio.run(work())
    found = edits.edits(session)
    assert [one.by for one in found] == ["candidate", "u-1", "candidate"]
    texts = [(edits.text_of(session, one.was), edits.text_of(session, one.version)) for one in found]
    assert texts == [(began, b"one\n"), (b"one\n", b"two\n"), (b"", b"")]


@needs_root
@needs_bwrap
def test_edits_go_along_to_another_machine(session: Session, tmp_path: Path) -> None:
    async def work() -> None:
        await rooms.open_room(session)
        await rooms.files(session).write("mine", b"kept\n", version="")

    asyncio.run(work())
    store = store_at(str(tmp_path / "store"))
    there = unpack(session.id, Packer(session, store).pack(), store, Home(tmp_path / "there"))
    assert edits.text_of(there, version_of(b"kept\n")) == b"kept\n"


@pytest.fixture
def folder(tmp_path: Path) -> SessionStore:
    return SessionStore(tmp_path)


def test_what_is_too_large_or_too_much_is_not_kept(folder: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not edits.keep_text(folder, b"x" * (edits.MOST_BYTES + 1))
    monkeypatch.setattr(edits, "MOST_FILES", 2)
    assert [edits.keep_text(folder, text) for text in (b"1", b"2", b"3", b"1")] == [True, True, False, True]
    assert edits.text_of(folder, version_of(b"3")) is None
    monkeypatch.setattr(edits, "MOST_FILES", 100)
    monkeypatch.setattr(edits, "MOST_BYTES_IN_ALL", 4)
    assert [edits.keep_text(folder, text) for text in (b"4", b"55")] == [True, False]


def test_a_text_that_was_changed_is_not_shown(folder: SessionStore) -> None:
    edits.keep_text(folder, b"as it was")
    path = folder.folder / edits.FOLDER / version_of(b"as it was")
    path.write_bytes(b"as it was not")
    assert edits.text_of(folder, version_of(b"as it was")) is None
    assert edits.text_of(folder, "../../etc/passwd") is None
