"""Clients of what labs ask: HTTP with bounds, the V2 inference protocol, MLflow's registry, Feast's online store, git.

Everything is reached through `Service.connect`, so that a client works the same over a box's socket and in a container.
None waits longer than it says, however slowly the other side drips.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import json
import math
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .answers import MAX_BYTES, BadAnswer, parse_json
from .results import OutOfPatience

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from .room import Service

_LEAST_S = 0.01


@dataclass(frozen=True)
class Reply:
    """One HTTP answer. `body` holds `MAX_BYTES` at most; `is_truncated` where more came."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    is_truncated: bool = False
    seconds: float = 0.0

    def json(self) -> Any:
        """None for what is no JSON: an answer to be judged, not an accident."""
        try:
            return None if self.is_truncated else parse_json(self.body)
        except BadAnswer:
            return None


class Patience:
    """How long a system may keep the grading waiting in all: `limit_s`, or `times` what the reference took, if longer.

    So one that answers never, slowly or endlessly loses its own criteria within time, and a loaded machine, on which
    the reference is slow as well, costs nobody.
    """

    def __init__(self, limit_s: float = math.inf, *, times: float = 20.0) -> None:
        self.limit_s, self.times = limit_s, times
        self.used_s = 0.0
        self.reference: Patience | None = None
        self._lock = threading.Lock()
        self._waiting = 0
        self._since = 0.0

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Counts the time within. Many who wait at the same time count once."""
        with self._lock:
            self._waiting += 1
            if self._waiting == 1:
                self._since = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                if self._waiting == 0:
                    self.used_s += time.monotonic() - self._since

    @property
    def left_s(self) -> float:
        scaled = self.times * self.reference.used_s if self.reference else 0.0
        return max(self.limit_s, scaled) - self.used_s

    def allowed(self, timeout_s: float) -> float:
        """What one answer may take. Raises `OutOfPatience` when nothing is left."""
        if self.left_s <= 0:
            raise OutOfPatience(f"it has kept the grading waiting for {self.used_s:.0f} s in all, which is too long")
        return min(timeout_s, max(_LEAST_S, self.left_s))


class _DeadlineSocket:
    """What `http.client` takes for a socket: every read and write ends at `until`, not each at a time-out of its own.

    As with a real socket, closing it lets files made of it be read to their end.
    """

    def __init__(self, inner: socket.socket) -> None:
        self.inner = inner
        self.until = math.inf
        self._readers = 0
        self._is_closed = False

    def _arm(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.inner.settimeout(left if math.isfinite(left) else None)

    def sendall(self, content: bytes) -> None:
        self._arm()
        self.inner.sendall(content)

    def receive_into(self, buffer: WriteableBuffer) -> int:
        self._arm()
        return self.inner.recv_into(buffer)

    def makefile(self, *_: object) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Reader(self), 65536)

    def close(self) -> None:
        self._is_closed = True
        if self._readers <= 0:
            self.inner.close()

    def close_reader(self) -> None:
        self._readers -= 1
        if self._is_closed:
            self.close()


class _Reader(io.RawIOBase):
    def __init__(self, held: _DeadlineSocket) -> None:
        self._held = held

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._held.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._held.close_reader()


class Http:
    """One kept-alive connection to a service. `ConnectionError` or `TimeoutError` where it does not answer whole.

    `timeout_s` counts for the whole exchange, from connecting to the last byte.
    """

    def __init__(self, service: Service, port: int, timeout_s: float) -> None:
        self._service = service
        self._port = port
        self._timeout_s = timeout_s
        self._connection: http.client.HTTPConnection | None = None
        self._socket: _DeadlineSocket | None = None

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """`body`: bytes as they are, None for none, anything else as JSON. A `headers` Content-Type wins over ours."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        words = ({"Content-Type": "application/json"} if data is not None else {}) | dict(headers or {})
        with self._service.patience.waiting():
            return self._exchange(method, path, data, words, time.monotonic())

    def _exchange(self, method: str, path: str, data: bytes | None, words: Mapping[str, str], began: float) -> Reply:
        allowed_s = self._service.patience.allowed(self._timeout_s)
        kept = self._connection is not None
        try:
            connection = self._connected(began + allowed_s)
            connection.request(method, path, data, dict(words))
            answer = connection.getresponse()
            content = answer.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES or answer.will_close:
                answer.close()
                self.close()
            return Reply(
                answer.status,
                content[:MAX_BYTES],
                {key.lower(): value for key, value in answer.getheaders()},
                len(content) > MAX_BYTES,
                time.monotonic() - began,
            )
        except (http.client.HTTPException, OSError, ValueError, AttributeError) as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise TimeoutError(f"{method} {path}: no whole answer in {allowed_s:.1f} s") from error
            if kept and isinstance(error, ConnectionError | http.client.RemoteDisconnected):
                return self._exchange(method, path, data, words, began)  # it may close a connection that was idle
            raise ConnectionError(f"{method} {path}: {str(error)[:200] or type(error).__name__}") from error

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        return self.ask("POST", path, body, headers)

    def _connected(self, until: float) -> http.client.HTTPConnection:
        if self._connection is None or self._socket is None:
            self._socket = _DeadlineSocket(self._service.connect(self._port, max(_LEAST_S, until - time.monotonic())))
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port)
            self._connection.sock = self._socket
        self._socket.until = until
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._socket is not None:
            self._socket.inner.close()
        self._connection = self._socket = None


