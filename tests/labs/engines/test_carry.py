"""Sessions carried from home to home by a store: whole, once, and never out of their folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (tenfold[temporal])")

from tenfold.labs import sessions  # noqa: E402
from tenfold.labs.engines import carry  # noqa: E402
from tenfold.labs.engines.store import ContentMissing, ContentStore, store_at  # noqa: E402
from tenfold.labs.home import Home  # noqa: E402
from tenfold.labs.lab import Lab  # noqa: E402
from tenfold.labs.sessions import utc_now  # noqa: E402
from tenfold.sandbox.client import RunnerSandbox  # noqa: E402
from tests.sandboxes import needs_bwrap, needs_root  # noqa: E402


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return store_at(str(tmp_path / "store"))


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if (path.is_file() and path.parent.name in {"snapshots", "recordings"}) or path.name == "events.jsonl"
    }


@needs_bwrap
@needs_root
def test_what_is_packed_is_what_is_unpacked_however_it_grew(
    home: Home, runner: RunnerSandbox, toy_lab: Lab, store: ContentStore, tmp_path: Path
) -> None:
    session = sessions.start(home, runner, toy_lab, candidate="carried", attempt=1, now=utc_now())
    recording = session.next_recording()
    packer = carry.Packer(session, store)
    names, elsewhere = [], Home(tmp_path / "elsewhere")
    for size in (0, 10, carry.PIECE_BYTES - 10, 1, 3 * carry.PIECE_BYTES + 7, 0):
        with recording.open("ab") as file:
            file.write(bytes(number % 251 for number in range(size)))
        session.note("grew", utc_now(), by=size)
        names.append(packer.pack())
        found = carry.unpack(session.id, names[-1], store, elsewhere)
        assert _files(found.folder) == _files(session.folder)
        assert found.clock() == session.clock()
        assert (found.lab.digest, found.facts()["seed"]) == (session.lab.digest, session.facts()["seed"])
        assert Path(found.facts()["labs"]).is_relative_to(elsewhere.root)
    assert carry.unpack(session.id, names[1], store, elsewhere).next_recording().stem == "002", (
        "an earlier save is there as well"
    )
    assert [path.name for path in elsewhere.sessions.iterdir()] == [session.id], "nothing half made is left"
    shutil.rmtree(session.folder)


def test_the_same_content_is_kept_once_and_what_was_changed_is_not_given_out(store: ContentStore) -> None:
    name = store.add(b"one")
    assert store.add(b"one") == name
    assert store.get(name) == b"one"
    (path,) = Path(store.root).rglob(name)
    assert len([one for one in Path(store.root).rglob("*") if one.is_file()]) == 1
    path.write_bytes(b"two")
    with pytest.raises(ContentMissing, match="changed"):
        store.get(name)
    with pytest.raises(ContentMissing, match="has no"):
        store.get("0" * 64)


@pytest.mark.parametrize("path", ["../out", "/etc/out", "recordings/../../out"])
def test_nothing_is_written_outside_the_folder(path: str, store: ContentStore, tmp_path: Path) -> None:
    labs = store.add(json.dumps({"files": {}, "links": {}}).encode())
    own = carry.own_store("toy-1", store)
    words = {"session": "toy-1", "edition": "e", "labs": labs, "files": [{"path": path, "pieces": [own.add(b"x")]}]}
    with pytest.raises(ContentMissing, match="leads out"):
        carry.unpack("toy-1", own.add(json.dumps(words).encode()), store, Home(tmp_path / "home"))
    assert not list(tmp_path.rglob("out"))
