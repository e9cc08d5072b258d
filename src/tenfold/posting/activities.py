"""What a posting says is done and needed, as counts of activities by duties and by requirements. No title, no job name.

Each line carries one weight, by its section and its length, and shares it among the activities that its words name, so
that one long paragraph about a neighbouring field does not outweigh a list of duties.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import tomli

from tenfold.posting.demand import LINES_KEPT
from tenfold.posting.lexicon import Hit, Lexicon
from tenfold.posting.model import LineKind, SectionKind, SourceText
from tenfold.posting.sections import Layout

AREA = "area:"
DEGREE = "degree"
BACKGROUND = ("ml-words", "data-words")
"""Words of the field as such: counted beside the activities, and without a share of the line."""
_TELLS_NOTHING = (SectionKind.EEO, SectionKind.BENEFITS, SectionKind.PAY, SectionKind.PLACE, SectionKind.PROCESS)
_DUTY_WEIGHT = {
    SectionKind.DUTIES: 1.0,
    SectionKind.OTHER: 0.6,
    SectionKind.ABOUT: 0.1,
    SectionKind.HEADER: 0.3,
}
_NEED_WEIGHT = {SectionKind.MUST: 1.0, SectionKind.NICE: 0.4, SectionKind.STACK: 0.4}
_OPERATING_MODELS = frozenset(("model-deployment", "ml-platform", "ml-pipelines", "ml-records"))
_NEVER_PART_OF_IT = frozenset((*_OPERATING_MODELS, *BACKGROUND, "serves-scientists", "accelerators", "ml-tools"))
_OF_STUDY = frozenset(("research", "statistics", "model-frameworks", "model-domains", *BACKGROUND))
INFRASTRUCTURE = (
    "containers", "infrastructure-as-code", "delivery", "observability", "operations", "systems", "cloud",
)  # fmt: skip
MOST_OF_LINE = 4
MOST_HITS = 3
MOST_HITS_IN_PROSE = 6
NEEDS_COUNT = 0.6
"""Of what is needed, the part that counts where duties and requirements are counted together."""
OWN_PART = 0.3
"""Of a line's weight, the part that each activity has for itself; the rest is shared among all that the line names."""


class LineActivities(NamedTuple):
    """What one line of duties or requirements names; `part` is "duty" or "need"."""

    line: int
    part: str
    amounts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Activities:
    """`features` count each activity by duties, by requirements and by both, on a logarithmic scale."""

    lines: tuple[LineActivities, ...]
    features: Mapping[str, float]
    work_named: float
    """How much work is told: about one a line of duties or requirements that names any."""


@cache
def names() -> tuple[str, ...]:
    """The activities, in the order of the table."""
    return tuple(name for name in _table("activities") if name != DEGREE)


@cache
def _lexicon() -> Lexicon:
    """Words of activities and words of ML-operations areas together, so that one pass finds both."""
    activities = {name: table["words"] for name, table in _table("activities").items()}
    areas = {f"{AREA}{name}": table["words"] for name, table in _table("areas").items()}
    return Lexicon(activities | areas)


def _table(name: str) -> Mapping[str, Mapping[str, list[str]]]:
    return tomli.loads((files("tenfold.posting") / "data" / f"{name}.toml").read_text("utf-8"))


def vocabulary(text: str, layout: Layout) -> list[list[Hit]]:
    """Per line of a text without job names, the words that tell of activities and areas; none for lines of neither."""
    return [
        [] if kind in _TELLS_NOTHING else _hits_of_line(text, layout, index) for index, kind in enumerate(layout.kinds)
    ]


_kept: dict[str, tuple[Hit, ...]] = {}
"""The words of lines read of late, counted from the line's start: no expression of the tables reaches past its end."""


