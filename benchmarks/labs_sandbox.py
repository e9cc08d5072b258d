"""How quick boxes are, as ratios in one run: against plain bubblewrap, and against podman with runc where it is.

`python -m benchmarks.labs_sandbox [rounds] [terminals]` (as root). Everything is measured in turns, so that a busy
neighbour strikes all alike, and after a short rest, so that none pays for what the kernel still tidies up of the last.
"""

from __future__ import annotations

import io
import os
import select
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tenfold.sandbox import client
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.interface import BoxSpec, Limits, Tree

ROOT = Path("/var/lib/tenfold-benchmark")
PLAIN = """
bwrap --unshare-all --uid 1000 --gid 1000 --die-with-parent --ro-bind /usr /usr --symlink usr/bin /bin
--symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc --dev /dev --tmpfs /run -- /bin/true
""".split()  # noqa: SIM905  a command reads best as one
REST_S = 0.02
IMAGE = "localhost/tenfold-benchmark"
PODMAN = """
podman --runtime runc --cgroup-manager cgroupfs run --rm --network none --ulimit nofile=1024:1024
--ulimit nproc=512:512
""".split()  # noqa: SIM905  a command reads best as one


def timed(call: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def print_times(name: str, times: list[float]) -> float:
    ordered = sorted(times)
    middle, late = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:58} median {middle:8.2f} ms   p95 {late:8.2f} ms   n {len(ordered)}")
    return middle


def plain() -> None:
    subprocess.run(PLAIN, check=True, user=1_899_999_999, group=1_899_999_999, extra_groups=[])


def starts(sandbox: RunnerSandbox, rounds: int) -> None:
    tree = Tree("/workspace", archive(5, 1000))
    times: dict[str, list[float]] = {name: [] for name in ("plain", "make", "end", "whole")}

    def box() -> None:
        began = time.perf_counter()
        made = sandbox.create(BoxSpec(limits=Limits(memory_mb=256, disk_mb=64), trees=(tree,)))
        ready = time.perf_counter()
        made.destroy()
        times["make"].append((ready - began) * 1000)
        times["end"].append((time.perf_counter() - ready) * 1000)

    for number in range(rounds + 3):
        plain_ms, box_ms = after_a_rest(plain), after_a_rest(box)
        if number >= 3:  # the first warm the caches
            times["plain"].append(plain_ms)
            times["whole"].append(box_ms)
    base = print_times("plain bubblewrap, start and end", times["plain"])
    print_times("  a full box: start", times["make"][3:])
    print_times("  a full box: end", times["end"][3:])
    whole = print_times("a full box, start and end", times["whole"])
    print(f"{'  ratio to plain bubblewrap':58} {whole / base:.2f}")
    against_podman(box, max(5, rounds // 5))


def after_a_rest(call: Callable[[], object]) -> float:
    time.sleep(REST_S)
    return timed(call)


def against_podman(box: Callable[[], None], rounds: int) -> None:
    """In rounds of its own, since what podman leaves to the kernel to tidy up would strike the next box."""
    words = podman_words()
    if not words:
        print("podman: not at hand")
        return
    pairs = [
        (after_a_rest(box), after_a_rest(lambda: subprocess.run(words, check=True, capture_output=True)))
        for _ in range(rounds)
    ]
    ours = print_times("a full box, in turns with podman", [pair[0] for pair in pairs])
    theirs = print_times("podman run --network none (runc)", [pair[1] for pair in pairs])
    print(f"{'  podman to a full box':58} {theirs / ours:.1f}")


def podman_words() -> list[str]:
    """`podman run` of an image of one static program, since no registry is at hand; empty where it does not work."""
    shell = shutil.which("busybox")
    if not shutil.which("podman") or not shell:
        return []
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        made.add(Path(shell).resolve(), "bin/true")
    imported = subprocess.run(["podman", "import", "-", IMAGE], input=out.getvalue(), check=False, capture_output=True)
    words = [*PODMAN, IMAGE, "/bin/true"]
    if imported.returncode or subprocess.run(words, check=False, capture_output=True).returncode:
        return []
    return words


def archive(files: int, size: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for number in range(files):
            info = tarfile.TarInfo(f"f{number}")
            info.size = size
            made.addfile(info, io.BytesIO(os.urandom(size)))
    return out.getvalue()


def workspaces(sandbox: RunnerSandbox, rounds: int) -> None:
    """A workspace of 100 MB by overlay over a shared layer, against copying it."""
    tar = archive(50, 2_000_000)
    spec = BoxSpec(limits=Limits(memory_mb=1024, disk_mb=256), trees=(Tree("/workspace", tar),))
    sandbox.create(spec).destroy()  # the layer is unpacked once
    small = BoxSpec(limits=Limits(memory_mb=1024, disk_mb=256))
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        source = Path(folder, "source")
        source.mkdir()
        with tarfile.open(fileobj=io.BytesIO(tar)) as made:
            made.extractall(source, filter="data")
        times: dict[str, list[float]] = {"box": [], "empty": [], "copy": []}
        for number in range(rounds):
            times["empty"].append(timed(lambda: sandbox.create(small).destroy()))
            times["box"].append(timed(lambda: sandbox.create(spec).destroy()))
            target = Path(folder, f"copy{number}")
            times["copy"].append(timed(lambda target=target: shutil.copytree(source, target)))  # type: ignore[misc]
            shutil.rmtree(target)
    print_times("a box with an empty workspace", times["empty"])
    box = print_times("a box with a workspace of 100 MB (sent, hashed, overlaid)", times["box"])
    copy = print_times("copying 100 MB", times["copy"])
    print(f"{'  copy to box':58} {copy / box:.1f}")


def terminals(sandbox: RunnerSandbox, count: int, keys: int) -> None:
    """Keystroke to echo through one of many live terminals, and what an idle one costs."""
    boxes = [sandbox.create(BoxSpec(limits=Limits(memory_mb=64, disk_mb=8))) for _ in range(count)]
    try:
        open_ones = [box.open_pty(["/bin/bash", "--norc", "-i"]) for box in boxes]
        time.sleep(1)
        for terminal in open_ones:
            drain(terminal.fd)
        times = []
        for number in range(keys):
            fd = open_ones[number % count].fd
            times.append(timed(lambda fd=fd: echo(fd)))  # type: ignore[misc]
        print_times(f"keystroke to echo, {count} live terminals", times)
        used = [box.usage().memory_bytes or 0 for box in boxes]
        middle = statistics.median(used) / 1e6
        print(f"{'memory of an idle terminal (rss and shared of its box)':58} median {middle:8.2f} MB")
        for terminal in open_ones:
            terminal.process.kill()
            os.close(terminal.fd)
    finally:
        for box in boxes:
            box.destroy()


def echo(fd: int) -> None:
    os.write(fd, b"x")
    while b"x" not in os.read(fd, 4096):
        pass


def drain(fd: int) -> None:
    while select.select([fd], [], [], 0.01)[0]:
        os.read(fd, 65536)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    if os.geteuid() != 0:
        sys.exit("needs root: a runner is measured")
    sandbox = client.start_own(ROOT, ROOT / "environments", idle_s=5)
    starts(sandbox, rounds)
    workspaces(sandbox, max(5, rounds // 6))
    terminals(sandbox, count, 600)


if __name__ == "__main__":
    main()
