"""What the job really is by its duties, how much of it is infrastructure, and which ML-operations areas it names."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from tenfold.catalogue.store import catalogue
from tenfold.posting.lexicon import Hit, Lexicon
from tenfold.posting.matching import Match
from tenfold.posting.model import Cited, LineKind, SectionKind, Share, SourceText, Uncertain
from tenfold.posting.patterns import Pattern
from tenfold.posting.sections import Layout

MOST_HITS = 4
MOST_CITED = 6
MOST_HITS_IN_PROSE = 9

AREA = "area:"
_TELLS_NOTHING = (SectionKind.EEO, SectionKind.BENEFITS, SectionKind.PAY, SectionKind.PLACE, SectionKind.PROCESS)

FAMILIES = (
    "mlops",
    "ml-engineer",
    "ai-infrastructure",
    "data-engineer",
    "devops",
    "data-scientist",
    "software-engineer",
    "other",
)

_WEIGHT = {
    SectionKind.DUTIES: 1.0,
    SectionKind.MUST: 1.0,
    SectionKind.NICE: 0.4,
    SectionKind.STACK: 0.4,
    SectionKind.OTHER: 0.5,
    SectionKind.ABOUT: 0.15,
    SectionKind.HEADER: 0.5,
    SectionKind.PROCESS: 0.0,
}
_TITLES = tuple(
    (name, Pattern(f"title.{name}")) for name in ("mlops", "infra", "ml", "scientist", "data", "devops", "software")
)


@cache
def _lexicon() -> Lexicon:
    """Words of scope and words of ML-operations areas together, so that one pass finds both."""
    scope = {name: table["words"] for name, table in _table("scope").items()}
    areas = {f"{AREA}{name}": table["words"] for name, table in _table("areas").items()}
    return Lexicon(scope | areas)


def vocabulary(source: SourceText, layout: Layout) -> list[list[Hit]]:
    """Per line, the words that tell of scope and areas; none for lines that tell of neither."""
    return [
        [] if kind in _TELLS_NOTHING else _lexicon().hits(source.text, layout.words, layout.words_of_line(index))
        for index, kind in enumerate(layout.kinds)
    ]


@cache
def _weights() -> Mapping[str, Any]:
    return _table("scope_weights")


def _table(name: str) -> dict[str, Any]:
    return tomli.loads((files("tenfold.posting") / "data" / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class ScopeEvidence:
    """Figures about a posting that family and share are judged from. `features` are named, mostly in 0 to 1."""

    features: Mapping[str, float]
    cited: Mapping[str, tuple[Cited[str], ...]]
    words: float


def scope_evidence(
    source: SourceText,
    layout: Layout,
    title: Cited[str] | None,
    matches: Sequence[Match],
    hits: Sequence[Sequence[Hit]],
) -> ScopeEvidence:
    """Counts each group of words by weighted lines, the tools' areas, the title's words. Repeated lines count once."""
    counts: dict[str, float] = {}
    cited: dict[str, list[Cited[str]]] = {}
    line_shares: dict[SectionKind, list[float]] = {}
    seen: set[int] = set()
    for index, line in enumerate(source.lines):
        kind = layout.kinds[index]
        weight = _WEIGHT.get(kind, 0.0)
        if not weight or not hits[index]:
            continue
        identity = hash(layout.texts[index])
        if identity in seen:
            continue
        seen.add(identity)
        groups = _groups_of_line(source.text, hits[index], cited)
        if not groups:
            continue
        most = MOST_HITS if line.kind is LineKind.BULLET else MOST_HITS_IN_PROSE
        for group, found in groups.items():
            counts[group] = counts.get(group, 0.0) + weight * min(found, most) ** 0.5
        line_shares.setdefault(kind, []).append(_infra_share_of_line(groups))
    features = _shares(counts)
    features.update(_line_features(line_shares))
    features.update(_tool_features(matches))
    features.update(_title_features(title.value if title else ""))
    words = sum(_WEIGHT[kind] * len(shares) for kind, shares in line_shares.items())
    return ScopeEvidence(features, {group: tuple(quotes) for group, quotes in cited.items()}, words)


def _groups_of_line(text: str, all_hits: Sequence[Hit], cited: dict[str, list[Cited[str]]]) -> dict[str, int]:
    """How many words of each group a line holds; "deploying models" is operations, not modelling as well."""
    hits = [hit for hit in all_hits if not hit.group.startswith(AREA)]
    operated = [hit for hit in hits if hit.group == "mlops"]
    groups: dict[str, int] = {}
    for hit in hits:
        group, start, end = hit
        if operated and group == "modelling" and any(one.start < end and start < one.end for one in operated):
            continue
        groups[group] = groups.get(group, 0) + 1
        shown = cited.setdefault(group, [])
        if len(shown) < MOST_CITED:
            shown.append(Cited(text[start:end], start, end))
    return groups


def _infra_share_of_line(groups: Mapping[str, int]) -> float:
    """0 to 1: how much of a line's vocabulary is infrastructure. Running models counts half to either side."""
    infrastructure = groups.get("infrastructure", 0) + groups.get("accelerators", 0) + 0.5 * groups.get("mlops", 0)
    other = sum(groups.get(group, 0) for group in ("modelling", "data", "analysis")) + 0.5 * groups.get("mlops", 0)
    total = infrastructure + other + 0.5 * groups.get("software", 0)
    return infrastructure / total if total else 0.5


