"""Regions' codes between a town and its country, names of many countries, lists that settle their items."""

from __future__ import annotations

import pytest

from tenfold.law.places import place_ids, read_places

BETWEEN = {
    "Metzingen, BW, DE": "DE", "München, BY, DE": "DE", "Milan, MI, IT": "IT", "Madrid, MD, ES": "ES",
    "Barcelona, CT, ES": "ES", "Utrecht, UT, NL": "NL", "Geneva, GE, CH": "CH", "Warsaw, MZ, PL": "PL",
    "Chennai, TN, IN": "IN", "Stockholm, AB, SE": "SE", "Vienna, WI, AT": "AT", "Stuttgart, BW": "DE",
    "Zürich, ZH, CH": "CH", "São Paulo, SP, BR": "BR", "Austin, TX, US": "US-TX", "Toronto, ON, CA": "CA-ON",
}  # fmt: skip
NAMES = {
    "DACH": "DE AT CH", "Nordics": "DK FI IS NO SE", "Benelux": "BE NL LU", "Iberia": "ES PT",
    "UK & Ireland": "GB IE", "Remote - UK & Ireland": "GB IE", "GCC": "AE BH KW OM QA SA", "Baltics": "EE LV LT",
}  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), BETWEEN.items())
def test_a_region_s_code_between_town_and_country_is_no_country(written: str, meant: str) -> None:
    assert place_ids(written) == (meant,)


@pytest.mark.parametrize(("written", "meant"), NAMES.items())
def test_names_of_several_countries(written: str, meant: str) -> None:
    assert set(place_ids(written)) == set(meant.split())


@pytest.mark.parametrize(
    ("written", "open_name", "meant"),
    [
        ("New York/California/Washington", "Washington", "US-WA"),
        ("Colorado, New York, California, Washington only", "Washington", "US-WA"),
        ("Afghanistan, France, Georgia, Germany, Spain", "Georgia", "GE"),
    ],
)
def test_a_list_settles_its_items(written: str, open_name: str, meant: str) -> None:
    assert {match.text: match.ids for match in read_places(written)}[open_name] == (meant,)
    assert place_ids(open_name) == ()
