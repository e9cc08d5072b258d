"""Three zones: a snapshot, the systems under test made from it and from the reference, and the grader beside them.

The conductor (this module, outside all boxes) gives the grader sockets into the systems' networks and starts and stops
them at its word. The grader's answer comes over a descriptor that only its box has, and the systems under test are
destroyed before anything is concluded from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import platform
import select
import socket
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tenfold import __version__
from tenfold.kit.errors import UserError
from tenfold.labs import turns, variants, verdicts
from tenfold.labs.home import Home
from tenfold.labs.lab import Lab
from tenfold.labs.variants import Variant
from tenfold.labs.verdicts import POLICY, Against, Happening, Outcome, Verdict
from tenfold.sandbox import trees
from tenfold.sandbox.handles import close_quietly
from tenfold.sandbox.interface import (
    Box,
    BoxGone,
    BoxSpec,
    Limits,
    Process,
    Sandbox,
    SandboxError,
    Tree,
)

LIMIT_S = 150.0
AT_ONCE_VARIABLE = "TENFOLD_GRADINGS_AT_ONCE"
_PACKET = 192 * 1024
_TAIL = 16 * 1024
_GRADER = (
    "python",
    "-I",
    "-c",
    "import sys; sys.path.insert(0, '/opt/kit'); from tenfold_grader.in_box import main; sys.exit(main())",
)
_SERVICE = ("/bin/sh", "-c", 'echo $$ > /run/service.pid; exec "$@"', "sh")
_OUR_FAULT_STATUS = 3


class _Happened(Exception):
    """A grading came to nothing for a reason of the policy table."""

    def __init__(self, what: Happening, why: str) -> None:
        super().__init__(why)
        self.what = what
        self.why = why


def grade(
    home: Home,
    sandbox: Sandbox,
    variant: Variant,
    handed_in: bytes,
    *,
    limit_s: float = LIMIT_S,
    ahead: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Judges a snapshot. Repeats what is not the candidate's fault as often as the policy says; never raises for it.

    Gradings on one host wait for each other, since two at once would disturb each other's latencies; `ahead` is told
    how many come first. `seconds` of the verdict leave out the waiting.
    """
    attempts = 0
    left = {happening: policy.retries for happening, policy in POLICY.items()}
    with turns.turn(queue_folder(home), places=at_once(), ahead=ahead):
        began = time.monotonic()
        while True:
            attempts += 1
            verdict = _attempt(home, sandbox, variant, handed_in, limit_s)
            happening = verdict.happening
            if happening is None or POLICY[happening].against is Against.CANDIDATE or left[happening] == 0:
                return replace(verdict, attempts=attempts, seconds=round(time.monotonic() - began, 2))
            left[happening] -= 1


def queue_folder(home: Home) -> Path:
    return home.root / "gradings"


def at_once() -> int:
    """How many gradings this host takes at a time. Raises `UserError` where the variable is no such number."""
    named = os.environ.get(AT_ONCE_VARIABLE, "1")
    if not named.isdigit() or not 1 <= int(named) <= 64:
        raise UserError(f"{AT_ONCE_VARIABLE} is {named!r}", remedy="a number from 1 to 64; one for each three cores")
    return int(named)


def _attempt(home: Home, sandbox: Sandbox, variant: Variant, handed_in: bytes, limit_s: float) -> Verdict:
    rests_on = _rests_on(home, sandbox, variant, handed_in)
    try:
        results = _results(home, sandbox, variant, handed_in, limit_s)
        criteria = verdicts.graded(variant.lab.criteria, results)
    except _Happened as happened:
        return _nothing(variant.lab, rests_on, happened.what, happened.why)
    except verdicts.NonsenseResults as nonsense:
        return _nothing(variant.lab, rests_on, Happening.GRADER_SAID_NONSENSE, str(nonsense))
    except (SandboxError, OSError) as error:
        return _nothing(variant.lab, rests_on, Happening.SANDBOX_FAILED, str(error))
    outcome = verdicts.outcome_of(variant.lab, criteria)
    return Verdict(
        outcome=outcome,
        points=round(sum(one.earned for one in criteria), 2),
        of=variant.lab.points,
        criteria=criteria,
        happening=Happening.MEASUREMENT_STRADDLES if outcome is Outcome.INCONCLUSIVE else None,
        **rests_on,
    )


