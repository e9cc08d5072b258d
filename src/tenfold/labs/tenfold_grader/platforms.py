"""A stand-in of what a service depends on: online feature store (as Feast answers) and model registry.

It counts what it is asked, can hold answers until several wait, and can be made to fail in the ways that such platforms
do. Standard library and this one file only, so that a lab may give it to the candidate as well:

    python platform_server.py            # serves platform.json and model-N.joblib of its own folder on 127.0.0.1:8600
"""

import json
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any

MAX_BODY_BYTES = 1 << 20
COUNTED = ("look_ups", "rows", "downloads", "connections", "aliases", "failures")


@dataclass
class Failure:
    """What happens instead of an answer.

    `kind`: status (the number in `value`), drop, delay (`value` seconds, then the answer), partial (half an answer,
    then the connection ends), garbage (an answer that is no JSON), stale (an answer as usual, with the error status in
    `value`: a proxy's copy).
    """

    path: str
    kind: str = "status"
    value: float = 503
    times: int = 1


@dataclass
class Platform:
    """`features`: id → name → value. `artifacts`: version → bytes. `champion`: the version that the alias names."""

    model: str
    entity: str
    features: dict[int, dict[str, float]]
    artifacts: dict[int, bytes]
    champion: int = 0
    counters: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    def __post_init__(self) -> None:
        self.champion = self.champion or min(self.artifacts, default=0)
        self.lock = threading.Lock()
        self.gate = threading.Event()
        self.gate.set()
        self.counters.update(dict.fromkeys(COUNTED, 0))
        self.asked: list[list[Any]] = []  # the ids of each look-up, in order; the last thousand

    # what a grader does to it

    def hold(self) -> None:
        """Look-ups wait until `release`, ten seconds at most; `most_in_flight` counts anew."""
        with self.lock:
            self.most_in_flight = self.in_flight
        self.gate.clear()

    def release(self) -> None:
        self.gate.set()

    def fail(self, path: str, kind: str = "status", value: float = 503, times: int = 1) -> None:
        """The next `times` requests whose path begins so fail."""
        with self.lock:
            self.failures.append(Failure(path, kind, value, times))

    def recover(self) -> None:
        with self.lock:
            self.failures.clear()

    def snapshot(self) -> dict[str, int]:
        """The counters now, to be compared later."""
        with self.lock:
            return dict(self.counters)

    def since(self, before: dict[str, int]) -> dict[str, int]:
        now = self.snapshot()
        return {key: now[key] - before.get(key, 0) for key in now}

    def wait_in_flight(self, count: int, limit_s: float = 5.0, still_s: float = 1.5) -> int:
        """Waits until `count` look-ups are held, or their number has not grown for `still_s`; how many there were."""
        until, seen, since = time.monotonic() + limit_s, 0, time.monotonic()
        while seen < count and time.monotonic() < until and time.monotonic() - since < still_s:
            time.sleep(0.01)
            if self.most_in_flight > seen:
                seen, since = self.most_in_flight, time.monotonic()
        return seen

    # what it does

    def count(self, what: str, by: int = 1) -> None:
        with self.lock:
            self.counters[what] += by

    def failure(self, path: str) -> Failure | None:
        """The failure that is due for a path, counted down."""
        with self.lock:
            for one in self.failures:
                if path.startswith(one.path) and one.times > 0:
                    one.times -= 1
                    self.counters["failures"] += 1
                    return one
        return None

    def look_up(self, question: dict[str, Any]) -> dict[str, Any]:
        """Raises `KeyError` or `TypeError` for a question that is none."""
        names, ids = list(question["features"]), list(question["entities"][f"{self.entity}_id"])
        with self.lock:
            self.counters["look_ups"] += 1
            self.counters["rows"] += len(ids)
            self.asked = [*self.asked[-999:], ids]
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.gate.wait(10)
        with self.lock:
            self.in_flight -= 1
        known = [isinstance(one, int) and one in self.features for one in ids]
        return {
            "metadata": {"feature_names": names},
            "results": [
                {
                    "values": [self.features[one][name] if here else None for one, here in zip(ids, known)],
                    "statuses": ["PRESENT" if here else "NOT_FOUND" for here in known],
                }
                for name in names
            ],
        }

    def get(self, path: str) -> dict[str, Any] | bytes | None:
        """A dict for JSON, bytes for an artefact, None for no such thing."""
        parts = path.strip("/").split("/")
        if path == "/counters":
            return dict(self.counters)
        if parts[:2] == ["registry", "models"] and parts[3:4] == ["aliases"]:
            self.count("aliases")
            return {"version": self.champion}
        if parts[:2] == ["registry", "models"] and parts[-1] == "artifact" and parts[4].isdigit():
            self.count("downloads")
            return self.artifacts.get(int(parts[4]))
        return None

    def serve(self, listener: socket | None = None, port: int = 8600) -> ThreadingHTTPServer:
        """Serves in a thread; on a listening socket where one is given."""
        handler = type("Bound", (_Handler,), {"platform": self})
        server = ThreadingHTTPServer(("127.0.0.1", port), handler, bind_and_activate=listener is None)
        server.daemon_threads = True
        if listener is not None:
            server.socket.close()
            server.socket = listener
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


class _Handler(BaseHTTPRequestHandler):
    platform: Platform
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.platform.count("connections")

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # who asked has gone

    def do_GET(self) -> None:
        if not self.is_failing():
            answer = self.platform.get(self.path)
            self.answer({"detail": "no such path"} if answer is None else answer, 404 if answer is None else self.usual)

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > MAX_BODY_BYTES:
            self.close_connection = True
            self.answer({"detail": "a body of at most 1 MiB with its length is asked for"}, 413)
            return
        body = self.rfile.read(int(size))
        if self.is_failing():
            return
        try:
            self.answer(self.platform.look_up(json.loads(body)), self.usual)
        except (ValueError, KeyError, TypeError, RecursionError):
            self.answer({"detail": "no question that is understood here"}, 422)

    def is_failing(self) -> bool:
        self.usual = 200
        due = self.platform.failure(self.path)
        if due is None:
            return False
        if due.kind == "stale":
            self.usual = int(due.value)
            return False
        if due.kind == "delay":
            time.sleep(due.value)
            return False
        if due.kind == "status":
            self.answer({"detail": "unavailable"}, int(due.value))
        elif due.kind == "garbage":
            self.answer(b"<html>502 Bad Gateway</html>", 200)
        else:
            self.break_off(half=due.kind == "partial")
        return True

    def break_off(self, half: bool) -> None:
        if half:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"results": [')
            self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(2)

    def answer(self, body: dict[str, Any] | bytes, status: int = 200) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


def load(folder: Path) -> Platform:
    """From `platform.json` and `model-N.joblib` in a folder."""
    words = json.loads((folder / "platform.json").read_text())
    features = {int(key): row for key, row in words["features"].items()}
    artifacts = {int(path.stem.split("-")[1]): path.read_bytes() for path in folder.glob("model-*.joblib")}
    return Platform(words["model"], words["entity"], features, artifacts)


if __name__ == "__main__":
    load(Path(__file__).parent).serve()
    print("platform on 127.0.0.1:8600, ^C ends it", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.exit(0)
