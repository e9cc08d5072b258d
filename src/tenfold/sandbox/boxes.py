"""How a box is made with bubblewrap, entered and removed; for the runner (root) and the local backend (not).

Everything that forks here does little between fork and exec or exit, and nothing that takes locks.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import random
import resource
import shutil
import signal
import socket
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tenfold.kit.errors import UserError
from tenfold.sandbox import cgroups, linux, seccomp, trees
from tenfold.sandbox.interface import (
    HOME,
    MEBIBYTE,
    BoxGone,
    Limits,
    SandboxError,
    SandboxUnavailable,
    Usage,
)
from tenfold.sandbox.rootfs import (
    FULL,
    INSIDE_UID,
    Hardening,
    LiveBox,
    Place,
    bwrap_arguments,
    mounts_below,
    prepare_rootfs,
    remove_folder,
)

FIRST_UID, UIDS = 1_900_000_000, 1_000_000  # above what systemd, subuid ranges and people use
CANNOT_START = 125  # exit status of a program that could not be executed or forked
_START_S, _END_S = 20.0, 5.0
__all__ = ["FULL", "Hardening", "LiveBox", "Place", "mounts_below", "remove_folder"]


def bwrap_path() -> str:
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxUnavailable(
            "bubblewrap (the program bwrap) is not installed, so no isolated room can be made",
            remedy="install it: apt-get install bubblewrap (or run bin/system in a checkout). Until then no lab can be "
            "started, graded or examined; list, show, lint, env list, replay and evidence work all the same",
        )
    return path


def create(
    place: Place,
    limits: Limits,
    environment: str,
    files: Sequence[tuple[str, bytes]],
    hardening: Hardening = FULL,
) -> LiveBox:
    """Makes a box and returns once its first process runs. On failure nothing is left behind."""
    uid = _free_uid(place) if place.privileged and hardening.own_uid else os.geteuid()
    box = LiveBox(
        id=f"{time.time_ns() // 1_000_000:x}{os.urandom(5).hex()}",
        place=place,
        limits=limits,
        environment=_environment(place, environment),
        hardening=hardening,
        uid=uid,
    )
    try:
        prepare_rootfs(box, files)
        if place.privileged and hardening.limits:
            box.group = cgroups.Group.create(place.family, box.id, limits)
        _launch(box, [at for at, _ in files if at != HOME])
    except BaseException:
        destroy(box)
        raise
    return box


def fill(box: LiveBox, tar: bytes) -> None:
    """Puts files into the empty workspace of a box that waited for them. Raises `UserError` for a hostile archive."""
    trees.unpack(io.BytesIO(tar), box.workspace, owner=(box.uid, box.uid) if box.place.privileged else None)


def _free_uid(place: Place) -> int:
    taken = {folder.stat().st_uid for folder in place.boxes.iterdir()}
    while (uid := FIRST_UID + random.SystemRandom().randrange(UIDS)) in taken:
        pass
    return uid


def _environment(place: Place, name: str) -> Path | None:
    if not name:
        return None
    path = place.environments / name
    if "/" in name or name.startswith(".") or not (path / ".ready").is_file():
        raise UserError(
            f"environment {name} is not built",
            remedy="tenfold labs env build (and see tenfold labs env list)",
        )
    return path


def _launch(box: LiveBox, tree_points: Sequence[str]) -> None:
    bwrap = bwrap_path()
    holder_read, box.holder = os.pipe()
    ready_read, ready_write = os.pipe()
    info_read, info_write = os.pipe()
    filter_fd = os.memfd_create("filter")
    if box.hardening.seccomp:
        os.pwrite(filter_fd, seccomp.program(), 0)
    words = [bwrap, *bwrap_arguments(box, tree_points, 3, 4)]

    def become_bwrap() -> NoReturn:
        os.setsid()
        if box.group:
            box.group.join()
        if box.place.privileged and box.uid:
            os.setgroups([])
            os.setresgid(box.uid, box.uid, box.uid)
            os.setresuid(box.uid, box.uid, box.uid)
        _only_these_descriptors([holder_read, ready_write, ready_write, info_write, filter_fd])
        os.execv(bwrap, words)  # noqa: S606  no shell is the point

    box.bwrap_pid = _fork(become_bwrap)
    for fd in (holder_read, ready_write, info_write, filter_fd):
        os.close(fd)
    try:
        complaint = _await_ready(ready_read)
        info = os.read(info_read, 4096)
    finally:
        os.close(ready_read)
        os.close(info_read)
    if complaint:
        raise SandboxError(f"bubblewrap did not start: {complaint}")
    pid = int("".join(filter(str.isdigit, info.partition(b"child-pid")[2].partition(b",")[0].decode())))
    box.init = os.pidfd_open(pid)
    box.net = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _await_ready(fd: int) -> str:
    """Waits for the empty line of the box's first process; anything else is what bubblewrap complains of."""
    said, until = b"", time.monotonic() + _START_S
    while said != b"\n":
        if not linux.wait_readable(fd, until - time.monotonic()):
            return f"no answer in {_START_S:.0f} s {said.decode(errors='replace')}"
        block = os.read(fd, 4096)
        if not block:
            return said.decode(errors="replace").strip() or "it ended at once"
        said += block
    return ""


