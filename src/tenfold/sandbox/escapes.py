"""Attempts to leave a box, each with the walls that must fall before it works.

An attempt is a few lines of Python run inside; it prints ESCAPED when it has got what it wanted. `attempt` runs it in a
full box, where it must fail, and `prove` in a box with just those walls taken down, where it must succeed: an attempt
never seen to succeed proves nothing and is counted apart. Nothing here changes the host's settings or leaves loopback.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenfold.sandbox.boxes import Hardening
from tenfold.sandbox.conformance import PYTHON
from tenfold.sandbox.interface import BoxSpec, Limits, Sandbox, Terminal
from tenfold.sandbox.local import LocalSandbox

_LIMITS = Limits(memory_mb=128, pids=48, cpus=0.3, disk_mb=16, inodes=2000, open_files=256)
_PRELUDE = """
import ctypes, errno, fcntl, glob, json, os, resource, signal, socket, struct, subprocess, sys, time
bait = json.loads(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
def escaped(): print("ESCAPED"); sys.stdout.flush()
def call(number, *words):
    return libc.syscall(number, *[ctypes.c_ulong(w) if isinstance(w, int) else w for w in words])
def here(path): return [path, "/host" + path]
def reads(path):
    for one in here(path):
        try: return open(one).read()
        except OSError: pass
    return ""
def host_pid():
    for entry in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            if bait["marker"] in open(entry).read() and int(entry.split("/")[2]) != os.getpid(): return int(entry.split("/")[2])
        except OSError: pass
    return bait["pid"]
"""
_NO_FILES = Hardening(files=False)
_NO_NET = Hardening(network=False)
_NO_FILTER = Hardening(seccomp=False)
_NO_LIMITS = Hardening(limits=False)
_SAME_PROCESSES = Hardening(processes=False, own_uid=False)
_POWER = Hardening(seccomp=False, capabilities=False)
# The host's root among its processes. Only what opens, asks or changes itself is shown here: nothing is written outside.
_ROOT = Hardening(user=False, own_uid=False, processes=False, seccomp=False, capabilities=False)
_ROOT_APART = Hardening(user=False, own_uid=False, seccomp=False, capabilities=False, limits=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way out. `proof`: the walls without which it works, or None where showing that would not be harmless."""

    name: str
    code: str
    proof: Hardening | None
    terminal: bool = False


def _file(name: str, expression: str, proof: Hardening | None = _NO_FILES) -> Attempt:
    return Attempt(name, f"if bait['secret'] in ({expression}): escaped()", proof)


def _opens(name: str, path: str, flags: str, proof: Hardening | None) -> Attempt:
    return Attempt(name, f"os.close(os.open({path!r}, {flags})); escaped()", proof)


def _syscall(name: str, numbers: tuple[int, int], words: str, proof: Hardening | None = _NO_FILTER) -> Attempt:
    """A system call by its number on x86-64 and arm64 that must not be there, whatever its arguments."""
    code = (
        f"number = {numbers!r}[os.uname().machine == 'aarch64']\n"
        f"if call(number, {words}) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS): escaped()"
    )
    return Attempt(name, code, proof)


ATTEMPTS: tuple[Attempt, ...] = (
    # files of the host and of other boxes
    _file("read a file of the host", "reads(bait['file'])"),
    _file(
        "read it through /proc/1/root",
        "reads('/proc/1/root' + bait['file']) + reads('/proc/1/root/host' + bait['file'])",
    ),
    _file(
        "read it through /proc/self/cwd",
        "reads('/proc/self/cwd/..' + bait['file']) + reads('/proc/self/cwd/../host' + bait['file'])",
    ),
    _file("read it through a planted symlink", "(os.symlink('/host' + bait['file'], 'l'), open('l').read())[1]"),
    _file("read the host's /dev/shm", "reads(bait['shared'])"),
    Attempt(
        "list the host's folders",
        "if bait['name'] in os.listdir('/host' + os.path.dirname(bait['file'])): escaped()",
        _NO_FILES,
    ),
    Attempt(
        "write where everybody may",
        "[open(p, 'w').close() or escaped() for p in here(bait['file'] + '.new') if os.path.isdir(os.path.dirname(p))]",
        _NO_FILES,
    ),
    Attempt(
        "read another box's workspace",
        "if bait['other'] in reads(bait['other_file']): escaped()",
        Hardening(files=False, own_uid=False),
    ),
    Attempt(
        "reach a socket of the host by its path",
        "s = socket.socket(socket.AF_UNIX)\nfor p in here(bait['socket']):\n    try: s.connect(p); escaped()\n    except OSError: pass",
        _NO_FILES,
    ),
    Attempt(
        "see the host's environment variables",
        "if bait['secret'] in open(f'/proc/{host_pid()}/environ').read(): escaped()",
        _ROOT,
    ),
    _opens(
        "open the kernel's core_pattern for writing",
        "/proc/sys/kernel/core_pattern",
        "os.O_WRONLY",
        None,
    ),
    _opens("open sysrq-trigger for writing", "/proc/sysrq-trigger", "os.O_WRONLY", None),
    _opens("open the kernel's memory", "/proc/kcore", "os.O_RDONLY", None),
    _opens("open the kernel's log", "/dev/kmsg", "os.O_RDONLY", None),
    Attempt("write to /usr", "open('/usr/local/tenfold', 'w')\nescaped()", None),
    Attempt(
        "open any block device",
        "[escaped() for p in glob.glob('/dev/*') + glob.glob('/host/dev/*') if os.path.exists(p) and __import__('stat').S_ISBLK(os.stat(p).st_mode) and os.open(p, os.O_RDONLY)]",
        None,
    ),
    Attempt("make a block device", "os.mknod('d', 0o060600, os.makedev(254, 0)); escaped()", _ROOT_APART),
    # network
    Attempt(
        "connect to the host's loopback", "socket.create_connection(('127.0.0.1', bait['port']), 2); escaped()", _NO_NET
    ),
    Attempt(
        "connect to the host's loopback by IPv6",
        "socket.create_connection(('::1', bait['port6']), 2); escaped()",
        _NO_NET,
    ),
    Attempt(
        "connect to an abstract socket of the host",
        "s = socket.socket(socket.AF_UNIX); s.connect('\\0' + bait['abstract']); escaped()",
        _NO_NET,
    ),
    Attempt(
        "find a route out",
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9)); escaped()",
        _NO_NET,
    ),
    Attempt("see an interface besides lo", "if set(n for _, n in socket.if_nameindex()) - {'lo'}: escaped()", _NO_NET),
    Attempt("open a vsock to the hypervisor", "socket.socket(40, socket.SOCK_STREAM); escaped()", _NO_FILTER),
    Attempt("open a packet socket", "s = socket.socket(17, socket.SOCK_RAW); escaped()", _POWER),
    Attempt("open a raw IP socket", "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); escaped()", _POWER),
    Attempt("open a crypto socket", "socket.socket(38, socket.SOCK_SEQPACKET); escaped()", None),
    # processes
    Attempt(
        "see a process of the host",
        "if any(bait['marker'] in open(e).read() for e in glob.glob('/proc/[0-9]*/cmdline') if str(os.getpid()) not in e): escaped()",
        Hardening(processes=False),
    ),
    Attempt("signal a process of the host", "os.kill(host_pid(), 0); escaped()", _SAME_PROCESSES),
    Attempt(
        "hold a process of the host by pidfd",
        "p = host_pid()\nif p == bait['pid']: os.pidfd_open(p); escaped()",
        Hardening(processes=False),
    ),
    Attempt(
        "trace a process of the host",
        "p = host_pid()\nif libc.ptrace(0x4206, p, None, None) == 0: escaped(); libc.ptrace(17, p, None, None)",
        _ROOT,
    ),
    Attempt(
        "read a process of the host's memory",
        "p = host_pid()\nopen(f'/proc/{p}/mem', 'rb').close(); escaped()",
        _ROOT,
    ),
    Attempt(
        "take a descriptor of a host's process",
        "fd = os.pidfd_open(host_pid())\nif call(438, fd, 0, 0) >= 0: escaped()",
        _ROOT,
    ),
    Attempt(
        "attach to the host's shared memory",
        "libc.shmat.restype = ctypes.c_long\nif libc.shmat(bait['shm'], None, 0o10000) != -1: escaped()",
        Hardening(ipc=False),
    ),
    Attempt(
        "enter the namespaces of another process",
        "for p in (1, host_pid()):\n    try: fd = os.open(f'/proc/{p}/ns/uts', os.O_RDONLY)\n    except OSError: continue\n"
        "    if libc.setns(fd, 0) == 0: escaped()",
        _ROOT,
    ),
    # system calls
    Attempt("make a user namespace by unshare", "if libc.unshare(0x10000000) == 0: escaped()", _NO_FILTER),
    Attempt(
        "make a user namespace by clone",
        "pid = call({'x86_64': 56, 'aarch64': 220}[os.uname().machine], 0x10000000 | 17, 0, 0, 0, 0)\nif pid == 0: os._exit(0)\nif pid > 0: escaped()",
        _NO_FILTER,
    ),
    Attempt(
        "make a user namespace by clone3",
        "args = struct.pack('11Q', 0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)\npid = call(435, args, len(args))\nif pid == 0: os._exit(0)\nif pid > 0: escaped()",
        _NO_FILTER,
    ),
    Attempt(
        "mount in a user namespace",
        "libc.unshare(0x10020000)\nif libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0: escaped()",
        _NO_FILTER,
    ),
    Attempt("change the host's name", "if libc.sethostname(b'x', 1) == 0: escaped()", _POWER),
    Attempt("change the root folder", "if libc.chroot(b'/tmp') == 0: escaped()", _POWER),
    Attempt(
        "give a file away",
        "open('f', 'w').close()\nif libc.syscall(93, os.open('f', os.O_RDONLY), 0, 0) == 0: escaped()",
        _ROOT_APART,
    ),
    _syscall("use keyrings", (250, 219), "0, -3 & 0xffffffff, 0"),
    _syscall("add a key", (248, 217), "b'user', b'tenfold', b'x', 1, (1 << 64) - 2"),
    _syscall("set up io_uring", (425, 425), "1, ctypes.create_string_buffer(256)"),
    _syscall("load BPF", (321, 280), "99, 0, 0", _ROOT),
    _syscall("count performance events", (298, 241), "0, 0, -1 & (1 << 64) - 1, -1 & (1 << 64) - 1, 0"),
    _syscall("catch page faults", (323, 282), "1"),
    _syscall("open a file by its handle", (304, 265), "3, 0, 0"),
    _syscall("read another process's memory", (310, 270), "1, 0, 0, 0, 0, 0"),
    _syscall("compare kernel objects", (312, 272), "1, 1, 0, 0, 0"),
    Attempt("type into the terminal (TIOCSTI)", "fcntl.ioctl(0, 0x5412, b'x'); escaped()", _NO_FILTER, terminal=True),
    Attempt(
        "type into it with a high bit set",
        "if call({'x86_64': 16, 'aarch64': 29}[os.uname().machine], 0, 0x100005412, b'x') == 0: escaped()",
        _NO_FILTER,
        terminal=True,
    ),
    Attempt(
        "be root by a setuid program",
        "out = subprocess.run(['/usr/bin/passwd', '-S', 'root'], capture_output=True, text=True).stdout\nif out.startswith('root'): escaped()",
        None,
    ),
    # using up the host
    Attempt(
        "fork without end",
        "n = 0\ntry:\n    for _ in range(200):\n        if os.fork() == 0: time.sleep(1); os._exit(0)\n        n += 1\nexcept OSError: pass\nif n > 100: escaped()",
        _NO_LIMITS,
    ),
    Attempt("take more memory than allowed", "x = bytearray(b'1') * (200 << 20); escaped()", _NO_LIMITS),
    Attempt(
        "take it in many small processes",
        "pids = []\nfor _ in range(8):\n    p = os.fork()\n    if p == 0: x = bytearray(b'1') * (25 << 20); time.sleep(.5); os._exit(0)\n    pids.append(p)\nif all(os.waitpid(p, 0)[1] == 0 for p in pids): escaped()",
        _NO_LIMITS,
    ),
    Attempt("fill the disk", "open('big', 'wb').write(bytes(40 << 20)); escaped()", Hardening(sized=False)),
    Attempt(
        "fill the disk through /tmp", "open('/tmp/big', 'wb').write(bytes(40 << 20)); escaped()", Hardening(sized=False)
    ),
    Attempt(
        "fill the disk through /dev/shm",
        "open('/dev/shm/big', 'wb').write(bytes(40 << 20)); escaped()",
        Hardening(sized=False),
    ),
    Attempt(
        "use up all inodes", "[open(f'f{i}', 'w').close() for i in range(3000)]; escaped()", Hardening(sized=False)
    ),
    Attempt(
        "use more than its share of CPU",
        "t = time.monotonic()\nfor _ in range(5):\n    if os.fork() == 0: break\n"
        "while time.monotonic() - t < 1.5: pass\n"
        "try:\n    while True: os.wait()\nexcept ChildProcessError: pass\n"
        "used = os.times()\nif used.user + used.system + used.children_user + used.children_system > .75: escaped()",
        None,
    ),  # on a busy machine nobody gets more, wall or no wall
    Attempt("open files without end", "x = [os.open('/dev/null', 0) for _ in range(300)]; escaped()", _NO_LIMITS),
    Attempt("leave a core file", "if resource.getrlimit(resource.RLIMIT_CORE)[1] != 0: escaped()", _NO_LIMITS),
    Attempt("raise its own limits", "resource.setrlimit(resource.RLIMIT_NOFILE, (100000, 100000)); escaped()", None),
    Attempt(
        "take real-time priority", "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)); escaped()", _ROOT_APART
    ),
    Attempt(
        "outlive the box as a daemon",
        "os.fork() and os._exit(0)\nos.setsid(); [os.close(i) for i in range(3)]; os.execv('/bin/sleep', ['sleep', bait['daemon']])",
        Hardening(processes=False, limits=False),
    ),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`escaped`: it worked, and the box is broken. `said`: what the attempt printed, for the reader of a failure."""

    attempt: Attempt
    escaped: bool
    said: str


@contextlib.contextmanager
def bait() -> Iterator[dict[str, str | int]]:
    """Things of the host that are worth reaching, removed afterwards."""
    secret, marker = secrets.token_hex(16), f"tenfold-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tenfold-bait-", dir="/var/tmp")))
        folder.chmod(0o777)
        file = folder / "secret"
        file.write_text(secret, "ascii")
        shared = Path("/dev/shm", marker)
        shared.write_text(secret, "ascii")
        stack.callback(shared.unlink)
        victim = subprocess.Popen(
            ["/bin/sh", "-c", f"read {marker.replace('-', '_')} # {marker}"], stdin=subprocess.PIPE, env={"S": secret}
        )
        stack.callback(lambda: (victim.communicate(), None))
        four = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        six = stack.enter_context(socket.create_server(("::1", 0), family=socket.AF_INET6))
        path = stack.enter_context(_unix(str(folder / "socket")))
        (folder / "socket").chmod(0o777)
        stack.enter_context(_unix("\0" + marker))
        segment = _shared_memory()
        stack.callback(lambda: ctypes.CDLL(None).shmctl(segment, 0, None))
        yield {
            "secret": secret, "marker": marker, "file": str(file), "name": "secret", "shared": str(shared),
            "pid": victim.pid, "port": four.getsockname()[1], "port6": six.getsockname()[1],
            "socket": str(path.getsockname()), "abstract": marker, "shm": segment,
            "daemon": str(86400 + secrets.randbelow(9_000_000)),
        }  # fmt: skip


def _unix(address: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.bind(address)
    made.listen()
    return made


def _shared_memory() -> int:
    return int(ctypes.CDLL(None).shmget(0, 4096, 0o1000 | 0o666))


def attempt(sandbox: Sandbox, one: Attempt, things: dict[str, str | int]) -> Outcome:
    """Runs one attempt in a fresh box beside another box that holds something worth reading."""
    other = sandbox.create(BoxSpec(limits=_LIMITS))
    box = sandbox.create(BoxSpec(limits=_LIMITS))
    try:
        other.exec(["/bin/sh", "-c", f"echo {things['marker']} > secret"])
        words = things | {"other": str(things["marker"]), "other_file": _workspace_of(sandbox, other.id)}
        argv = [PYTHON, "-I", "-c", _PRELUDE + one.code, json.dumps(words)]
        if one.terminal:
            said = _on_a_terminal(box.open_pty(argv))
        else:
            done = box.exec(argv, timeout_s=30)
            said = (done.stdout + done.stderr).decode(errors="replace")
    finally:
        other.destroy()
        box.destroy()
    survived = one.name.startswith("outlive") and _ends_a_survivor(str(things["daemon"]))
    return Outcome(one, "ESCAPED\n" in said.replace("\r", "") or survived, said)


def prove(environments: Path, one: Attempt, things: dict[str, str | int]) -> Outcome | None:
    """The same attempt in a box without the walls it has to pass; None where that is not tried or cannot be."""
    if one.proof is None or (not one.proof.user and os.geteuid() != 0):
        return None
    weak = LocalSandbox(environments, hardening=one.proof, privileged=os.geteuid() == 0)
    try:
        return attempt(weak, one, things)
    finally:
        weak.close()


def _workspace_of(sandbox: Sandbox, box: str) -> str:
    root = sandbox.root if isinstance(sandbox, LocalSandbox) else getattr(sandbox, "path", Path("/nowhere/x")).parent
    return str(root / "boxes" / box / "space/upper/secret")


def _on_a_terminal(terminal: Terminal) -> str:
    said = b""
    with contextlib.suppress(OSError):
        while block := os.read(terminal.fd, 4096):
            said += block
    terminal.process.wait(10)
    os.close(terminal.fd)
    return said.decode(errors="replace")


def _ends_a_survivor(word: str) -> bool:
    """Whether the daemon outlived its box; ends it."""
    time.sleep(0.1)
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cmdline").read_bytes().split(b"\0")[:2] == [b"sleep", word.encode()]:
                os.kill(int(entry.name), 9)
                return True
    return False


def summary(full: list[Outcome], proofs: dict[str, Outcome | None]) -> str:
    """One line for people: how many failed as they must, how many of these were seen to work without the wall."""
    broken = [outcome.attempt.name for outcome in full if outcome.escaped]
    proven = [name for name, outcome in proofs.items() if outcome and outcome.escaped]
    unproven = [outcome.attempt.name for outcome in full if outcome.attempt.name not in proven]
    return (
        f"{len(full)} attempts, {len(broken)} escapes{': ' + ', '.join(broken) if broken else ''}; "
        f"{len(proven)} proven against a weakened box; unproven: {', '.join(unproven) or 'none'}"
    )
