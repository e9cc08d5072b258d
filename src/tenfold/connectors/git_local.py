"""Commits, files and tags of a local git repository, by git itself, with nothing of the repository's own run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tenfold.connectors.records import Commit, Release
from tenfold.kit.errors import Place, UserError

TIMEOUT_S = 300
MAX_OUTPUT = 500_000_000
RECORD, FIELD = "\x1e", "\x1f"
GIT_COMMAND = (
    'git log --since="2 years ago" --no-merges --no-renames --name-only '
    '--format="%x1e%H%x1f%at%x1f%ct%x1f%aN <%aE>%x1f%s" > git-log.txt'
)
"""What makes the log that `parse_log` reads."""
QUIET = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "log.showSignature=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "--no-pager",
)


def read_commits(
    path: Path, *, since: datetime | None = None, ref: str = "HEAD", first_parent: bool = False
) -> list[Commit]:
    """Commits reachable from `ref`, newest first, with the files that they touched.

    `since` has a time zone; it is compared with the time of committing.

    Raises:
        UserError: it is no git repository, or git is not installed.
    """
    form = FIELD.join(("%H", "%at", "%ct", "%aN <%aE>", "%s"))
    command = ["log", f"--format={RECORD}{form}", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv"]
    command += [f"--since={since.astimezone(UTC).isoformat()}"] if since else []
    command += ["--first-parent"] if first_parent else []
    return list(_commits(_git(path, *command, "--end-of-options", ref, "--")))


def read_tags(path: Path) -> list[Release]:
    """Tags with the time they were made and the commit that they point to, oldest first."""
    form = FIELD.join(("%(refname:short)", "%(creatordate:unix)", "%(*objectname)", "%(objectname)"))
    lines = _git(path, "for-each-ref", "--sort=creatordate", f"--format={form}", "refs/tags").splitlines()
    found = []
    for line in lines:
        name, moment, peeled, direct = line.split(FIELD)
        if moment:
            found.append(Release(name, datetime.fromtimestamp(int(moment), UTC), peeled or direct))
    return found


def commits_between(path: Path, older: str, newer: str) -> list[Commit]:
    """Commits that `newer` has and `older` has not."""
    return read_commits(path, ref=f"{older}..{newer}")


def parse_log(text: str) -> list[Commit]:
    """Commits of a log that `GIT_COMMAND` wrote; what is no commit in its form is passed over."""
    return list(_commits(text))


def _commits(text: str) -> Iterator[Commit]:
    for record in text.split(RECORD)[1:]:
        head, _, files = record.partition("\n")
        parts = head.split(FIELD, 4)
        if len(parts) != 5 or not (parts[1].isdecimal() and parts[2].isdecimal() and len(parts[2]) < 11):
            continue
        sha, authored, committed, author, subject = parts
        yield Commit(
            sha=sha,
            authored_at=datetime.fromtimestamp(int(authored), UTC),
            committed_at=datetime.fromtimestamp(int(committed), UTC),
            author=author,
            subject=subject,
            files=tuple(name for name in files.splitlines() if name),
        )


def _git(path: Path, *words: str) -> str:
    environment = {
        **os.environ,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C.UTF-8",
    }
    command = ["git", *QUIET, "-C", str(path), *words]
    try:
        done = subprocess.run(command, capture_output=True, env=environment, timeout=TIMEOUT_S, check=False)
    except FileNotFoundError as error:
        raise UserError("git is not installed.", remedy="Install git.") from error
    except subprocess.TimeoutExpired as error:
        raise UserError(
            f"git took longer than {TIMEOUT_S} seconds.", remedy="Name a later --since.", place=Place(file=str(path))
        ) from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UserError(
            f"git cannot read this repository: {said[-1] if said else 'no reason given'}",
            remedy="Name the folder of a clone.",
            place=Place(file=str(path)),
        )
    return done.stdout.decode("utf-8", "replace")
