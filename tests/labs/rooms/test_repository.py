"""A session's repository, asked by a real git client: nothing is lost, doubled or taken that is not the work."""

from __future__ import annotations

import io
import random
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tenfold.labs import repository
from tenfold.labs.home import Home
from tenfold.labs.repository import Repository
from tenfold.labs.sessions import Session, utc_now
from tenfold.sandbox import trees
from tenfold.sandbox.client import RunnerSandbox
from tests.sandboxes import needs_bwrap, needs_root

pytestmark = [needs_bwrap, needs_root]
NAMES = ("a.txt", "b/c.py", "b/d é.md", 'q"uote\\.txt', "line\nbreak", "-n", ".gitattributes", "b/deep/er/x.bin", "ü/ß")


class Served:
    """The repository over HTTP, as the application serves it, without its sign-in."""

    def __init__(self, session: Session, starter: bytes) -> None:
        self.session, self.starter = session, starter
        self.server = HTTPServer(("127.0.0.1", 0), self.handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}/work.git"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        held, starter = Repository(self.session), self.starter

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                held.bring_up_to_date(starter, utc_now())
                service = parse_qs(urlsplit(self.path).query)["service"][0].removeprefix("git-")
                self.tell(f"git-{service}-advertisement", held.advertise(service))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service = self.path.rpartition("/git-")[2]
                taken = held.send(body) if service == "upload-pack" else held.receive(body, utc_now()).answer
                self.tell(f"git-{service}-result", taken)

            def tell(self, kind: str, words: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", f"application/x-{kind}")
                self.end_headers()
                self.wfile.write(words)

            def log_message(self, *words: object) -> None:
                pass

        return Handler


@pytest.fixture
def served(session: Session, home: Home, runner: RunnerSandbox) -> Iterator[Served]:
    one = Served(session, session.variant(home, runner).workspace("starter"))
    yield one
    one.server.shutdown()
    one.server.server_close()


def git(folder: Path, *words: str, fails: bool = False) -> str:
    settings = (
        "user.name=Invented",
        "user.email=i@invented.example",
        "http.postBuffer=60000000",
        "core.autocrlf=false",
    )
    ours = [part for one in settings for part in ("-c", one)]
    done = subprocess.run(["git", *ours, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == fails, (words, done.stderr)
    return done.stdout + done.stderr


def cloned(served: Served, into: Path) -> Path:
    """Its bytes as they are: attributes that a work carries change nothing of it here."""
    git(into.parent, "clone", "-q", "--no-checkout", served.address, str(into))
    (into / ".git/info").mkdir(exist_ok=True)
    (into / ".git/info/attributes").write_text("* -text -ident -eol\n", "utf-8")
    git(into, "checkout", "-q", "main")
    return into


def pushed(work: Path, *, fails: bool = False) -> str:
    git(work, "add", "-A", "-f")
    git(work, "commit", "-q", "--allow-empty", "-m", "x")
    return git(work, "push", "-q", "origin", "HEAD:main", fails=fails)


def files_of(tar: bytes) -> dict[str, tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        return {
            one.name: (
                f"{one.type!r} {one.mode:o} {one.linkname}",
                held.read() if one.isreg() and (held := archive.extractfile(one)) else b"",
            )
            for one in archive
            if one.isreg() or one.issym()
        }


def last(session: Session) -> bytes:
    return session.snapshot_bytes(session.snapshots()[-1].hash)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_pushed_is_what_is_kept_and_what_is_kept_is_what_is_fetched(
    served: Served, tmp_path: Path, seed: int
) -> None:
    """Whatever names, bytes, modes and links; what a room saves in between is fetched, and nothing is lost."""
    rng = random.Random(seed)  # noqa: S311
    work = cloned(served, tmp_path / "one")
    for step in range(3):
        for name in rng.sample(NAMES, 5):
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(
                b"* export-ignore eol=crlf ident\n" if name == ".gitattributes" else rng.randbytes(50) + b"$Id$\r\n"
            )
            path.chmod(rng.choice((0o644, 0o755)))
        link = work / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(rng.choice(("a.txt", "/etc/passwd", "nowhere")))
        pushed(work)
        kept = files_of(last(served.session))
        told = {name: value for name, value in files_of(trees.tar_of(work)).items() if not name.startswith(".git/")}
        assert kept == told, step
        room = io.BytesIO()
        own = tmp_path / f"room-{step}"
        own.mkdir()
        trees.unpack(io.BytesIO(last(served.session)), own)
        (own / f"room-{step}.txt").write_text("from the room", "utf-8")
        (own / "empty").mkdir(exist_ok=True)
        trees.pack(own, room, max_bytes=1 << 30)
        served.session.save_tree(room.getvalue(), "interval", utc_now())
        (work / "mine").write_text("unaware", "utf-8")
        assert "rejected" in pushed(work, fails=True)
        assert last(served.session) == room.getvalue()
        git(work, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        assert (work / f"room-{step}.txt").read_text("utf-8") == "from the room"
    git(work, "push", "-q", "origin", "HEAD:main")
    whole = last(served.session)
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        assert "empty" in archive.getnames()  # what git cannot hold stays in the work
    again = cloned(served, tmp_path / "two")
    assert {name: content for name, (_, content) in files_of(trees.tar_of(again)).items() if ".git/" not in name} == {
        name: content for name, (_, content) in files_of(whole).items()
    }


def test_a_push_without_a_change_is_the_same_snapshot(served: Served, tmp_path: Path) -> None:
    """So that what is graded does not hang on the way by which it came."""
    served.session.save_tree(served.starter, "interval", utc_now())
    work = cloned(served, tmp_path / "one")
    pushed(work)
    assert last(served.session) == served.starter


def submodule(work: Path) -> None:
    git(work, "update-index", "--add", "--cacheinfo", f"160000,{git(work, 'rev-parse', 'HEAD').strip()},module")
    git(work, "commit", "-qm", "x")


def too_much(work: Path) -> None:
    (work / "much").write_bytes(bytes(repository.MOST_BYTES + 1))  # a few kilobytes as they are sent
    git(work, "add", "much")
    git(work, "commit", "-qm", "x")


def too_many(work: Path) -> None:
    name = git(work, "hash-object", "-w", "/dev/null").strip()
    rows = "".join(f"100644 {name}\tm{number}\n" for number in range(trees.MOST_ENTRIES + 1))
    subprocess.run(["git", "update-index", "--index-info"], cwd=work, input=rows.encode(), check=True)
    git(work, "commit", "-qm", "x")


def own_git(work: Path) -> None:
    """A tree that names `.git`, which no client makes by itself."""
    blob = git(work, "hash-object", "-w", "kept").strip()
    inner = f"100644 blob {blob}\tconfig\n".encode()
    tree = subprocess.run(["git", "mktree"], cwd=work, input=inner, capture_output=True, check=True).stdout.strip()
    raw = b"40000 .git\0" + bytes.fromhex(tree.decode())
    command = ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    outer = subprocess.run(command, cwd=work, input=raw, capture_output=True, check=True).stdout.decode().strip()
    commit = git(work, "commit-tree", outer, "-p", "HEAD", "-m", "x").strip()
    git(work, "update-ref", "refs/heads/main", commit)


@pytest.mark.parametrize("attack", [submodule, too_much, too_many, own_git], ids=lambda one: one.__name__)
def test_what_is_not_files_is_refused_and_changes_nothing(served: Served, tmp_path: Path, attack: object) -> None:
    work = cloned(served, tmp_path / "one")
    (work / "kept").write_text("kept", "utf-8")
    pushed(work)
    before, head = last(served.session), git(work, "rev-parse", "HEAD")
    assert callable(attack)
    attack(work)
    git(work, "push", "-q", "origin", "HEAD:main", fails=True)
    assert last(served.session) == before
    assert git(work, "ls-remote", served.address, "main").split()[0] == head.strip()


@pytest.mark.parametrize(
    "refs", ["HEAD:refs/heads/other", "HEAD:refs/tags/v1", ":refs/heads/main", "+HEAD~1:refs/heads/main"]
)
def test_only_main_goes_on_and_only_submit_is_a_tag(served: Served, tmp_path: Path, refs: str) -> None:
    work = cloned(served, tmp_path / "one")
    pushed(work)
    before = git(work, "ls-remote", served.address)
    git(work, "push", "-q", "origin", refs, fails=True)
    assert git(work, "ls-remote", served.address) == before


def test_a_push_that_a_crash_kept_from_being_saved_is_saved_at_the_next_asking(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = cloned(served, tmp_path / "one")
    (work / "kept").write_text("kept", "utf-8")

    def die(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Repository, "_save", die)
        broken.setattr(
            BaseHTTPRequestHandler, "handle_one_request", _quietly(BaseHTTPRequestHandler.handle_one_request)
        )
        pushed(work, fails=True)
    assert not served.session.snapshots()
    git(work, "fetch", "-q")
    assert files_of(last(served.session))["kept"][1] == b"kept"


def _quietly(handle: object) -> object:
    def one(self: BaseHTTPRequestHandler) -> None:
        try:
            handle(self)  # type: ignore[operator]
        except KeyboardInterrupt:
            self.close_connection = True

    return one
