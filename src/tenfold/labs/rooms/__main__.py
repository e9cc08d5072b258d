"""`python -m tenfold.labs.rooms HOME`: a server of rooms in this process."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from tenfold.kit.errors import ExitCode, UserError
from tenfold.labs.home import Home
from tenfold.labs.rooms.server import RoomServer
from tenfold.labs.rooms.warm import parse_warm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--idle", type=float, default=None, metavar="SECONDS")
    parser.add_argument("--warm", action="append", default=[], metavar="LAB=COUNT")
    parser.add_argument("--ready-fd", type=int, default=None)
    words = parser.parse_args()

    def ready() -> None:
        if words.ready_fd is not None:
            os.write(words.ready_fd, b"1")
            os.close(words.ready_fd)

    os.umask(0o022)  # whoever starts it: the boxes’ own uids have to reach what is theirs
    try:
        warm = parse_warm(Home(words.home), words.warm)
        asyncio.run(RoomServer(Home(words.home), idle_s=words.idle, warm=warm).serve(ready))
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return ExitCode.UNUSABLE_INPUT
    return ExitCode.CLEAN


if __name__ == "__main__":
    sys.exit(main())
