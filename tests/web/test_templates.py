"""Templates are held to the standard of the Python, and speak plain words (tests/plain_words.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.company import Company

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src/tenfold"
WORDS = tomllib.loads((ROOT / "tests/plain_words.toml").read_text(encoding="utf-8"))
MAX_COLUMNS = 120
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<style.*?</style>|<[^>]*>", re.DOTALL)
NAMED = re.compile(r'\b(?:class|id|data-[\w-]+)="([^"]*)"')


def templates() -> list[Path]:
    found = [path for ending in ("html", "jinja", "txt") for path in SOURCE.glob(f"**/templates/**/*.{ending}")]
    assert len(found) > 80
    return sorted(found)


def old_words(text: str) -> list[str]:
    """The words of the list that a text says."""
    plain = " ".join(text.split())
    return [word for word in WORDS["text"] if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", plain, re.IGNORECASE)]


def old_names(template: str) -> list[str]:
    for_people = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", template, flags=re.DOTALL)
    names = {name for value in NAMED.findall(for_people) for name in value.split()}
    return sorted(names & set(WORDS["names"]))


def test_no_line_of_a_template_is_longer_than_a_line_of_code() -> None:
    long = [
        (str(path.relative_to(SOURCE)), number)
        for path in templates()
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > MAX_COLUMNS
    ]
    assert long == []


def test_no_template_says_or_names_a_thing_by_an_old_word() -> None:
    wrong = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        found = (*old_words(TAGS.sub(" ", text)), *old_names(text))
        wrong += [(str(path.relative_to(SOURCE)), word) for word in found]
    assert wrong == []


def test_no_template_has_an_old_name() -> None:
    exceptions = tuple(WORDS["exceptions"]["files"])
    named = [path for path in templates() if {path.stem, path.parent.name} & set(WORDS["names"])]
    assert [path for path in named if not path.as_posix().endswith(exceptions)] == []


@pytest.mark.parametrize(
    "planted", ["<p>Mend it here</p>", '<span class="small unseen">x</span>', '<p id="telling">x</p>']
)
def test_an_old_word_that_is_planted_is_found(planted: str) -> None:
    assert [*old_words(TAGS.sub(" ", planted)), *old_names(planted)]


def pages(company: Company) -> Iterator[str]:
    plan = company.plan()
    yield from (reverse(name) for name in ("front", "help", "plans", "new-plan", "new-plan-questions", "postings"))
    yield from (reverse(name) for name in ("reader", "pay", "pay-offers", "pay-own", "new-pay-upload", "members"))
    yield from (reverse(name) for name in ("trail", "api-tokens", "account_reset_password", "account_change_password"))
    yield from (
        reverse(f"plan{part}", args=[plan.pk])
        for part in ("", "-posting", "-what-if", "-comments", "-share", "-writer")
    )


def test_no_page_says_an_old_word(company: Company, signed_in: Callable[[str], Client]) -> None:
    """The frame of every page; what findings and laws say comes from their own engines and is held there."""
    client, wrong = signed_in("administrator"), []
    for address in pages(company):
        page = LexborHTMLParser(client.get(address).content)
        for node in page.css(
            "script, style, .finding, .pay-details, .panel-parts, .posting-read, .sheet, .reasons, textarea, pre"
        ):
            node.decompose()
        wrong += [(address, word) for word in old_words(page.body.text(separator=" ") if page.body else "")]
    assert wrong == []