def _hits_of_line(text: str, layout: Layout, index: int) -> list[Hit]:
    start, end = layout.bounds[index]
    line = text[start:end]
    known = _kept.get(line)
    if known is None:
        hits = _lexicon().hits(text, layout.words, layout.words_of_line(index))
        if len(_kept) >= LINES_KEPT:
            _kept.clear()
        _kept[line] = tuple(Hit(group, low - start, high - start) for group, low, high in hits)
        return hits
    return [Hit(group, start + low, start + high) for group, low, high in known]


def activities_of(source: SourceText, layout: Layout, hits: Sequence[Sequence[Hit]]) -> Activities:
    """Counts the activities of every line that tells of the work. A line that is repeated counts once."""
    lines = []
    seen: set[str] = set()
    for index, line in enumerate(source.lines):
        kind, text = layout.kinds[index], layout.texts[index]
        if not hits[index] or text in seen or (kind is SectionKind.HEADER and line.kind is LineKind.HEADING):
            continue
        seen.add(text)
        part = "duty" if kind in _DUTY_WEIGHT else "need"
        weight = _DUTY_WEIGHT.get(kind) or _NEED_WEIGHT.get(kind, 0.0)
        counts = _counts(hits[index])
        if weight and counts:
            most = MOST_HITS if line.kind is LineKind.BULLET else MOST_HITS_IN_PROSE
            lines.append(LineActivities(index, part, _amounts(counts, weight, most)))
    told = sum(sum(amount for name, amount in line.amounts.items() if name not in BACKGROUND) for line in lines)
    return Activities(tuple(lines), _features(lines), told)


def _counts(hits: Sequence[Hit]) -> Counter[str]:
    """How often a line names each activity. "ML infrastructure" is not infrastructure as well; a degree is no work."""
    operated = [hit for hit in hits if hit.group in _OPERATING_MODELS]
    of_study = any(hit.group == DEGREE for hit in hits)
    counts: Counter[str] = Counter()
    for group, start, _ in hits:
        if group == DEGREE or group.startswith(AREA) or (of_study and group in _OF_STUDY):
            continue
        if group not in _NEVER_PART_OF_IT and any(one.start <= start < one.end for one in operated):
            continue
        counts[group] += 1
    return counts


def _amounts(counts: Mapping[str, int], weight: float, most: int) -> dict[str, float]:
    total = max(1, sum(count for group, count in counts.items() if group not in BACKGROUND))
    shared = weight * (1 - OWN_PART) * min(total, MOST_OF_LINE) ** 0.5
    return {
        group: weight * min(count, MOST_HITS) ** 0.5
        if group in BACKGROUND
        else OWN_PART * weight * min(count, most) ** 0.5 + shared * count / total
        for group, count in counts.items()
    }


def _features(lines: Sequence[LineActivities]) -> dict[str, float]:
    duty, need = _totals(lines, "duty"), _totals(lines, "need")
    features: dict[str, float] = {}
    for part, amounts in (("duty", duty), ("need", need)):
        keys = _keys(part)
        infrastructure = sum(amounts[group] for group in INFRASTRUCTURE)
        for name, amount in amounts.items():
            features[keys[name]] = math.log1p(amount) if amount else 0.0
        both = 0.6 * infrastructure * amounts["ml-words"]
        features[f"{part}.ml-and-infrastructure"] = math.log1p(math.sqrt(both))
        total = sum(amount for group, amount in amounts.items() if group not in BACKGROUND)
        features[f"{part}.infrastructure-share"] = (infrastructure + 1) / (total + 2)
    for name, key in _keys("all").items():
        amount = duty[name] + NEEDS_COUNT * need[name]
        features[key] = math.log1p(amount) if amount else 0.0
    return features


def _totals(lines: Sequence[LineActivities], part: str) -> dict[str, float]:
    totals = dict.fromkeys(names(), 0.0)
    for line in lines:
        if line.part == part:
            for group, amount in line.amounts.items():
                totals[group] += amount
    return totals


@cache
def _keys(part: str) -> dict[str, str]:
    """The name of each activity's feature."""
    return {name: f"{part}.{name}" for name in names()}
