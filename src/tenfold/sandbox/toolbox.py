"""The programs that a candidate finds in a room: declared here, the same on every host, as far as the host has them.

They stand in the room's /usr/bin in place of the host's own, which differ from machine to machine. What is missing on a
host is told by `missing`, and by `tools` in the room, which lists what is there.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

SYSTEM = (
    "sh", "bash", "dash", "env", "true", "false", "test", "[", "printf", "echo", "cat", "tac", "head", "tail",
    "cut", "tr", "sort", "uniq", "wc", "nl", "tee", "split", "join", "paste", "comm", "seq", "shuf", "yes",
    "sleep", "timeout", "date", "touch", "mkdir", "rmdir", "rm", "mv", "cp", "ln", "ls", "stat", "chmod",
    "chown", "readlink", "realpath", "basename", "dirname", "pwd", "id", "whoami", "groups", "uname",
    "hostname", "nproc", "df", "du", "sync", "mktemp", "mkfifo", "dd", "od", "base64", "md5sum", "sha1sum",
    "sha256sum", "sha512sum", "cksum", "expr", "factor", "numfmt", "stty", "tty", "nohup", "nice", "kill",
    "xargs", "find", "grep", "egrep", "fgrep", "sed", "awk", "gawk", "mawk", "diff", "cmp", "patch", "file",
    "tar", "gzip", "gunzip", "zcat", "bzip2", "xz", "unzip", "zip", "install", "truncate", "tput", "clear",
    "reset", "script", "setsid", "flock", "getconf", "ldd", "locale", "python3", "python3.11", "python3.12",
    "python3.13", "python3.14", "perl",
)  # fmt: skip
"""What shells, scripts and Python expect of a system."""

TOOLS = {
    "nano": "an editor", "vim": "an editor", "vi": "an editor", "less": "a pager", "tmux": "several windows",
    "htop": "what runs, live", "top": "what runs, live", "ps": "what runs", "pgrep": "what runs, by name",
    "pkill": "ends by name", "free": "memory", "lsof": "open files", "ss": "sockets", "rg": "searches files quickly",
    "tree": "folders as a tree", "jq": "JSON", "curl": "HTTP", "wget": "HTTP", "git": "versions", "make": "make",
    "sqlite3": "SQLite", "redis-server": "Redis", "redis-cli": "Redis", "prometheus": "Prometheus",
    "promtool": "checks of rules and metrics", "prometheus-alertmanager": "Alertmanager",
    "alertmanager": "Alertmanager", "amtool": "Alertmanager", "watch": "repeats a command", "column": "tables",
    "man": "manual pages",
}  # fmt: skip
"""What a candidate may like to have, each with a word on what it is."""

EXPECTED = ("nano", "htop", "rg", "jq", "curl", "git", "less", "tmux", "ps")
"""What every room is said to have: a host without them is told so."""

_LIST = """#!/bin/sh
# What this room has, beside the usual.
"""


def write(folder: Path) -> None:
    """Copies what the host has of it; links among them stay links. Does nothing where the folder is as it should be."""
    found = {name: path for name in (*SYSTEM, *TOOLS) if (path := _host(name))}
    seal = "\n".join(f"{name} {path} {path.stat().st_size} {path.stat().st_mtime_ns}" for name, path in found.items())
    sealed = folder.with_name(f"{folder.name}.sealed")
    if folder.is_dir() and sealed.is_file() and sealed.read_text("utf-8") == seal:
        return
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _copy(found, fresh)
    lines = [f"echo '{name:24} {what}'" for name, what in TOOLS.items() if name in found]
    (fresh / "tools").write_text(_LIST + "\n".join(lines) + "\n", "utf-8")
    for path in fresh.iterdir():
        if not path.is_symlink():
            path.chmod(0o755)
    fresh.chmod(0o755)
    if folder.is_dir():  # a room that shows the old one keeps it until it ends
        folder.rename(folder.with_name(f"{folder.name}.old.{os.getpid()}"))
    fresh.rename(folder)
    sealed.write_text(seal, "utf-8")
    for old in folder.parent.glob(f"{folder.name}.old.*"):
        shutil.rmtree(old, ignore_errors=True)


def missing() -> list[str]:
    """What every room should have and this host has not."""
    return [name for name in EXPECTED if _host(name) is None]


def _host(name: str) -> Path | None:
    """The host's file of that name, without set-user-id bits: a room has no use for them, and none is copied."""
    for folder in ("/usr/bin", "/bin", "/usr/sbin"):
        path = Path(folder, name)
        if path.exists():
            real = path.resolve()
            return real if real.is_file() and not real.stat().st_mode & (stat.S_ISUID | stat.S_ISGID) else None
    return None


def _copy(found: dict[str, Path], folder: Path) -> None:
    """One copy of each file, hard links where the same file has several names."""
    made: dict[Path, Path] = {}
    for name, source in found.items():
        target = folder / name
        if source in made:
            os.link(made[source], target)
        else:
            shutil.copyfile(source, target)
            made[source] = target
