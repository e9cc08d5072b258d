"""Asks the service for a while and tells how it did. `python load.py [seconds]`: run it beside a rollout."""

import http.client
import json
import sys
import threading
import time
from collections import Counter

FRONT = ("@@front@@", 8080)
seen: Counter = Counter()


def ask(work_s: float) -> str:
    connection = http.client.HTTPConnection(*FRONT, timeout=30)
    try:
        connection.request("POST", "/v1/score", json.dumps({"rows": [[0.1, 0.2, 0.3, 0.4, 0.5]], "work_s": work_s}))
        reply = connection.getresponse()
        body = reply.read()
        return f"{reply.status} {json.loads(body)['version']}" if reply.status == 200 else f"{reply.status} {body[:60]!r}"
    except (OSError, http.client.HTTPException) as error:
        return f"failed: {error or type(error).__name__}"
    finally:
        connection.close()


def work(until: float, work_s: float) -> None:
    while time.monotonic() < until:
        seen[f"{'long' if work_s else 'short'}: {ask(work_s)}"] += 1


def main() -> None:
    until = time.monotonic() + float(sys.argv[1] if len(sys.argv) > 1 else 20)
    threads = [threading.Thread(target=work, args=(until, w)) for w in (0, 0, @@longest_s@@, @@longest_s@@)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for what, count in seen.most_common():
        print(f"{count:6}  {what}")


if __name__ == "__main__":
    main()
