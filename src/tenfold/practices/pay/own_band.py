"""P2 and the company's own bands: how the plan's range lies to the band of its role, level, place and currency.

Only notes: bands are not part of the plan, and whoever reads the plan elsewhere gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.rules import FindingDraft, Ruleset
from tenfold.kit.errors import UserError
from tenfold.kit.findings import Observation, Severity
from tenfold.kit.words import money_range
from tenfold.law.places import country_of, is_place
from tenfold.market.company_bands import BandAnswer, BandQuestion, NoBand, Spot, job_name, spot
from tenfold.practices.pay.benchmark import yearly_range


def register_own_band(rules: Ruleset) -> None:
    """Adds the rule and the observation to the pay check."""
    rules.rule(
        "outside-own-band",
        requirement="P2.8",
        severity=Severity.NOTE,
        why="A range outside the company's own band is paid by exception, or the band is out of date.",
    )(outside_own_band)
    rules.summary(own_band_in_words)


def outside_own_band(case: Case) -> Iterator[FindingDraft]:
    ends = yearly_range(case.plan.pay, case.plan.pay.currency or "")
    for found in _answers(case):
        if ends is None or isinstance(found, NoBand):
            continue
        beyond = [
            f"{words} it by {by:,.0f}"
            for words, by in (("begins below", found.low - ends[0]), ("ends above", ends[1] - found.high))
            if by > 0
        ]
        if beyond:
            yield FindingDraft(
                what=f"The plan’s range {' and '.join(beyond)} {found.currency}: your band for {_name(found)}.",
                why=f"The band is {_band(found)}, valid since {found.band.valid_from}. An offer outside it needs a "
                "reason and an approval.",
                fix="Move the range into the band, or set a new band on the page “Your bands”.",
                field="pay.max" if ends[1] > found.high else "pay.min",
            )


def own_band_in_words(case: Case) -> Iterator[Observation]:
    for found in dict.fromkeys(_answers(case)):
        if isinstance(found, NoBand):
            yield Observation(found.says, is_of_role=True)
        else:
            yield Observation(
                f"Your band for {_name(found)}: {_band(found)}, valid since {found.band.valid_from}.", is_of_role=True
            )


def _answers(case: Case) -> list[BandAnswer | NoBand]:
    """One a place of the role; none where no bands are known, or the plan names no job, level or range."""
    role, pay = case.plan.role, case.plan.pay
    if case.bands is None or not case.bands.bands or role.family is None or role.level is None or pay.min is None:
        return []
    places = list(role.places or ()) or [case.plan.company.place or ""]
    found = []
    for words in places:
        try:
            where = _spot(words)
        except UserError:
            continue
        found.append(case.bands.find(BandQuestion(role.family, role.level, pay.currency or "", where, case.as_of)))
    return list(dict.fromkeys(found))


def _spot(words: str) -> Spot:
    if not is_place(words):
        return spot(words)
    country = country_of(words)
    return Spot((words,) if country in (None, words) else (country, words))


def _band(found: BandAnswer) -> str:
    converted = f" ({found.how_converted})" if found.rates else ""
    return f"{money_range(found.low, found.high)} {found.currency}{converted}"


def _name(found: BandAnswer) -> str:
    return f"{job_name(found.band.role, found.band.level)}, {found.where}"
