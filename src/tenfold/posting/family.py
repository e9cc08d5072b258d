"""What the job is by its activities: the family with its chance and doubt, and the share of infrastructure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from tenfold.catalogue.titles import families_in_title, read_title
from tenfold.posting.activities import INFRASTRUCTURE, Activities, LineActivities
from tenfold.posting.model import Cited, Share, SourceText, Uncertain
from tenfold.posting.sections import Layout

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
MOST_CITED = 4
LONGEST_QUOTE = 240


@cache
def _fit() -> Mapping[str, Any]:
    return tomli.loads((files("tenfold.posting") / "data" / "scope_weights.toml").read_text("utf-8"))


def certain_from() -> float:
    """The chance from which on a family is said; below it the reader cannot tell."""
    return float(_fit()["certainty"]["certain_from"])


def chances_of(features: Mapping[str, float]) -> dict[str, float]:
    """The chance of each family, by fitted weights (softmax over the logarithmic counts of activities).

    A fit is surer of what it learned from than of what is new: scores are divided by the temperature at which the
    labels of postings of companies left out were likeliest.
    """
    scores = _scores(features)
    highest, temperature = max(scores), float(_fit()["certainty"]["temperature"])
    raised = [math.exp((score - highest) / temperature) for score in scores]
    total = sum(raised)
    return {family: value / total for family, value in zip(FAMILIES, raised, strict=True)}


@cache
def _columns() -> tuple[tuple[float, ...], tuple[tuple[str, tuple[tuple[int, float], ...]], ...]]:
    """Each family's intercept, and for each feature the families that it speaks for or against, with the weights."""
    weights = [_fit()["family"][family] for family in FAMILIES]
    names = dict.fromkeys(name for each in weights for name in each if name != "intercept")
    columns = tuple(
        (name, tuple((at, float(each[name])) for at, each in enumerate(weights) if name in each)) for name in names
    )
    return tuple(float(each["intercept"]) for each in weights), columns


def _scores(features: Mapping[str, float]) -> list[float]:
    """The score of each family, in their order: only features that are there are weighed."""
    intercepts, columns = _columns()
    scores = list(intercepts)
    for name, column in columns:
        amount = features.get(name)
        if amount:
            for at, weight in column:
                scores[at] += weight * amount
    return scores


def family_of(source: SourceText, layout: Layout, activities: Activities) -> Uncertain[str]:
    """The likeliest family, its chance, and the sentences that speak for it and against the runner-up."""
    chances = chances_of(activities.features)
    first, second = sorted(FAMILIES, key=lambda family: -chances[family])[:2]
    chance = round(chances[first], 3)
    return Uncertain(
        first,
        chance,
        second,
        round(chances[second], 3),
        _telling(source, layout, activities, first, second),
        is_certain=chance >= certain_from() and activities.work_named >= _fit()["share"]["fewest_told"],
        chances=tuple((family, round(chances[family], 3)) for family in FAMILIES),
    )


def contradicted_title(title: str, family: Uncertain[str], *, at_most: float | None = None) -> str | None:
    """The family that a title declares and the text speaks against; None where they agree or nothing can be told.

    The text speaks against a title where its own family is certain, the title does not name it, and no family that
    the title names has more than a small chance.
    """
    named = families_in_title(title)
    if not family.is_certain or not named or family.value in named:
        return None
    small = float(_fit()["certainty"]["against_title"]) if at_most is None else at_most
    if max(family.chance_of(each) for each in named) > small:
        return None
    role = read_title(title).role
    return role if role in named else min(named)


def is_named_behind(title: str, family: str) -> bool:
    """Whether only what stands behind the job's name names this family: “Software Engineer - Networking and SRE”."""
    head = _TITLE_ENDS.split(title, maxsplit=1)[0]
    return head != title and bool(_JOB.search(head)) and family not in families_in_title(head)


NEAR = frozenset(
    {
        frozenset({"mlops", "ml-engineer"}),
        frozenset({"mlops", "ai-infrastructure"}),
        frozenset({"ai-infrastructure", "devops"}),
        frozenset({"ml-engineer", "data-scientist"}),
        frozenset({"ml-engineer", "ai-infrastructure"}),
        frozenset({"ml-engineer", "software-engineer"}),
        frozenset({"data-engineer", "software-engineer"}),
        frozenset({"devops", "software-engineer"}),
    }
)


def neighbours(one: str, other: str) -> bool:
    """Whether two role families are easily taken for each other."""
    return frozenset({one, other}) in NEAR


_TITLE_ENDS = re.compile(r"\s[-–—|]\s|[,(:]")
_JOB = re.compile(r"\b(?:engineer|developer|programmer|architect|scientist)\b", re.IGNORECASE)


def infra_share_of(source: SourceText, layout: Layout, activities: Activities) -> Share | None:
    """The infrastructure share of duties and requirements; None where hardly any work is described."""
    fitted = _fit()["share"]
    if activities.work_named < fitted["fewest_told"]:
        return None
    value = min(100, max(0, 5 * round(_score(fitted["weights"], activities.features) / 5)))
    half = fitted["half_width"]
    cited = _on_infrastructure(source, layout, activities)
    return Share(value, max(0, int(value - half)), min(100, int(value + half)), cited)


def _score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total: float = weights["intercept"]
    for name, weight in weights.items():
        total += weight * features.get(name, 0.0)
    return total


def _telling(
    source: SourceText, layout: Layout, activities: Activities, first: str, second: str
) -> tuple[Cited[str], ...]:
    """The sentences that decided for the first family and against the second, in the order of the text."""
    weighed = [(_weight_of(line, activities.features, first, second), line.line) for line in activities.lines]
    best = sorted((weight, index) for weight, index in weighed if weight > 0)[-MOST_CITED:]
    return tuple(_sentence(source, layout, index) for index in sorted(index for _, index in best))


def _on_infrastructure(source: SourceText, layout: Layout, activities: Activities) -> tuple[Cited[str], ...]:
    """The lines that name most infrastructure, in the order of the text."""
    weighed = [
        (sum(amount for name, amount in line.amounts.items() if name in INFRASTRUCTURE), line.line)
        for line in activities.lines
    ]
    best = sorted(pair for pair in weighed if pair[0] > 0)[-MOST_CITED:]
    return tuple(_sentence(source, layout, index) for index in sorted(index for _, index in best))


def _weight_of(line: LineActivities, features: Mapping[str, float], first: str, second: str) -> float:
    """How much a line moves the first family ahead of the second: the slope of the score times what the line adds."""
    families = _fit()["family"]
    moved = 0.0
    for activity, amount in line.amounts.items():
        for name in (f"{line.part}.{activity}", f"all.{activity}"):
            difference = families[first].get(name, 0.0) - families[second].get(name, 0.0)
            moved += difference * amount / math.exp(features[name])
    return moved


def _sentence(source: SourceText, layout: Layout, index: int) -> Cited[str]:
    """The line, or its first sentence where it is a paragraph of several."""
    line, text = source.lines[index], layout.texts[index]
    end = len(text) if len(text) <= LONGEST_QUOTE else layout.wording(index).sentence_at(0)[1]
    return Cited(text[:end].rstrip(), line.start, line.start + len(text[:end].rstrip()))
