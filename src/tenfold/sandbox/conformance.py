"""What any backend must do, as functions that take a sandbox; each raises `AssertionError` where it does not.

A new backend is done when it passes them all. `CHECKS` gives them with the guarantee that each rests on: a check of
something the backend does not claim to hold is skipped, and said to be.
"""

from __future__ import annotations

import io
import os
import select
import socket
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tenfold.sandbox import trees
from tenfold.sandbox.interface import (
    MEBIBYTE,
    Box,
    BoxGone,
    BoxSpec,
    Guarantee,
    Limits,
    Sandbox,
    SnapshotTooLarge,
    Tree,
)

PYTHON = "/usr/bin/python3"


@contextmanager
def a_box(sandbox: Sandbox, *trees_: Tree, limits: Limits | None = None) -> Iterator[Box]:
    box = sandbox.create(BoxSpec(limits=limits or Limits(memory_mb=256, disk_mb=32, pids=64), trees=trees_))
    try:
        yield box
    finally:
        box.destroy()


def tree(at: str, **files: str) -> Tree:
    """A tree of text files; `__` in a name stands for a slash, and a trailing `_sh` for .sh and executable."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name.replace("__", "/").replace("_sh", ".sh"))
            info.size, info.mode = len(text.encode()), 0o755 if name.endswith("_sh") else 0o644
            archive.addfile(info, io.BytesIO(text.encode()))
    return Tree(at, out.getvalue())


def shell(box: Box, text: str, timeout_s: float = 20) -> str:
    """Output and status of a shell command, as one text."""
    done = box.exec(["/bin/bash", "-c", text], timeout_s=timeout_s)
    return f"{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}[{done.returncode}]"


def runs_a_program_and_tells_its_output_and_status(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        done = box.exec(["/bin/sh", "-c", "cat; echo two >&2; exit 3"], stdin=b"one")
        assert (done.returncode, done.stdout, done.stderr) == (3, b"one", b"two\n"), done
        assert box.exec(["/no/such/program"]).returncode == 127
        assert box.exec(["/bin/sh", "-c", "kill -9 $$"]).returncode == 137


def passes_words_and_environment_unchanged(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        done = box.exec(
            [PYTHON, "-c", "import os,sys;print(sys.argv[1:],os.environ['A'])", "a b", "$x;é"], env={"A": "1 2"}
        )
        assert done.stdout.decode() == "['a b', '$x;é'] 1 2\n", done


def gives_an_empty_home_and_no_secrets(sandbox: Sandbox) -> None:
    os.environ["TENFOLD_CONFORMANCE_SECRET"] = "must not be seen"  # noqa: S105  a decoy
    try:
        with a_box(sandbox) as box:
            assert "CONFORMANCE" not in shell(box, "env"), "the host's environment leaks in"
            assert (
                shell(box, "id -u; id -g; pwd; ls -A /workspace /tmp")
                == "1000\n1000\n/workspace\n/tmp:\n\n/workspace:\n[0]"
            )
    finally:
        del os.environ["TENFOLD_CONFORMANCE_SECRET"]


def shows_its_trees_one_writable(sandbox: Sandbox) -> None:
    trees_ = (tree("/workspace", a="one", sub__run_sh="#!/bin/sh\necho ran\n"), tree("/opt/lab", b="two"))
    with a_box(sandbox, *trees_) as box:
        assert shell(box, "cat a /opt/lab/b; sub/run.sh; echo new >> a; chmod 600 a; rm -r sub; cat a; ls") == (
            "onetworan\nonenew\na\n[0]"
        )
        assert "[0]" not in shell(box, "echo x > /opt/lab/b")
        assert "[0]" not in shell(box, "echo x > /usr/x")


def keeps_boxes_apart(sandbox: Sandbox) -> None:
    shared = tree("/workspace", a="one")
    with a_box(sandbox, shared) as one, a_box(sandbox, shared) as two:
        shell(one, "echo changed > a; echo x > /tmp/x")
        assert shell(two, "cat a; ls /tmp") == "one[0]"


def shares_a_large_tree_and_keeps_changes_apart(sandbox: Sandbox) -> None:
    large = tree("/workspace", big="x" * 5_000_000, a="one")
    with a_box(sandbox, large) as one, a_box(sandbox, large) as two:
        shell(one, "echo changed > a; rm big; chmod 700 .")
        assert shell(two, "cat a; wc -c < big") == "one5000000\n[0]"
        assert list(dict(trees.files_in(_snapshot(one))).items()) == [("a", b"changed\n")]


def freezes_everything_and_lets_it_go_on(sandbox: Sandbox) -> None:
    loop = "i=0; while :; do i=$((i+1)); echo $i > .part-NAME; mv .part-NAME NAME; done"
    with a_box(sandbox) as box:
        running = box.start(["/bin/bash", "-c", f"({loop.replace('NAME', 'a')}) & {loop.replace('NAME', 'b')}"])
        time.sleep(0.5)
        box.freeze()
        before = _snapshot(box)
        time.sleep(0.5)
        assert _snapshot(box) == before, "something runs on in a frozen box"
        box.freeze()
        box.thaw()
        time.sleep(0.5)
        assert _snapshot(box) != before, "nothing goes on in a box that was thawed"
        running.kill()
    with a_box(sandbox) as box:
        asleep = box.start(["/bin/sleep", "100"])
        box.freeze()  # and it can be destroyed as it is
    asleep.kill()


def stops_what_takes_too_long(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        began = time.monotonic()
        try:
            box.exec(["/bin/sleep", "60"], timeout_s=0.3)
        except TimeoutError:
            assert time.monotonic() - began < 10, "it was waited for"
        else:
            raise AssertionError("no TimeoutError")
        assert shell(box, "echo still here") == "still here\n[0]"


def caps_output(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        done = box.exec(["/bin/sh", "-c", "head -c 3000000 /dev/zero"], max_output_bytes=1000)
        assert (len(done.stdout), done.is_truncated, done.returncode) == (1000, True, 0), (
            len(done.stdout),
            done.is_truncated,
        )


def serves_to_the_outside_and_calls_out(sandbox: Sandbox) -> None:
    server = "import socket;s=socket.create_server(('127.0.0.1',8000));c,_=s.accept();c.sendall(c.recv(9)[::-1])"
    with a_box(sandbox) as box:
        process = box.start([PYTHON, "-c", server])
        with _until(lambda: box.connect(8000)) as connection:
            connection.sendall(b"drawer")
            assert connection.recv(9) == b"reward"
        assert process.wait(10) == 0
        with box.listen(9000) as listener:
            listener.settimeout(10)
            client = "import socket;c=socket.create_connection(('127.0.0.1',9000));c.sendall(b'hello')"
            process = box.start([PYTHON, "-c", client])
            with listener.accept()[0] as accepted:
                accepted.settimeout(10)
                assert accepted.recv(9) == b"hello"
            assert process.wait(10) == 0
        try:
            box.connect(8001)
        except ConnectionRefusedError:
            return
        raise AssertionError("connected to nothing")


def _until(attempt: Callable[[], socket.socket], timeout_s: float = 10) -> socket.socket:
    until = time.monotonic() + timeout_s
    while True:
        try:
            return attempt()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def gives_a_terminal(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        terminal = box.open_pty(["/bin/bash", "--norc", "-i"], rows=33, cols=99)
        try:
            assert "33 99" in _type_of(terminal.fd, "stty size; PS1=; echo ma''rk\n", "mark\r\n")
            os.write(terminal.fd, b"sleep 60\n")
            time.sleep(0.3)
            assert "130" in _type_of(terminal.fd, "\x03", "") + _type_of(
                terminal.fd, "echo st''atus $?\n", "status 130"
            )
            os.write(terminal.fd, b"exit 7\n")
            assert terminal.process.wait(10) == 7
        finally:
            os.close(terminal.fd)


def _type_of(fd: int, text: str, until: str, timeout_s: float = 10) -> str:
    """Types a text and reads until another is seen."""
    os.write(fd, text.encode())
    seen, end = "", time.monotonic() + timeout_s
    while until not in seen or not until:
        wait_s = min(0.3, end - time.monotonic()) if not until else end - time.monotonic()
        if wait_s <= 0 or not select.select([fd], [], [], wait_s)[0]:
            break
        seen += os.read(fd, 65536).decode(errors="replace")
    return seen


def takes_the_same_snapshot_of_the_same_files(sandbox: Sandbox) -> None:
    taken = []
    for _ in range(2):
        with a_box(sandbox, tree("/workspace", b="two", a="one")) as box:
            shell(
                box,
                "mkdir -p d/e; echo x > d/e/f; ln -s /etc/passwd link; mkfifo pipe; chmod +x b; sleep 0.01; touch a",
            )
            taken.append(_snapshot(box))
    assert taken[0] == taken[1], "the same files gave different bytes"
    assert dict(trees.files_in(taken[0])) == {"a": b"one", "b": b"two", "d/e/f": b"x\n"}


def _snapshot(box: Box, max_bytes: int = MEBIBYTE) -> bytes:
    with tempfile.TemporaryFile() as out:
        box.snapshot(out, max_bytes=max_bytes)
        out.seek(0)
        return out.read()


def a_snapshot_starts_the_next_box(sandbox: Sandbox) -> None:
    with a_box(sandbox, tree("/workspace", a="one")) as box:
        shell(box, "echo two > b; rm a; ln -s b c")
        taken = _snapshot(box)
    with a_box(sandbox, Tree("/workspace", taken)) as box:
        assert shell(box, "ls; cat c") == "b\nc\ntwo\n[0]"


def refuses_a_snapshot_that_is_too_large(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        shell(box, "head -c 3000000 /dev/zero > big")
        try:
            _snapshot(box)
        except SnapshotTooLarge:
            return
        raise AssertionError("taken all the same")


def daemons_die_with_the_box(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        shell(box, "setsid sleep 8642 >/dev/null 2>&1 & sleep 0.1")
        assert _host_sees("8642"), "the daemon did not start, so this check shows nothing"
    until = time.monotonic() + 5
    while _host_sees("8642"):
        assert time.monotonic() < until, "a daemon outlived its box"
        time.sleep(0.01)


def _host_sees(word: str) -> bool:
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and word.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                return True
    return False


def a_box_survives_its_user_killing_everything(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        shell(box, "kill -9 -1")
        shell(box, "kill -9 1")
        assert shell(box, "echo here") == "here\n[0]"


def a_destroyed_box_says_so(sandbox: Sandbox) -> None:
    with a_box(sandbox) as box:
        box.destroy()
        box.destroy()
        for call in (lambda: box.exec(["/bin/true"]), lambda: box.connect(1), lambda: box.open_pty(["/bin/true"])):
            try:
                call()
            except BoxGone:
                continue
            raise AssertionError("a destroyed box answered")


def holds_memory(sandbox: Sandbox) -> None:
    with a_box(sandbox, limits=Limits(memory_mb=64, disk_mb=8)) as box:
        eat = "x=[];\nwhile True: x.append(bytearray(b'1')*4000000)"
        text = shell(box, f'for i in 1 2 3; do {PYTHON} -c "{eat}" & done; wait; echo over')
        assert "over" in text or "[137]" in text, text  # the kernel ends the eaters, or the shell that waits for them
        assert (box.usage().memory_peak_bytes or 0) <= 64 * MEBIBYTE
        assert (box.usage().oom_kills or 0) >= 1


def holds_processes(sandbox: Sandbox) -> None:
    with a_box(sandbox, limits=Limits(memory_mb=256, disk_mb=8, pids=32)) as box:
        text = shell(box, "for i in $(seq 100); do sleep 2 & done; jobs -r | wc -l", timeout_s=30)
        assert "Resource temporarily unavailable" in text or "retry" in text, text


def holds_disk(sandbox: Sandbox) -> None:
    with a_box(sandbox, limits=Limits(memory_mb=128, disk_mb=8, inodes=1000)) as box:
        for folder in ("/workspace", "/tmp", "/run", "/var/tmp", "/home/candidate"):
            assert "No space left" in shell(box, f"head -c 20000000 /dev/zero > {folder}/big; rm {folder}/big"), folder
        text = shell(box, "for i in $(seq 1200); do : > f$i || exit 9; done")
        assert "No space left" in text, text


def holds_cpu(sandbox: Sandbox) -> None:
    with a_box(sandbox, limits=Limits(memory_mb=128, disk_mb=8, cpus=0.25)) as box:
        spin = "import time;t=time.monotonic()\nwhile time.monotonic()-t<1: pass\nprint(time.process_time())"
        used = float(box.exec([PYTHON, "-c", spin]).stdout)
        assert used < 0.6, f"a quarter of a CPU gave {used:.2f} s in one"


@dataclass(frozen=True, slots=True)
class Check:
    """One check, and the guarantee without which a backend is excused from it."""

    run: Callable[[Sandbox], None]
    rests_on: Guarantee | None = None

    @property
    def says(self) -> str:
        return self.run.__name__.replace("_", " ")


CHECKS = (
    Check(runs_a_program_and_tells_its_output_and_status),
    Check(passes_words_and_environment_unchanged),
    Check(gives_an_empty_home_and_no_secrets),
    Check(shows_its_trees_one_writable),
    Check(keeps_boxes_apart),
    Check(shares_a_large_tree_and_keeps_changes_apart),
    Check(stops_what_takes_too_long),
    Check(caps_output),
    Check(serves_to_the_outside_and_calls_out),
    Check(gives_a_terminal),
    Check(takes_the_same_snapshot_of_the_same_files),
    Check(a_snapshot_starts_the_next_box),
    Check(refuses_a_snapshot_that_is_too_large),
    Check(daemons_die_with_the_box, Guarantee.PROCESSES),
    Check(a_box_survives_its_user_killing_everything, Guarantee.PROCESSES),
    Check(a_destroyed_box_says_so),
    Check(freezes_everything_and_lets_it_go_on),
    Check(holds_memory, Guarantee.MEMORY),
    Check(holds_processes, Guarantee.PIDS),
    Check(holds_disk, Guarantee.DISK),
    Check(holds_cpu, Guarantee.CPU),
)
