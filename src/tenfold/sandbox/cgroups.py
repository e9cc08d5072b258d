"""Limits of a whole box: cgroup v1 directories where those controllers are mounted, v2 elsewhere.

v2 is written to the kernel's documentation and has not been tried on a machine that offers its memory
controller.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tenfold.sandbox.interface import MEBIBYTE, Limits, SandboxError, Usage

ROOT = Path("/sys/fs/cgroup")
_V1_CONTROLLERS = ("memory", "pids", "cpu", "cpuacct")
_FREEZER = "freezer"
_PERIOD_US = 100_000


def version() -> int | None:
    """1 or 2: where memory and process counts can be limited; None where neither."""
    if (ROOT / "memory/memory.limit_in_bytes").exists() and (ROOT / "pids").is_dir():
        return 1
    controllers = ROOT / "cgroup.controllers"
    if controllers.exists() and {"memory", "pids", "cpu"} <= set(controllers.read_text("ascii").split()):
        return 2
    return None


@dataclass(frozen=True, slots=True)
class Group:
    """One box's cgroup. `family` is the folder of all boxes of one runner, so that two runners never mix."""

    family: str
    name: str
    version: int

    @classmethod
    def create(cls, family: str, name: str, limits: Limits) -> Group | None:
        present = version()
        if present is None:
            return None
        group = cls(family, name, present)
        if present == 1:
            group._create_v1(limits)
        else:
            group._create_v2(limits)
        return group

    def _folders(self) -> list[Path]:
        if self.version == 2:
            return [ROOT / self.family / self.name]
        return [ROOT / controller / self.family / self.name for controller in _v1_hierarchies()]

    def _create_v1(self, limits: Limits) -> None:
        for folder in self._folders():
            folder.mkdir(parents=True, exist_ok=True)
        memory, pids, cpu, *_ = self._folders()
        _set(memory / "memory.limit_in_bytes", limits.memory_mb * MEBIBYTE)
        with suppress(OSError):  # without swap accounting there is no such file, and swap is the host's to forbid
            _set(memory / "memory.memsw.limit_in_bytes", limits.memory_mb * MEBIBYTE)
        _set(pids / "pids.max", limits.pids)
        _set(cpu / "cpu.cfs_period_us", _PERIOD_US)
        _set(cpu / "cpu.cfs_quota_us", int(limits.cpus * _PERIOD_US))

    def _create_v2(self, limits: Limits) -> None:
        parent = ROOT / self.family
        parent.mkdir(exist_ok=True)
        for folder in (ROOT, parent):
            with suppress(OSError):  # systemd has enabled them already
                (folder / "cgroup.subtree_control").write_text("+memory +pids +cpu", "ascii")
        folder = parent / self.name
        folder.mkdir(exist_ok=True)
        _set(folder / "memory.max", limits.memory_mb * MEBIBYTE)
        with suppress(OSError):
            _set(folder / "memory.swap.max", 0)
        _set(folder / "pids.max", limits.pids)
        (folder / "cpu.max").write_text(f"{int(limits.cpus * _PERIOD_US)} {_PERIOD_US}", "ascii")

    def join(self) -> None:
        """Moves the calling process in, which must have one thread (a child just forked has).

        v1 lets a thread move itself by `tasks` without the kernel's global lock on forks, for which
        `cgroup.procs` waits 5 to 25 ms on an idle machine.
        """
        name = "cgroup.procs" if self.version == 2 else "tasks"
        for folder in self._folders():
            (folder / name).write_text("0", "ascii")

    def can_freeze(self) -> bool:
        return self.version == 2 or (ROOT / _FREEZER / self.family / self.name).is_dir()

    def freeze(self, *, patience_s: float = 5) -> None:
        """Nothing in it runs any more once this returns, however fast it forks. Raises `SandboxError`."""
        self._set_frozen(True)
        until = time.monotonic() + patience_s
        while not self._is_frozen():
            if time.monotonic() > until:
                raise SandboxError(f"cgroup {self.name} does not freeze")
            time.sleep(0.001)

    def thaw(self) -> None:
        self._set_frozen(False)

    def _set_frozen(self, is_frozen: bool) -> None:
        if self.version == 2:
            (ROOT / self.family / self.name / "cgroup.freeze").write_text("1" if is_frozen else "0", "ascii")
        else:
            state = ROOT / _FREEZER / self.family / self.name / "freezer.state"
            state.write_text("FROZEN" if is_frozen else "THAWED", "ascii")

    def _is_frozen(self) -> bool:
        if self.version == 2:
            return _parse_keys(ROOT / self.family / self.name / "cgroup.events", "frozen") == 1
        return (ROOT / _FREEZER / self.family / self.name / "freezer.state").read_text("ascii").strip() == "FROZEN"

    def usage(self) -> Usage:
        if self.version == 2:
            folder = self._folders()[0]
            return Usage(
                memory_bytes=_number(folder / "memory.current"),
                memory_peak_bytes=_number(folder / "memory.peak"),
                cpu_s=_parse_keys(folder / "cpu.stat", "usage_usec", 1e-6),
                oom_kills=int(_parse_keys(folder / "memory.events", "oom_kill") or 0),
            )
        memory, _, _, cpuacct, *_ = self._folders()
        nanoseconds = _number(cpuacct / "cpuacct.usage")
        # Page cache of files that lie elsewhere comes and goes; what the box itself holds is rss and shared
        # memory.
        rss, shared = (_parse_keys(memory / "memory.stat", key) for key in ("total_rss", "total_shmem"))
        return Usage(
            memory_bytes=None if rss is None else int(rss + (shared or 0)),
            memory_peak_bytes=_number(memory / "memory.max_usage_in_bytes"),
            cpu_s=None if nanoseconds is None else nanoseconds / 1e9,
            oom_kills=int(_parse_keys(memory / "memory.oom_control", "oom_kill") or 0),
        )

    def members(self) -> set[int]:
        """Whoever joined; `join` goes into the first folder first, so nobody is in another and not in it."""
        procs = self._folders()[0] / "cgroup.procs"
        return set(map(int, procs.read_text("ascii").split())) if procs.exists() else set()

    def remove(self, *, patience_s: float = 5) -> None:
        """Removes the folders; their members must have been killed, and some may need a moment to be gone."""
        until = time.monotonic() + patience_s
        for folder in self._folders():
            while folder.exists():
                try:
                    folder.rmdir()
                except OSError as error:
                    if time.monotonic() > until:
                        raise SandboxError(f"cgroup {folder.name} is still in use") from error
                    time.sleep(0.0005)


def _v1_hierarchies() -> list[str]:
    """Those that limit, and the one that freezes where the machine has it."""
    return [*_V1_CONTROLLERS, *([_FREEZER] if (ROOT / _FREEZER).is_dir() else [])]


def left_behind(family: str) -> list[str]:
    """Names of the groups of a family that still exist."""
    present = version()
    roots = [ROOT / controller for controller in _v1_hierarchies()] if present == 1 else [ROOT]
    return sorted(
        {
            folder.name
            for root in roots
            if (root / family).is_dir()
            for folder in (root / family).iterdir()
            if folder.is_dir()
        }
    )


def remove_family(family: str) -> None:
    present = version()
    for root in [ROOT / controller for controller in _v1_hierarchies()] if present == 1 else [ROOT]:
        with suppress(OSError):
            (root / family).rmdir()


def _set(path: Path, value: int) -> None:
    path.write_text(str(value), "ascii")


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return None


def _parse_keys(path: Path, key: str, factor: float = 1) -> float | None:
    try:
        rows = dict(line.split() for line in path.read_text("ascii").splitlines())
        return float(rows[key]) * factor
    except (OSError, ValueError, KeyError):
        return None
