"""The platform's side: an online feature store that speaks Feast's HTTP messages, and a model registry.

The grader serves it itself, inside the network of the system under test, and counts what it is asked. The candidate gets
the same file as a stand-in to work with.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket


class Platform:
    """Features by id, model artifacts by version, and counters of what was asked."""

    def __init__(self, model: str, entity: str, features: dict[int, dict[str, float]], artifacts: dict[int, bytes]) -> None:
        self.model, self.entity, self.features, self.artifacts = model, entity, features, artifacts
        self.champion = min(artifacts)
        self.lock = threading.Lock()
        self.counters = {"look_ups": 0, "rows": 0, "downloads": 0, "connections": 0}
        self.in_flight = self.most_in_flight = 0
        self.gate = threading.Event()
        self.gate.set()

    def hold(self) -> None:
        """From now on look-ups wait until `release`."""
        self.in_flight = self.most_in_flight = 0
        self.gate.clear()

    def release(self) -> None:
        self.gate.set()

    def count(self, what: str, by: int = 1) -> None:
        with self.lock:
            self.counters[what] += by

    def look_up(self, question: dict) -> dict:
        ids = question["entities"][f"{self.entity}_id"]
        with self.lock:
            self.counters["look_ups"] += 1
            self.counters["rows"] += len(ids)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.gate.wait(10)
        with self.lock:
            self.in_flight -= 1
        known = [one in self.features for one in ids]
        return {
            "metadata": {"feature_names": question["features"]},
            "results": [
                {
                    "values": [self.features[one][name] if here else None for one, here in zip(ids, known)],
                    "statuses": ["PRESENT" if here else "NOT_FOUND" for here in known],
                }
                for name in question["features"]
            ],
        }

    def serve(self, listener: socket | None = None, port: int = 8600) -> ThreadingHTTPServer:
        """Serves in a thread; on a listening socket where one is given."""
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def setup(self) -> None:
                super().setup()
                platform.count("connections")

            def do_GET(self) -> None:
                parts = self.path.strip("/").split("/")
                if self.path == "/counters":
                    self.answer(platform.counters)
                elif parts[:2] == ["registry", "models"] and parts[3:4] == ["aliases"]:
                    self.answer({"version": platform.champion})
                elif parts[:2] == ["registry", "models"] and parts[-1] == "artifact":
                    platform.count("downloads")
                    self.answer(platform.artifacts[int(parts[4])])
                else:
                    self.answer({"detail": "no such path"}, 404)

            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer(platform.look_up(question))

            def answer(self, body: dict | bytes, status: int = 200) -> None:
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler, bind_and_activate=listener is None)
        server.daemon_threads = True
        if listener is not None:
            server.socket.close()
            server.socket = listener
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


def load(folder: Path) -> Platform:
    """From `platform.json` and `model-N.joblib` in a folder."""
    words = json.loads((folder / "platform.json").read_text())
    features = {int(key): row for key, row in words["features"].items()}
    artifacts = {int(path.stem.split("-")[1]): path.read_bytes() for path in folder.glob("model-*.joblib")}
    return Platform(words["model"], words["entity"], features, artifacts)


if __name__ == "__main__":
    load(Path(__file__).parent).serve()
    print("platform on 127.0.0.1:8600, ^C ends it")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.exit(0)
