"""Sessions whose runner, grader or command line is killed at random moments; afterwards, what must still be true.

`python -m tests.labs.crashes 100` runs many and prints what happened.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tenfold.kit import hashchain
from tenfold.labs import environments, sessions
from tenfold.labs.home import Home
from tenfold.sandbox import boxes, cgroups, client, sweep
from tenfold.sandbox.boxes import Place
from tests.labs import toy
from tests.sandboxes import runner_pids, stop_runner

STEPS = """
import sys
from pathlib import Path
from tenfold.labs import lab_reader, sessions
from tenfold.labs.home import Home
from tenfold.sandbox import client
home = Home(Path(sys.argv[1])); number = sys.argv[3]
sandbox = client.start_own(home.runner, home.environments)
found = [one for one in sessions.all_sessions(home) if one.facts()["candidate"] == number]
now = sessions.utc_now
if found:
    session = found[0]
else:
    session = sessions.start(home, sandbox, lab_reader.read(Path(sys.argv[2])), candidate=number, attempt=1, now=now())
print("session", session.id, flush=True)
if session.state is sessions.State.OPEN:
    box = session.open_box(home, sandbox, now())
    box.exec(["/bin/sh", "-c", "sed -i 's/FACTOR = 1/FACTOR = 2/' service.py; printf factor > told.txt"])
    session.take_snapshot(box, "interval", now())
    name = session.submit(box, now())
    print("submitted", name, flush=True)
    box.destroy()
verdict = session.grade(home, sandbox, now())
print("verdict", verdict.outcome, verdict.points, flush=True)
"""


@dataclass
class Report:
    """What happened, and what was broken: nothing, it is to be hoped."""

    sessions: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    left_behind: str = ""


def run(count: int, seed: int) -> Report:
    """Takes `count` candidates through, killing something in most of them."""
    moments = random.Random(seed)  # noqa: S311  moments, no secrets
    root = Path("/var/lib", f"tenfold-test-crash-{os.getpid()}")
    home = Home(root)
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        path = toy.write(Path(folder))
        environments.build(environments.environment_named(Path(folder), "tiny"), home.environments, lambda _: None)
        try:
            for number in range(count):
                _candidate(home, path, str(number), moments, report)
            _judge(home, report)
        finally:
            place = Place(home.runner, home.environments, privileged=True)
            stop_runner(place)
            with sweep.lock(place):
                sweep.sweep(place)
                left = sweep.sweep(place)
            report.left_behind = "" if left.nothing else str(left)
            report.left_behind += str(boxes.mounts_below(root) or "") + str(cgroups.left_behind(place.family) or "")
            shutil.rmtree(root)
    return report


def _candidate(home: Home, path: Path, number: str, moments: random.Random, report: Report) -> None:
    """Repeats the steps until they come to an end, with up to two kills on the way."""
    report.sessions += 1
    promised = ""
    for attempt in range(6):
        victim = moments.choice(("command", "runner", "grader")) if attempt < 2 else ""
        said = _steps(report, home, path, number, (victim, moments.uniform(0.1, 1.6)))
        for line in said:
            if line.startswith("submitted "):
                if promised and promised != line:
                    report.broken.append(f"{number}: handed in twice, differently")
                promised = line
            if line.startswith("verdict ") and not line.startswith("verdict infra_error"):
                report.outcomes[line] += 1
                return
    report.broken.append(f"{number}: no verdict after six attempts")


def _steps(report: Report, home: Home, path: Path, number: str, death: tuple[str, float]) -> list[str]:
    victim, after_s = death
    process = subprocess.Popen(
        [sys.executable, "-c", STEPS, str(home.root), str(path), number], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    killer = threading.Timer(after_s, _kill, [home, process, victim, report]) if victim else None
    if killer:
        killer.start()
    out, _ = process.communicate(timeout=120)
    if killer:
        killer.cancel()
        killer.join()
    return out.decode().splitlines()


def _kill(home: Home, process: subprocess.Popen[bytes], victim: str, report: Report) -> None:
    with contextlib.suppress(OSError):  # it may be gone already, and its cgroup too
        if victim == "command" and process.poll() is None:
            process.kill()
            report.kills[victim] += 1
        if victim == "runner":
            for pid in runner_pids(Place(home.runner, home.environments, privileged=True)):
                os.kill(pid, signal.SIGKILL)
                report.kills[victim] += 1
        if victim == "grader":
            while not (found := _graders(home)) and process.poll() is None:
                time.sleep(0.005)  # it lives for a fraction of a second: wait for it
            for pid in found:
                os.kill(pid, signal.SIGKILL)
                report.kills[victim] += 1


def _graders(home: Home) -> list[int]:
    """Graders in the boxes of this home's runner, and of no other."""
    family = Place(home.runner, home.environments, privileged=True).family
    found: list[int] = []
    for name in cgroups.left_behind(family):
        with contextlib.suppress(OSError):
            members = cgroups.Group(family, name, cgroups.version() or 1).members()
            found += [pid for pid in members if _is_grader(pid)]
    return found


def _is_grader(pid: int) -> bool:
    return b"tenfold_grader.in_box import main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _judge(home: Home, report: Report) -> None:
    """Every session: one verdict that counts, the work that was handed in, an unbroken log that says so once."""
    client.start_own(home.runner, home.environments)
    seen = set()
    for session in sessions.all_sessions(home):
        facts = session.facts()
        if facts["candidate"] in seen:
            report.broken.append(f"{session.id}: a second session for the same attempt")
        seen.add(facts["candidate"])
        session.snapshot_bytes(facts["submitted"])
        hashchain.verify(session.folder / "events.jsonl")
        noted = [one for one in session.events() if one.kind == "verdict" and one.data["outcome"] != "infra_error"]
        if len(noted) != 1:
            report.broken.append(f"{session.id}: {len(noted)} verdicts in the log")
        verdict = session.verdict()
        if verdict is None or (verdict.outcome, verdict.points) != ("pass", 100):
            report.broken.append(f"{session.id}: {verdict and verdict.outcome}")


def main() -> int:
    began = time.monotonic()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    report = run(count, seed=11)
    words = {
        "sessions": report.sessions, "kills": dict(report.kills), "outcomes": dict(report.outcomes),
        "broken": report.broken, "left_behind": report.left_behind, "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    sys.stdout.write(json.dumps(words, indent=1) + "\n")
    return bool(report.broken or report.left_behind)


if __name__ == "__main__":
    sys.exit(main())
