"""Sends a stream to the running monitor. `python replay.py data/example_abrupt.json`"""

import json
import sys
import urllib.request


def ask(path: str, body: object) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:9090{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def main() -> None:
    stream = json.load(open(sys.argv[1]))
    print("what is true:", stream["truth"])
    ask("/reset", {})
    for batch in stream["batches"]:
        print(f"day {batch['day']:2}:", ask("/batches", batch)["alerts"] or "quiet")


if __name__ == "__main__":
    main()
