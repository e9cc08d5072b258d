"""Starts the cluster: `python -m cluster`. It ends with Ctrl-C, and forgets everything."""

import argparse
import signal
import threading
from pathlib import Path

from .api import serve
from .controllers import Cluster

if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, default=6443)
    words.add_argument("--pace", type=float, default=1.0, help="seconds of the cluster in one of the clock's")
    words.add_argument("--images", type=Path, default=Path(__file__).parent / "images.json")
    words.add_argument("--net", type=int, default=88, help="pods get addresses from 127.NET.0.0/16")
    given = words.parse_args()
    cluster = Cluster(given.images, pace=given.pace, net=given.net)
    serve(cluster, given.port)
    print(f"the cluster answers on 127.0.0.1:{given.port}; its events: kubectl get events", flush=True)
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    done.wait()
    cluster.close()
