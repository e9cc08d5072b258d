"""Answers every request with a greeting."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"Hello from the practice room\n")


HTTPServer(("127.0.0.1", 8000), Greeter).serve_forever()
