"""What a box is made of: its folders, mounts and the arguments of bubblewrap. `boxes` starts, enters and ends it."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tenfold.kit.errors import UserError
from tenfold.sandbox import cgroups, linux, toolbox, trees
from tenfold.sandbox.interface import HOME, MEBIBYTE, Limits

INSIDE_UID = 1000
SMALL_TREE_BYTES = 4 * MEBIBYTE
_WRITABLE = {"/tmp": "tmp", "/run": "run", "/var/tmp": "vartmp", "/home/candidate": "home"}  # noqa: S108  inside the box
_INIT_AT = "/opt/tenfold-init"
_INIT_ARGUMENTS = ("--norc", "--noprofile", "-c", "echo; read -r _")
INIT_COMMAND = ("/bin/bash", *_INIT_ARGUMENTS)


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


def bwrap_arguments(box: LiveBox, tree_points: Sequence[str], info: int, filter_fd: int) -> list[str]:
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
