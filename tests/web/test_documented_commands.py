"""Every command that docs/operate.md tells an operator to type is run once, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.deployment import GUIDE, ROOT, documented_blocks, environment_of, tenfold

SURVEY = (
    "ResponseId,Country,YearsCodePro,DevType,LanguageHaveWorkedWith\n1,Austria,5,DevOps,Python;Go\n2,Chile,9,ML,Go\n"
)
ELSEWHERE = {
    "bin/setup": "the first line of every check of this project",
    "bin/demo": "tests/web/test_demo.py",
    "web run": "tests/web/test_deployment.py",
    "web worker": "tests/web/test_demo.py",
    "bin/system": "the first line of tests that need the system",
    "pg_dump": "tests/web/test_postgres_backup.py",
    "pg_restore": "tests/web/test_postgres_backup.py",
}
RUN_HERE = [
    "web migrate",
    "web user add",
    "web user list",
    "web user password",
    "web user sign-in-policy",
    "web survey",
    "web backup",
    "web restore",
    "web verify-trail",
    "web keys add",
    "web keys rotate",
    "web run",
    "web worker",
]


def documented_commands() -> set[str]:
    """What is typed in the guide: `tenfold web …` without its options, and the scripts."""
    text = GUIDE.read_text("utf-8")
    found = set()
    for typed in (
        *re.findall(r"`((?:tenfold|bin/|pg_)[^`]*)`", text),
        *"\n".join(re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)).splitlines(),
    ):
        words = typed.split()
        if words[:1] == ["tenfold"] and len(words) > 1:
            names = [word for word in words[1:] if re.fullmatch(r"[a-z|-]+", word) and not word.startswith("-")][:3]
            kept = names if names[1] in ("user", "keys") else names[:2]
            found |= {" ".join((*kept[:-1], last)) for last in kept[-1].split("|")}
        elif words[:1] and re.match(r"bin/|pg_", words[0]):
            found.add(words[0])
    return found


def test_every_documented_command_is_run_here_or_by_a_test_that_is_named() -> None:
    assert documented_commands() <= {*RUN_HERE, *ELSEWHERE}
    assert documented_commands() >= {
        "web run",
        "web worker",
        "web backup",
        "web restore",
        "web survey",
        "web keys rotate",
    }
    assert all((ROOT / where).exists() for where in ELSEWHERE.values() if where.startswith("tests/"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    made = environment_of(tmp_path_factory.mktemp("home"), TENFOLD_HEADS_FILE="")
    assert tenfold(made, "web", "migrate").returncode == 0
    added = tenfold(
        made, "web", "user", "add", "kim@x.example", "--organisation", "Quay", given="quiet harbour at noon\n"
    )
    assert added.returncode == 0, added.stderr
    return made


def test_commands_of_the_guide_do_what_it_says(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "survey_results_public.csv").write_text(SURVEY)
    backup = tmp_path / "backups" / "one.sqlite3"
    head = tenfold(environment, "web", "verify-trail").stdout.split()[-1]
    (tmp_path / "heads").write_text(f"2026-01-01 0 {'0' * 64}\n")
    new_password = "another quiet harbour\n"  # noqa: S105 - of nobody
    for words, given, code, said in (
        (("web", "user", "list"), "", 0, "kim@x.example"),
        (("web", "user", "password", "kim@x.example"), new_password, 0, "new password"),
        (("web", "user", "sign-in-policy", "Quay"), "", 0, "requires only a password"),
        (("web", "survey", str(tmp_path / "survey_results_public.csv")), "", 0, "2 respondents"),
        (("web", "verify-trail", "--head", head), "", 0, "all sealed"),
        (("web", "verify-trail", "--heads", str(tmp_path / "heads")), "", 1, "does not hold"),
        (("web", "keys", "add"), "", 0, "new key"),
        (("web", "keys", "rotate"), "", 0, "written anew"),
        (("web", "backup", str(backup)), "", 0, "written"),
        (("web", "restore", str(backup), "--force"), "", 0, "Restored"),
    ):
        done = tenfold(environment, *words, given=given)
        assert (done.returncode, said in done.stdout) == (code, True), (words, done.stdout, done.stderr)


def test_settings_of_the_blocks_are_settings_that_the_guide_explains() -> None:
    text = GUIDE.read_text("utf-8")
    named = set(re.findall(r"TENFOLD_[A-Z_]+", "\n".join(documented_blocks("ini"))))
    assert named
    assert all(f"`{name}`" in text for name in named)
