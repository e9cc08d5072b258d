"""How a box is made with bubblewrap, entered and removed; for the runner (root) and the local backend (not).

Everything that forks here does little between fork and exec or exit, and nothing that takes locks.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import os
import random
import resource
import select
import shutil
import signal
import socket
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from tenfold.kit.errors import UserError
from tenfold.sandbox import cgroups, linux, seccomp, toolbox, trees
from tenfold.sandbox.interface import (
    HOME,
    MEBIBYTE,
    BoxGone,
    Limits,
    SandboxError,
    SandboxUnavailable,
    Usage,
)

FIRST_UID, UIDS = 1_900_000_000, 1_000_000  # above what systemd, subuid ranges and people use
INSIDE_UID = 1000
SMALL_TREE_BYTES = 4 * MEBIBYTE
CANNOT_START = 125  # exit status of a program that could not be executed or forked
_WRITABLE = {"/tmp": "tmp", "/run": "run", "/var/tmp": "vartmp", "/home/candidate": "home"}  # noqa: S108  inside the box
_INIT_AT = "/opt/tenfold-init"
_INIT_ARGUMENTS = ("--norc", "--noprofile", "-c", "echo; read -r _")
INIT_COMMAND = ("/bin/bash", *_INIT_ARGUMENTS)
_START_S, _END_S = 20.0, 5.0


@dataclass(frozen=True, slots=True)
class Hardening:
    """Each wall of a box. All stand; a test takes one down to show that what leans on it would fall."""

    seccomp: bool = True
    network: bool = True
    processes: bool = True
    limits: bool = True
    sized: bool = True
    files: bool = True
    own_uid: bool = True
    capabilities: bool = True
    ipc: bool = True
    user: bool = True  # a user namespace; without it and an own uid, what runs inside is the host's root


FULL = Hardening()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one maker of boxes keeps what it needs. Only root's maker mounts, limits and changes uids."""

    root: Path
    environments: Path
    privileged: bool

    @property
    def boxes(self) -> Path:
        return self.root / "boxes"

    @property
    def layers(self) -> Path:
        return self.root / "layers"

    @property
    def etc(self) -> Path:
        return self.root / "etc"

    @property
    def init(self) -> Path:
        """The box's first program: a shell that its user may run and not read, so that nobody inside can change it."""
        return self.root / "init"

    @property
    def tools(self) -> Path:
        """The programs that a candidate finds, whatever else the host has."""
        return self.root / "tools"

    @property
    def family(self) -> str:
        """The name of this maker's cgroups: two runners on one host never mix theirs."""
        return "tenfold-" + hashlib.sha256(str(self.root).encode()).hexdigest()[:10]

    def prepare(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)
        for folder in (self.boxes, self.etc):
            folder.mkdir(exist_ok=True)
        if self.privileged:
            _write_init(self.init)
            toolbox.write(self.tools)
        self.boxes.chmod(0o711)
        self.layers.mkdir(exist_ok=True, mode=0o700)
        _write_etc(self.etc)


@dataclass(slots=True)
class LiveBox:
    """One box as its maker knows it."""

    id: str
    place: Place
    limits: Limits
    environment: Path | None
    hardening: Hardening
    uid: int
    group: cgroups.Group | None = None
    bwrap_pid: int = 0
    init: int = -1  # pidfd of process 1
    net: int = -1  # its network namespace
    holder: int = -1  # process 1 lives until this pipe closes
    layered: bool = False  # its workspace is an overlay over a shared layer
    shown_as: int = -1  # a user namespace in which root stands for the box's uid; held while it is laid out
    layers: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.place.boxes / self.id

    @property
    def workspace(self) -> Path:
        return self.folder / ("merged" if self.layered else "space/upper")


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


def prepare_rootfs(box: LiveBox, files: Sequence[tuple[str, bytes]]) -> None:
    box.folder.mkdir(mode=0o700)
    space = box.folder / "space"
    space.mkdir()
    owner = _owner(box)
    if owner and box.hardening.sized:
        options = f"size={box.limits.disk_mb}m,nr_inodes={box.limits.inodes},mode=0755"
        linux.mount("tmpfs", space, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)
    for name in ("upper", "work", *_WRITABLE.values()):
        (space / name).mkdir()
        if owner:
            os.chown(space / name, *owner)
    (box.folder / "trees").mkdir()
    for number, (at, tar) in enumerate(item for item in files if item[0] != HOME):
        if not at.startswith("/opt/") or ".." in at:
            raise UserError(f"a tree may stand at /workspace or below /opt, not at {at}")
        target = box.folder / "trees" / str(number)
        target.mkdir()
        mount_tree(box, tar, target)
    prepare_workspace(box, dict(files).get(HOME))
    if box.shown_as >= 0:
        os.close(box.shown_as)
        box.shown_as = -1
    if owner:
        os.chown(box.folder, *owner)


