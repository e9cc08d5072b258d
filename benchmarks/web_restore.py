"""A backup and a restore amid writes, with server and worker running: nothing that was acknowledged may be gone.

Eight people comment without pause. Amid that a backup is written, and later put back with `--force`. Each comment that
was acknowledged before the backup began must be in the database afterwards; each other one there, or in the copy that
`restore` keeps. Both trails must verify.

Run: .venv/bin/python -m benchmarks.web_restore
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.web_visitors import ROOT, Browser, Running, Server, at_home, people

WRITERS, PAUSE_S = 8, 0.1
LONGEST_S = 240


@dataclass
class Written:
    """Comments by the time of their acknowledgement; how many had been acknowledged when the backup began."""

    said: list[str] = field(default_factory=list)
    before_backup: int = 0
    refused: int = 0
    is_over: bool = False


async def comment(browser: Browser, number: int, written: Written) -> None:
    turn = 0
    while not written.is_over:
        turn += 1
        text = f"Comment {number}-{turn}"
        try:
            status, _ = await browser.post(f"/plans/{browser.person.plan}/comments/", {"text": text})
        except (OSError, EOFError, ValueError):
            status = 0
        if status == 302:
            written.said.append(text)
        written.refused += status != 302
        await asyncio.sleep(PAUSE_S)
    await browser.close()


async def restore_amid(home: Path, written: Written, count: int) -> str:
    """Backup after a third of the writes, restore after two thirds; what `restore` says."""
    await _reached(written, count // 3)
    backup = str(home / "backups" / "one.sqlite3")
    written.before_backup = len(written.said)
    await _tenfold("backup", backup)
    await _reached(written, max(2 * count // 3, len(written.said) + 10))
    said = await _tenfold("restore", backup, "--force")
    await _reached(written, max(count, len(written.said) + 10))
    written.is_over = True
    return said


async def _tenfold(*words: str, **environment: str) -> str:
    command = (sys.executable, "-m", "tenfold", "web", *words)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=os.environ | environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, told = await process.communicate()
    if process.returncode:
        raise SystemExit(f"tenfold web {' '.join(words)}: {told.decode()}{out.decode()}")
    return out.decode()


async def _reached(written: Written, count: int) -> None:
    async with asyncio.timeout(LONGEST_S):
        while len(written.said) < count:
            await asyncio.sleep(0.02)


def comments_in(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as opened:
        return {text for (text,) in opened.execute("SELECT text FROM plans_comment")}


async def run(home: Path, count: int) -> tuple[Written, str]:
    everyone, written = people(WRITERS), Written()
    server, worker = Server(), Running("worker")
    try:
        server.wait()
        load = (comment(Browser(server.port, person), at, written) for at, person in enumerate(everyone))
        async with asyncio.TaskGroup() as tasks:
            restored = tasks.create_task(restore_amid(home, written, count))
            for one in load:
                tasks.create_task(one)
    finally:
        server.end()
        worker.end()
    return written, restored.result()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--writes", type=int, default=600)
    count = asked.parse_args().writes
    os.environ.pop("DATABASE_URL", None)
    home = at_home()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # people are made before anything else runs
    written, said = asyncio.run(run(home, count))
    [kept] = home.glob("tenfold.sqlite3.before-*")
    now, before = comments_in(home / "tenfold.sqlite3"), comments_in(kept)
    lost = [text for text in written.said if text not in now | before]
    lost += [text for text in written.said[: written.before_backup] if text not in now]
    held = [f"sqlite:///{each}" for each in (kept, home / "tenfold.sqlite3")]
    trails = [asyncio.run(_tenfold("verify-trail", DATABASE_URL=each)) for each in held]
    print(f"{len(written.said)} comments acknowledged, {written.before_backup} of them before the backup; ", end="")
    print(f"{len(now)} are there now, {len(before)} in the copy that is kept; lost: {lost or 'none'}")
    print(f"{written.refused} requests refused meanwhile; trails: {[each.split()[0] for each in trails]} entries")
    if lost or not (now - before) or not (before - now) or str(kept) not in said:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
