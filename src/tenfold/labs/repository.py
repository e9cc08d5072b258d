"""A session's work as a git repository, for whoever works with their own tools: cloned, pushed, handed in.

The branch `main` follows the session: what a room saved becomes a commit before anybody fetches or pushes, so that git
itself refuses a push that has not seen it. A push is files alone: they are saved as a snapshot, like a room's.

What is pushed is hostile. git reads it with bounds of time, memory and bytes, no hook or attribute of it counts, and a
push is looked at by `pre-receive`, while its objects are still apart, before it becomes a commit here.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from tenfold.kit.errors import UserError
from tenfold.labs.sessions import Session
from tenfold.sandbox.trees import MOST_ENTRIES

MAIN, SUBMIT = "refs/heads/main", "refs/tags/submit"
MOST_BYTES = 64 << 20
"""Of all files of one commit."""
MOST_PUSHED = 30 << 20
"""Bytes of one push, as they are sent."""
MOST_KEPT = 400 << 20
"""Bytes of the whole repository: a bound on what pushing again and again may fill."""
LEFT_OUT = {"__pycache__", ".cache", ".pytest_cache", ".ruff_cache"}
_NOTHING = "0" * 40
_PROTOCOL = re.compile(r"^version=[012]$")
_LIMITS = 'ulimit -t 60 -v 3145728 -f 524288; exec git "$@"'
_SETTINGS = {
    "core.bigFileThreshold": "16m",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "gc.auto": "0",
    "pack.threads": "1",
    "pack.windowMemory": "64m",
    "receive.autogc": "false",
    "receive.denyDeletes": "true",
    "receive.denyNonFastForwards": "true",
    "receive.fsckObjects": "true",
    "receive.maxInputSize": str(MOST_PUSHED),
    "receive.unpackLimit": "1",
    "transfer.hideRefs": "refs/tenfold",
}
_HOOK = f"""#!/bin/sh
refuse() {{ echo "$1" >&2; exit 1; }}
while read -r old new ref; do
  case "$ref" in {MAIN}|{SUBMIT}) ;; *) refuse "Push to main; the tag “submit” hands in. Nothing was saved." ;; esac
  git ls-tree -r -t -l --full-tree "$new^{{commit}}" | awk '
    $2 == "commit" {{ why = "submodules are not part of the work: add the files themselves" }}
    $2 == "blob" {{ bytes += $4 }}
    END {{
      if (NR > {MOST_ENTRIES}) why = "more than {MOST_ENTRIES} files and folders"
      if (bytes > {MOST_BYTES}) why = "more than {MOST_BYTES >> 20} MB of files"
      if (why) {{ print "Nothing was saved: " why "." > "/dev/stderr"; exit 1 }}
    }}' || exit 1
