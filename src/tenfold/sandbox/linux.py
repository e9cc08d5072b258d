"""The few system calls that Python does not offer, each as one typed function."""

from __future__ import annotations

import ctypes
import os
import select
import socket
import struct
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
ALL_NAMESPACES = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_PRIVATE = 1, 2, 4, 32, 4096, 1 << 18
MNT_DETACH = 2
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 24, 38
_SYS_KEYCTL = {"x86_64": 250, "aarch64": 219}
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
_SYS_MOVE_MOUNT, _SYS_OPEN_TREE, _SYS_MOUNT_SETATTR = 429, 428, 442  # the same on every architecture
_MACHINE = os.uname().machine


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def mount(source: str, target: Path, kind: str, flags: int, options: str = "") -> None:
    result = _libc.mount(source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), options.encode())
    _check(result, f"mount {kind} on {target.name}")


def unmount(target: Path) -> None:
    """Detaches, so that a mount still in use goes when its last user does."""
    _check(_libc.umount2(os.fsencode(target), MNT_DETACH), f"umount {target.name}")


def setns(fd: int, kinds: int) -> None:
    _check(_libc.setns(fd, kinds), "setns")


def unshare(kinds: int) -> None:
    _check(_libc.unshare(kinds), "unshare")


def mount_owned_by(source: Path, target: Path, userns_fd: int) -> None:
    """Mounts `source` on `target`, read-only, its owner root shown as the namespace maps 0 (Linux 5.19)."""
    at_fdcwd, at_empty_path = -100, 0x1000
    open_tree_clone, cloexec, move_mount_empty = 1, 0o2000000, 4
    attr_idmap, attr_rdonly, attr_nosuid, attr_nodev = 0x00100000, 1, 2, 4
    tree = _check(_libc.syscall(_SYS_OPEN_TREE, at_fdcwd, os.fsencode(source), open_tree_clone | cloexec), "open_tree")
    try:
        attributes = struct.pack("=QQQQ", attr_idmap | attr_rdonly | attr_nosuid | attr_nodev, 0, 0, userns_fd)
        result = _libc.syscall(
            _SYS_MOUNT_SETATTR, tree, b"", at_empty_path, ctypes.c_char_p(attributes), len(attributes)
        )
        _check(result, "mount_setattr")
        _check(
            _libc.syscall(_SYS_MOVE_MOUNT, tree, b"", at_fdcwd, os.fsencode(target), ctypes.c_uint(move_mount_empty)),
            "move_mount",
        )
    finally:
        os.close(tree)


def user_namespace_showing_root_as(uid: int) -> int:
    """A descriptor of a user namespace in which 0 stands for `uid`; closing it frees the namespace."""
    ready_read, ready_write = os.pipe()
    done_read, done_write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            unshare(CLONE_NEWUSER)
            os.write(ready_write, b"1")
            os.close(done_write)
            os.read(done_read, 1)
        finally:
            os._exit(0)
    os.close(ready_write)
    os.close(done_read)
    try:
        if os.read(ready_read, 1) != b"1":
            raise OSError("this kernel lets root make no user namespace")
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{child}/{name}").write_text(f"0 {uid} 1\n", encoding="ascii")
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(done_write)
        os.close(ready_read)
        os.waitpid(child, 0)


def give_up_privileges(uid: int, gid: int) -> None:
    """In a child about to execute: no capability left, no way to gain one, a keyring of its own."""
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    header = struct.pack("=Ii", 0x20080522, 0)
    _check(_libc.syscall(_SYS_CAPSET[_MACHINE], header, bytes(24)), "capset")
    _libc.syscall(_SYS_KEYCTL[_MACHINE], 1, None)  # KEYCTL_JOIN_SESSION_KEYRING
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def take_filter(program: bytes) -> None:
    """Puts this process under a seccomp filter (classic BPF). `give_up_privileges` comes first."""
    buffer = ctypes.create_string_buffer(program, len(program))
    packed = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    _check(_libc.prctl(_PR_SET_SECCOMP, 2, ctypes.c_char_p(packed), 0, 0), "seccomp")


def die_with_parent(signal_number: int) -> None:
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0), "pdeathsig")


def hide_from_ptrace() -> None:
    """No process of the same uid may look into or change this one."""
    _check(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable")


def die_first_when_memory_ends() -> None:
    """Before the box's first process, that is: whoever uses up the memory loses programs, never the room."""
    Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def wait_readable(fd: int, timeout_s: float | None) -> bool:
    """Whether a descriptor can be read by then; unlike `select`, of any number: a hundred rooms need a thousand."""
    poller = select.poll()
    poller.register(fd, select.POLLIN)
    return bool(poller.poll(None if timeout_s is None else max(0.0, timeout_s * 1000)))


def peer_of(connection: socket.socket) -> tuple[int, int]:
    """Pid and uid of whoever connected, as the kernel noted them."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _gid = struct.unpack("3i", raw)
    return pid, uid
