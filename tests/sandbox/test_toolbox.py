"""What a candidate finds in a room is declared, and what ends a room cannot be reached from inside."""

from __future__ import annotations

import pytest

from tenfold.sandbox import toolbox
from tenfold.sandbox.client import RunnerSandbox
from tenfold.sandbox.interface import BoxSpec
from tests.sandboxes import needs_bwrap, needs_root

pytestmark = [needs_bwrap, needs_root]


def says(runner: RunnerSandbox, *words: str) -> list[str]:
    box = runner.create(BoxSpec())
    try:
        done = box.exec(list(words))
        return (done.stdout + done.stderr).decode(errors="replace").splitlines()
    finally:
        box.destroy()


def test_a_room_holds_the_declared_programs_and_no_other(runner: RunnerSandbox) -> None:
    found = set(says(runner, "/bin/ls", "/usr/bin"))
    assert {"sh", "bash", "cat", "tools"} <= found
    assert found - {"tools"} <= {*toolbox.SYSTEM, *toolbox.TOOLS}
    listed = {line.split()[0] for line in says(runner, "tools")}
    assert listed <= set(toolbox.TOOLS)
    assert set(toolbox.EXPECTED) - listed == set(toolbox.missing())


@pytest.mark.parametrize("folder", ["/usr/local", "/usr/sbin", "/usr/lib/python3/dist-packages"])
def test_what_else_the_host_has_is_not_seen(runner: RunnerSandbox, folder: str) -> None:
    assert not [line for line in says(runner, "/bin/ls", folder) if "No such file" not in line]


def test_the_first_process_cannot_be_changed_or_ended_from_inside(runner: RunnerSandbox) -> None:
    script = "echo x > /proc/1/mem; cat /proc/1/environ; kill -9 1; sleep 0.2; echo alive"
    assert says(runner, "/bin/bash", "-c", script)[-1] != "x"
    lines = says(runner, "/bin/bash", "-c", f"({script}) 2>&1")
    assert sum("Permission denied" in line for line in lines) == 2
    assert lines[-1] == "alive"


SOCKETS = {
    "tcp": (2, 1, 0, True), "udp": (2, 2, 17, True), "tcp6": (10, 1, 6, True), "unix": (1, 5, 0, True),
    "route": (16, 3, 0, True), "sctp": (2, 1, 132, False), "mptcp": (2, 1, 262, False), "dccp": (2, 6, 33, False),
    "raw": (2, 3, 1, False), "crypto": (38, 5, 0, False), "uevent": (16, 3, 15, False), "vsock": (40, 1, 0, False),
}  # fmt: skip


@pytest.mark.parametrize("name", SOCKETS)
def test_no_socket_makes_the_kernel_load_a_module(runner: RunnerSandbox, name: str) -> None:
    *words, is_allowed = SOCKETS[name]
    code = f"import socket; socket.socket({words[0]}, {words[1]}, {words[2]}).close(); print('made')"
    assert (says(runner, "/usr/bin/python3", "-c", code)[-1] == "made") is is_allowed


@pytest.mark.parametrize(("number", "is_allowed"), [(0x5412, False), (0x541C, False), (0x5423, False), (0x5413, True)])
def test_terminals_take_no_typing_and_no_line_discipline(runner: RunnerSandbox, number: int, is_allowed: bool) -> None:
    code = "import fcntl, os; m, s = os.openpty()\n"
    code += f"try:\n    fcntl.ioctl(s, {number}, bytes(8)); print('done')\nexcept OSError as e:\n    print(e.errno)"
    assert (says(runner, "/usr/bin/python3", "-c", code)[-1] == "done") is is_allowed
    high = code.replace(f"{number}", f"{number | 1 << 33}")  # the kernel looks at the lower 32 bits only
    assert says(runner, "/usr/bin/python3", "-c", high)[-1] != "done" or is_allowed
