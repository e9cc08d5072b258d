"""Asks the running service and tells how it did. `python load.py [requests]`"""

import json
import statistics
import sys
import time
import urllib.request

SERVICE, PLATFORM = "http://127.0.0.1:8000", "http://127.0.0.1:8600"


def ask(url: str, body: dict | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    before, times = ask(f"{PLATFORM}/counters"), []
    for number in range(count):
        ids = [(number * 7 + step) % 400 for step in range(32)]
        began = time.perf_counter()
        ask(f"{SERVICE}/v1/@@route@@", {"ids": ids})
        times.append((time.perf_counter() - began) * 1000)
    after = ask(f"{PLATFORM}/counters")
    print(f"{count} requests of 32 ids: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms")
    print("what the platform was asked:", {key: after[key] - before[key] for key in after})


if __name__ == "__main__":
    main()
