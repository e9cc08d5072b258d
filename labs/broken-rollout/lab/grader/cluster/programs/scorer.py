"""The scorer's image: loads its model, then scores. One program for every tag; images.json says what a tag does.

GET /live answers 200 while the program runs, /ready 200 once the model is loaded, /warm 200 once a score was computed, /config
its settings and version. POST /v1/score takes {"rows": [[…]], "work_s": 0}, POST /reload reads the model anew, which takes a while,
POST /hang makes it hang: it answers 503 to everything until it is started again.
"""

import json
import math
import os
import random
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

IMAGE, PACE = os.environ["POD_IMAGE"], float(os.environ["POD_PACE"])
KIND = json.loads(Path(os.environ["POD_IMAGES"]).read_text("utf-8"))[IMAGE]
THRESHOLD = float(os.environ.get("THRESHOLD", "0.5"))
PORT = int(os.environ.get("PORT", "8080"))
if "MODEL_TOKEN" not in os.environ:
    sys.exit("MODEL_TOKEN is not set: the model cannot be fetched")
RELOAD_S = 16.0
state = {"loaded": False, "scored": False, "hangs": False, "open": 0}
lock = threading.Lock()


def weights() -> list[float]:
    rng = random.Random(KIND["model"])
    return [rng.gauss(0, 1) for _ in range(KIND["width"])]


def load(wait_s: float = 0.0) -> None:
    """Reads the model: for a moment there are two copies of it."""
    time.sleep(wait_s / PACE)
    first = bytearray(b"m" * (KIND["model_mb"] << 20))
    second = bytearray(first)
    time.sleep(KIND["load_s"] / PACE)
    del second
    state["model"], state["held"], state["loaded"] = weights(), first, KIND.get("works", True)
    print("model loaded" if state["loaded"] else "the model could not be read", flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def send(self, status: int, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        if state["hangs"]:
            self.send(503, {"error": "it hangs"})
        elif self.path == "/live":
            self.send(200, {"status": "up"})
        elif self.path in {"/ready", "/warm"}:
            fine = state["loaded"] and (self.path == "/ready" or state["scored"])
            self.send(200 if fine else 503, {"loaded": state["loaded"]})
        elif self.path == "/config":
            self.send(200, {"version": IMAGE, "threshold": THRESHOLD, "pod": os.environ["POD_NAME"]})
        else:
            self.send(404, {"error": "no such path"})

    def do_POST(self) -> None:
        with lock:
            state["open"] += 1
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            if self.path == "/reload":
                state.update(loaded=False, held=None, scored=False)
                threading.Thread(target=load, args=(RELOAD_S - KIND["load_s"],), daemon=True).start()
                self.send(200, {"reloading": True})
                return
            if self.path == "/hang":
                state["hangs"] = True
            if not state["loaded"] or state["hangs"]:
                self.send(503, {"error": "the model is not loaded"})
                return
            time.sleep(min(20.0, float(body.get("work_s", 0))) / PACE)
            scores = [1 / (1 + math.exp(-sum(w * x for w, x in zip(state["model"], row)))) for row in body["rows"]]
            state["scored"] = True
            self.send(200, {"scores": scores, "flags": [s >= THRESHOLD for s in scores], "version": IMAGE})
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            self.send(422, {"error": str(error)})
        finally:
            with lock:
                state["open"] -= 1


def end(*_: object) -> None:
    """Takes no more connections, answers what was begun, ends."""

    def finish() -> None:
        server.socket.close()
        while state["open"]:
            time.sleep(0.02)
        os._exit(0)

    threading.Thread(target=finish, daemon=True).start()


server = ThreadingHTTPServer((os.environ["POD_IP"], PORT), Handler)
server.daemon_threads = True
signal.signal(signal.SIGTERM, end)
threading.Thread(target=load, daemon=True).start()
try:
    server.serve_forever(poll_interval=0.1)
except (OSError, ValueError):
    threading.Event().wait()  # the listening socket is closed; what was begun is being answered
