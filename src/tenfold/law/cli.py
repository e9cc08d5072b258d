"""The pay-transparency panel as the terminal draws it and as JSON gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.text import Text

from tenfold.kit.cli.listing import Listing
from tenfold.kit.words import join, on_day
from tenfold.law.pay_transparency import Status

if TYPE_CHECKING:
    from tenfold.law.panel import PlacePanel, TransparencyPanel

MOST_TOLD = 6
"""Places told one by one; more are told together, by what is wanting."""


def show_law(panel: TransparencyPanel) -> None:
    listing = Listing()
    listing.console.print()
    listing.item(f"Pay transparency: {'; '.join(panel.asked_of)}", panel.headline)
    many = len(panel.places) > MOST_TOLD
    for head, lines in _together(panel) if many else _one_by_one(panel):
        listing.console.print()
        listing.item(head, lines[0], *lines[1:])
    listing.console.print()
    if panel.wide:
        listing.item("Against real ranges", f"Unusually wide: {panel.wide.because}.")
    if panel.common.parts:
        listing.item("One posting that satisfies them all", *_common(panel))
    for coming in panel.coming:
        listing.item("Coming", coming.sentence)
    checked = f"Rules checked up to {on_day(panel.checked)}. " if panel.checked else ""
    where = f"{len(panel.sources)} sources: `tenfold law rules --place …` and `--json` list them, rule by rule."
    listing.item("Sources", f"{checked}{panel.advice}", *([where] if many else panel.sources))


def to_dict(panel: TransparencyPanel | None) -> dict[str, Any] | None:
    """The panel as plain values; places by name and id."""
    if panel is None:
        return None
    return {
        "places": list(panel.asked_of),
        "as_of": panel.as_of.isoformat(),
        "headline": panel.headline,
        "not_in_table": list(panel.not_in_table),
        "rules": [_place_record(place) for place in panel.places],
        "unusually_wide": panel.wide.because if panel.wide else None,
        "strictest_common": {
            "parts": [
                {"part": part.part.value, "says": list(part.says), "rules": list(part.rules), "evidence": part.evidence}
                for part in panel.common.parts
            ],
            "width_limit": list(panel.common.width_limit) if panel.common.width_limit else None,
            "keep_records_years": panel.common.keep_records_years,
        },
        "coming": [{"name": c.name, "law": c.law, "begins": c.begins.isoformat()} for c in panel.coming],
        "sources": list(panel.sources),
        "checked": panel.checked.isoformat() if panel.checked else None,
        "advice": panel.advice,
    }


def _place_record(place: PlacePanel) -> dict[str, Any]:
    return {
        "place": place.place,
        "name": place.name,
        "law": place.law,
        "since": place.since.isoformat() if place.since else None,
        "conditions": list(place.conditions),
        "answers": [
            {
                "part": answer.part.value,
                "status": answer.status.value,
                "says": answer.says,
                "because": answer.because,
                "decides": answer.decides,
                "evidence": answer.evidence.value,
            }
            for answer in place.answers
        ],
        "sources": list(place.sources),
    }


def _one_by_one(panel: TransparencyPanel) -> Iterator[tuple[Text, list[str]]]:
    """Each place with its law, what is wanting with what the rule asks, what is there, and what no text can tell."""
    for place in panel.places:
        since = f", since {on_day(place.since)}" if place.since and place.has_rule else ""
        condition = f", if {' and '.join(place.conditions)}" if place.conditions else ""
        head = Text(place.name, style="bold")
        head.append(f"  {place.law}{since}{condition}" if place.law else "", style="not bold dim")
        yield head, list(_lines(place))


def _lines(place: PlacePanel) -> Iterator[str]:
    if not place.has_rule:
        for answer in place.answers:
            lead = "" if answer.status is Status.NOT_IN_TABLE else f"{answer.status.value}: "
            yield f"{lead}{answer.because}"
        return
    for answer in place.wanting:
        yield f"{answer.status.value}: {answer.part.words}. {answer.says}"
    there = [answer.part.words for answer in place.with_status(Status.PRESENT, Status.NOT_ASKED)]
    if there:
        yield f"in order: {join(there)}"
    unknown = place.with_status(Status.UNKNOWN)
    if unknown:
        yield f"not known: {join([answer.part.words for answer in unknown])}"
    if not (place.wanting or there or unknown):
        yield "nothing is asked in the posting"


def _together(panel: TransparencyPanel) -> Iterator[tuple[Text, list[str]]]:
    """Many places, by what is wanting there: for sure, or on conditions of size and offices."""
    groups: dict[tuple[tuple[str, str], ...], list[PlacePanel]] = {}
    for place in panel.places:
        if place.has_rule:
            groups.setdefault(tuple((a.status.value, a.part.words) for a in place.wanting), []).append(place)
    for wanting, places in groups.items():
        said = "; ".join(f"{status}: {part}" for status, part in wanting) or "nothing we check for is missing"
        sure = [place.name for place in places if place.is_sure]
        unsure = [place.name for place in places if not place.is_sure]
        lines = [f"whatever your size and offices: {'; '.join(sure)}"] if sure else []
        lines += [f"depending on size and offices: {'; '.join(unsure)}"] if unsure else []
        yield Text(said[:1].upper() + said[1:], style="bold"), lines
    if panel.not_in_table:
        yield Text("Not in our table", style="bold"), [join(panel.not_in_table)]
    unknown = {answer.part.words for place in panel.places for answer in place.with_status(Status.UNKNOWN)}
    if unknown:
        yield Text("Not known from the text", style="bold"), [join(sorted(unknown))]


def _common(panel: TransparencyPanel) -> list[str]:
    parts = [part for part in panel.common.parts if part.evidence.may_decide]
    lines = [
        "It carries "
        + join([f"{_rule_words(part.part.words)} (asked by {len(part.rules)})" for part in parts])
        + f"; keep it for {panel.common.keep_records_years} years."
    ]
    if panel.common.width_limit:
        amount, currency = panel.common.width_limit
        lines.append(f"The range spans no more than {currency} {amount:,.0f} a year.")
    return lines


def _rule_words(words: str) -> str:
    return {"past pay": "no question about past pay", "Canadian experience": "no demand for Canadian experience"}.get(
        words, words
    )
