"""How much of what the postings of `tests/posting/stated` state reaches a plan, and how much of what is set is right.

python benchmarks/posting_stated.py [-v] [NAME …]      -v lists every answer that was missed or wrong
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.posting.test_stated_answers import NAMES, counted  # noqa: E402 - after the path is set


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("names", nargs="*", help="postings of the folder; all where none is given")
    arguments.add_argument("-v", "--verbose", action="store_true", help="list what was missed and what was wrong")
    given = arguments.parse_args()
    right = stated = wrong = 0
    for name in given.names or NAMES:
        hits, of, missed, errors = counted(name)
        right, stated, wrong = right + hits, stated + of, wrong + len(errors)
        print(f"{name}: {hits} of {of} reached the plan, {len(errors)} set wrongly")
        for told in (*missed, *errors) if given.verbose else ():
            print(f"  {told}")
    precision = right / (right + wrong)
    print(f"{right} of {stated} reached the plan ({right / stated:.3f}); {precision:.3f} of what is set is right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
