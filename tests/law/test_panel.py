"""The pay-transparency panel: place by place, what is wanting, and the one posting that satisfies all."""

from __future__ import annotations

from datetime import date

from tenfold.law.panel import Coming, TransparencyPanel, transparency_panel
from tenfold.law.pay_transparency import PostingFacts, Status
from tenfold.law.rules import Part

DAY = date(2026, 11, 22)
SILENT = PostingFacts(has_range=False, benefits_stated=False)
FULL = PostingFacts(
    has_range=True,
    both_ends=True,
    minimum=150_000,
    maximum=180_000,
    currency="USD",
    benefits_stated=True,
    bonus_equity_stated=True,
    deadline_stated=True,
    history_asked=False,
)


def test_what_is_wanting_stands_first_and_places_stand_by_name() -> None:
    panel = transparency_panel(SILENT, ["US-NV", "US-CO"], DAY, employees=40)
    assert [place.name for place in panel.places] == ["Colorado", "Nevada"]
    colorado = panel.places[0]
    assert Part.RANGE in [answer.part for answer in colorado.wanting]
    assert {answer.status for answer in colorado.wanting} == {Status.MISSING}
    assert panel.asked_of == ("Nevada, United States", "Colorado, United States")
    assert (
        panel.headline
        == "This posting does not yet meet 1 of the 2 laws that may apply, depending on your size and offices."
    )


def test_a_posting_in_order_is_told_so() -> None:
    panel = transparency_panel(FULL, ["US-CO"], DAY, employees=40)
    assert panel.headline == "This posting meets what we checked of the one law that applies."
    assert all(not place.wanting for place in panel.places)


def test_remote_anywhere_is_one_place_however_many_rules_reach_it() -> None:
    panel = transparency_panel(SILENT, ["US", "US-CA"], DAY, remote=True)
    assert panel.asked_of == ("anywhere in the United States",)
    assert len([place for place in panel.places if place.wanting]) > 15
    assert panel.coming == (Coming("Delaware", "HB 105 of 2025", date(2027, 9, 26)),)
    assert panel.common.asks(Part.RANGE)


def test_a_range_from_nothing_is_unusually_wide() -> None:
    panel = transparency_panel(PostingFacts(has_range=True, both_ends=True, minimum=0, maximum=200_000), ["US-CO"], DAY)
    assert panel.wide is not None
    assert panel.wide.because.startswith("it begins at nothing; nine in ten real ranges stay under")


def test_the_directive_speaks_only_of_its_own_countries() -> None:
    panel = transparency_panel(SILENT, ["DE", "US-CO"], DAY, employees=40)
    (union,) = (place for place in panel.places if place.name == "European Union")
    assert "Germany" in union.conditions[0]
    assert "United States" not in union.conditions[0]


def test_every_place_carries_its_sources_and_day() -> None:
    panel: TransparencyPanel = transparency_panel(SILENT, ["US-CO", "CA-ON"], DAY)
    assert all(place.sources for place in panel.places)
    assert set(panel.sources) == {source for place in panel.places for source in place.sources}
    assert panel.checked is not None
    assert panel.advice == "Not legal advice."


def test_no_raw_id_is_shown() -> None:
    panel = transparency_panel(SILENT, ["US-WA", "CA-BC", "GB"], DAY)
    shown = " ".join([panel.headline, *panel.asked_of, *(place.name for place in panel.places)])
    assert not any(id_ in shown for id_ in ("US-", "CA-", "GB"))