done
"""


class GitFailed(Exception):
    """git could not do what was asked of it: what it said."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a push did. `answer` goes back to the client as it is; `saved`: the snapshot, where something was pushed."""

    answer: bytes
    saved: str
    is_submission: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository beside a session's other files; made at the first use."""

    session: Session

    @property
    def path(self) -> Path:
        return self.session.folder / "repository.git"

    def bring_up_to_date(self, starter: bytes, now: datetime) -> None:
        """Makes it where there is none, and commits what was saved since elsewhere. Held alone by whoever calls."""
        if not (self.path / "tenfold.json").is_file():
            self._make()
        if self._head() != self._notes()["commit"]:  # pushed, and not saved before a crash
            self._save(self._head(), now)
        taken = self.session.snapshots()
        name = taken[-1].hash if taken else "starter"
        if name != self._notes()["snapshot"]:
            content = self.session.snapshot_bytes(name) if taken else starter
            self._commit(content, "As saved in the room" if taken else "What the work begins with", now)
            self._note(name)

    def advertise(self, service: str, protocol: str = "") -> bytes:
        """What a client is told first: the branches and tags there are. Raises GitFailed."""
        told = self._git(service, "--stateless-rpc", "--advertise-refs", ".", protocol=protocol)
        head = f"# service=git-{service}\n"
        return f"{len(head) + 4:04x}{head}0000".encode() + told

    def send(self, body: bytes, protocol: str = "") -> bytes:
        """Answers a fetch. Raises GitFailed."""
        return self._git("upload-pack", "--stateless-rpc", ".", given=body, protocol=protocol)

    def receive(self, body: bytes, now: datetime, protocol: str = "") -> Received:
        """Takes a push and saves it as a snapshot. What git refuses is told in the answer.

        Raises:
            UserError: the repository holds as much as it may.
            GitFailed: git could not read what was sent.
        """
        if sum(one.stat().st_size for one in self.path.rglob("*") if one.is_file()) > MOST_KEPT:
            raise UserError("This repository is full.", remedy="Submit, or go on in the browser.")
        before, tag_before = self._head(), self._commit_of(SUBMIT)
        answer = self._git("receive-pack", "--stateless-rpc", ".", given=body, protocol=protocol)
        head, tag = self._head(), self._commit_of(SUBMIT)
        is_submission = tag not in {_NOTHING, tag_before}
        saved = ""
        if head != before:
            saved = self._save(head, now)
        if is_submission:
            saved = self._save(tag, now)
        return Received(answer, saved, is_submission)

    # what is in it

    def _save(self, commit: str, now: datetime) -> str:
        """Keeps a commit's files as a snapshot of the session, with what git cannot hold taken from the last one."""
        taken = self.session.snapshots()
        last = self.session.snapshot_bytes(taken[-1].hash) if taken else b""
        tree = self._tree(commit)
        tar = _as_tar({**_kept_beside(last, set(tree)), **tree})
        name = self.session.save_tree(tar, "push", now, commit=commit)
        if commit == self._head():
            self._note(name)
        return name

    def _tree(self, commit: str) -> dict[str, tuple[tarfile.TarInfo, bytes]]:
        """Files and links of a commit, by path, as its bytes are: no attribute of it changes them."""
        rows = [row for row in self._git("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0") if row]
        entries = [(*row.partition(b"\t")[0].split()[::2], row.partition(b"\t")[2]) for row in rows]
        asked = b"".join(name + b"\n" for _, name, _ in entries)
        answers = _blobs(self._git("cat-file", "--batch", given=asked))
        return dict(_entry(mode, path, content) for (mode, _, path), content in zip(entries, answers, strict=True))

    def _commit(self, tar: bytes, words: str, now: datetime) -> None:
        before = self._head()
        self._git("fast-import", "--quiet", given=b"".join(_import(tar, words, now, before)))
        trees = [self._git("rev-parse", f"{one}^{{tree}}") for one in (self._head(), before) if one != _NOTHING]
        if len(trees) == 2 and trees[0] == trees[1]:  # nothing that git holds differs: no commit for it
            self._git("update-ref", MAIN, before)

    # the repository itself

    def _make(self) -> None:
        self.path.mkdir(mode=0o700, exist_ok=True)
        self._git("init", "--quiet", "--bare", "--template=", "--initial-branch=main", ".")
        for name, value in _SETTINGS.items():
            self._git("config", name, value)
        hook = self.path / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_HOOK, "utf-8")
        hook.chmod(0o700)
        self._write({"commit": _NOTHING, "snapshot": ""})

    def _head(self) -> str:
        return self._commit_of(MAIN)

    def _commit_of(self, ref: str) -> str:
        try:
            return self._git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").decode().strip()
        except GitFailed:
            return _NOTHING

    def _notes(self) -> dict[str, str]:
        return dict(json.loads((self.path / "tenfold.json").read_text("utf-8")))

    def _note(self, snapshot: str) -> None:
        self._write({"commit": self._head(), "snapshot": snapshot})

    def _write(self, words: Mapping[str, str]) -> None:
        part = self.path / "tenfold.part"
        part.write_text(json.dumps(words), "utf-8")
        part.rename(self.path / "tenfold.json")

    def _git(self, *words: str, given: bytes = b"", protocol: str = "") -> bytes:
        command = ["/bin/sh", "-c", _LIMITS, "git", *words]
        try:
            done = subprocess.run(
                command,
                cwd=self.path,
                input=given,
                capture_output=True,
                timeout=120,
                env=_environment(protocol),
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise GitFailed(f"git {words[0]}: {type(error).__name__}") from error
        if done.returncode and not (words[0] == "receive-pack" and done.stdout):
            raise GitFailed(f"git {words[0]}: {done.stderr.decode(errors='replace').strip()[-500:]}")
        return done.stdout


def _environment(protocol: str) -> dict[str, str]:
    """Nothing of the machine's or the operator's git is read."""
    told = {"GIT_PROTOCOL": protocol} if _PROTOCOL.match(protocol) else {}
    own = {"GIT_DIR": ".", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "HOME": "/nonexistent"}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "GIT_ATTR_NOSYSTEM": "1", **own, **told}


