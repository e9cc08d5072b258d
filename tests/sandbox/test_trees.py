"""What a candidate leaves behind is hostile: nothing is followed, nothing blocks, all is capped."""

import io
import os
import socket
import tarfile
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.sandbox import trees
from tenfold.sandbox.interface import SnapshotTooLarge


def packed(root: Path, max_bytes: int = 1 << 20) -> bytes:
    out = io.BytesIO()
    trees.pack(root, out, max_bytes=max_bytes)
    return out.getvalue()


def names(tar: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        return archive.getnames()


def test_links_are_kept_as_links_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    tar = packed(tmp_path)
    assert list(trees.files_in(tar)) == []
    assert names(tar) == ["folder", "out"]


def test_pipes_and_sockets_do_not_block_and_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
        out = io.BytesIO()
        info = trees.pack(tmp_path, out, max_bytes=1000)
    assert info.files == 0
    assert [line.split(":")[0] for line in info.left_out] == ["pipe", "socket"]


def test_setuid_bits_do_not_travel(tmp_path: Path) -> None:
    (tmp_path / "su").write_text("#!/bin/sh\n")
    (tmp_path / "su").chmod(0o4755)
    with tarfile.open(fileobj=io.BytesIO(packed(tmp_path))) as archive:
        assert archive.getmember("su").mode == 0o755


@pytest.mark.parametrize("harm", ["big", "many", "deep", "sparse"])
def test_too_much_is_refused(tmp_path: Path, harm: str) -> None:
    if harm == "big":
        (tmp_path / "big").write_bytes(bytes(2 << 20))
    elif harm == "sparse":
        with (tmp_path / "sparse").open("wb") as file:
            file.truncate(1 << 40)
    elif harm == "many":
        for number in range(trees.MOST_ENTRIES + 1):
            (tmp_path / f"f{number}").touch()
    else:
        folder = tmp_path
        for _ in range(60):
            folder /= "d"
            folder.mkdir()
    with pytest.raises(SnapshotTooLarge):
        packed(tmp_path)


def archive(*entries: tuple[str, str]) -> io.BytesIO:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, link in entries:
            info = tarfile.TarInfo(name)
            if link:
                info.type, info.linkname = tarfile.SYMTYPE, link
            made.addfile(info, io.BytesIO(b""))
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "entries",
    [
        [("../out", "")],
        [("/etc/x", "")],
        [("a/../../x", "")],
        [("link", "/var"), ("link/x", "")],
        [("same", ""), ("same", "")],
    ],
)
def test_an_archive_that_leads_outside_is_refused(tmp_path: Path, entries: list[tuple[str, str]]) -> None:
    with pytest.raises(UserError):
        trees.unpack(archive(*entries), tmp_path)


def test_what_is_unpacked_packs_to_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/a").write_text("x")
    (tmp_path / "one/b").symlink_to("a")
    tar = packed(tmp_path / "one")
    (tmp_path / "two").mkdir()
    trees.unpack(io.BytesIO(tar), tmp_path / "two")
    assert packed(tmp_path / "two") == tar


def test_a_name_that_is_no_text_keeps_nothing_else_from_being_handed_in(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("x")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n")).write_text("y")
    (tmp_path / "link").symlink_to(os.fsdecode(b"\xff"))
    out = io.BytesIO()
    info = trees.pack(tmp_path, out, max_bytes=1000)
    assert [name for name, _ in trees.files_in(out.getvalue())] == ["kept.txt"]
    assert sorted(info.left_out) == [
        "\\xff\\n: its name is no UTF-8 text",
        "link: it points to a name that is no UTF-8 text",
    ]


def test_too_many_files_are_refused_with_where_they_are_and_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    for number in range(trees.MOST_ENTRIES):
        (tmp_path / "node_modules" / str(number)).touch()
    with pytest.raises(SnapshotTooLarge, match=r"node_modules.*can stand in /tmp"):
        trees.pack(tmp_path, io.BytesIO(), max_bytes=1000)