def _nothing(lab: Lab, rests_on: dict[str, Any], what: Happening, why: str) -> Verdict:
    return Verdict(
        outcome=POLICY[what].outcome or Outcome.INFRA_ERROR,
        points=0,
        of=lab.points,
        criteria=(),
        happening=what,
        why=why[:2000],
        **rests_on,
    )


def _rests_on(home: Home, sandbox: Sandbox, variant: Variant, handed_in: bytes) -> dict[str, Any]:
    return {
        "edition": variant.lab.edition,
        "seed": variant.seed,
        "snapshot": snapshot_name(handed_in),
        "attempts": 1,
        "seconds": 0.0,
        "versions": {
            "tenfold": __version__,
            "environment": variants.environment_of(home, variant.lab),
            "sandbox": sandbox.name,
            "kernel": platform.release(),
            "python": platform.python_version(),
        },
    }


def snapshot_name(tar: bytes) -> str:
    return hashlib.sha256(tar).hexdigest()


def _results(
    home: Home, sandbox: Sandbox, variant: Variant, handed_in: bytes, limit_s: float
) -> list[Mapping[str, Any]]:
    lab = variant.lab
    environment = variants.environment_of(home, lab)
    with contextlib.ExitStack() as stack:

        def box(limits: Limits, *given: Tree) -> Box:
            made = sandbox.create(BoxSpec(limits=limits, environment=environment, trees=given))
            stack.callback(made.destroy)
            return made

        systems = {
            which: _System(box(lab.limits, Tree("/workspace", tar)), lab)
            for which, tar in (("candidate", handed_in), ("reference", variant.workspace("reference")))
        }
        for system in systems.values():
            stack.callback(system.close)
        grader = box(Limits(memory_mb=1024, disk_mb=128, cpus=2), variants.kit_tree(), _grader_tree(lab))
        conductor = _Conductor(variant, handed_in, systems)
        results = conductor.conduct(grader, limit_s)
        for system in systems.values():  # the systems under test end before anything is concluded
            system.close()
            system.box.destroy()
        return results


