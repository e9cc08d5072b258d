"""What is due to be looked up again, as `tenfold facts --due` shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import typer

from tenfold.kit.cli.output import hint

if TYPE_CHECKING:
    from tenfold.kit.review import Review

NAMED = 5
"""Things named one by one of each sort and day; --json names them all."""


def show_due(word: str, as_of: date, *, as_json: bool) -> None:
    from tenfold.checking.reviews import every_review
    from tenfold.kit.review import due

    found = due((review for review in every_review() if _mentions(review, word)), as_of)
    if as_json:
        typer.echo(json.dumps([asdict(review) for review in found], default=str, ensure_ascii=False, indent=2))
        return
    print_due(found)
    hint("Next: look at the source, change the row, and move its day; --json names them all.")


def _mentions(review: Review, word: str) -> bool:
    return word.casefold() in f"{review.subject} {review.id} {review.says} {review.source}".casefold()


def print_due(found: Sequence[Review]) -> None:
    from tenfold.audit.wording import day
    from tenfold.kit.cli.listing import Listing

    listing = Listing()
    if not found:
        listing.item("Nothing is due", "Every figure, row of law and status is within its term.")
    for (review_by, subject), group in groupby(found, key=lambda review: (review.review_by, review.subject)):
        members = list(group)
        listing.item(f"{subject}: {len(members)} due since {day(review_by)}", _name_some(members), _sources(members))
    listing.total(len(found), "thing")


def _name_some(members: Sequence[Review]) -> str:
    more = f"; and {len(members) - NAMED} more" if len(members) > NAMED else ""
    return "; ".join(f"{review.id} ({review.says})" for review in members[:NAMED]) + more + "."


def _sources(members: Sequence[Review]) -> str:
    return "; ".join(dict.fromkeys(review.source for review in members[:NAMED] if review.source))
