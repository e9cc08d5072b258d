"""Where a team's knowledge rests on one person, by folder and without names: what a backfill plan begins with.

Every commit of two years is counted, so a share has no interval of sampling; what it cannot see is who has read,
reviewed or been told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from tenfold.connectors.records import Commit
from tenfold.practices.retention.knowledge import FEW_CHANGES, RECENT

FEWEST_COMMITS = 30
SHARE_TO_PLAN = 0.5


@dataclass(frozen=True, slots=True)
class FolderKnowledge:
    """A folder: files changed in the window, those that one person alone changed (twice or more), and their changes."""

    folder: str
    files: int
    alone: int
    changes: int

    @property
    def share(self) -> float:
        return self.alone / self.files

    @property
    def is_to_plan(self) -> bool:
        """Whether most of it rests on one person."""
        return self.share > SHARE_TO_PLAN


@dataclass(frozen=True, slots=True)
class TeamKnowledge:
    """Folders, those with most changes by one person first; people and commits in the window."""

    since: datetime
    until: datetime
    commits: int
    people: int
    folders: tuple[FolderKnowledge, ...]

    @property
    def is_enough(self) -> bool:
        return self.commits >= FEWEST_COMMITS

    @property
    def files(self) -> int:
        return sum(each.files for each in self.folders)

    @property
    def alone(self) -> int:
        return sum(each.alone for each in self.folders)


def team_knowledge(commits: Sequence[Commit]) -> TeamKnowledge | None:
    """Over the two years up to the last commit; None where there is none."""
    if not commits:
        return None
    until = max(each.committed_at for each in commits)
    recent = [each for each in commits if each.committed_at >= until - RECENT]
    touched: dict[str, Counter[str]] = defaultdict(Counter)
    for commit in recent:
        for name in set(commit.files):
            touched[name][commit.author] += 1
    by_folder: dict[str, list[Counter[str]]] = defaultdict(list)
    for name, who in touched.items():
        by_folder[str(PurePosixPath(name).parent)].append(who)
    folders = sorted((_folder(name, files) for name, files in by_folder.items()), key=_most_changed_first)
    people = len({each.author for each in recent})
    return TeamKnowledge(min(each.committed_at for each in recent), until, len(recent), people, tuple(folders))


def _folder(name: str, files: Sequence[Counter[str]]) -> FolderKnowledge:
    alone = [who.total() for who in files if len(who) == 1 and who.total() >= FEW_CHANGES]
    return FolderKnowledge(name, len(files), len(alone), sum(alone))


def _most_changed_first(folder: FolderKnowledge) -> tuple[int, str]:
    return -folder.changes, folder.folder
