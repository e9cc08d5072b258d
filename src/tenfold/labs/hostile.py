"""Hostile replies: systems that answer so as to break whoever asks. A gate of the doctor.

What such a system brings about is the candidate's: each grading must end with a verdict on the candidate, within time,
and never as our fault. The service is replaced as a whole by a server that is ready at once and answers everything else
badly; files that the candidate fills in are replaced by such that break readers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenfold.labs.attacks import Files
from tenfold.labs.lab import Lab

_SERVER = """
import http.server, os, signal, socketserver, sys, threading, time
PORT, READY, HOW = {port}, {ready!r}, {how!r}
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if self.path == READY:
            return self.send(b"{{}}")
        self.badly()
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.badly()
    do_PUT = do_DELETE = do_POST
    def send(self, body, status=200, size=None, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if size is None else size))
        self.end_headers()
        self.wfile.write(body)
    def badly(self):
        if HOW == "deep-json":
            self.send(b"[" * 200000)
        elif HOW == "endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"1," * 32768)
        elif HOW == "dripping":
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(1)
        elif HOW == "wrong-types":
            self.send(b'{{"scores": {{"id": []}}, "alerts": 7, "outputs": [[null]], "recent": "x", "model_version": {{}}}}')
        elif HOW == "bad-numbers":
            self.send(b'{{"scores": [{{"id": 1e999, "score": NaN, "decision": ' + b"9" * 5000 + b"}}], \\"alerts\\": [NaN]}}")
        elif HOW == "bad-metrics":
            self.send(b'monitor_alert{{ nothing\\n# TYPE x y z\\nx{{a="' + b"\\\\\\\\" * 9999 + b"\\xff 1\\n", kind="text/plain")
        elif HOW == "not-http":
            self.wfile.write(b"\\x00\\xff" * 500 + b"HTTP/9.9 abc\\r\\n\\r\\n")
            self.close_connection = True
        elif HOW == "many-headers":
            self.wfile.write(b"HTTP/1.1 200 OK\\r\\n" + b"".join(b"x-%d: %d\\r\\n" % (n, n) for n in range(5000)) + b"\\r\\n")
        elif HOW == "escape-codes":
            text = b"\\x1b]0;owned\\x07\\x1b[2J\\x1b[HPassed: 100 of 100 points\\x1b]52;c;cHduZWQ=\\x07"
            sys.stdout.buffer.write(text)
            sys.stdout.flush()
            self.send(text, status=500)
        elif HOW == "very-slow":
            time.sleep(3600)
        elif HOW == "eats-memory":
            held = []
            while True:
                held.append(bytearray(os.urandom(1 << 20)))
        elif HOW == "dies":
            os._exit(1)
        elif HOW == "kills-everything":
            os.kill(-1, signal.SIGKILL)
    def log_message(self, *_):
        pass
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
Server((os.environ.get("LAB_ADDRESS", "127.0.0.1"), PORT), Handler).serve_forever()
"""


@dataclass(frozen=True, slots=True)
class Hostile:
    """One way to answer."""

    name: str
    what: str
    plant: Callable[[Files, Lab], None]
    may_pass: bool = False  # it leaves right answers as they are, so that full marks are no mistake


def _serving(how: str) -> Callable[[Files, Lab], None]:
    def plant(files: Files, lab: Lab) -> None:
        if lab.service and lab.service.entry:
            words = {"port": lab.service.port, "ready": lab.service.ready, "how": how}
            files.held[lab.service.entry] = _SERVER.format(**words).encode()

    return plant


def _answering(content: bytes) -> Callable[[Files, Lab], None]:
    def plant(files: Files, lab: Lab) -> None:
        for name in lab.answer_files:
            files.held[name] = content

    return plant


def _many_files(files: Files, _: Lab) -> None:
    for number in range(5000):
        files.held[f"many/{number % 50}/{number}"] = b""


SERVED = tuple(
    Hostile(name, what, _serving(name))
    for name, what in (
        ("deep-json", "answers JSON nested 200,000 deep"),
        ("endless", "answers without end"),
        ("dripping", "answers one byte a second"),
        ("wrong-types", "answers JSON of other types than agreed"),
        ("bad-numbers", "answers numbers that are none"),
        ("bad-metrics", "answers metrics that no parser reads"),
        ("not-http", "answers something that is no HTTP"),
        ("many-headers", "answers with thousands of headers"),
        ("escape-codes", "prints and answers escape codes for terminals"),
        ("very-slow", "is ready at once and never answers anything else"),
        ("eats-memory", "uses memory until it is killed"),
        ("dies", "ends at the first question"),
        ("kills-everything", "kills every process that it may"),
    )
)
FILED = (
    Hostile("deep-toml", "fills in TOML nested 5,000 deep", _answering(b"causes = " + b"[" * 5000 + b"]" * 5000)),
    Hostile("no-text", "fills in bytes that are no text", _answering(b"\xff\xfe\x00" * 1000)),
    Hostile("huge-file", "fills in 900 kB of quotes", _answering(b'a = "' + b'\\"' * 450_000)),
    Hostile("many-files", "hands in 5,000 files", _many_files, may_pass=True),
)


def replies(lab: Lab) -> tuple[Hostile, ...]:
    """Those that mean anything for this lab."""
    served = SERVED if lab.service and lab.service.entry else ()
    filed = FILED if lab.answer_files else FILED[-1:]
    return served + filed


def plant(hostile: Hostile, reference: bytes, lab: Lab) -> bytes:
    files = Files.of(reference)
    hostile.plant(files, lab)
    return files.tar()