def prepare_workspace(box: LiveBox, tar: bytes | None) -> None:
    space = box.folder / "space"
    box.layered = _is_large(box, tar)
    if not box.layered:
        if tar is not None:
            trees.unpack(io.BytesIO(tar), space / "upper", owner=_owner(box))
        return
    merged, lower = box.folder / "merged", box.folder / "lower"
    merged.mkdir()
    lower.mkdir()
    mount_tree(box, tar or b"", lower)
    # Where hardening is taken down for a test, space is a plain folder and overlay works on it all the same.
    layers = f"lowerdir={lower},upperdir={space / 'upper'},workdir={space / 'work'}"
    linux.mount("overlay", merged, "overlay", linux.MS_NOSUID | linux.MS_NODEV, layers)


def _is_large(box: LiveBox, tar: bytes | None) -> bool:
    """Small trees are copied, which is quicker than mounting them; large ones are unpacked once and shared."""
    return box.place.privileged and tar is not None and len(tar) > SMALL_TREE_BYTES


def _owner(box: LiveBox) -> tuple[int, int] | None:
    return (box.uid, box.uid) if box.place.privileged else None


def mount_tree(box: LiveBox, tar: bytes, target: Path) -> None:
    """Makes a tree appear at `target`, as if the box's user owned it. What binds it into the box makes it read-only."""
    if not _is_large(box, tar):
        trees.unpack(io.BytesIO(tar), target, owner=_owner(box))
        return
    name = hashlib.sha256(tar).hexdigest()
    layer = box.place.layers / name
    if not layer.is_dir():
        fresh = box.place.layers / f"{name}.{os.getpid()}"
        fresh.mkdir()
        try:
            trees.unpack(io.BytesIO(tar), fresh)
            fresh.chmod(0o755)
            fresh.rename(layer)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    os.utime(layer)
    box.layers.append(name)
    if not box.uid:  # a box weakened for a test runs as root itself
        linux.mount(str(layer), target, "none", linux.MS_BIND)
        return
    if box.shown_as < 0:
        box.shown_as = linux.user_namespace_showing_root_as(box.uid)
    linux.mount_owned_by(layer, target, box.shown_as)


def _bwrap_arguments(box: LiveBox, tree_points: Sequence[str], info: int, filter_fd: int) -> list[str]:
    hard, folder = box.hardening, box.folder
    words = ["--unshare-uts", "--unshare-cgroup", "--hostname", "lab", "--die-with-parent", "--clearenv"]
    if hard.user:
        words += ["--unshare-user", "--uid", str(_inside_uid(hard)), "--gid", str(_inside_uid(hard))]
        words += ["--disable-userns"] if hard.seccomp else []
    words += ["--cap-drop", "ALL"] if hard.capabilities else ["--cap-add", "ALL"]
    words += ["--unshare-net"] if hard.network else []
    words += ["--unshare-ipc"] if hard.ipc else []
    words += ["--unshare-pid", "--as-pid-1", "--proc", "/proc"] if hard.processes else ["--ro-bind", "/proc", "/proc"]
    words += ["--dev", "/dev", *(["--size", str(16 * MEBIBYTE)] if hard.sized else [])]
    words += ["--tmpfs", "/dev/shm"]  # noqa: S108  inside the box
    words += ["--ro-bind", "/usr", "/usr", "--ro-bind", str(box.place.etc), "/etc"]
    is_whole = box.place.privileged and hard == FULL  # walls taken down for a test show the host's own programs
    words += _toolbox_arguments(box) if is_whole else []
    for name in ("bin", "sbin", "lib", "lib64", "lib32"):
        if Path("/", name).is_symlink():
            words += ["--symlink", f"usr/{name}", f"/{name}"]
        elif Path("/", name).is_dir():
            words += ["--ro-bind", f"/{name}", f"/{name}"]
    for at, name in _WRITABLE.items():
        words += ["--bind", str(folder / "space" / name), at]
    if box.environment:  # after those, since it may lie below /var/tmp or /run
        words += ["--ro-bind", str(box.environment), str(box.environment)]
    for number, at in enumerate(tree_points):
        words += ["--ro-bind", str(folder / "trees" / str(number)), at]
    words += ["--bind", str(box.workspace), HOME]
    if not hard.files:
        words += ["--bind", "/", "/host"]
    if is_whole:
        words += ["--ro-bind", str(box.place.init), _INIT_AT]
    words += ["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", HOME, "--info-fd", str(info)]
    words += ["--seccomp", str(filter_fd)] if hard.seccomp else []
    return [*words, "--", *([_INIT_AT, *_INIT_ARGUMENTS] if is_whole else INIT_COMMAND)]


