"""What a person changed in their workspace: file by file, against what they began with."""

from __future__ import annotations

import difflib
import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenfold.apps.labroom.queries.sessions import sandbox_here
from tenfold.labs import home
from tenfold.labs.sessions import Session

MOST_TEXT = 200_000
"""Bytes of one file that are compared line by line."""
MOST_LINES = 2_000
"""Of a diff that are shown."""
MOST_COMPARED = 20_000
"""Lines of one file that are compared: lines made for it would cost a minute where they are many more."""
LEFT_OUT = ("__pycache__/", ".cache/", ".pytest_cache/", ".ruff_cache/")


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file. `state`: new, changed or removed; `diff`: unified, empty for what is no text or too long."""

    path: str
    state: str
    diff: str
    is_text: bool


def changed_files(session: Session, snapshot: str = "", *, since: str = "") -> list[FileChange]:
    """Between two snapshots: the starter of the person's variant and the last one, where none is named.

    Raises:
        UserError: the variant or a snapshot cannot be read.
    """
    taken = session.snapshots()
    name = snapshot or (taken[-1].hash if taken else "")
    if not name:
        return []
    began = session.snapshot_bytes(since) if since else _starter(session)
    return list(_compare(files_in(began), files_in(session.snapshot_bytes(name))))


def _starter(session: Session) -> bytes:
    with sandbox_here() as sandbox:
        return session.variant(home.home(), sandbox).workspace("starter")


def files_in(tar: bytes) -> dict[str, bytes]:
    """The regular files of a workspace, by path; not what programs keep for themselves."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for info in archive:
            name = info.name.removeprefix("./")
            if info.isreg() and not any(part in f"{name}" for part in LEFT_OUT):
                held = archive.extractfile(info)
                found[name] = held.read() if held else b""
    return found


def _compare(began: Mapping[str, bytes], ended: Mapping[str, bytes]) -> Iterator[FileChange]:
    for path in sorted({*began, *ended}):
        before, after = began.get(path), ended.get(path)
        if before != after:
            state = "new" if before is None else "removed" if after is None else "changed"
            diff, is_text = text_diff(path, before or b"", after or b"")
            yield FileChange(path, state, diff, is_text)


def text_diff(path: str, before: bytes, after: bytes) -> tuple[str, bool]:
    """A unified diff, at most 2,000 lines of it; and whether both are text of a length that is compared."""
    if max(len(before), len(after)) > MOST_TEXT:
        return "", False
    try:
        old, new = before.decode().splitlines(), after.decode().splitlines()
    except UnicodeDecodeError:
        return "", False
    if "\x00" in before.decode() + after.decode() or max(len(old), len(new)) > MOST_COMPARED:
        return "", False
    lines = list(difflib.unified_diff(old, new, f"before/{path}", f"after/{path}", lineterm=""))
    return "\n".join(lines[:MOST_LINES]), True
