"""What was saved in the editor of a room: who saved which file when, and its text before and after.

Every save is an event of the session's log; the texts lie beside it by their SHA-256, so that a reviewer sees each
edit by itself. Work is kept by snapshots, never by this: where a bound is reached, the edit is named without its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tenfold.labs.session_store import SessionStore, write_durably
from tenfold.sandbox.files import version_of

FOLDER = "edits"
MOST_BYTES = 256 * 1024
"""Of one file that is kept."""
MOST_FILES = 2_000
MOST_BYTES_IN_ALL = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Edit:
    """One save. `by`: “candidate”, or whoever else; `was` is "" for a new file; both are versions (SHA-256)."""

    at: datetime
    by: str
    path: str
    was: str
    version: str


def edits(session: SessionStore) -> list[Edit]:
    """In the order in which they were made; a save that changed nothing is none."""
    found = []
    for entry in session.events():
        if entry.kind == "file" and entry.data["version"] != entry.data.get("was", ""):
            words = entry.data
            found.append(Edit(entry.at, words.get("by", ""), words["path"], words.get("was", ""), words["version"]))
    return found


def keep_text(session: SessionStore, content: bytes) -> bool:
    """Keeps one version of a file; False where it is larger than is kept, or enough is kept already."""
    folder = session.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / version_of(content)
    if path.exists():
        return True
    if len(content) > MOST_BYTES or not _has_room(folder, len(content)):
        return False
    write_durably(path, content)
    return True


def _has_room(folder: Path, more: int) -> bool:
    sizes = [path.stat().st_size for path in folder.iterdir()]
    return len(sizes) < MOST_FILES and sum(sizes) + more <= MOST_BYTES_IN_ALL


def is_kept(session: SessionStore, version: str) -> bool:
    """Whether the text of a version is there. The version of a file that was not there yet is ""."""
    return version == "" or (session.folder / FOLDER / version).is_file()


def text_of(session: SessionStore, version: str) -> bytes | None:
    """The content of a version that was kept, nothing for ""; None where it was not kept or is not what it was."""
    if version == "":
        return b""
    path = session.folder / FOLDER / Path(version).name
    if not path.is_file():
        return None
    content = path.read_bytes()
    return content if version_of(content) == version else None
