"""Pages speak of their own places: no command of the shell, no path of a field, no key of YAML."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.apps.plans.presenters.page_words import page_of_command, report_for_page, words_for_page
from tenfold.audit.check_text import check_text
from tenfold.audit.renderers import page
from tenfold.plan.document import HiringPlan
from tenfold.plan.document import Section as PlanSection
from tenfold.plan.yaml_io import CommentedMap, dump, sections_of
from tests.plans import sections

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 18)
CHECKS = ROOT / "src/tenfold/practices"
POSTINGS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.md"))]
PLANS = sorted([*(ROOT / "examples").glob("*.yaml"), *(ROOT / "src/tenfold/web/example/plans").glob("*.yaml")])


def field_words(owner: type[PlanSection], above: str = "") -> set[str]:
    """Every path of the plan with a dot, and every name with an underscore: what no ordinary sentence holds."""
    found: set[str] = set()
    for name, field in owner.model_fields.items():
        found |= {word for word in (f"{above}{name}", name) if "." in word or "_" in word}
        for section in sections_of(field.annotation):
            found |= field_words(section, f"{above}{name}.")
    return found


FIELDS = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, field_words(HiringPlan)))})(?![\w.]*\w)")
COMMAND = re.compile(r"\btenfold (?:[a-z]+ )+(?:--|[a-z]+)|--[a-z]{2,}|`")


def shown(text: str) -> str:
    """The words of a report's page, without what its reader wrote."""
    checked = check_text(text, as_of=TODAY)
    drawn = page.body(report_for_page(checked.report))
    return html.unescape(re.sub(r"<[^>]+>", " ", drawn))


def assert_speaks_of_pages(words: str) -> None:
    assert not FIELDS.findall(words)
    assert not COMMAND.findall(words)


@given(sections(HiringPlan), st.sampled_from(["", *POSTINGS]))
def test_no_plan_is_answered_with_commands_or_paths(plan: dict[str, object], posting: str) -> None:
    document = {"tenfold_plan": 1, **plan, **({"posting": posting} if posting else {})}
    assert_speaks_of_pages(shown(dump(CommentedMap(document))))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_no_example_is_answered_with_commands_or_paths(path: Path) -> None:
    assert_speaks_of_pages(shown(path.read_text(encoding="utf-8")))


def test_every_command_that_a_check_names_has_its_page() -> None:
    files = [*CHECKS.glob("*/check.py"), *CHECKS.glob("*/law_words.py"), *CHECKS.parent.glob("checking/*.py")]
    written = [path.read_text(encoding="utf-8") for path in files]
    named = {command for text in written for command in re.findall(r"`tenfold ([a-z]+ [a-z]+)", text)}
    assert named, "the checks name commands"
    for command in named:
        assert page_of_command(f"{command} show" if command == "growth ladder" else command)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("`tenfold interviews kit` shows it.", "The interview kit shows it."),
        ("Say it. `tenfold growth ladder show --level mid` has more.", "Say it. The ladder under Growth has more."),
        ("Compare, using `tenfold pay estimate --role mlops`.", "Compare, using the pay calculator."),
        ("Import it: `tenfold market import FILE`.", "Import it: “Your people” under Pay."),
        ("Fill in pay.benchmark_date.", "Fill in “Pay: benchmark date”."),
        ("Python 3.11 and example.com stay.", "Python 3.11 and example.com stay."),
    ],
)
def test_words_are_the_pages_own(said: str, told: str) -> None:
    assert words_for_page(said) == told
