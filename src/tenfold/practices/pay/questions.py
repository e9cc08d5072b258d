"""A question of pay from a reader's words, the same on the command line and on a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tenfold.catalogue.store import catalogue
from tenfold.catalogue.titles import read_title
from tenfold.kit.errors import Place, UserError
from tenfold.kit.facts import load
from tenfold.kit.typed_numbers import NotANumber, read_amount
from tenfold.kit.words import join
from tenfold.law.places import full_name
from tenfold.market.benchmark import PayQuestion
from tenfold.market.places import Located, locate
from tenfold.plan.document import infrastructure_share

WORKPLACES = ("remote", "hybrid", "onsite")
_NATION = ("", "US", "USA", "UNITED STATES")


def build_question(
    *,
    role: str,
    level: str | None,
    years: float | None,
    place: str | None,
    workplace: str | None,
    scope: str | None,
    stage: str | None,
    as_of: date,
) -> PayQuestion:
    """Raises UserError, naming the field, where a word is not known or the place is not one metro."""
    names = catalogue()
    role = role_named(role)
    if level is None and years is None:
        raise UserError("Neither a level nor years were given.", remedy="Add a level (senior) or years (6).")
    if level is not None:
        one_of("level", level, list(names.levels))
    if workplace is not None:
        one_of("workplace", workplace, WORKPLACES)
    if stage is not None:
        one_of("stage", stage, stages())
    found = locate_place(place)
    return PayQuestion(
        role=role,
        level=level,
        years=years,
        country=str(found.country),
        metro_cbsa=found.metro.cbsa if found.metro else None,
        region=found.region if found.metro is None else "",
        workplace=workplace,
        as_of=as_of,
        infra_share=_share(scope) if scope is not None else None,
        stage=stage,
    )


def question_in_words(question: PayQuestion) -> dict[str, str]:
    """The words from which `build_question` makes this question again, as the calculator's form takes them.

    A region moves no figure and is left out; so is the day.
    """
    words = {
        "role": question.role,
        "level": question.level or "",
        "years": f"{question.years:g}" if question.level is None and question.years is not None else "",
        "place": question.metro_cbsa or ("" if question.country == "US" else full_name(question.country)),
        "workplace": question.workplace or "",
        "scope": f"{question.infra_share:g}" if question.infra_share is not None else "",
    }
    return {name: said for name, said in words.items() if said}


def stages() -> list[str]:
    """The stages of a company for which there is an assumption."""
    keys = [key for key in load() if key.startswith("pay.stage_")]
    return [key.removeprefix("pay.stage_").replace("_", "-") for key in keys]


def where(place: str | None) -> tuple[str, str | None]:
    """(country, metro) of a place in words, as `located` finds it."""
    found = locate_place(place)
    return str(found.country), found.metro.cbsa if found.metro else None


def locate_place(place: str | None) -> Located:
    """A place in words: a town, a metro by name or CBSA code, a US state, a country by name or code; empty is the US.

    Raises:
        UserError: the place is not known, or may be several.
    """
    said = (place or "").strip()
    if said.upper() in _NATION:
        return Located(said, "US")
    found = locate(said)
    if found.candidates:
        raise UserError(
            f"“{said}” may mean {join(found.candidates, 'or')}.",
            remedy="Write one of them, as in “Portland, ME”.",
            place=Place(field="place"),
        )
    if found.country is None:
        raise UserError(
            f"No place that we know is called “{said}”.",
            remedy="Name its town and state or country, as in “Denver, CO” or “Leeds, UK”, or leave it out for the US.",
            place=Place(field="place"),
        )
    return found


def amounts(words: str) -> tuple[float, float]:
    """The ends of a range of pay: `165000-195000`, `165k-195k`, or one figure, which is both."""
    pieces = re.split(r"\s*(?:–|—|(?<!\.)-|\bto\b)\s*(?=[\d$€£])", words.strip(), maxsplit=1)
    try:
        ends = [read_amount(piece) for piece in pieces]
    except NotANumber:
        ends = []
    if len(ends) == 2 and ends[0] < _SHORT <= ends[1]:
        ends[0] *= 1_000 if re.search(r"k\s*$", words, re.IGNORECASE) else 1  # 65–75k
    if len(ends) not in (1, 2) or not 0 < min(ends) <= max(ends) < _MOST_USD or ends[0] > ends[-1]:
        raise UserError(f"“{words}” is not a range of pay.", remedy="As in 165000-195000.", place=Place(field="offer"))
    if ends[-1] < LEAST_YEAR:
        raise UserError(
            f"“{words}” a year: thousands, perhaps?",
            remedy=f"Write {ends[0]:g}k, or the whole figure.",
            place=Place(field="offer"),
        )
    return ends[0], ends[-1]


_MOST_USD, LEAST_YEAR, _SHORT = 1e8, 5_000, 1_000


def role_named(words: str) -> str:
    """The role's id, from the id itself or from a title: “ml ops”, “MLOps engineer”, “SRE”.

    Raises:
        UserError: no role is meant by these words.
    """
    known = [name for name in catalogue().roles if name != "other"]
    named = words if words in known else read_title(words).role
    if named not in known:
        one_of("role", words, known)
    return named


def one_of(field: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UserError(f"“{value}” is not known.", remedy=f"One of {', '.join(known)}.", place=Place(field=field))


def _share(scope: str) -> float:
    try:
        share = float(infrastructure_share(scope))
    except ValueError as error:
        raise UserError(str(error), place=Place(field="scope")) from None
    if not 0 <= share <= 100:
        raise UserError(f"A scope lies between 0 and 100, not at {share:g}.", place=Place(field="scope"))
    return share