@dataclass
class V2:
    """The open inference protocol (KServe V2) over HTTP, as MLServer, KServe and Triton speak it."""

    http: Http
    model: str
    version: str = ""

    @property
    def _path(self) -> str:
        return f"/v2/models/{quote(self.model)}" + (f"/versions/{quote(self.version)}" if self.version else "")

    def is_live(self) -> bool:
        return self.http.get("/v2/health/live").status == 200

    def is_ready(self) -> bool:
        return self.http.get(f"{self._path}/ready").status == 200

    def metadata(self) -> Reply:
        return self.http.get(self._path)

    def infer(self, rows: Sequence[Sequence[float]], *, name: str = "input", datatype: str = "FP64") -> Reply:
        width = len(rows[0]) if rows else 0
        flat = [value for row in rows for value in row]
        one = {"name": name, "shape": [len(rows), width], "datatype": datatype, "data": flat}
        return self.http.post(f"{self._path}/infer", {"inputs": [one]})

    @staticmethod
    def outputs(reply: Reply) -> list[float] | None:
        """The first output's data, flat; None where the answer is not the protocol's."""
        body = reply.json()
        outputs = body.get("outputs") if isinstance(body, dict) else None
        first = outputs[0] if isinstance(outputs, list) and outputs else None
        data = first.get("data") if isinstance(first, dict) else None
        if not isinstance(data, list):
            return None
        flat = [value for row in data for value in (row if isinstance(row, list) else [row])]
        return [float(value) for value in flat] if all(_is_number(value) for value in flat) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass
class MlflowRegistry:
    """An MLflow tracking server's registry, by its REST API."""

    http: Http
    _root: str = "/api/2.0/mlflow"

    def _get(self, path: str) -> dict[str, Any] | None:
        reply = self.http.get(f"{self._root}/{path}")
        body = reply.json()
        return body if reply.status == 200 and isinstance(body, dict) else None

    def alias(self, model: str, alias: str) -> str | None:
        """The version that the alias names; None where there is none."""
        held = self._get(f"registered-models/alias?name={quote(model)}&alias={quote(alias)}")
        version = (held or {}).get("model_version")
        return str(version.get("version")) if isinstance(version, dict) else None

    def versions(self, model: str) -> list[dict[str, Any]]:
        held = self._get(f"model-versions/search?filter={quote(f'name={model!r}')}&max_results=200") or {}
        rows = held.get("model_versions")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def set_alias(self, model: str, alias: str, version: str) -> bool:
        words = {"name": model, "alias": alias, "version": version}
        return self.http.post(f"{self._root}/registered-models/alias", words).status == 200


@dataclass
class FeastOnline:
    """A Feast feature server's online store."""

    http: Http

    def rows(self, features: Sequence[str], entity: str, keys: Sequence[object]) -> list[dict[str, Any]] | None:
        """One dict of features a key (None where a value is absent); None where the answer is not Feast's."""
        reply = self.http.post("/get-online-features", {"features": list(features), "entities": {entity: list(keys)}})
        body = reply.json()
        try:
            names = [str(name).rpartition("__")[2] for name in body["metadata"]["feature_names"]]
            columns = [one["values"] for one in body["results"]]
            return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        except (TypeError, KeyError, ValueError):
            return None


@dataclass(frozen=True)
class Ran:
    """A command that was run in the box of the system under test: what it says is the candidate's word."""

    returncode: int
    stdout: bytes
    stderr: bytes
    is_truncated: bool = False

    @property
    def text(self) -> str:
        return self.stdout.decode(errors="replace")

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Ran:
        out, err = (base64.b64decode(str(words[key])) for key in ("stdout", "stderr"))
        return cls(int(words["returncode"]), out, err, bool(words.get("is_truncated", False)))


@dataclass
class Git:
    """A git repository inside a box. Hooks, filters and pagers of the candidate's are not run by these commands."""

    service: Service
    folder: str

    def run(self, *words: str, timeout_s: float = 30) -> Ran:
        safe = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "safe.directory=*"]
        return self.service.exec(["git", *safe, "-C", self.folder, "--no-pager", *words], timeout_s=timeout_s)

    def head(self, ref: str = "HEAD") -> str | None:
        done = self.run("rev-parse", "--verify", "--quiet", ref)
        return done.text.strip() if done.returncode == 0 else None

    def file(self, path: str, ref: str = "HEAD") -> bytes | None:
        done = self.run("show", f"{ref}:{path}")
        return done.stdout if done.returncode == 0 else None

    def log(self, most: int = 50) -> list[str]:
        return self.run("log", f"-{most}", "--format=%H %s").text.splitlines()
