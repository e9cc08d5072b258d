"""@@model@@ by the open inference protocol, on threads of the standard library."""

import io
import json
import math
import os
import signal
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

NAME = "@@model@@"
ROOT = os.environ.get("PLATFORM_URL", "http://127.0.0.1:8600")
SIGNATURE = json.loads(Path("signature.json").read_text())
NAMES = [one["name"] for one in SIGNATURE["inputs"]]
KINDS = {one["name"]: one for one in SIGNATURE["inputs"]}
PYTHON = {"FP64": (int, float), "INT64": (int,), "BOOL": (bool,), "BYTES": (str,)}


class Served:
    """The model, once there is one."""

    def __init__(self) -> None:
        self.ready, self.model, self.version, self.lock = threading.Event(), None, "", threading.Lock()

    def load(self) -> None:
        while not self.ready.is_set():
            try:
                version = json.loads(get(f"/registry/models/{NAME}/aliases/champion"))["version"]
                model = joblib.load(io.BytesIO(get(f"/registry/models/{NAME}/versions/{version}/artifact")))
                model.predict_proba(frame({name: [None if KINDS[name]["nullable"] else {"FP64": 0.0, "INT64": 0, "BOOL": False, "BYTES": "?"}[KINDS[name]["datatype"]]] for name in NAMES}))
            except Exception as error:
                print("not yet:", type(error).__name__, error, file=sys.stderr, flush=True)
                time.sleep(1)
            else:
                self.model, self.version = model, str(version)
                self.ready.set()

    def ask(self, columns: dict) -> list:
        with self.lock:
            return [float(value) for value in self.model.predict_proba(frame(columns))[:, 1]]


def get(path: str) -> bytes:
    with urllib.request.urlopen(ROOT + path, timeout=20) as reply:
        content = reply.read()
        if len(content) != int(reply.headers.get("Content-Length", len(content))):
            raise OSError("half an answer")
        return content


def frame(columns: dict) -> pd.DataFrame:
    made = {}
    for name in NAMES:
        kind = KINDS[name]["datatype"]
        values = columns[name]
        if kind in ("FP64", "INT64"):
            made[name] = np.array([np.nan if value is None else float(value) for value in values])
        else:
            made[name] = np.array(values, dtype=bool if kind == "BOOL" else object)
    return pd.DataFrame(made)


class Bad(Exception):
    pass


def columns_of(body: object) -> dict:
    if not isinstance(body, dict) or not isinstance(body.get("inputs"), list):
        raise Bad(400, "inputs is no list")
    found = {}
    for tensor in body["inputs"]:
        if not isinstance(tensor, dict) or tensor.get("name") not in NAMES or tensor["name"] in found:
            raise Bad(400, "an input is no tensor, is unknown, or is given twice")
        found[tensor["name"]] = values_of(tensor)
    for name in NAMES:
        if name not in found:
            raise Bad(400, f"{name} is missing")
    if len(set(map(len, found.values()))) > 1:
        raise Bad(400, "tensors are not of the same length")
    if len(found[NAMES[0]]) > SIGNATURE["most_rows"]:
        raise Bad(413, "too many rows")
    return found


def values_of(tensor: dict) -> list:
    name = tensor["name"]
    kind, data = KINDS[name]["datatype"], tensor.get("data")
    if tensor.get("datatype") != kind or not isinstance(data, list) or not data:
        raise Bad(400, f"{name}: {kind} with data is asked for")
    if tensor.get("shape") not in ([len(data)], [len(data), 1]):
        raise Bad(400, f"{name}: the shape does not fit")
    for value in data:
        if value is None:
            fits = KINDS[name]["nullable"]
        elif isinstance(value, bool):
            fits = kind == "BOOL"
        else:
            fits = isinstance(value, PYTHON[kind]) and not (isinstance(value, float) and not math.isfinite(value))
        if not fits:
            raise Bad(400, f"{name}: a value is no {kind}")
    return data


served = Served()


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
        is_ready = served.ready.is_set()
        if self.path == "/v2/health/live":
            self.send(200, {"live": True})
        elif self.path in ("/v2/health/ready", f"/v2/models/{NAME}/ready"):
            self.send(200 if is_ready else 503, {"ready": is_ready})
        elif self.path == f"/v2/models/{NAME}":
            self.send(200, {
                "name": NAME, "versions": [served.version] if is_ready else [], "platform": "sklearn",
                "inputs": [{"name": name, "datatype": KINDS[name]["datatype"], "shape": [-1, 1]} for name in NAMES],
                "outputs": [{**SIGNATURE["outputs"][0], "shape": [-1, 1]}],
            })
        else:
            self.send(404, {"error": "no such path or model"})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != f"/v2/models/{NAME}/infer":
            self.send(404, {"error": "no such path or model"})
        elif not served.ready.is_set():
            self.send(503, {"error": "not ready"})
        else:
            self.send(*self.inferred(content))

    def inferred(self, content: bytes) -> tuple:
        def no_constant(word: str) -> None:
            raise ValueError(word)

        try:
            body = json.loads(content, parse_constant=no_constant)
            scores = served.ask(columns_of(body))
        except Bad as bad:
            return bad.args[0], {"error": bad.args[1]}
        except (ValueError, RecursionError):
            return 400, {"error": "this is no JSON"}
        output = {**SIGNATURE["outputs"][0], "shape": [len(scores), 1], "data": scores}
        answer = {"model_name": NAME, "model_version": served.version, "outputs": [output]}
        return 200, answer | ({"id": body["id"]} if "id" in body else {})


class Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = False
    request_queue_size = 128


server = Server((os.environ.get("LAB_ADDRESS", "127.0.0.1"), 8000), Handler)


def end(*_: object) -> None:
    def last() -> None:
        server.shutdown()
        server.socket.close()
        time.sleep(4)
        os._exit(0)

    threading.Thread(target=last, daemon=True).start()


signal.signal(signal.SIGTERM, end)
threading.Thread(target=served.load, daemon=True).start()
server.serve_forever(poll_interval=0.1)
time.sleep(6)
