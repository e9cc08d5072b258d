"""A workspace's files, served to an editor: what candidates leave there harms nobody, nothing is overwritten unseen."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.labs import rooms
from tenfold.labs.sessions import Session
from tenfold.sandbox import files
from tenfold.sandbox.file_names import Refusal, name_of, parse_path
from tenfold.sandbox.files import MAX_FILE_BYTES, FileServer, receive, send
from tests.sandboxes import needs_bwrap, needs_root
from tests.sizes import size


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, socket.socket]]:
    """A folder beside a secret, served as a workspace is."""
    root = tmp_path / "workspace"
    root.mkdir()
    (tmp_path / "secret").write_text("secret")
    ours, theirs = socket.socketpair()
    ours.settimeout(20)
    fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    thread = threading.Thread(target=FileServer(fd, theirs).serve)
    thread.start()
    yield root, ours
    ours.close()
    thread.join(10)
    os.close(fd)
    signal.signal(signal.SIGIO, before)


def ask(connection: socket.socket, content: bytes = b"", **words: Any) -> tuple[dict[str, Any], bytes]:
    send(connection, words, content)
    return receive(connection)


PATHS_OUT = (
    "../secret", "/etc/passwd", "a/../../secret", "", ".", "..", "a//b", "a/", "\x00", "a" * 2000, "%base64:Li4=",
    "%base64:L2V0Yw==", "%base64:!",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS_OUT)
@pytest.mark.parametrize("op", ["read", "write", "folder", "remove", "rename"])
def test_no_path_leads_out(served: tuple[Path, socket.socket], path: str, op: str) -> None:
    root, connection = served
    (root / "a").mkdir()
    answer, body = ask(connection, b"x", op=op, path=path, version="", to=path)
    assert answer["error"] in {"name", "missing", "denied"}
    assert body == b""
    assert (root.parent / "secret").read_text() == "secret"


def test_links_are_listed_and_never_followed(served: tuple[Path, socket.socket]) -> None:
    root, connection = served
    (root / "link").symlink_to("../secret")
    (root / "folder").symlink_to("..")
    (root / "real").mkdir()
    (root / "inner").symlink_to("real")
    tree, _ = ask(connection, op="list")
    assert {(one["path"], one["kind"]) for one in tree["entries"]} == {
        ("link", "link"), ("folder", "link"), ("inner", "link"), ("real", "folder")
    }  # fmt: skip
    for path in ("link", "folder/secret", "inner/new"):
        assert ask(connection, op="read", path=path)[0]["error"] in {"denied", "not-a-folder", "missing"}
        assert ask(connection, b"x", op="write", path=path, version="")[0]["error"] in {"denied", "not-a-folder"}
    assert (root.parent / "secret").read_text() == "secret"
    assert not (root / "real/new").exists()


def test_what_is_no_file_is_not_opened_and_keeps_nobody_waiting(served: tuple[Path, socket.socket]) -> None:
    root, connection = served
    os.mkfifo(root / "fifo")
    (root / "folder").mkdir()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(root / "socket"))
    connection.settimeout(5)
    for name in ("fifo", "folder", "socket"):
        assert ask(connection, op="read", path=name)[0]["error"] == "not-a-file"
        assert "error" in ask(connection, b"x", op="write", path=name, version="")[0]
    listener.close()


def test_sizes_are_bounded(served: tuple[Path, socket.socket]) -> None:
    root, connection = served
    with (root / "large").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert ask(connection, op="read", path="large")[0]["error"] == "too-large"
    answer, _ = ask(connection, b"x" * MAX_FILE_BYTES, op="write", path="whole", version="")
    assert (len(str(answer["version"])), (root / "whole").stat().st_size) == (64, MAX_FILE_BYTES)
    # More than that is no message: the connection ends.
    request = b'{"op": "write", "path": "x", "version": "", "bytes": 9999999}'
    connection.sendall(files.HEAD.pack(len(request)) + request)
    assert connection.recv(1) == b""


def test_a_very_large_tree_is_cut_and_said_to_be(served: tuple[Path, socket.socket]) -> None:
    root, connection = served
    for number in range(files.MAX_ENTRIES + 10):
        (root / str(number)).touch()
    entries = ask(connection, op="list")[0]["entries"]
    assert len(entries) == files.MAX_ENTRIES + 1
    assert entries[-1]["kind"] == "more"


@given(st.binary(min_size=1, max_size=40).filter(lambda raw: b"/" not in raw and b"\0" not in raw))
def test_every_name_travels_there_and_back(raw: bytes) -> None:
    name = name_of(raw)
    assert name.isprintable()
    if raw in {b".", b".."}:
        with pytest.raises(Refusal):
            parse_path(name)
    else:
        assert parse_path(name) == (raw,)


def test_names_of_any_bytes_are_read_and_written(served: tuple[Path, socket.socket]) -> None:
    root, connection = served
    odd = os.fsencode(root) + b"/\xff\xfe \x1b[31m\n"
    with open(odd, "wb") as file:  # noqa: PTH123  a name that is no text
        file.write(b"held")
    entry = ask(connection, op="list")[0]["entries"][0]
    found, content = ask(connection, op="read", path=entry["path"])
    assert content == b"held"
    assert "version" in ask(connection, b"new", op="write", path=entry["path"], version=found["version"])[0]
    with open(odd, "rb") as file:  # noqa: PTH123
        assert file.read() == b"new"


def test_what_was_changed_meanwhile_is_not_overwritten(served: tuple[Path, socket.socket]) -> None:
    root, connection = served
    version = ask(connection, b"one", op="write", path="f", version="")[0]["version"]
    (root / "f").write_text("from the shell")
    answer, _ = ask(connection, b"two", op="write", path="f", version=version)
    assert answer["error"] == "conflict"
    assert (root / "f").read_text() == "from the shell"
    assert ask(connection, b"x", op="write", path="f", version="")[0]["error"] == "conflict"
    assert ask(connection, op="remove", path="f", version=version)[0]["error"] == "conflict"
    (root / "f").unlink()
    assert ask(connection, b"two", op="write", path="f", version=answer["version"])[0]["error"] == "conflict"
    (root / "f").write_text("x")
    (root / "g").write_text("y")
    assert ask(connection, op="rename", path="f", to="g")[0]["error"] == "exists"
    (root / "f").chmod(0o755)
    read, _ = ask(connection, op="read", path="f")
    ask(connection, b"z", op="write", path="f", version=read["version"])
    assert (root / "f").stat().st_mode & 0o777 == 0o755
    assert sorted(path.name for path in root.iterdir()) == ["f", "g"], "no temporary file is left"


def test_changes_are_told_also_in_folders_that_are_new(served: tuple[Path, socket.socket]) -> None:
    root, connection = served
    ask(connection, op="watch")
    (root / "new").mkdir()
    seen: set[str] = set()
    connection.settimeout(10)
    while "new" not in seen:
        seen |= set(receive(connection)[0]["changes"])
    (root / "new/inner").write_text("x")
    while "new/inner" not in seen:
        seen |= set(receive(connection)[0]["changes"])
    (root / "loop").symlink_to(".")
    while "loop" not in seen:
        seen |= set(receive(connection)[0]["changes"])
    assert not any(path.startswith("loop/") for path in seen)


EDITS = size(60, nightly=400)


@needs_bwrap
@needs_root
def test_shell_and_editor_on_the_same_file_lose_nothing_unseen(session: Session) -> None:
    """Each adds lines of its own to what it read; every line is in the file at the end, or its writer was told."""
    told, kept, content = asyncio.run(_edit_together(session))
    lines = content.decode().split()
    assert [line for line in kept if line not in lines] == []
    assert len([line for line in lines if line.startswith("shell")]) == EDITS
    assert told > 0, "there was no conflict, so nothing was shown"


async def _edit_together(session: Session) -> tuple[int, list[str], bytes]:
    folder = rooms.files(session)
    chance = random.Random(5)  # noqa: S311  edits, no secrets
    await rooms.open_room(session)
    await folder.write("notes", b"", version="")
    # The shell adds lines with >>, as people do; the editor reads, thinks, and writes the whole.
    line = f"for i in $(seq {EDITS}); do echo shell$i >> notes; sleep 0.0$((RANDOM % 4)); done"
    shell = asyncio.create_task(rooms.run_command(session, line, timeout_s=110))
    told, kept, number = 0, [], 0
    while not shell.done():
        read = await folder.read("notes")
        await asyncio.sleep(chance.choice((0, 0.005, 0.02)))
        try:
            await folder.write("notes", read.content + f"editor{number}\n".encode(), version=read.version)
            kept.append(f"editor{number}")
        except rooms.FileConflict:
            told += 1
        number += 1
    assert (await shell).status == 0
    return told, kept, (await folder.read("notes")).content


@needs_bwrap
@needs_root
def test_files_in_a_room_have_the_rooms_own_rights(session: Session) -> None:
    async def work() -> None:
        folder = rooms.files(session)
        await rooms.run_command(
            session,
            "ln -s /etc/passwd link; mkdir -p a/b; echo x > shut; chmod 0 shut; ln -s / root; "
            "python3 -c \"import socket; socket.socket(1).bind('pipe')\"",
        )
        kinds = {one.path: one.kind for one in await folder.tree()}
        assert (kinds["link"], kinds["pipe"], kinds["a/b"]) == ("link", "other", "folder")
        for path in ("link", "pipe", "root/etc/passwd", "shut", "../../etc/passwd", "/etc/passwd"):
            with pytest.raises(rooms.FileProblem):
                await folder.read(path)
        await folder.write("a/b/new", b"made", version="")
        shown = await rooms.run_command(session, "stat -c '%U %a' a/b/new; cat a/b/new")
        assert shown.output == "candidate 644\nmade"
        watching = folder.watch()
        first = asyncio.ensure_future(anext(watching))
        await asyncio.sleep(0.3)
        await rooms.run_command(session, "echo y > a/b/other")
        assert "a/b/other" in await asyncio.wait_for(first, 20)
        await watching.aclose()  # type: ignore[attr-defined]

    asyncio.run(work())
