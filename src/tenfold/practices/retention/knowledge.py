"""Knowledge at risk, from git: what only one person has touched, as the list that a backfill plan begins with.

It is a list of files, never a score of a person: whoever touched a file alone may not be the only one who knows it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from tenfold.connectors.records import Commit

RECENT = timedelta(days=730)
FEW_CHANGES = 2


@dataclass(frozen=True, slots=True)
class FolderAtRisk:
    """A folder: its files of late, those that only the named author touched, and the changes made to them."""

    folder: str
    files: int
    alone: tuple[str, ...]
    changes: int


@dataclass(frozen=True, slots=True)
class KnowledgeAtRisk:
    """What would lose its only author, by folder, most changed first; what is touched by nobody of late is apart."""

    author: str
    since: datetime
    folders: tuple[FolderAtRisk, ...]
    files: int
    alone: int


def knowledge_at_risk(commits: Sequence[Commit], author: str, *, now: datetime) -> KnowledgeAtRisk:
    """Files that only `author` changed within two years, and not just once in passing."""
    since = now - RECENT
    touched: dict[str, Counter[str]] = defaultdict(Counter)
    for commit in commits:
        if commit.committed_at >= since:
            for name in commit.files:
                touched[name][commit.author] += 1
    alone = {name: who[author] for name, who in touched.items() if _rests_on(who, author)}
    by_folder: dict[str, list[str]] = defaultdict(list)
    for name in alone:
        by_folder[str(PurePosixPath(name).parent)].append(name)
    totals = Counter(str(PurePosixPath(name).parent) for name in touched)
    folders = [
        FolderAtRisk(folder, totals[folder], tuple(sorted(names)), sum(alone[name] for name in names))
        for folder, names in by_folder.items()
    ]
    folders.sort(key=lambda each: (-each.changes, each.folder))
    return KnowledgeAtRisk(author, since, tuple(folders), len(touched), len(alone))


def _rests_on(who: Counter[str], author: str) -> bool:
    return set(who) == {author} and who[author] >= FEW_CHANGES