def _line_features(line_shares: Mapping[SectionKind, Sequence[float]]) -> dict[str, float]:
    def mean(kinds: Sequence[SectionKind]) -> float:
        shares = [share for kind in kinds for share in line_shares.get(kind, ())]
        return (sum(shares) + 1.0) / (len(shares) + 2.0)

    return {
        "lines.duties": mean((SectionKind.DUTIES,)),
        "lines.must": mean((SectionKind.MUST,)),
        "lines.all": mean((SectionKind.DUTIES, SectionKind.MUST, SectionKind.OTHER, SectionKind.NICE)),
    }


def _shares(counts: Mapping[str, float]) -> dict[str, float]:
    groups = (
        "infrastructure",
        "modelling",
        "data",
        "mlops",
        "accelerators",
        "software",
        "analysis",
        "operations",
    )
    total = sum(counts.get(group, 0.0) for group in groups if group != "operations") or 1.0
    features = {f"share.{group}": counts.get(group, 0.0) / total for group in groups}
    infrastructure, modelling, data = (counts.get(group, 0.0) for group in ("infrastructure", "modelling", "data"))
    features["infra_against_ml"] = (infrastructure + 1) / (infrastructure + modelling + 2)
    features["infra_against_all"] = (infrastructure + 1) / (
        infrastructure + modelling + data + counts.get("analysis", 0.0) + 2
    )
    features["operations_weight"] = math.log1p(counts.get("operations", 0.0))
    features["mlops_weight"] = math.log1p(counts.get("mlops", 0.0))
    features["accelerators_weight"] = math.log1p(counts.get("accelerators", 0.0))
    features["modelling_weight"] = math.log1p(counts.get("modelling", 0.0))
    features["data_weight"] = math.log1p(counts.get("data", 0.0))
    features["infrastructure_weight"] = math.log1p(infrastructure)
    return features


def _tool_features(matches: Sequence[Match]) -> dict[str, float]:
    skills = {match.skill.id: match.skill for match in matches if match.skill.is_tool}
    areas = catalogue().areas
    groups = Counter(areas[skill.area].group for skill in skills.values())
    total = sum(groups.values()) or 1
    weight = sum(areas[skill.area].infra_weight for skill in skills.values()) / total if skills else 0.5
    return {
        "tools.infrastructure": groups["infrastructure"] / total,
        "tools.ml": (groups["ml"] + sum(skill.area == "frameworks" for skill in skills.values())) / total,
        "tools.mlops": (groups["ml-operations"] - sum(skill.area == "frameworks" for skill in skills.values())) / total,
        "tools.data": groups["data"] / total,
        "tools.infra_weight": weight,
    }


def _title_features(title: str) -> dict[str, float]:
    found = {name: float(pattern.stands_in(title)) for name, pattern in _TITLES}
    for stronger in ("mlops", "infra"):
        if found[stronger]:
            found["ml"] = 0.0
    return {f"title.{name}": value for name, value in found.items()}


def family_of(evidence: ScopeEvidence) -> Uncertain[str]:
    """The likeliest family, with its chance and the runner-up, by fitted weights (softmax over named features)."""
    weights = _weights()["family"]
    scores = {family: _score(weights[family], evidence.features) for family in FAMILIES}
    highest = max(scores.values())
    chances = {family: math.exp(score - highest) for family, score in scores.items()}
    total = sum(chances.values())
    first, second = sorted(FAMILIES, key=lambda family: -chances[family])[:2]
    group = {
        "mlops": "mlops",
        "ai-infrastructure": "accelerators",
        "data-engineer": "data",
        "devops": "infrastructure",
        "data-scientist": "analysis",
        "software-engineer": "software",
    }.get(first, "modelling")
    return Uncertain(
        first,
        round(chances[first] / total, 3),
        second,
        round(chances[second] / total, 3),
        evidence.cited.get(group, ()),
    )