def _grader_tree(lab: Lab) -> Tree:
    """The grader and nothing else of the lab: no reference, no mutants, no variant."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in trees.files_in(trees.tar_of(lab.folder / "lab/grader")):
            if "__pycache__" not in name:
                info = tarfile.TarInfo(f"lab/grader/{name}")
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return Tree("/opt/lab", out.getvalue())


@dataclass
class _System:
    """One system under test in its box, with the tail of what it prints."""

    box: Box
    lab: Lab
    process: Process | None = None
    said: bytearray = field(default_factory=bytearray)
    _pumps: list[threading.Thread] = field(default_factory=list)

    def start(self, env: Mapping[str, str]) -> None:
        read, write = os.pipe()
        try:
            self.process = self.box.start([*_SERVICE, *self.lab.service.start], env=env, stdout=write, stderr=write)
        except BoxGone:
            self.process = None
            os.close(read)
            return
        finally:
            os.close(write)
        pump = threading.Thread(target=self._pump, args=(read,), daemon=True)
        pump.start()
        self._pumps.append(pump)

    def _pump(self, read: int) -> None:
        """Reads all that is printed and keeps its end, so that neither a full pipe nor a flood does harm."""
        with contextlib.suppress(OSError):
            while block := os.read(read, 65536):
                self.said += block
                del self.said[:-_TAIL]
        close_quietly(read)

    def running(self) -> bool:
        if self.process is None:
            return False
        try:
            self.process.wait(0)
        except TimeoutError:
            return True
        except BoxGone:
            pass
        return False

    def stop(self, timeout_s: float) -> int | None:
        if self.process is None:
            return None
        try:
            self.box.run(["/bin/sh", "-c", "kill -TERM $(cat /run/service.pid)"], limit_s=5)
            return self.process.wait(min(timeout_s, 60))
        except (TimeoutError, BoxGone):
            self.process.kill()
            with contextlib.suppress(TimeoutError, BoxGone):
                self.box.run(["/bin/sh", "-c", "kill -KILL -1"], limit_s=5)
            return None

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process = None


class _Conductor:
    """Answers what the grader asks, and nothing else."""

    def __init__(self, variant: Variant, handed_in: bytes, systems: Mapping[str, _System]) -> None:
        self._variant = variant
        self._handed_in = handed_in
        self._systems = systems
        self._finished: list[Mapping[str, Any]] | None = None

    def conduct(self, grader: Box, limit_s: float) -> list[Mapping[str, Any]]:
        """Starts the grader and serves it to its end. Raises `_Happened`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, tempfile.TemporaryFile() as said:
            with theirs:
                for end in (ours, theirs):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PACKET)
                process = grader.start(_GRADER, stderr=said.fileno(), stdout=said.fileno(), pass_fd=theirs.fileno())
            try:
                self._serve(ours, time.monotonic() + limit_s)
                if self._finished is None:
                    raise self._failure(process, said.fileno())
            finally:
                process.kill()
        return self._finished

    def _failure(self, process: Process, said: int) -> _Happened:
        try:
            status = process.wait(5)
        except (TimeoutError, BoxGone):
            status = -1
        size = os.fstat(said).st_size
        words = os.pread(said, 4000, max(0, size - 4000)).decode(errors="replace").strip()
        what = Happening.REFERENCE_MISBEHAVED if status == _OUR_FAULT_STATUS else Happening.GRADER_FAILED
        return _Happened(what, words or f"the grader ended with status {status}")

    def _serve(self, ours: socket.socket, until: float) -> None:
        while self._finished is None:
            if not select.select([ours], [], [], max(0.0, until - time.monotonic()))[0]:
                raise _Happened(Happening.GRADER_TOO_SLOW, "the grading took longer than it may")
            packet = ours.recv(_PACKET)
            if not packet:
                return
            try:
                answer, descriptors = self._answer(json.loads(packet))
            except (SandboxError, KeyError, TypeError, ValueError) as error:
                answer, descriptors = {"error": f"{type(error).__name__}: {error}"}, []
            try:
                socket.send_fds(ours, [json.dumps(answer).encode()], descriptors)
            finally:
                close_quietly(*descriptors)

    def _answer(self, words: Mapping[str, Any]) -> tuple[dict[str, Any], list[int]]:
        match words["op"]:
            case "parameters":
                return self._variant.parameters, []
            case "finish":
                self._finished = list(words["results"])
                return {}, []
            case "file":
                return _handed(_file_in(self._handed_in, str(words["path"]), int(words["cap"])))
            case "data":
                return _handed(_file_in(self._variant.tar, f"data/{words['path']}", int(words["cap"])))
        return self._of_system(self._systems[str(words["which"])], words)

    def _of_system(self, system: _System, words: Mapping[str, Any]) -> tuple[dict[str, Any], list[int]]:
        match words["op"]:
            case "start":
                system.start({str(key): str(value) for key, value in words["env"].items()})
                return {}, []
            case "stop":
                return {"status": system.stop(float(words["timeout_s"]))}, []
            case "running":
                return {"running": system.running()}, []
            case "said":
                return {"text": bytes(system.said[-4000:]).decode(errors="replace")}, []
            case "listen":
                return {}, [system.box.listen(int(words["port"])).detach()]
            case "socket":
                try:
                    return {}, [system.box.open_socket().detach()]
                except BoxGone:
                    return {"gone": True}, []
            case "usage":
                return self._usage(system), []
        raise ValueError(f"no such request: {words['op']!r}")

    @staticmethod
    def _usage(system: _System) -> dict[str, Any]:
        try:
            used = system.box.usage()
        except BoxGone:
            return {"cpu_s": None, "memory_bytes": None}
        return {"cpu_s": used.cpu_s, "memory_bytes": used.memory_bytes}


def _file_in(tar: bytes, path: str, cap: int) -> bytes | None:
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        try:
            info = archive.getmember(path)
        except KeyError:
            return None
        held = archive.extractfile(info) if info.isreg() and info.size <= cap else None
        return held.read() if held else None


def _handed(content: bytes | None) -> tuple[dict[str, Any], list[int]]:
    if content is None:
        return {"found": False}, []
    fd = os.memfd_create("file")
    with os.fdopen(fd, "wb", closefd=False) as file:
        file.write(content)
    return {"found": True}, [fd]
