"""TODO: the system, healthy. lab/variant.py puts the fault in."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FACTOR = 2


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        number = self.path.rpartition("/")[2]
        if self.path == "/healthz":
            self.answer(200, {})
        elif number.isdigit():
            self.answer(200, {"result": int(number) * FACTOR})
        else:
            self.answer(422, {"detail": "no number"})

    def answer(self, status: int, body: dict) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


if __name__ == "__main__":
    ThreadingHTTPServer((os.environ.get("LAB_ADDRESS", "127.0.0.1"), 8000), Handler).serve_forever()
