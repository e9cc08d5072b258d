"""The store that all machines reach obeys the same laws as a folder and as object storage of a real server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (tenfold[temporal])")

from tenfold.kit.errors import UserError  # noqa: E402
from tenfold.labs import sessions  # noqa: E402
from tenfold.labs.engines.shelf import Shelf  # noqa: E402
from tenfold.labs.engines.store import ContentMissing, ContentStore, store_at  # noqa: E402
from tenfold.labs.home import Home  # noqa: E402
from tenfold.labs.lab import Lab  # noqa: E402
from tenfold.labs.sessions import utc_now  # noqa: E402
from tenfold.sandbox.client import RunnerSandbox  # noqa: E402
from tests.labs.engines.object_storage import ACCESS, BUCKET, SECRET, object_storage, why_no_storage  # noqa: E402
from tests.sandboxes import needs_bwrap, needs_root  # noqa: E402


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty bucket; the environment says where its server is, as an operator would."""
    if why := why_no_storage():
        pytest.skip(why)
    s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed (bin/setup dev)")
    with object_storage(tmp_path_factory.mktemp("storage")) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", ACCESS)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir(BUCKET)
        yield f"s3://{BUCKET}"
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture(params=["folder", "object storage"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ContentStore:
    if request.param == "folder":
        return store_at(str(tmp_path / "store"))
    return store_at(f"{request.getfixturevalue('bucket')}/{secrets.token_hex(6)}")


def test_content_is_found_by_its_name_whole_or_not_at_all(store: ContentStore) -> None:
    content = os.urandom(3_000_000)
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(store.add, [content] * 8))
    (name,) = names
    assert store.get(name) == content
    assert store.add(b"") != name
    assert store.get(store.add(b"")) == b""
    with pytest.raises(ContentMissing, match="has no"):
        store.get("0" * 64)
    store.files.pipe_file(f"{store.root}/{name[:2]}/{name}", content[:-1])
    with pytest.raises(ContentMissing, match="changed"):
        store.get(name)


def test_a_mark_says_what_was_written_last(store: ContentStore) -> None:
    assert store.mark("newest") == ""
    for word in ("a" * 64, "b" * 64):
        store.write_mark("newest", word)
        assert store.mark("newest") == word


def test_what_is_not_needed_goes_and_the_rest_stays(store: ContentStore) -> None:
    inner, other = store.below("sessions/one"), store.below("sessions/two")
    names = [inner.add(bytes([number])) for number in range(5)]
    kept = other.add(b"another's")
    inner.write_mark("newest", names[0])
    assert inner.keep_only(set(names[:2])) == 3
    assert [inner.get(name) for name in names[:2]] == [b"\0", b"\1"]
    assert inner.mark("newest") == names[0]
    inner.remove()
    inner.remove()
    assert inner.mark("newest") == ""
    with pytest.raises(ContentMissing):
        inner.get(names[0])
    assert other.get(kept) == b"another's"


@needs_bwrap
@needs_root
def test_a_session_is_shared_erased_and_forgotten(
    home: Home, runner: RunnerSandbox, toy_lab: Lab, store: ContentStore, tmp_path: Path
) -> None:
    name = f"shared-{secrets.token_hex(4)}"
    session = sessions.start(home, runner, toy_lab, candidate=name, attempt=1, now=utc_now())
    here, there = Shelf(home, store), Shelf(Home(tmp_path / "there"), store)
    assert there.bring(session.id) is None
    here.keep(session)
    first = there.bring(session.id)
    assert first is not None
    first.note("elsewhere", utc_now())
    manifest = there.keep(first)
    back = here.bring(session.id)
    assert back is not None
    assert back.events()[-1].kind == "elsewhere"
    assert here.end(session.id, manifest)
    assert not here.end(session.id, manifest), "a session ends once"
    assert here.tidy(session.id, manifest) > 0, "the first state's pieces are not needed any more"
    assert here.bring(session.id) is not None
    here.erase(session.id)
    assert there.sweep() == 1, "another machine's copy goes, too"
    assert there.bring(session.id) is None
    folder = f"{store.root}/sessions/{session.id}"
    assert set(store.files.find(folder)) <= {folder}, "at most the empty folder, which this server lists as a file"


def test_a_store_of_no_known_kind_is_refused() -> None:
    with pytest.raises(UserError, match="cannot be opened"):
        store_at("nosuch://bucket")
