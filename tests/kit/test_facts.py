"""Figures from the world: whole, dated, sourced, used; house rules can be edited and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tenfold.audit.registry import all_rules
from tenfold.kit.errors import UserError
from tenfold.kit.facts import HOUSE_RULES_VARIABLE, Evidence, Fact, load

BOOK = load()
SOURCES = Path(__file__).parents[2] / "src" / "tenfold"
SHOWN_ONLY = {
    "pay.guide_bands": "the guide's claim, shown beside data as unconfirmed",
    "retention.guide_growth": "the guide's claim, shown beside data as unconfirmed",
}
"""Facts that no code asks for by key: `tenfold facts` shows them."""
FAMILIES = ("market.min_ads_", "pay.stage_", "pay.dilution_")
"""Facts whose keys are put together: `pay.stage_seed`."""


@pytest.mark.parametrize("fact", BOOK.values(), ids=list(BOOK))
def test_every_fact_says_what_when_and_who(fact: Fact) -> None:
    assert fact.statement
    assert fact.source
    assert date(1900, 1, 1) < fact.as_of <= date(2026, 11, 30)
    assert fact.url.startswith("https://") or not fact.url
    assert fact.evidence is not Evidence.PRIMARY or fact.url
    assert isinstance(fact.value, int | float | str | tuple)


@pytest.mark.parametrize("fact", [fact for fact in BOOK.values() if fact.interval], ids=lambda fact: fact.key)
def test_an_interval_holds_its_value_and_has_its_n(fact: Fact) -> None:
    assert fact.interval is not None
    assert fact.interval[0] <= fact.number <= fact.interval[1]
    assert fact.n is not None
    assert fact.n > 0


def test_every_key_that_a_rule_cites_is_there() -> None:
    assert {key for rule in all_rules() for key in rule.facts} - set(BOOK) == set()


def test_every_fact_is_used_by_some_rule_or_page() -> None:
    code = "".join(path.read_text() for path in SOURCES.rglob("*") if path.suffix in (".py", ".jinja"))
    unused = {key for key in BOOK if key not in code and not key.startswith(FAMILIES)}
    assert unused == set(SHOWN_ONLY)
    assert all(family in code for family in FAMILIES)


def test_unconfirmed_facts_decide_nothing_and_all_others_may() -> None:
    assert [evidence for evidence in Evidence if not evidence.may_decide] == [Evidence.UNCONFIRMED]


def test_a_text_is_not_a_number_and_a_pair_has_bounds() -> None:
    with pytest.raises(TypeError, match=r"skills\.core is not a number"):
        BOOK["skills.core"].number  # noqa: B018 - reading it raises
    assert BOOK["retention.guide_growth"].bounds == (8, 12)


@pytest.fixture
def house_rules(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(text: str | bytes) -> Path:
        path = tmp_path / "house.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize("text", ['"timing.manual_share" = 25', "[timing]\nmanual_share = 25"])
def test_a_house_rule_is_edited_and_says_so(house_rules: Callable[[str], Path], text: str) -> None:
    fact = BOOK.with_house_rules(house_rules(text))["timing.manual_share"]
    assert (fact.value, fact.edited, fact.source, fact.evidence) == (
        25,
        True,
        "house rule edited in house.toml",
        Evidence.HOUSE_RULE,
    )


@pytest.mark.parametrize(
    ("text", "field", "what"),
    [
        ('"timing.manual_shar" = 25', "timing.manual_shar", "There is no house rule “timing.manual_shar”."),
        (
            '"timing.manual_share" = "25"',
            "timing.manual_share",
            "“timing.manual_share” needs a value like 30, not '25'.",
        ),
        (
            '"timing.manual_share" = true',
            "timing.manual_share",
            "“timing.manual_share” needs a value like 30, not True.",
        ),
        ('"timing.manual_share" = nan', "timing.manual_share", "“timing.manual_share” needs a value like 30, not nan."),
        ('"timing.manual_share" = inf', "timing.manual_share", "“timing.manual_share” needs a value like 30, not inf."),
        (
            '"scope.profiles" = [70, 50]',
            "scope.profiles",
            "“scope.profiles” needs a value like (70, 50, 30), not [70, 50].",
        ),
    ],
)
def test_what_cannot_be_edited_so_is_named(
    house_rules: Callable[[str], Path], text: str, field: str, what: str
) -> None:
    path = house_rules(text)
    with pytest.raises(UserError) as caught:
        BOOK.with_house_rules(path)
    assert (caught.value.what, caught.value.place.field, caught.value.place.file) == (what, field, str(path))
    assert caught.value.remedy


def test_a_fact_of_the_world_is_not_for_editing(house_rules: Callable[[str], Path]) -> None:
    with pytest.raises(UserError, match="is a fact from US Bureau of Labor Statistics"):
        BOOK.with_house_rules(house_rules('"retention.private_wages" = 9'))


@pytest.mark.parametrize("text", ["not toml at all", b"\xff\xfe", '"a" = 1\n"a" = 2'])
def test_a_file_that_is_not_toml(house_rules: Callable[[str | bytes], Path], text: str | bytes) -> None:
    with pytest.raises(UserError, match="This is not valid TOML"):
        BOOK.with_house_rules(house_rules(text))


def test_a_folder_is_no_file_of_house_rules(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        BOOK.with_house_rules(tmp_path)


def test_the_environment_names_the_file(
    house_rules: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(HOUSE_RULES_VARIABLE, str(house_rules('"timing.manual_share" = 25')))
    assert load().number("timing.manual_share") == 25
    monkeypatch.setenv(HOUSE_RULES_VARIABLE, str(tmp_path / "nowhere.toml"))
    with pytest.raises(UserError, match=r"nowhere\.toml, which is not a file"):
        load()
