"""Place names read as ids: what is plain, what a neighbour settles, what stays open."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.law.gazetteer import _world
from tenfold.law.places import (
    WORLD,
    Kind,
    ancestors,
    contains,
    country_of,
    currency_of,
    full_name,
    is_place,
    place,
    place_ids,
    read_places,
)

SHARED = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).parents[2].parent / "shared"))


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("Denver, CO", ("US-CO",)),
        ("Denver", ("US-CO",)),
        ("Colorado", ("US-CO",)),
        ("Boulder, Colorado, United States", ("US-CO",)),
        ("New York, NY", ("US-NYC",)),
        ("Brooklyn", ("US-NYC",)),
        ("White Plains, NY", ("US-NY-WESTCHESTER",)),
        ("Jersey City, NJ", ("US-NJ-JERSEYCITY",)),
        ("Columbus, Ohio", ("US-OH-COLUMBUS",)),
        ("Columbus, GA", ("US-GA",)),
        ("Washington, DC", ("US-DC",)),
        ("Seattle, Washington", ("US-WA",)),
        ("Toronto, ON", ("CA-ON",)),
        ("Toronto, CA", ("CA-ON",)),
        ("Montréal, Québec", ("CA-QC",)),
        ("Berlin, DE", ("DE",)),
        ("Wilmington, DE", ("US-DE",)),
        ("London", ("GB",)),
        ("London, ON", ("CA-ON",)),
        ("Rohnert Park, CA", ("US-CA",)),
        ("Lewes, DE 19958", ("US-DE",)),
        ("Albany, OR", ("US-OR",)),
        ("Cleveland, TN", ("US-TN",)),
        ("Altoona, PA", ("US-PA",)),
        ("Coeur d'Alene, ID", ("US-ID",)),
        ("Panama City, FL", ("US-FL",)),
        ("Austin, New York", ("US-TX", "US-NY")),
        ("SF Bay Area or NYC", ("US-CA", "US-NYC")),
        ("DMV", ("US-DC", "US-MD", "US-VA")),
        ("Remote (US)", ("US",)),
        ("Remote anywhere in the US", ("US",)),
        ("100% remote, United States", ("US",)),
        ("Remote (US & Canada)", ("US", "CA")),
        ("Work from anywhere", (WORLD,)),
        ("Boston, MA, USA | Dublin, Ireland", ("US-MA", "IE")),
        ("CA, NY, WA", ("US-CA", "US-NY", "US-WA")),
        ("US-NY-WESTCHESTER; CA-ON", ("US-NY-WESTCHESTER", "CA-ON")),
        ("remote", ()),
        ("Vancouver, WA", ("US-WA",)),
        ("Tel Aviv, IL", ("IL",)),
        ("London, Ontario", ("CA-ON",)),
        ("Toronto, ON, CA", ("CA-ON",)),
        ("CA, BC, Vancouver", ("CA-BC",)),
        ("US, CA, Santa Clara", ("US-CA",)),
        ("Ontario, CA", ("US-CA",)),
        ("Remote (US, CA, UK)", ("US", "CA", "GB")),
        ("Remote (DE, NL, FR)", ("DE", "NL", "FR")),
        ("US or CA", ("US", "CA")),
        ("Perth, WA", ("AU",)),
        ("Manchester, New Hampshire", ("US-NH",)),
        ("Batumi, Georgia", ("GE",)),
        ("Bengaluru, Karnataka, India", ("IN",)),
        ("Remote in the US or Canada (East Coast/ET)", ("US", "CA")),
        ("Remote, EMEA", ("EU", "GB", "CH", "NO", "IS")),
        ("Manhattan", ("US-NYC",)),
        ("Melbourne", ("AU",)),
        ("Michigan", ("US-MI",)),
        ("Hyderabad / Pune", ("IN",)),
        ("Engineering, IT", ()),
    ],
)
def test_a_location_line_is_read_as_places(line: str, ids: tuple[str, ...]) -> None:
    assert place_ids(line) == ids


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("Portland", {"US-OR", "US-ME"}),
        ("Vancouver", {"US-WA", "CA-BC"}),
        ("Georgia", {"US-GA", "GE"}),
        ("Washington", {"US-WA", "US-DC"}),
        ("Kansas City", {"US-KS", "US-MO"}),
        ("Remote, CA", {"US-CA", "CA"}),
        ("Springfield", {"US-IL", "US-MA", "US-MO"}),
        ("Nowhereville, IN", {"US-IN", "IN"}),
    ],
)
def test_an_ambiguous_name_says_so_and_names_no_place(line: str, candidates: set[str]) -> None:
    (match,) = read_places(line)
    assert (match.ids, set(match.candidates), match.ambiguous) == ((), candidates, True)
    assert "may mean" in match.because


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("Portland, OR", ("US-OR",)),
        ("Portland, Maine", ("US-ME",)),
        ("Vancouver, Canada", ("CA-BC",)),
        ("Vancouver, WA", ("US-WA",)),
        ("Tbilisi, Georgia", ("GE",)),
        ("Atlanta, Georgia", ("US-GA",)),
        ("Remote (US): Georgia", ("US", "US-GA")),
    ],
)
def test_a_neighbour_settles_an_ambiguous_name(line: str, ids: tuple[str, ...]) -> None:
    assert place_ids(line) == ids


def test_new_york_alone_is_the_state_which_holds_the_city() -> None:
    (match,) = read_places("New York")
    assert match.ids == ("US-NY",)
    assert set(match.candidates) == {"US-NY", "US-NYC"}


def test_a_place_shut_out_is_told_and_not_counted() -> None:
    line = "Remote (US); not open to residents of Colorado"
    assert place_ids(line) == ("US",)
    assert [match.text for match in read_places(line) if match.excluded] == ["Colorado"]


@pytest.mark.parametrize(
    "line",
    ["Mobile engineer", "A nice team", "REMOTE OR HYBRID", "join us", "Orange team", "Normal hours"],
)
def test_words_that_happen_to_be_places_are_left_alone(line: str) -> None:
    assert read_places(line) == ()


@pytest.mark.parametrize(
    ("line", "metros"),
    [
        ("Bay Area", ("41860",)),
        ("Palo Alto, CA", ("41940",)),
        ("NYC", ("35620",)),
        ("Manhattan", ("35620",)),
        ("Vancouver, WA", ("38900",)),
        ("Vancouver, BC", ()),
        ("Melbourne", ()),
        ("Colorado", ()),
    ],
)
def test_the_larger_metros_are_known_by_their_towns(line: str, metros: tuple[str, ...]) -> None:
    (match,) = read_places(line)
    assert match.metros == metros


def test_an_ambiguous_town_may_still_have_one_country() -> None:
    assert [match.country for match in read_places("Portland")] == ["US"]
    assert [match.country for match in read_places("Georgia")] == [None]


def test_a_place_has_the_currency_of_its_country() -> None:
    assert [currency_of(id_) for id_ in ("US-CO", "CA-ON", "AU", "SG", "EU", "WORLD")] == [
        "USD", "CAD", "AUD", "SGD", "EUR", None,
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["Split ownership with the platform team", "Bath, shower and lockers", "Best of all"])
def test_an_unlabelled_line_names_no_small_town(line: str) -> None:
    assert read_places(line, labelled=False) == ()


def test_a_town_beside_its_country_is_in_that_country() -> None:
    """A thousand towns, with the country's name behind the town's and before it; not those with namesakes."""
    pairs = [line.split("\t") for line in _world()[::47]]
    towns = [(name, where.split(":")[0]) for name, where in pairs if " " not in where]
    wrong = []
    for name, id_ in towns:
        town, country = name.title(), country_of(id_) if is_place(id_) else None
        if country is None:
            continue
        lines = (f"{town}, {place(country).name}", f"{place(country).name}, {town}")
        found = {country_of(id_) for line in lines for id_ in place_ids(line)}
        wrong += [] if found == {country} else [(lines, found)]
    assert len(wrong) <= len(towns) / 200, wrong


def test_places_lie_in_one_another() -> None:
    assert list(ancestors("US-NYC")) == ["US-NYC", "US-NY", "US", "WORLD"]
    assert contains("US", "US-CO")
    assert contains("EU", "DE")
    assert not contains("US-CO", "US")
    assert country_of("US-NYC") == "US"
    assert country_of("EU") is None
    assert full_name("US-GA") == "Georgia, United States"


@given(st.text(alphabet="ABCDEOMNY ,;()/-USRemotePortlandGeorgia", max_size=60))
def test_a_match_points_at_its_own_words(line: str) -> None:
    for match in read_places(line):
        assert line[match.start : match.end] == match.text
        assert set(match.ids) <= set(match.candidates)


def test_every_american_metropolitan_area_is_read_as_its_state(metros: dict[str, str]) -> None:
    """Titles of the official list, "Akron, OH"; those over several states or with a state in the name are left."""
    plain = {title: state for title, state in metros.items() if "-" not in title}
    wrong = {title for title, state in plain.items() if place_states(title) != {f"US-{state}"}}
    assert wrong == set()


def place_states(title: str) -> set[str]:
    above = {id_ for found in place_ids(title) for id_ in ancestors(found)}
    return {id_ for id_ in above if place(id_).kind is Kind.STATE}


@pytest.fixture
def metros() -> dict[str, str]:
    listed = SHARED / "data" / "pay" / "rpp_metro_2024.csv"
    if not listed.is_file():
        pytest.skip(f"the list of metropolitan areas is not at {listed}")
    with listed.open(encoding="utf-8", newline="") as lines:
        return {row["metro"]: row["state"] for row in csv.DictReader(lines)}