def _fork(child: Callable[[], NoReturn]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        for number in (
            signal.SIGPIPE,
            signal.SIGXFSZ,
            signal.SIGINT,
            signal.SIGTERM,
            signal.SIGCHLD,
            signal.SIGHUP,
        ):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        child()
    except BaseException as error:  # noqa: BLE001  a child must never return into the parent's code
        with contextlib.suppress(OSError):
            os.write(2, f"{error}\n".encode())
    finally:
        os._exit(CANNOT_START)


def _only_these_descriptors(wanted: Sequence[int]) -> None:
    """Makes the descriptors 0, 1, 2, … out of `wanted` and closes all others."""
    above = [os.dup(fd) for fd in wanted]
    while min(above) < len(wanted):
        above = [fd if fd >= len(wanted) else os.dup(fd) for fd in above]
    for number, fd in enumerate(above):
        os.dup2(fd, number, inheritable=True)
    os.closerange(len(wanted), 65536)


@dataclass(frozen=True, slots=True)
class Program:
    """What is to run in a box, and on which descriptors (0, 1, 2 and perhaps 3)."""

    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    descriptors: tuple[int, ...]
    terminal: bool = False


def base_environment(box: LiveBox) -> dict[str, str]:
    path = "/usr/local/bin:/usr/bin:/bin"
    words = {
        "HOME": "/home/candidate",
        "USER": "candidate",
        "LOGNAME": "candidate",
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": path,
    }
    if box.environment:
        words |= {"PATH": f"{box.environment}/bin:{path}", "VIRTUAL_ENV": str(box.environment)}
    return words


def program(box: LiveBox, argv: Sequence[str], env: Mapping[str, str], fds: Sequence[int], terminal: bool) -> Program:
    words = base_environment(box) | ({"TERM": "xterm-256color"} if terminal else {}) | dict(env)
    return Program(tuple(argv), tuple(words.items()), tuple(fds), terminal)


def enter(box: LiveBox, wanted: Program) -> int:
    """Starts a program in the box. The pid returned is a child that ends with the program's exit status."""
    if box.init < 0:
        raise BoxGone(box.id)
    filter_ = seccomp.program() if box.hardening.seccomp else b""

    def enter_namespaces() -> NoReturn:
        linux.hide_from_ptrace()
        if box.group:
            box.group.join()
            linux.die_first_when_memory_ends()
        if box.place.privileged:
            os.setgroups([])
        linux.setns(box.init, _namespaces(box.hardening))
        _only_these_descriptors(wanted.descriptors)
        inner = _fork(lambda: _execute(box, wanted, filter_))
        os.closerange(0, 4)
        _, status = os.waitpid(inner, 0)
        os._exit(exit_status(status))

    return _fork(enter_namespaces)


def _namespaces(hard: Hardening) -> int:
    kinds = linux.ALL_NAMESPACES
    for stands, kind in (
        (hard.network, linux.CLONE_NEWNET),
        (hard.processes, linux.CLONE_NEWPID),
        (hard.ipc, linux.CLONE_NEWIPC),
        (hard.user, linux.CLONE_NEWUSER),
    ):
        kinds &= kinds if stands else ~kind
    return kinds


def exit_status(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _execute(box: LiveBox, wanted: Program, filter_: bytes) -> NoReturn:
    linux.die_with_parent(signal.SIGKILL)
    os.setsid()
    if wanted.terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.umask(0o022)
    os.chdir(HOME)
    _limit_process(box)
    if box.hardening.capabilities:
        linux.give_up_privileges(INSIDE_UID, INSIDE_UID)
        linux.die_with_parent(signal.SIGKILL)  # a change of uid clears it
    else:
        os.setresuid(0, 0, 0)
    if filter_:
        linux.take_filter(filter_)
    env = dict(wanted.env)
    try:
        os.execvpe(wanted.argv[0], wanted.argv, env)  # noqa: S606  no shell is the point
    except OSError as error:
        os.write(2, f"{wanted.argv[0]}: {error.strerror}\n".encode())
        os._exit(127)


def _limit_process(box: LiveBox) -> None:
    if not box.hardening.limits:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (box.limits.open_files, box.limits.open_files))
    if box.group is None:
        disk = box.limits.disk_mb * MEBIBYTE
        resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
        memory = box.limits.memory_mb * MEBIBYTE
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def socket_inside(box: LiveBox) -> socket.socket:
    """A fresh TCP socket that belongs to the box's network, for use anywhere."""
    if box.net < 0:
        raise BoxGone(box.id)
    if box.place.privileged:
        return _socket_after_a_visit(box.net)
    ours, theirs = socket.socketpair()

    def send_one() -> NoReturn:
        linux.setns(box.init, linux.CLONE_NEWUSER | linux.CLONE_NEWNET)
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        socket.send_fds(theirs, [b"1"], [made.fileno()])
        os._exit(0)

    pid = _fork(send_one)
    theirs.close()
    with ours:
        _, fds, _, _ = socket.recv_fds(ours, 1, 1)
    os.waitpid(pid, 0)
    if not fds:
        raise BoxGone(box.id)
    return socket.socket(fileno=fds[0])


def _socket_after_a_visit(network: int) -> socket.socket:
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        linux.setns(network, linux.CLONE_NEWNET)
        try:
            return socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        finally:
            linux.setns(home, linux.CLONE_NEWNET)
    finally:
        os.close(home)


def usage(box: LiveBox) -> Usage:
    return box.group.usage() if box.group else Usage()


def freeze(box: LiveBox) -> None:
    """Stops everything in the box where it stands. By its cgroup; where it has none, by a signal to all that is there.

    A signal misses what is being started at that moment, so it is sent three times.
    """
    if not is_alive(box):
        raise BoxGone(box.id)
    if box.group and box.group.can_freeze():
        box.group.freeze()
    else:
        for _ in range(3):
            _signal_all(box, "STOP")


def thaw(box: LiveBox) -> None:
    """Everything goes on where it stood. Harmless where nothing was frozen."""
    if not is_alive(box):
        raise BoxGone(box.id)
    if box.group and box.group.can_freeze():
        box.group.thaw()
    else:
        _signal_all(box, "CONT")


def _signal_all(box: LiveBox, name: str) -> None:
    """From inside, where `-1` is everybody but the first process and the one who asks."""
    with Path(os.devnull).open("r+b") as nothing:
        words = program(box, ("/bin/bash", "-c", f"kill -{name} -1"), {}, [nothing.fileno()] * 3, terminal=False)
        os.waitpid(enter(box, words), 0)


def is_alive(box: LiveBox) -> bool:
    """Whether its first process still runs (a pidfd is readable once it has ended)."""
    return box.init >= 0 and not linux.wait_readable(box.init, 0)


def destroy(box: LiveBox) -> None:
    """Kills everything in the box and removes every trace. Harmless when repeated."""
    if box.group and box.group.can_freeze():
        box.group.thaw()  # in the older kind of cgroup, what is frozen cannot even be killed
    if box.init >= 0:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(box.init, signal.SIGKILL)
        linux.wait_readable(box.init, _END_S)  # with it everything in its process namespace has ended
    if box.bwrap_pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(box.bwrap_pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(box.bwrap_pid, 0)
        box.bwrap_pid = 0
    for name in ("init", "net", "holder", "shown_as"):
        if getattr(box, name) >= 0:
            os.close(getattr(box, name))
            setattr(box, name, -1)
    if box.group:
        _kill_members(box.group)
        box.group.remove()
        box.group = None
    remove_folder(box.folder, privileged=box.place.privileged)


def _kill_members(group: cgroups.Group) -> None:
    """Who entered the box from outside may live a moment longer than process 1."""
    for pid in group.members():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def fork_and_run(work: Callable[[], None]) -> int:
    """Does something slow in a child process; its exit status is 0 when it was done."""

    def child() -> NoReturn:
        work()
        os._exit(0)

    return _fork(child)
