"""Cells without ads of their own: what other levels of the role and other roles say, and how far off that was.

Log medians of the cells that have ads are taken apart into a part of the role and a part of the level. A cell of a
known role gets the sum of its parts; a role without any ads gets the mean part of the roles nearest to it by the work.
Staff, which the ads do not tell from senior, stands over senior as it does in visa filings. Each is tried on what is
known: every cell, role and ratio is left out in turn, and the errors made then are the error that is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from tenfold.catalogue.store import catalogue
from tenfold.kit.words import inside, join
from tenfold.market.model import Z95, Cell, quantile
from tenfold.market.places import places

Key = tuple[str, str]
"""Role and level."""
STAFF, BELOW_STAFF = "staff", "senior"
NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "mlops": ("ml-engineer", "devops"),
    "ai-infrastructure": ("mlops", "ml-engineer", "devops"),
    "ml-engineer": ("mlops", "data-scientist"),
    "data-engineer": ("mlops", "software-engineer"),
    "devops": ("mlops", "software-engineer"),
    "data-scientist": ("ml-engineer",),
    "software-engineer": ("devops",),
}
"""Where a role has too few ads, the roles nearest to it by the work, nearest first."""
LEAST_TRIED = 3
_PASSES = 200
_ONE_SD_UP = 0.8413
_T975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""97.5 % quantiles of Student's t by degrees of freedom, from 1 on."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is known, left out and estimated in turn. `errors`: of log medians, one for each that was left out."""

    what: str
    errors: tuple[float, ...]

    @property
    def typical(self) -> float:
        """Root mean square of the errors."""
        return math.sqrt(fmean(error * error for error in self.errors))

    @property
    def reach(self) -> float:
        """Half of the 95 % interval: by Student's t, for the errors tell their own size only so well."""
        return _T975[min(len(self.errors), len(_T975)) - 1] * self.typical

    @property
    def n_within(self) -> int:
        """How many that were left out lay in the interval that the others' errors gave."""
        rests = ([*self.errors[:at], *self.errors[at + 1 :]] for at in range(len(self.errors)))
        return sum(
            abs(error) <= Trial(self.what, tuple(rest)).reach
            for error, rest in zip(self.errors, rests, strict=True)
            if rest
        )


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A cell that others lend, and how they did where the answer is known. `trials`: one for each step taken."""

    cell: Cell
    lenders: tuple[str, ...]
    trials: tuple[Trial, ...]
    rests_on_filings: bool = False

    @property
    def in_words(self) -> str:
        """Whose figures it is made of, and the errors of doing so."""
        tried = " ".join(_in_words(one) for one in self.trials)
        return f"Borrowed from {join(self.lenders)}: too few ads of its own stand behind it. {tried}"


def _in_words(trial: Trial) -> str:
    return (
        f"Tried on {len(trial.errors)} known {trial.what}, each left out in turn: typically off by "
        f"{100 * math.expm1(trial.typical):.0f} %, {trial.n_within} of {len(trial.errors)} within the 95 % interval."
    )


def borrow(role: str, level: str, cells: Iterable[Cell]) -> Borrowed | None:
    """The cell of a role at a level as others of a model lend it; None where too little is known to try it on."""
    known = {(cell.role, cell.level): cell for cell in cells if cell.workplace == "any"}
    if level == STAFF and (role, STAFF) not in known:
        return _over_senior(role, known)
    return _by_parts(role, level, known)


def _by_parts(role: str, level: str, known: Mapping[Key, Cell]) -> Borrowed | None:
    has_role = any(key[0] == role for key in known)
    lending = [one for one in NEIGHBOURS.get(role, ()) if any(key[0] == one for key in known)]
    if not any(key[1] == level for key in known) or not (has_role or lending):
        return None
    trial = _try_cells(known) if has_role else _try_roles(known)
    if len(trial.errors) < LEAST_TRIED:
        return None
    parts = Parts.of(_medians(known))
    middle = parts.median(role if has_role else None, level, lending)
    names = catalogue()
    lenders = (
        [
            f"other levels of {inside(names.roles[role].name)}s",
            f"{names.levels[level].name.lower()} people of other roles",
        ]
        if has_role
        else [f"{inside(names.roles[one].name)}s" for one in lending]
    )
    shape = _shape_for(role, level, known, lending)
    return Borrowed(_cell(role, level, middle, trial.reach, shape), tuple(lenders), (trial,))


def _over_senior(role: str, known: Mapping[Key, Cell]) -> Borrowed | None:
    """Senior, whether known or borrowed itself, and the ratio of staff to senior in visa filings."""
    ratios = {name: math.log(tiers["staffPlus"][2] / tiers["senior"][2]) for name, tiers in places().tiers.items()}
    if len(ratios) < LEAST_TRIED:
        return None
    errors = [one - fmean(value for name, value in ratios.items() if name != left) for left, one in ratios.items()]
    trial = Trial("ratios of staff to senior in visa filings", tuple(errors))
    senior = known.get((role, BELOW_STAFF))
    lent = None if senior is not None else borrow(role, BELOW_STAFF, known.values())
    start = senior or (lent.cell if lent else None)
    if start is None:
        return None
    middle = start.median_log + ratios.get(role, fmean(ratios.values()))
    reach = math.hypot(trial.reach, _reach_of(start))
    names = catalogue().roles
    whose = [names[role].name] if role in ratios else [names[one].name for one in ratios]
    seniors = f"{join(lent.lenders)} at senior level" if lent else "senior people of the role"
    lenders = (seniors, f"what staff earn over senior in visa filings ({', '.join(whose)})")
    trials = (trial, *(lent.trials if lent else ()))
    return Borrowed(_cell(role, STAFF, middle, reach, start), lenders, trials, rests_on_filings=True)


def _reach_of(cell: Cell) -> float:
    return Z95 * cell.median_sd_log


@dataclass(frozen=True, slots=True)
class Parts:
    """Log medians taken apart: what all have, what each role adds, what each level adds."""

    centre: float
    roles: Mapping[str, float]
    levels: Mapping[str, float]

    @classmethod
    def of(cls, medians: Mapping[Key, float]) -> Parts:
        """Least squares, by fitting the two in turn; the parts of levels have mean 0."""
        centre = fmean(medians.values())
        roles = dict.fromkeys((role for role, _ in medians), 0.0)
        levels = dict.fromkeys((level for _, level in medians), 0.0)
        for _ in range(_PASSES):
            roles = {name: _mean_left(medians, centre, name, 0, levels) for name in roles}
            levels = {name: _mean_left(medians, centre, name, 1, roles) for name in levels}
        return cls(centre, roles, levels)

    def median(self, role: str | None, level: str, lending: Sequence[str] = ()) -> float:
        """Of a role at a level; with no role, of the mean of those that lend."""
        part = self.roles[role] if role is not None else fmean(self.roles[one] for one in lending)
        return self.centre + part + self.levels[level]


def _mean_left(medians: Mapping[Key, float], centre: float, name: str, side: int, others: Mapping[str, float]) -> float:
    return fmean(value - centre - others[key[1 - side]] for key, value in medians.items() if key[side] == name)


def _medians(known: Mapping[Key, Cell]) -> dict[Key, float]:
    return {key: cell.median_log for key, cell in known.items()}


def _try_cells(known: Mapping[Key, Cell]) -> Trial:
    """Each cell by the others, where its role and its level have others."""
    medians = _medians(known)
    errors = []
    for key, median in medians.items():
        rest = {other: value for other, value in medians.items() if other != key}
        if any(other[0] == key[0] for other in rest) and any(other[1] == key[1] for other in rest):
            errors.append(median - Parts.of(rest).median(*key))
    return Trial("cells", tuple(errors))


def _try_roles(known: Mapping[Key, Cell]) -> Trial:
    """Each role by its neighbours: the mean error over its levels, for they are off together."""
    medians = _medians(known)
    errors = []
    for role in dict.fromkeys(role for role, _ in medians):
        rest = {key: value for key, value in medians.items() if key[0] != role}
        lending = [one for one in NEIGHBOURS.get(role, ()) if any(key[0] == one for key in rest)]
        if lending:
            parts = Parts.of(rest)
            own = {level: value for (name, level), value in medians.items() if name == role and level in parts.levels}
            errors.append(fmean(value - parts.median(None, level, lending) for level, value in own.items()))
    return Trial("roles", tuple(errors))


def _shape_for(role: str, level: str, known: Mapping[Key, Cell], lending: Iterable[str]) -> Cell:
    """Whose ads' spread is taken: the role's at the nearest level, else a neighbour's."""
    levels = list(catalogue().levels)
    at = levels.index(level)

    def distance(key: Key) -> tuple[bool, int, int]:
        order = [role, *lending]
        return (key[0] not in order, abs(levels.index(key[1]) - at), order.index(key[0]) if key[0] in order else 0)

    return known[min(known, key=distance)]


def _cell(role: str, level: str, middle: float, reach: float, shape: Cell) -> Cell:
    """The lender's spread about another median, wider by what is not known of that."""
    sd = reach / Z95
    own = quantile(shape.quantiles_log, 0.5)
    spread = (quantile(shape.quantiles_log, _ONE_SD_UP) - quantile(shape.quantiles_log, 1 - _ONE_SD_UP)) / 2
    wider = math.sqrt(1 + (sd / spread) ** 2)
    return Cell(
        role=role,
        level=level,
        workplace="any",
        n_raw=0,
        n_effective=(spread / sd) ** 2,
        median_sd_log=sd,
        first=shape.first,
        last=shape.last,
        quantiles_log=tuple(middle + wider * (value - own) for value in shape.quantiles_log),
        own_share=0.0,
        neighbours=(),
    )
