"""The exporter's image: metrics of the pod on port METRICS_PORT (9102). /metrics and /healthz answer at once."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        content = b"pod_up 1\n" if self.path in {"/metrics", "/healthz"} else b""
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ.get("METRICS_PORT", "9102"))), Handler).serve_forever()
