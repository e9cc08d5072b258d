"""What runs in the grader's box: the lab's grader, in the room on descriptor 3."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from types import ModuleType

from .box_room import BoxRoom
from .results import OurFault


def load(path: str) -> ModuleType:
    """The lab's `grade.py`, with its folder importable."""
    sys.path.insert(0, path)
    spec = importlib.util.spec_from_file_location("grade", f"{path}/grade.py")
    if spec is None or spec.loader is None:
        raise OurFault(f"no grader in {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    room = BoxRoom()
    try:
        told = load("/opt/lab/lab/grader").grade(room)
        room.finish(told)
    except OurFault as fault:
        sys.stderr.write(f"our fault: {fault}\n")
        return 3
    except Exception:  # noqa: BLE001  a grader's mistake is ours, whatever it is
        traceback.print_exc()
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
