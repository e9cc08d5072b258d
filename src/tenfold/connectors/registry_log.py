"""The registry that remembers: what each look at a model registry saw, on a hash chain that shows any change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenfold.connectors.records import ModelVersion
from tenfold.kit import hashchain
from tenfold.kit.errors import Place, UserError

LOOK = "registry-look"


@dataclass(frozen=True, slots=True)
class AliasSeen:
    """What an alias pointed to at one look."""

    at: datetime
    name: str
    alias: str
    version: str


def append_look(path: Path, versions: Iterable[ModelVersion], *, at: datetime) -> hashchain.Entry:
    """Adds one look: every alias and the version it points to now. A look that finds nothing is a look, too."""
    aliases = sorted((each.name, alias, each.version) for each in versions for alias in each.aliases)
    return hashchain.append(path, LOOK, {"aliases": [list(alias) for alias in aliases]}, at=at)


def read_looks(path: Path) -> list[AliasSeen]:
    """What every look saw, with blank versions for aliases that an earlier look saw and this one did not.

    Raises:
        UserError: the log is missing, or was changed after it was written.
    """
    try:
        return list(_observe(path))
    except OSError as error:
        raise UserError(
            f"The log cannot be read: {error.strerror}.", remedy="Check the path.", place=Place(file=str(path))
        ) from error
    except hashchain.ChainBroken as error:
        raise UserError(
            f"The log was changed after it was written: {error}.",
            remedy="Restore it from a backup; what follows that line proves nothing.",
            place=Place(file=str(path), line=error.n + 1),
        ) from error


def _observe(path: Path) -> Iterator[AliasSeen]:
    known: set[tuple[str, str]] = set()
    for entry in hashchain.read(path):
        if entry.kind != LOOK:
            continue
        at = entry.at.astimezone(UTC)
        now = {(str(name), str(alias)): str(version) for name, alias, version in entry.data["aliases"]}
        known |= set(now)
        yield from (AliasSeen(at, name, alias, now.get((name, alias), "")) for name, alias in sorted(known))