def _toolbox_arguments(box: LiveBox) -> list[str]:
    """The declared programs in place of the host's, and nothing of /usr/local, unless Python itself stands there."""
    words = ["--ro-bind", str(box.place.tools), "/usr/bin"]
    words += ["--tmpfs", "/usr/sbin"] if not Path("/usr/sbin").is_symlink() else []
    home = box.environment.joinpath("bin/python").resolve() if box.environment else Path("/")
    if not home.is_relative_to("/usr/local") and Path("/usr/local").is_dir():
        words += ["--tmpfs", "/usr/local", "--remount-ro", "/usr/local"]
    for packages in Path("/usr/lib/python3").glob("dist-packages"):
        words += ["--tmpfs", str(packages), "--remount-ro", str(packages)]
    return words


def _inside_uid(hard: Hardening) -> int:
    return INSIDE_UID if hard.capabilities else 0


def _write_init(path: Path) -> None:
    """Root's own, to be run and not read: such a process is not dumpable, and /proc/1/mem is closed to its own user."""
    fresh = path.with_name(f"init.{os.getpid()}")
    shutil.copyfile("/bin/bash", fresh)
    fresh.chmod(0o711)
    fresh.rename(path)


def _write_etc(folder: Path) -> None:
    """The box's own /etc, of which the host's gives only the linker's cache and Debian's alternatives."""
    texts = {
        "passwd": "root:x:0:0::/root:/usr/sbin/nologin\ncandidate:x:1000:1000::/home/candidate:/bin/bash\n",
        "group": "root:x:0:\ncandidate:x:1000:\n",
        "hosts": "127.0.0.1 localhost lab\n::1 localhost\n",
        "hostname": "lab\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
        "resolv.conf": "",
    }
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text("ascii") != text:
            path.write_text(text, "ascii")
            path.chmod(0o644)
    if Path("/etc/ld.so.cache").exists():
        shutil.copyfile("/etc/ld.so.cache", folder / "ld.so.cache")
    alternatives = folder / "alternatives"
    if not alternatives.exists() and Path("/etc/alternatives").is_dir():
        shutil.copytree("/etc/alternatives", alternatives, symlinks=True)


def _launch(box: LiveBox, tree_points: Sequence[str]) -> None:
    bwrap = bwrap_path()
    holder_read, box.holder = os.pipe()
    ready_read, ready_write = os.pipe()
    info_read, info_write = os.pipe()
    filter_fd = os.memfd_create("filter")
    if box.hardening.seccomp:
        os.pwrite(filter_fd, seccomp.program(), 0)
    words = [bwrap, *_bwrap_arguments(box, tree_points, 3, 4)]

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
        if not select.select([fd], [], [], max(0, until - time.monotonic()))[0]:
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


def is_alive(box: LiveBox) -> bool:
    """Whether its first process still runs (a pidfd is readable once it has ended)."""
    return box.init >= 0 and not select.select([box.init], [], [], 0)[0]


def destroy(box: LiveBox) -> None:
    """Kills everything in the box and removes every trace. Harmless when repeated."""
    if box.init >= 0:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(box.init, signal.SIGKILL)
        select.select([box.init], [], [], _END_S)  # with it everything in its process namespace has ended
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


def remove_folder(folder: Path, *, privileged: bool) -> None:
    """Unmounts what is mounted in a box's folder, innermost first, and removes it."""
    if privileged:
        for mounted in reversed(mounts_below(folder)):
            linux.unmount(mounted)
    if folder.is_dir():
        if not privileged:
            _open_up(folder)
        shutil.rmtree(folder)


def _open_up(folder: Path) -> None:
    """Gives back the right to enter folders, which a candidate may have taken away."""
    for path, names, _ in os.walk(folder):
        for inner in (Path(path, name) for name in names):
            if not inner.is_symlink():
                inner.chmod(0o700)


def mounts_below(folder: Path) -> list[Path]:
    prefix = f"{folder}/"
    points = [line.split(" ")[4] for line in Path("/proc/self/mountinfo").read_text("utf-8").splitlines()]
    return [Path(point) for point in points if point.startswith(prefix)]


def fork_and_run(work: Callable[[], None]) -> int:
    """Does something slow in a child process; its exit status is 0 when it was done."""

    def child() -> NoReturn:
        work()
        os._exit(0)

    return _fork(child)
