"""The runner lets in whom it should, and takes nothing that is no request."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tenfold.kit.errors import UserError
from tenfold.sandbox import protocol
from tenfold.sandbox.boxes import Place
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.interface import BoxGone, BoxSpec, Limits, Tree
from tests.sandboxes import runner_pids


def said(path: Path, packet: bytes) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as one:
        one.settimeout(10)
        one.connect(str(path))
        one.send(packet)
        return dict(json.loads(one.recv(protocol.PACKET)))


@pytest.mark.parametrize(
    "packet",
    [
        b"\xff\xfe",
        b"[]",
        b'{"op": "reboot"}',
        b'{"op": "destroy"}',
        b'{"op": "destroy", "box": "../../etc"}',
        b'{"op": "usage", "box": "0123456789ab", "more": 1}',
        b'{"op": "snapshot", "box": "0123456789ab", "max_bytes": "9"}',
    ],
)
def test_nonsense_is_answered_and_does_no_harm(runner: RunnerSandbox, packet: bytes) -> None:
    assert said(runner.path, packet)["error"] == "bad-request"
    assert runner.boxes() is not None


def test_a_request_without_its_descriptors_is_refused(runner: RunnerSandbox) -> None:
    box = runner.create(BoxSpec(limits=Limits(memory_mb=64, disk_mb=8)))
    try:
        packet = protocol.encode(protocol.Start(box=box.id, argv=["/bin/true"], env={}))
        assert said(runner.path, packet)["error"] == "bad-request"
    finally:
        box.destroy()


def test_an_environment_is_a_name_and_no_path(runner: RunnerSandbox) -> None:
    for name in ("no-such", "../root", "/etc"):
        with pytest.raises((UserError, Exception), match=r"not built|pattern|should match"):
            runner.create(BoxSpec(environment=name))


def test_trees_stand_where_they_may(runner: RunnerSandbox) -> None:
    for at in ("/etc", "/opt/../etc", "/usr/bin"):
        with pytest.raises(UserError, match="a tree may stand"):
            runner.create(BoxSpec(trees=(Tree(at, b""),)))
    assert runner.boxes() == []


STRANGER = """
import socket, sys
one = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
one.connect(sys.argv[1])
print(one.recv(1000).decode())
"""


def test_who_was_not_named_is_turned_away(runner: RunnerSandbox) -> None:
    if not Path("/usr/bin/python3").exists():
        pytest.skip("needs a Python that an ordinary user can read")
    words = ["/usr/bin/python3", "-c", STRANGER, str(runner.path)]
    done = subprocess.run(words, user=65534, group=65534, extra_groups=[], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["error"] == "forbidden"


def test_a_box_ends_with_the_connection_that_made_it(runner: RunnerSandbox) -> None:
    code = (
        "import sys; from pathlib import Path; from tenfold.sandbox.client import RunnerSandbox;"
        "from tenfold.sandbox.interface import BoxSpec; import os;"
        "print(RunnerSandbox(Path(sys.argv[1])).create(BoxSpec()).id, flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(runner.path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() not in {box["id"] for box in runner.boxes()}


def test_a_kept_box_is_found_again(runner: RunnerSandbox) -> None:
    made = runner.create(BoxSpec(limits=Limits(memory_mb=64, disk_mb=8), keep_s=60, label="kept"))
    made.exec(["/bin/sh", "-c", "echo work > file"])
    made._lease.close()
    again = runner.adopt(made.id)
    assert again.exec(["/bin/cat", "file"]).stdout == b"work\n"
    again.destroy()
    with pytest.raises(BoxGone):
        runner.adopt(made.id)


def test_nobody_leaves_a_descriptor_behind(runner: RunnerSandbox) -> None:
    def count() -> int:
        (pid,) = runner_pids(Place(runner.path.parent, runner.path.parent / "environments", privileged=True))
        return len(list(Path("/proc", str(pid), "fd").iterdir()))

    with_one = count()
    for _ in range(5):
        box = runner.create(BoxSpec(limits=Limits(memory_mb=64, disk_mb=8)))
        box.exec(["/bin/true"])
        box.open_socket().close()
        box.destroy()
    until = time.monotonic() + 10
    while count() > with_one + 1:  # the last connections close in their own time
        assert time.monotonic() < until, "descriptors visit open in the runner"
        time.sleep(0.05)
