"""The grader's counterpart outside all boxes: answers what the grader asks, and nothing else.

It gives the grader sockets into the systems' networks and starts and stops them at its word. Results are taken one by
one as they become known, so that what was seen stands whatever happens to the grading afterwards.
"""

from __future__ import annotations

import io
import json
import os
import select
import socket
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Any

from tenfold.labs.systems import System
from tenfold.labs.variants import Variant
from tenfold.labs.verdicts import GradingEvent
from tenfold.sandbox.handles import close_quietly
from tenfold.sandbox.interface import Box, BoxGone, Process, SandboxError

_PACKET = 192 * 1024
_GRADER = (
    "python",
    "-I",
    "-c",
    "import sys; sys.path.insert(0, '/opt/kit'); from tenfold_grader.in_box import main; sys.exit(main())",
)
_OUR_FAULT_STATUS = 3


IsDecided = Callable[[Mapping[str, Any]], bool]
"""Of the shares known so far, by criterion: whether no more has to be known."""


class GradingStopped(Exception):
    """A grading came to nothing for a reason of the policy table. `results`: what had been seen by then."""

    def __init__(self, event: GradingEvent, why: str, results: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        super().__init__(why)
        self.event = event
        self.why = why
        self.results = dict(results or {})


class Conductor:
    """One grading's. `submissions`: the tars handed in, by system."""

    def __init__(self, variant: Variant, submissions: Mapping[str, bytes], systems: Mapping[str, System]) -> None:
        self._variant = variant
        self._submissions = submissions
        self._systems = systems
        self._results: dict[str, Mapping[str, Any]] = {}
        self._is_finished = False
        self._is_decided: IsDecided | None = None

    def conduct(self, grader: Box, timeout_s: float, *, is_decided: IsDecided | None = None) -> list[Mapping[str, Any]]:
        """Starts the grader and serves it to its end, or until all is decided. Raises `GradingStopped`."""
        self._is_decided = is_decided
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, tempfile.TemporaryFile() as said:
            with theirs:
                for end in (ours, theirs):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PACKET)
                process = grader.start(_GRADER, stderr=said.fileno(), stdout=said.fileno(), pass_fd=theirs.fileno())
            try:
                self._serve(ours, time.monotonic() + timeout_s)
                if not self._is_finished:
                    raise self._failure(process, said.fileno())
            finally:
                process.kill()
        return list(self._results.values())

    def _failure(self, process: Process, said: int) -> GradingStopped:
        try:
            status = process.wait(5)
        except (TimeoutError, BoxGone):
            status = -1
        size = os.fstat(said).st_size
        words = os.pread(said, 4000, max(0, size - 4000)).decode(errors="replace").strip()
        event = GradingEvent.REFERENCE_MISBEHAVED if status == _OUR_FAULT_STATUS else GradingEvent.GRADER_FAILED
        return GradingStopped(event, words or f"the grader ended with status {status}", self._results)

    def _serve(self, ours: socket.socket, until: float) -> None:
        while not self._is_finished:
            if not select.select([ours], [], [], max(0.0, until - time.monotonic()))[0]:
                why = "the grading took longer than it may"
                raise GradingStopped(GradingEvent.GRADER_TOO_SLOW, why, self._results)
            packet = ours.recv(_PACKET)
            if not packet:
                return
            answer, descriptors = self._answered(packet)
            try:
                socket.send_fds(ours, [json.dumps(answer).encode()], descriptors)
            finally:
                close_quietly(*descriptors)

    def _answered(self, packet: bytes) -> tuple[dict[str, Any], list[int]]:
        try:
            return self._answer(json.loads(packet))
        except BoxGone:
            return {"gone": True}, []
        except (SandboxError, KeyError, TypeError, ValueError, OSError) as error:
            return {"error": f"{type(error).__name__}: {error}"}, []

    def _answer(self, words: Mapping[str, Any]) -> tuple[dict[str, Any], list[int]]:
        match words["op"]:
            case "parameters":
                return _hand(json.dumps(self._variant.parameters).encode())
            case "report":
                self._take(words["result"])
                return {}, []
            case "finish":
                self._is_finished = True
                return {}, []
            case "file":
                tar = self._submissions[str(words["which"])]
                return _hand(_file_in(tar, str(words["path"]), int(words["cap"])))
            case "data":
                return _hand(_file_in(self._variant.tar, f"data/{words['path']}", int(words["cap"])))
        return self._of_system(self._systems[str(words["which"])], words)

    def _take(self, result: Mapping[str, Any]) -> None:
        held = self._results.setdefault(str(result.get("criterion")), result)
        if held != result:
            why = f"{result.get('criterion')} was graded twice, and differently"
            raise GradingStopped(GradingEvent.GRADER_SAID_NONSENSE, why)
        if self._is_decided and self._is_decided({name: one.get("share") for name, one in self._results.items()}):
            self._leave_out_the_rest()

    def _leave_out_the_rest(self) -> None:
        """What was asked is answered, and nobody asks for more."""
        why = ("not looked at: what was asked of this grading was decided before",)
        for one in self._variant.lab.criteria:
            words = {"criterion": one.id, "share": 0.0, "evidence": why, "measured": {}}
            self._results.setdefault(one.id, words)
        self._is_finished = True

    def _of_system(self, system: System, words: Mapping[str, Any]) -> tuple[dict[str, Any], list[int]]:
        match words["op"]:
            case "start":
                system.start({str(key): str(value) for key, value in words["env"].items()})
                return {}, []
            case "stop":
                return {"status": system.stop(float(words["timeout_s"]))}, []
            case "signal":
                system.signal(str(words["name"]))
                return {}, []
            case "exec":
                argv = [str(word) for word in words["argv"]]
                return system.exec(argv, float(words["timeout_s"]), str(words["stdin"]).encode()), []
            case "running":
                return {"running": system.is_running()}, []
            case "said":
                return {"text": bytes(system.said[-4000:]).decode(errors="replace")}, []
            case "listen":
                return {}, [system.box.listen(int(words["port"])).detach()]
            case "socket":
                return {}, [system.box.open_socket().detach()]
            case "usage":
                return system.usage(), []
        raise ValueError(f"no such request: {words['op']!r}")


def _file_in(tar: bytes, path: str, cap: int) -> bytes | None:
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        try:
            info = archive.getmember(path)
        except KeyError:
            return None
        held = archive.extractfile(info) if info.isreg() and info.size <= cap else None
        return held.read() if held else None


def _hand(content: bytes | None) -> tuple[dict[str, Any], list[int]]:
    if content is None:
        return {"found": False}, []
    fd = os.memfd_create("file")
    with os.fdopen(fd, "wb", closefd=False) as file:
        file.write(content)
    return {"found": True}, [fd]
