"""Sessions in the store that all machines reach, and this machine's copies of them."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from tenfold.labs.engines import carry
from tenfold.labs.engines.store import ContentStore
from tenfold.labs.home import Home
from tenfold.labs.sessions import Session

_NEWEST, _ENDED = "newest", "ended"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A mark for each session names its newest state while no host holds it; a host's own state is newer."""

    home: Home
    store: ContentStore

    def keep(self, session: Session) -> str:
        """Packs this machine's copy, which from now on is the newest; returns its manifest."""
        with self._alone(session.id):
            manifest = carry.Packer(session, self.store).pack()
            carry.note_manifest(session.folder, manifest)
            self.mark(session.id, manifest)
        return manifest

    def keep_shared(self, session: Session) -> None:
        """As `keep`, where it came from the store; a session of this machine alone stays so."""
        if carry.manifest_of(session.folder):
            self.keep(session)

    def mark(self, session: str, manifest: str) -> None:
        carry.own_store(session, self.store).write_mark(_NEWEST, manifest)

    def end(self, session: str, manifest: str) -> bool:
        """That a session ended with this manifest, once; whether it was news."""
        own = carry.own_store(session, self.store)
        if own.mark(_ENDED) == manifest:
            return False
        self.mark(session, manifest)
        own.write_mark(_ENDED, manifest)
        return True

    def newest(self, session: str) -> str:
        """Its manifest; "" where it was never kept."""
        return carry.own_store(session, self.store).mark(_NEWEST)

    def bring(self, session: str, manifest: str = "") -> Session | None:
        """This machine's copy, brought up to a manifest or the newest; None where there is no such session."""
        folder = self.home.sessions / session
        wanted = manifest or self.newest(session)
        if not wanted and carry.manifest_of(folder):
            self.forget(session)  # it was erased elsewhere
        if wanted and carry.manifest_of(folder) != wanted:
            with self._alone(session):
                if carry.manifest_of(folder) != wanted:
                    carry.unpack(session, wanted, self.store, self.home)
        return Session(folder) if (folder / "session.sqlite").is_file() else None

    def tidy(self, session: str, manifest: str) -> int:
        """Removes of a session that is handed in what only its course needed; returns how many pieces."""
        needed = carry.content_of(session, manifest, self.store)
        return carry.own_store(session, self.store).keep_only(needed)

    def erase(self, session: str) -> None:
        """Here and in the store, for good. Other machines remove their copies by `sweep`, or when they are asked."""
        carry.own_store(session, self.store).remove()
        self.forget(session)

    def forget(self, session: str) -> None:
        """This machine's copy goes."""
        shutil.rmtree(self.home.sessions / session, ignore_errors=True)

    def sweep(self) -> int:
        """Removes copies of sessions that were erased elsewhere; returns how many."""
        found = [one for one in self.home.sessions.glob("*") if carry.manifest_of(one) and not self.newest(one.name)]
        for folder in found:
            self.forget(folder.name)
        return len(found)

    @contextlib.contextmanager
    def _alone(self, session: str) -> Iterator[None]:
        """One thread or process of this machine at a time."""
        folder = self.home.root / "copying"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / f"{session[:2]}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
