"""Nothing stays behind: what a killed runner left is found and removed; kept work is rescued first."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from tenfold.kit.errors import UserError
from tenfold.sandbox import boxes, cgroups, trees
from tenfold.sandbox.interface import BoxGone, SnapshotTooLarge

_LOCK_S = 2.0  # a process that was killed gives its files back a moment after it has gone from /proc
_MOST_RESCUED_BYTES = 256 * 1024 * 1024


@dataclass(slots=True)
class Swept:
    """What a sweep found and removed."""

    boxes: list[str] = field(default_factory=list)
    processes: int = 0
    mounts: int = 0
    cgroups: list[str] = field(default_factory=list)
    rescued: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.boxes or self.processes or self.mounts or self.cgroups)


@contextlib.contextmanager
def lock(place: boxes.Place) -> Iterator[None]:
    """Held by a runner for its life, and by a sweep. Raises `UserError` when another holds it."""
    place.root.mkdir(parents=True, exist_ok=True)
    with (place.root / "lock").open("w") as file:
        until = time.monotonic() + _LOCK_S
        while not _lock(file):
            if time.monotonic() > until:
                raise UserError(
                    "a runner is at work here; it sweeps by itself", remedy="stop it first, or leave it to it"
                )
            time.sleep(0.02)
        yield


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def note(place: boxes.Place, box: str, uid: int, *, keep: bool) -> None:
    """Notes whose box this is, for a sweep that comes after a crash."""
    folder = place.root / "notes"
    folder.mkdir(exist_ok=True, mode=0o700)
    (folder / f"{box}.json").write_text(json.dumps({"uid": uid, "keep": keep}), "ascii")


def forget(place: boxes.Place, box: str) -> None:
    (place.root / "notes" / f"{box}.json").unlink(missing_ok=True)


def sweep(place: boxes.Place) -> Swept:
    """Removes every box of this place. The caller holds the lock, so none is in use."""
    swept = Swept()
    leftovers = sorted(place.boxes.iterdir()) if place.boxes.is_dir() else []
    uids = {folder.stat().st_uid for folder in leftovers} - {0, os.geteuid()}
    for pid in [pid for name in cgroups.left_behind(place.family) for pid in _members(place, name)]:
        swept.processes += _kill(pid)
    swept.processes += sum(_kill(pid) for pid in _processes_of(uids))
    for folder in leftovers:
        if _keep_survivors(place, folder.name):
            _rescue(place, folder, swept)
        swept.mounts += len(boxes.mounts_below(folder)) if place.privileged else 0
        boxes.remove_folder(folder, privileged=place.privileged)
        forget(place, folder.name)
        swept.boxes.append(folder.name)
    for name in cgroups.left_behind(place.family):
        cgroups.Group(place.family, name, cgroups.version() or 1).remove()
        swept.cgroups.append(name)
    cgroups.remove_family(place.family)
    _drop_half_made_layers(place)
    return swept


def _members(place: boxes.Place, name: str) -> set[int]:
    group = cgroups.Group(place.family, name, cgroups.version() or 1)
    if group.can_freeze():
        group.thaw()  # what is frozen cannot be killed, in the older kind of cgroup
    return group.members()


def _processes_of(uids: set[int]) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid in uids:
                found.append(int(entry.name))
    return found


def _kill(pid: int) -> int:
    try:
        watch = os.pidfd_open(pid)
        signal.pidfd_send_signal(watch, signal.SIGKILL)
        os.close(watch)
    except ProcessLookupError:
        return 0
    until = time.monotonic() + 5
    while Path(f"/proc/{pid}/cwd").is_symlink() and time.monotonic() < until:
        time.sleep(0.002)
    return 1


def _keep_survivors(place: boxes.Place, box: str) -> bool:
    try:
        return bool(json.loads((place.root / "notes" / f"{box}.json").read_text("ascii"))["keep"])
    except (OSError, ValueError, KeyError):
        return False


def _rescue(place: boxes.Place, folder: Path, swept: Swept) -> None:
    """Saves a kept box's workspace. What is too large is left: it could not have been handed in either."""
    # After a restart of the machine the tmpfs is gone, and with it what was not saved as a snapshot.
    if not os.path.ismount(folder / "space"):
        return
    merged = folder / ("merged" if os.path.ismount(folder / "merged") else "space/upper")
    target = place.root / "rescued"
    target.mkdir(exist_ok=True, mode=0o700)
    owner = json.loads((place.root / "notes" / f"{folder.name}.json").read_text("ascii"))["uid"]
    part = target / f"{folder.name}.part"
    try:
        with part.open("wb") as out:
            trees.pack(merged, out, max_bytes=_MOST_RESCUED_BYTES)
    except SnapshotTooLarge:
        part.unlink()
        return
    os.chown(part, owner, owner)
    part.rename(target / f"{folder.name}.tar")
    swept.rescued.append(folder.name)


@contextlib.contextmanager
def rescue(place: boxes.Place, box: str, uid: int) -> Iterator[BinaryIO]:
    """What was saved of a box, for its owner only. Raises `BoxGone` when there is nothing."""
    path = place.root / "rescued" / f"{box}.tar"
    if not path.is_file() or uid not in (0, path.stat().st_uid):
        raise BoxGone(box)
    with path.open("rb") as tar:
        yield tar


def prune_layers(place: boxes.Place, in_use: set[str], most: int) -> None:
    """Keeps the cache of unpacked trees small: the longest unused go first."""
    layers = [layer for layer in place.layers.iterdir() if layer.name not in in_use]
    for layer in sorted(layers, key=lambda path: path.stat().st_mtime)[: max(0, len(layers) - most)]:
        shutil.rmtree(layer, ignore_errors=True)


def _drop_half_made_layers(place: boxes.Place) -> None:
    if place.layers.is_dir():
        for layer in place.layers.iterdir():
            if "." in layer.name:
                shutil.rmtree(layer, ignore_errors=True)
