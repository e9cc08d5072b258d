"""Every command as its examples call it, with mutated files, or with mutated words where it reads no file.

    python -m tests.fuzz.commands --count 1000 --seed 1

Each call is a process of its own (forked, so that nothing is loaded anew): its exit code, what it says, its processor
time and its memory are held against the bounds that every command promises.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shlex
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.fuzz.mutations import ENDINGS, NOISE, files_below, mutated, seeds

MOST_SECONDS, MOST_MEGABYTES = 10.0, 1_000
GIVES_UP_S = 120
_SERVES = "serves until it is ended"
_COMPUTES = "computes for minutes, whatever it is told"
_RUNS_ROOMS = "builds tools, or runs rooms for minutes"
LEFT_OUT = {
    "web run": _SERVES,
    "web demo": _SERVES,
    "web worker": _SERVES,
    "web migrate": "makes a whole database",
    "market fit": _COMPUTES,
    "pay rebuild": _COMPUTES,
    "labs host": _SERVES,
    "labs runner": _SERVES,
    "labs rooms": _SERVES,
    "labs doctor": _RUNS_ROOMS,
    "labs judge": _RUNS_ROOMS,
    "labs start": _RUNS_ROOMS,
    "labs try": _RUNS_ROOMS,
    "labs env build": _RUNS_ROOMS,
    "labs sweep": "ends rooms that other programs of this machine hold",
}
"""Commands that are not called with chance words, each with the reason."""
READS_FILES_ALL_THE_SAME = {"market fit", "pay rebuild", "web migrate"}
"""Those of them whose examples that read a file are tried."""
CELLS = (
    ("2024-05-06", "06.05.2024", "2021-01-31T10:00:00Z", "2019", ""),
    ("1", "2", "3", "4", "5"),
    ("95000", "61.000,50", "$70,100.25", "0", "88 000"),
    ("yes", "no"),
    ("a", "b", "c", "d"),
    tuple(f"P{number}" for number in range(40)),
)
_FILE = re.compile(rf"[\w./*~-]+\.({'|'.join([*seeds(), *ENDINGS])})")
_WRITTEN = ("--out", "-o", "--write", "--charter", "--to")


@dataclass(frozen=True)
class Call:
    """One example: its words, and the files that it reads with their endings."""

    words: tuple[str, ...]
    reads: tuple[tuple[str, str], ...]
    said: tuple[int, ...] = ()
    """Where in `words` stands what the user says, rather than the command's or an option's name."""


@dataclass(frozen=True)
class Outcome:
    """What one call did."""

    call: Call
    code: int
    said: str
    seconds: float
    megabytes: float

    @property
    def fault(self) -> str:
        """What is wrong with it; empty where nothing is."""
        if "Traceback (most recent" in self.said:
            return "traceback"
        if self.code not in (0, 1, 2):
            return f"exit {self.code}"
        if self.seconds > MOST_SECONDS:
            return f"{self.seconds:.0f} s of processor time"
        return f"{self.megabytes:.0f} MB" if self.megabytes > MOST_MEGABYTES else ""


def calls() -> list[Call]:
    """One for each example of each command."""
    return [*file_calls(), *word_calls()]


def file_calls() -> list[Call]:
    """Examples that read a file."""
    found: dict[Call, None] = {}
    for name, told in _helps():
        command = name.removeprefix("tenfold ")
        for line in re.findall(
            rf"^\s*(?:Examples?: )?({re.escape(name)} .*)$", told.replace(" · ", "\n"), re.MULTILINE
        ):
            call = _call(line.split(" | ")[0].split(" > ")[0])
            if call and call.reads and command not in LEFT_OUT.keys() - READS_FILES_ALL_THE_SAME:
                found[call] = None
    return list(found)


def word_calls() -> list[Call]:
    """Examples that read none, and each command with two words. What serves or asks the network is left out."""
    found: dict[Call, None] = {}
    for name, told in _helps():
        names = name.split()[1:]
        lines = re.findall(rf"^\s*(?:Examples?: )?({re.escape(name)}\b.*)$", told.replace(" · ", "\n"), re.MULTILINE)
        for line in [*lines, f"{name} word 7"]:
            call = _call(line.split(" | ")[0].split(" > ")[0])
            if call is None or call.reads or " ".join(names) in LEFT_OUT:
                continue
            if call.words[: len(names)] == tuple(names) and not any(word.startswith("http") for word in call.words):
                said = (at for at, word in enumerate(call.words) if at >= len(names) and not word.startswith("-"))
                found[Call(call.words, (), tuple(said))] = None
    return list(found)


def commands() -> list[str]:
    """Every command that does something, as it is typed behind `tenfold`."""
    return [name.removeprefix("tenfold ") for name, _ in _helps()]


def _with_other_words(call: Call, chance: random.Random) -> Call:
    words = list(call.words)
    for at in call.said:
        if chance.random() < 0.7:
            words[at] = _other_word(words[at], chance)
    return Call(tuple(words), ())


def _other_word(word: str, chance: random.Random) -> str:
    noise = chance.choice(NOISE).decode("utf-8", "replace").replace("\x00", "")
    start = chance.randint(0, len(word))
    return chance.choice((noise, word[:start] + noise + word[start:], word[:start], noise * 50, ""))


def _helps() -> Iterator[tuple[str, str]]:
    from typer.main import get_command

    from tenfold.cli.app import ENTRIES

    def below(name: str, command: Any) -> Iterator[tuple[str, str]]:
        parts = getattr(command, "commands", {})
        if not parts:
            yield name, f"{command.help}\n{command.epilog or ''}"
        for word, part in parts.items():
            yield from below(f"{name} {word}", part)

    for entry in ENTRIES:
        yield from below(f"tenfold {entry.name}", get_command(import_module(entry.module).app))


def _call(line: str) -> Call | None:
    try:
        words = shlex.split(line, comments=True)[1:]
    except ValueError:
        return None
    words = [word.removesuffix(".") if _FILE.fullmatch(word.removesuffix(".")) else word for word in words]
    reads = []
    for before, word in zip(["", *words], words, strict=False):
        told = _FILE.fullmatch(word)
        if told and before not in _WRITTEN and not word.startswith(("/", "~")):
            reads.append((word.replace("*", "one"), told[1]))
    return Call(tuple(word.replace("*", "one") if _FILE.fullmatch(word) else word for word in words), tuple(reads))


def tried(call: Call, chance: random.Random, more: dict[str, tuple[bytes, ...]]) -> Outcome:
    """One call in a folder of its own, with files that chance made."""
    call = call if call.reads else _with_other_words(call, chance)
    with tempfile.TemporaryDirectory() as folder:
        for name, ending in call.reads:
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            own = (_table_for(call, chance),) * 6 if ending == "csv" else ()
            path.write_bytes(mutated(chance, ending, (*more.get(ending, ()), *own)))
        outcome = _forked(call, Path(folder))
        if outcome.fault and (kept := os.environ.get("KEEP_FAULTS")):
            shutil.copytree(folder, Path(kept, f"{time.time_ns()}"), dirs_exist_ok=True)
        return outcome


def _table_for(call: Call, chance: random.Random) -> bytes:
    """A table with the columns that an example names, each of one kind of value."""
    named = [word for before, word in pairwise(call.words) if before.startswith("--") and not word.startswith("-")]
    columns = [name for name in named if not _FILE.fullmatch(name)] or ["a"]
    makers = [chance.choice(CELLS) for _ in columns]
    mark = chance.choice(",;\t")
    rows = (mark.join(chance.choice(cells) for cells in makers) for _ in range(chance.choice((3, 30, 300))))
    return "\n".join((mark.join(columns), *rows)).encode()


def _forked(call: Call, folder: Path) -> Outcome:
    said = folder / ".said"
    child = os.fork()
    if child == 0:
        _be_the_command(call, folder, said)
    until = time.monotonic() + GIVES_UP_S
    while True:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > until:
            os.kill(child, 9)
        time.sleep(0.005)
    code = os.waitstatus_to_exitcode(status)
    return Outcome(
        call, code, said.read_text("utf-8", "replace"), used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000
    )


def _be_the_command(call: Call, folder: Path, said: Path) -> None:
    """In the child: never comes back."""
    code = 70
    try:
        os.chdir(folder)
        os.environ |= {"TENFOLD_HOME": str(folder / ".home"), "NO_COLOR": "1"}
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for number, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, out)):
            os.dup2(source, number)
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        from tenfold.cli.app import leave

        try:
            code = leave(list(call.words))
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def tried_all(count: int, seed: int, data: Path | None = None) -> list[Outcome]:
    """So many calls, each command as often as the others; what is real in `data` is begun from as well."""
    known, chance = calls(), random.Random(seed)
    endings = {ending for call in known for _, ending in call.reads}
    more = {ending: tuple(files_below(data, ending)) for ending in endings} if data else {}
    chance.shuffle(known)
    return [tried(known[number % len(known)], chance, more) for number in range(count)]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--data", type=Path)
    given = asked.parse_args()
    outcomes = tried_all(given.count, given.seed, given.data)
    faults = [one for one in outcomes if one.fault]
    for one in faults:
        sys.stdout.write(f"{one.fault}: tenfold {shlex.join(one.call.words)}\n{one.said[-1_500:]}\n\n")
    codes = Counter(one.code for one in outcomes)
    slowest, largest = max(one.seconds for one in outcomes), max(one.megabytes for one in outcomes)
    sys.stdout.write(
        f"{len(outcomes)} inputs, {len({one.call for one in outcomes})} examples, {len(faults)} faults; exit codes "
        f"{dict(sorted(codes.items()))}; most {slowest:.1f} s of processor time and {largest:.0f} MB\n"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
