"""Selection rates by group from a file of people: ratios in whole numbers, exact tests, strata, said in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.kit.words import join, plural, sentence
from tenfold.practices.interviews.tables import Table, is_missing, spelled_alike, yes_or_no
from tenfold.stats.impact import Comparison, Selected, Stratified, impact, stratify

SMALL = 5
SMALL_SHARE = Fraction(2, 100)
"""Groups below 2 % of all may be left out of the ratio by the auditor (6 RCNY §5-301)."""
ALPHA = 0.05


@dataclass(frozen=True)
class ImpactReport:
    """Each group against the one with the highest rate; `by_stratum` is empty where no strata were named."""

    groups: tuple[Comparison, ...]
    by_stratum: tuple[Stratified, ...]
    unknown: int
    warnings: tuple[str, ...]

    @property
    def reference(self) -> str:
        return next(one.group for one in self.groups if one.is_reference)

    @property
    def stratified(self) -> Stratified | None:
        """Of the group with the lowest pooled rate."""
        lowest = min((one for one in self.groups if not one.is_reference), key=lambda one: one.rate, default=None)
        return next((one for one in self.by_stratum if lowest and one.group == lowest.group), None)


@dataclass(frozen=True, slots=True)
class _Person:
    group: str
    selected: bool
    stratum: str | None


def report(table: Table, *, has_stratum: bool = False) -> ImpactReport:
    """Reads and compares a table with one person a row: group, selected (0/1) and, with `has_stratum`, a stratum.

    Raises:
        UserError: `selected` is neither 0 nor 1 somewhere, or nobody can be counted.
    """
    people, unknown, warnings = _people(table, has_stratum=has_stratum)
    groups = impact(_select(people))
    strata: dict[str, list[_Person]] = defaultdict(list)
    for one in people:
        if one.stratum is not None:
            strata[one.stratum].append(one)
    reference = next(one.group for one in groups if one.is_reference)
    counts = {name: _select(rows) for name, rows in strata.items()}
    by_stratum = tuple(stratify(one.group, reference, counts) for one in groups if has_stratum and not one.is_reference)
    warnings += _warnings(groups, len(people)) + [said for one in by_stratum for said in _said_of_strata(one)]
    return ImpactReport(groups, by_stratum, unknown, tuple(warnings))


def to_dict(one: ImpactReport) -> dict[str, Any]:
    return {
        "n_people": sum(row.n for row in one.groups),
        "n_unknown": one.unknown,
        "reference": one.reference,
        "groups": [_group(row) for row in one.groups],
        "stratified": _stratify(one.stratified, one.by_stratum),
        "method": {
            "ratio": "selection rate over the highest group's, as a fraction; flagged below 4/5, never at it",
            "interval": "95 %, logarithm of the ratio",
            "fisher_p": "two-sided exact test against the reference; mid_p counts tables as likely as this one by half",
            "stratified": "Mantel-Haenszel ratio of rates, interval by Greenland and Robins",
        },
        "warnings": list(one.warnings),
    }


def to_text(one: ImpactReport) -> str:
    lines = [f"  {'group':<26}{'n':>6}{'selected':>10}{'rate':>8}   ratio to {one.reference} (95 % interval)"]
    lines += [_line(row) for row in one.groups]
    for found in one.by_stratum:
        lines += ["", f"{found.group} against {found.reference}, {plural(len(found.strata), 'stratum', 'strata')}:"]
        lines += [f"  {row.stratum:<26}{_fraction(row.ratio)}" for row in found.strata]
        lines.append(f"  {'Mantel-Haenszel':<26}{_interval(found.ratio, found.low, found.high)}")
    return "\n".join([*lines, *(["", *one.warnings] if one.warnings else [])])


def _people(table: Table, *, has_stratum: bool) -> tuple[list[_Person], int, list[str]]:
    people: list[_Person] = []
    gaps: Counter[str] = Counter()
    for row in table.rows:
        group, cell = row.cells[0], row.cells[1]
        if is_missing(cell):
            gaps[table.columns[1]] += 1
            continue
        selected = yes_or_no(cell)
        if selected is None:
            raise UserError(
                f"“{cell[:40]}” is neither 0 nor 1.",
                remedy="Write 1 for people who were selected and 0 for those who were not.",
                place=table.place(row, table.columns[1]),
            )
        if is_missing(group):
            gaps[table.columns[0]] += 1
            continue
        stratum = row.cells[2] if has_stratum and not is_missing(row.cells[2]) else None
        if has_stratum and stratum is None:
            gaps[table.columns[2]] += 1
        people.append(_Person(group, selected, stratum))
    if not people:
        raise UserError(
            f"{table.name} holds nobody with a group and a result.", remedy="Each line needs a group and 0 or 1."
        )
    return people, gaps[table.columns[0]], [*_gap_words(table, gaps), *spelled_alike(one.group for one in people)]


def _gap_words(table: Table, gaps: Counter[str]) -> list[str]:
    consequences = {
        table.columns[0]: "counted as unknown and in no ratio",
        table.columns[1]: "left out",
        **({table.columns[2]: "left out of the strata"} if len(table.columns) > 2 else {}),
    }
    return [
        f"{sentence(plural(count, 'person', 'people'))} without “{column}” {'is' if count == 1 else 'are'} "
        f"{consequences[column]}."
        for column, count in gaps.items()
        if count
    ]


def _select(people: Sequence[_Person]) -> list[Selected]:
    """Counts by group, in the order in which groups are met."""
    total = Counter(one.group for one in people)
    chosen = Counter(one.group for one in people if one.selected)
    return [Selected(name, n, chosen[name]) for name, n in total.items()]


def _warnings(groups: Sequence[Comparison], n: int) -> list[str]:
    said = []
    if len(groups) == 1:
        said.append(f"Everyone belongs to one group ({groups[0].group}): there is nothing to compare.")
    if not any(one.selected for one in groups):
        said.append("Nobody was selected, so no ratio is defined.")
    elif all(one.selected == one.n for one in groups):
        said.append("Everybody was selected: all ratios are 1.")
    for one in groups:
        said += words_on_group(one, n)
    return said


def words_on_group(one: Comparison, n: int) -> list[str]:
    """What a reader must know of one group of `n` people in all: small counts, tests, the 2 % rule, ties."""
    said = []
    if one.n < SMALL:
        moves = f"one decision moves the rate by {100 / one.n:.0f} points"
        what = "all ratios rest on them" if one.is_reference else "the ratio says little"
        said.append(f"{one.group}: only {plural(one.n, 'person', 'people')}; {moves}, and {what}.")
    if Fraction(one.n, n) < SMALL_SHARE:
        said.append(
            f"{one.group} is below 2 % of all: an independent auditor may leave it out of the ratios, with the reason."
        )
    if one.fisher_p is None or one.mid_p is None:
        return said
    if (one.fisher_p < ALPHA) != (one.mid_p < ALPHA):
        said.append(
            f"{one.group}: Fisher's test (p = {one.fisher_p:.3f}) and its mid-p form ({one.mid_p:.3f}) lie on "
            "different sides of .05; report both and call it open."
        )
    if one.flagged and one.mid_p >= ALPHA:
        said.append(f"{one.group}: below 4/5, but {_people_are(one.n)} too few to rule out chance.")
    if one.ratio is not None and not one.flagged and one.fisher_p < ALPHA and one.ratio < 1:
        said.append(f"{one.group}: not below 4/5, yet the difference is more than chance (p = {one.fisher_p:.3g}).")
    if one.flagged and one.flips_with_one:
        said.append(f"{one.group}: one selection the other way would turn the order round; that is no evidence.")
    return said


def _people_are(n: int) -> str:
    return "one person is" if n == 1 else f"{n} people are"


def _said_of_strata(one: Stratified) -> list[str]:
    said = []
    silent = [row.stratum for row in one.strata if row.focal is None or row.reference is None]
    if silent:
        names = join(silent[:5]) + (" and others" if silent[5:] else "")
        said.append(f"{one.group} and {one.reference} are not both in {names}: nothing can be compared there.")
    if one.sign_flips and one.pooled is not None:
        said.append(
            f"Pooling misleads: {one.group}'s ratio is {float(one.pooled):.3f} over all and {one.ratio:.3f} within "
            "strata. Report it by stratum."
        )
    elif one.opposite:
        said.append(f"{one.group}: the ratio points the other way in {join(list(one.opposite)[:5])}.")
    if one.tells_nothing:
        said.append(
            f"{one.group}: everybody of both groups was selected in every stratum, so the data cannot tell whether the "
            "rates differ. The interval adds half a person to each cell of all strata together."
        )
    elif one.ratio == 0:
        said.append(f"{one.group}: nobody was selected, so the stratified ratio has no upper end.")
    if one.ratio is None and len(silent) == len(one.strata):
        said.append(f"{one.group}: no stratified ratio, because no stratum holds both {one.group} and {one.reference}.")
    elif one.ratio is None:
        said.append(f"{one.group}: no stratified ratio, because nobody of {one.reference} was selected where both are.")
    return said


def _group(one: Comparison) -> dict[str, Any]:
    return {
        "group": one.group,
        "n": one.n,
        "selected": one.selected,
        "rate": round(float(one.rate), 6),
        "ratio": _both(one.ratio),
        "low": _round_to(one.low),
        "high": _round_to(one.high),
        "fisher_p": _round_to(one.fisher_p),
        "mid_p": _round_to(one.mid_p),
        "flagged": one.flagged,
        "is_reference": one.is_reference,
        "flips_with_one": one.flips_with_one,
        "selections_short": one.selections_short,
    }


def _stratify(one: Stratified | None, all_groups: Sequence[Stratified]) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        **_of_strata(one),
        "groups": [_of_strata(each) for each in all_groups],
    }


def _of_strata(one: Stratified) -> dict[str, Any]:
    return {
        "group": one.group,
        "reference": one.reference,
        "mantel_haenszel_ratio": _round_to(one.ratio),
        "low": _round_to(one.low),
        "high": _round_to(one.high),
        "mantel_haenszel_odds_ratio": _round_to(one.odds_ratio),
        "sign_flips": one.sign_flips,
        "strata": [
            {
                "stratum": row.stratum,
                "ratio": _both(row.ratio),
                "n": _size(row.focal),
                "n_reference": _size(row.reference),
            }
            for row in one.strata
        ],
        "opposite": list(one.opposite),
    }


def _size(one: Selected | None) -> int:
    return one.n if one else 0


def _both(ratio: Fraction | None) -> dict[str, Any] | None:
    """A ratio exactly and as a number."""
    return None if ratio is None else {"fraction": f"{ratio.numerator}/{ratio.denominator}", "value": float(ratio)}


def _line(one: Comparison) -> str:
    head = f"  {one.group:<26}{one.n:>6}{one.selected:>10}{float(one.rate):>8.1%}   "
    if one.is_reference:
        return f"{head}{'1 (reference)' if one.ratio else '–'}"
    mark = "  below 4/5" if one.flagged else ""
    tests = f"  Fisher p {one.fisher_p:.3g}, mid-p {one.mid_p:.3g}"
    return f"{head}{_interval(None if one.ratio is None else float(one.ratio), one.low, one.high)}{tests}{mark}"


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "not defined"
    return f"{value:.3f}" + (f" ({low:.3f} to {high:.3f})" if low is not None and high is not None else "")


def _fraction(ratio: Fraction | None) -> str:
    return "not defined" if ratio is None else f"{float(ratio):.3f}"


def _round_to(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
