"""`python -m tenfold.sandbox ROOT ENVIRONMENTS`: a runner in this process, as root."""

import argparse
import os
import sys
from pathlib import Path

from tenfold.kit.errors import ExitCode, UserError
from tenfold.sandbox import boxes, runner


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("environments", type=Path)
    parser.add_argument("--allow", type=int, action="append", default=[], metavar="UID")
    parser.add_argument("--idle", type=float, default=None, metavar="SECONDS")
    parser.add_argument("--ready-fd", type=int, default=None)
    words = parser.parse_args()
    os.umask(0o022)  # whoever starts it: the boxes’ own uids have to reach what is theirs
    place = boxes.Place(words.root, words.environments, privileged=True)
    try:
        runner.run(place, frozenset(words.allow), idle_s=words.idle, ready_fd=words.ready_fd)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return ExitCode.UNUSABLE_INPUT
    return ExitCode.CLEAN


if __name__ == "__main__":
    sys.exit(main())
