"""A git repository with known answers, the registry's log, and lists as people export them."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tenfold.connectors.dates import DateOrder, UnreadableDate, date_order, parse_day, parse_moment
from tenfold.connectors.git_local import commits_between, read_commits, read_tags
from tenfold.connectors.lists import PersonOnList, TicketColumns, read_people, read_tickets
from tenfold.connectors.people import read_people_map
from tenfold.connectors.records import ModelVersion
from tenfold.connectors.registry_log import append_look, read_looks
from tenfold.connectors.tables import parse_table
from tenfold.kit.errors import UserError


class Repository:
    """A git repository made commit by commit at known times."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str, at: datetime | None = None, author: str = "Invented Dana") -> None:
        when = (at or datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
        who = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (
                ("NAME", author),
                ("EMAIL", f"{author.rsplit(maxsplit=1)[-1].lower()}@example.org"),
                ("DATE", when),
            )
        }
        environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        subprocess.run(["git", "-C", str(self.path), *words], check=True, env=environment, capture_output=True)

    def commit(self, name: str, subject: str, at: datetime, author: str = "Invented Dana") -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as out:
            out.write(subject + "\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject, at=at, author=author)


NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.commit("serving/app.py", "Serve", NOON)
    made.git("tag", "v1")
    made.commit("serving/übung.py", "Practice", NOON + timedelta(days=2), author="Invented Lee")
    made.commit("serving/app.py", 'Revert "Serve"', NOON + timedelta(days=3))
    made.git("tag", "-a", "v2", "-m", "two", at=NOON + timedelta(days=10))
    return made


def test_commits_tags_and_what_is_between(repository: Repository) -> None:
    commits = read_commits(repository.path)
    assert [(c.subject, c.authored_at, c.files) for c in commits] == [
        ('Revert "Serve"', NOON + timedelta(days=3), ("serving/app.py",)),
        ("Practice", NOON + timedelta(days=2), ("serving/übung.py",)),
        ("Serve", NOON, ("serving/app.py",)),
    ]
    assert [commit.is_revert for commit in commits] == [True, False, False]
    first, second = read_tags(repository.path)
    assert (first.name, second.name, second.at) == ("v1", "v2", NOON + timedelta(days=10))
    assert second.sha == commits[0].sha
    assert [c.subject for c in commits_between(repository.path, "v1", "v2")] == ['Revert "Serve"', "Practice"]


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, repository: Repository) -> None:
    with pytest.raises(UserError, match="git cannot read"):
        read_commits(tmp_path / "nowhere")
    with pytest.raises(UserError, match="git cannot read"):
        read_commits(repository.path, ref="--output=/tmp/x")


def test_the_registry_is_remembered_and_a_change_shows(tmp_path: Path) -> None:
    log = tmp_path / "looks.log"
    for day, version in enumerate(["1", "2", ""], start=1):
        seen = [ModelVersion("churn", version, None, aliases=("champion",))] if version else []
        append_look(log, seen, at=datetime(2026, 3, day, tzinfo=UTC))
    assert [(each.at.day, each.version) for each in read_looks(log)] == [(1, "1"), (2, "2"), (3, "")]
    log.write_text(log.read_text().replace('"2"', '"9"'))
    with pytest.raises(UserError, match="was changed after it was written"):
        read_looks(log)


def test_tickets_and_people_of_a_european_export() -> None:
    table = parse_table(
        "Nr;Auf;Zu;Art\n1;01.03.2026 08:00;13.03.2026 09:30;Hilfe\n2;bald;;\n".encode("cp1252"), name="t.csv"
    )
    found = read_tickets(table, TicketColumns("nr", "auf", "zu", "art"))
    assert [(t.id, t.opened_at.day, t.closed_at and t.closed_at.day, t.kind) for t in found.items] == [
        ("1", 1, 13, "Hilfe")
    ]
    assert [problem.where for problem in found.problems] == ["line 3"]
    people = parse_table(b"who,month,pay,team\na,2026-03-01,100,x\n", name="p.csv")
    assert read_people(people, person="who", on="month", attributes=("team",)).items == (
        PersonOnList("a", date(2026, 3, 1), (("team", "x"),)),
    )


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-12",
        "12.03.2021",
        "12/03/2021",
        "12-Mar-21",
        "12 March 2021",
        "March 12, 2021",
        "12. März 2021",
        "20210312",
        "44267",
        "2021-03-12T23:59:59Z",
        "12/3/21 5:04 PM",
        "2021/3/12",
        "12 mars 2021",
    ],
)
def test_one_day_written_in_many_ways(written: str) -> None:
    assert parse_day(written, DateOrder.DAY_FIRST).first == date(2021, 3, 12)
    assert parse_day(written, DateOrder.DAY_FIRST).is_exact


def test_month_first_is_read_where_the_column_says_so() -> None:
    order = date_order(["03/12/2021", "03/13/2021"], name="x")
    assert parse_day("03/12/2021", order).first == date(2021, 3, 12)
    with pytest.raises(UserError, match="others the month"):
        date_order(["31/12/2021", "12/31/2021"], name="x")
    with pytest.raises(UserError, match="two ways"):
        date_order(["01/02/2021"], name="x")


@pytest.mark.parametrize("written", ["", "soon", "31.02.2021", "2021-13-01", "0000-00-00", "12.03.2021x", "1e5"])
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(UnreadableDate):
        parse_moment(written)


def test_people_are_mapped_by_a_reviewed_table_only() -> None:
    rows = b"system,name,employee\ngithub,Dana-Invented,e-1\ngit,dana@example.org,e-1\ngithub,a-robot,\n"
    people = read_people_map(parse_table(rows, name="people.csv"))
    assert people.employee("GitHub", "dana-invented") == "e-1"
    assert people.employee("git", "dana-invented") is None
    assert people.names_not_mapped("github", ["a-robot", "dana-invented", "lee"]) == ["lee"]
    with pytest.raises(UserError, match="is mapped to e-1 and to e-2"):
        read_people_map(parse_table(rows + b"github,dana-invented,e-2\n", name="people.csv"))