def _is_git_material(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return any(part.lower() == ".git" or part in LEFT_OUT for part in parts)


def _import(tar: bytes, words: str, now: datetime, before: str) -> Iterator[bytes]:
    """A commit of a tree as git's fast-import reads it."""
    message = words.encode()
    yield f"commit {MAIN}\ncommitter Tenfold <lab@localhost> {int(now.timestamp())} +0000\n".encode()
    yield b"data %d\n%s\n" % (len(message), message)
    yield f"from {before}\n".encode() if before != _NOTHING else b""
    yield b"deleteall\n"
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for info in archive:
            name = str(PurePosixPath(info.name))
            if _is_git_material(name) or not (info.isreg() or info.issym()):
                continue
            held = archive.extractfile(info) if info.isreg() else None
            content = held.read() if held else info.linkname.encode()
            mode = b"120000" if info.issym() else b"100755" if info.mode & 0o100 else b"100644"
            yield b"M %s inline %s\ndata %d\n%s\n" % (mode, _quote(name), len(content), content)


def _quote(path: str) -> bytes:
    text = path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + text + b'"'


def _blobs(answer: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        size = int(answer[at:end].rsplit(b" ", 1)[1])
        yield answer[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _entry(mode: bytes, path: bytes, content: bytes) -> tuple[str, tuple[tarfile.TarInfo, bytes]]:
    try:
        name, text = path.decode("utf-8"), content if mode != b"120000" else content.decode("utf-8")
    except UnicodeDecodeError:
        raise UserError("a file’s name or link is not UTF-8 text", remedy="rename it, and push again") from None
    info = tarfile.TarInfo(name)
    if isinstance(text, str):
        info.type, info.linkname = tarfile.SYMTYPE, text
        return name, (info, b"")
    info.mode, info.size = (0o755 if mode == b"100755" else 0o644), len(content)
    return name, (info, content)


def _kept_beside(tar: bytes, files: set[str]) -> dict[str, tuple[tarfile.TarInfo, bytes]]:
    """What a commit cannot hold: empty folders, and repositories that a lab or a candidate keeps in the workspace."""
    if not tar:
        return {}
    kept = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        infos = archive.getmembers()
        full = {str(parent) for info in infos for parent in PurePosixPath(info.name).parents}
        for info in infos:
            if not files.isdisjoint(map(str, (PurePosixPath(info.name), *PurePosixPath(info.name).parents))):
                continue  # a file stands in its place now
            is_empty = info.isdir() and info.name not in full
            if is_empty or (_is_git_material(info.name) and not info.isdir()):
                held = archive.extractfile(info) if info.isreg() else None
                kept[info.name] = (info, held.read() if held else b"")
    return kept


def _as_tar(found: Mapping[str, tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """As a room's snapshot is written: folders first, sorted, without times or owners."""
    entries = dict(found)
    for path in found:
        for parent in PurePosixPath(path).parents:
            if str(parent) != "." and str(parent) not in entries:
                folder = tarfile.TarInfo(str(parent))
                folder.type, folder.mode = tarfile.DIRTYPE, 0o755
                entries[str(parent)] = (folder, b"")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(entries, key=lambda one: PurePosixPath(one).parts):
            info, content = entries[path]
            info.uid = info.gid = info.mtime = 0
            info.uname = info.gname = ""
            archive.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return out.getvalue()