def infra_share_of(evidence: ScopeEvidence) -> Share | None:
    """The infrastructure share of duties and requirements; None where hardly any work is described."""
    if evidence.words < _weights()["share"]["fewest_lines"]:
        return None
    fitted = _weights()["share"]
    value = _score(fitted["weights"], evidence.features)
    share = min(100, max(0, 5 * round(value / 5)))
    half = fitted["half_width"]
    return Share(
        share,
        max(0, int(share - half)),
        min(100, int(share + half)),
        evidence.cited.get("infrastructure", ()) + evidence.cited.get("modelling", ()),
    )


def _score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return weights["intercept"] + sum(
        weight * features.get(name, 0.0) for name, weight in weights.items() if name != "intercept"
    )


def areas_named(
    source: SourceText, layout: Layout, matches: Sequence[Match], hits: Sequence[Sequence[Hit]]
) -> tuple[Cited[str], ...]:
    """The ML-operations areas that duties or requirements name, by their tools or in words."""
    found: dict[str, Cited[str]] = {}
    known = set(catalogue().mlops_areas)
    telling = (
        SectionKind.DUTIES,
        SectionKind.MUST,
        SectionKind.NICE,
        SectionKind.STACK,
        SectionKind.OTHER,
        SectionKind.HEADER,
    )
    for index in range(len(source.lines)):
        if layout.kinds[index] not in telling:
            continue
        for hit in hits[index]:
            if hit.group.startswith(AREA):
                area = hit.group.removeprefix(AREA)
                found.setdefault(area, Cited(area, hit.start, hit.end))
    spans = [(line.start, line.end) for index, line in enumerate(source.lines) if layout.kinds[index] in telling]
    for match in matches:
        if (
            match.skill.area in known
            and match.skill.area not in found
            and any(low <= match.start < high for low, high in spans)
        ):
            found[match.skill.area] = Cited(match.skill.area, match.start, match.end)
    return tuple(found[area] for area in catalogue().mlops_areas if area in found)


DEEP_REACH = 30
_DEEP = Pattern("scope.deep")


@cache
def _deep_lexicon() -> Lexicon:
    return Lexicon({name: table["words"] for name, table in _table("deep").items()})


def deep_areas_of(source: SourceText, layout: Layout) -> tuple[Cited[str], ...]:
    """Areas demanded at expert, deep or strong level as a must."""
    found: dict[str, Cited[str]] = {}
    for index in layout.lines_with(_DEEP):
        if layout.kinds[index] not in (SectionKind.MUST, SectionKind.OTHER):
            continue
        line, text = source.lines[index], layout.texts[index]
        words = layout.wording(index)
        for deep in _DEEP.finditer(text):
            if words.is_soft(deep.start(), deep.end()):
                continue
            start = line.start + deep.start()
            end = line.start + min(words.sentence_at(deep.start())[1], deep.end() + DEEP_REACH)
            among = layout.words.between(line.start + deep.end(), end)
            for hit in _deep_lexicon().hits(source.text, layout.words, among):
                found.setdefault(hit.group, Cited(hit.group, start, hit.end))
    order = ("infrastructure", "ml", "data-engineering", "software-engineering", "leadership")
    return tuple(found[area] for area in order if area in found)


_DOING = (
    "project", "build", "design", "develop", "own", "lead", "migrat", "deploy", "maintain", "implement", "scale",
    "optimi", "creat", "automat", "integrat", "train", "monitor", "analys", "analyz",
)  # fmt: skip
_VAGUE = Pattern("scope.vague")
CONCRETE_LINES = 2


def day_to_day_of(source: SourceText, layout: Layout, matches: Sequence[Match]) -> Cited[bool] | None:
    """Whether concrete work of this job is described: duties that name a thing, a number, a tool or a product."""
    concrete: list[tuple[int, int]] = []
    first: tuple[int, int] | None = None
    tools = [match.start for match in matches]
    for index, line in enumerate(source.lines):
        if layout.kinds[index] is not SectionKind.DUTIES or index in layout.heads:
            continue
        first = first or (line.start, line.end)
        words = layout.words_of_line(index)
        if any(word.startswith(_DOING) for word in layout.words.lower[words.start : words.stop]) and is_concrete(
            layout.texts[index], names_tool=bisect_left(tools, line.start) < bisect_left(tools, line.end)
        ):
            concrete.append((line.start, line.end))
    if len(concrete) >= CONCRETE_LINES:
        return Cited(True, concrete[0][0], concrete[-1][1])
    return Cited(False, *first) if first else None


def is_concrete(text: str, *, names_tool: bool) -> bool:
    """Whether a duty says something of this job: a tool, a name, a figure, or a long line without stock phrases."""
    words = text.split()
    names = sum(word[:1].isupper() or any(map(str.isdigit, word)) for word in words[1:])
    return len(words) >= 8 and (names_tool or names >= 2 or (len(words) >= 12 and not _VAGUE.search(text)))
