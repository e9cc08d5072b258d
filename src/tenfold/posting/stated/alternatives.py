"""Skills of which any one will do: “KServe, Seldon, BentoML or similar” is one requirement."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from tenfold.catalogue.store import catalogue
from tenfold.posting.model import Demand, PostingReading, ToolDemand

_JOINT = re.compile(r"^[\s,/()]*(?:(?:or|and/or|oder|ou)\b[\s,(]*|/[\s(]*|,[\s]*(?:or\b[\s]*)?)$", re.IGNORECASE)
_PAST_A_STRANGER = re.compile(r"^\s*,\s*[A-Z][\w.+-]*(?:\s[A-Z][\w.+-]*)?\s*(?:,\s*(?:or\s+)?|\s+or\s+)$")
"""A name in the row that the catalogue does not know: “MLflow, Neptune, ClearML or comparable”."""
_AND = re.compile(r"^\s*,?\s*(?:and|und|et)\s+$", re.IGNORECASE)
_HAS_OR = re.compile(r"\b(?:or|and/or|oder|ou)\b|(?<!and)/", re.IGNORECASE)
_OR_SIMILAR = re.compile(
    r"^[\s,)]*(?:(?:or|oder)\s+(?:\w+\s+){0,2}?(?:similar|comparable|equivalent|something"
    r"\s+like\s+(?:it|that)|the\s+like|another|other|ähnlich\w*|vergleichbar\w*)"
    r"|etc\b)",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"\b(?:at\s+least\s+one|one\s+or\s+more\s+(?:[\w-]+\s+){1,4}[\s(]*(?:such\s+as|like"
    r"|e\.g\.)|one\s+(?:or\s+more\s+)?of|any\s+of|either|one\s+[\w-]+(?:\s[\w-]+)?(?:,)?"
    r"\s+(?:such\s+as|like)"
    r"|an?\s+(?:[\w-]+\s+){1,3}(?:such\s+as|like|\(|e\.g\.)"
    r"|(?:languages|tools|platforms|systems|frameworks|providers|databases|libraries)\s*\(?(?:such\s+as|like|e\.g\.|for\s+example))[^.;]{0,60}$",
    re.IGNORECASE,
)
MAX_BETWEEN = 30


def alternative_groups(reading: PostingReading, demand: Demand) -> tuple[tuple[str, ...], ...]:
    """The demanded skills in order, those of which one will do together; a skill demanded alone is a group of one."""
    tools = reading.tools_with(demand)
    joined: dict[str, list[str]] = {}
    for run in itertools.chain.from_iterable(_split_at_commas(reading.text, run) for run in _runs(reading.text, tools)):
        if _is_a_choice(reading.text, run):
            ids = [skill for skill, _, _ in run]
            if not any(skill in joined for skill in ids):
                joined |= dict.fromkeys(ids, ids)
    groups = (tuple(joined.get(tool.skill_id, [tool.skill_id])) for tool in tools)
    return tuple(dict.fromkeys(groups))


Named = tuple[str, int, int]


def _runs(text: str, tools: Sequence[ToolDemand]) -> list[list[Named]]:
    """Mentions that stand in one row, with nothing but commas, strokes and “or” between them."""
    places = sorted((m.start, m.end, tool.skill_id) for tool in tools for m in tool.mentions if m.demand is tool.demand)
    runs: list[list[Named]] = []
    for start, end, skill in places:
        last = runs[-1][-1] if runs else None
        between = text[last[2] : start] if last else ""
        if last and len(between) <= MAX_BETWEEN and _is_joint(text, runs[-1][0][1], between):
            if skill != last[0]:
                runs[-1].append((skill, start, end))
        else:
            runs.append([(skill, start, end)])
    return [run for run in runs if len(run) > 1]


def _split_at_commas(text: str, run: list[Named]) -> list[list[Named]]:
    """A row in which a list goes on after an “or” is several: of “Kubernetes, Triton or TorchServe, Python”, two join.

    Where “or” stands last, or what leads up to the row or follows it says that one will do, it stays one.
    """
    joints = [text[a[2] : b[1]] for a, b in itertools.pairwise(run)]
    ors = [place for place, joint in enumerate(joints) if _HAS_OR.search(joint)]
    line = text.rfind("\n", 0, run[0][1]) + 1
    one_will_do = _ONE_OF.search(text[line : run[0][1]]) or _OR_SIMILAR.match(text[run[-1][2] : run[-1][2] + 60])
    if not ors or one_will_do:
        return [run]
    if ors[-1] == len(joints) - 1:
        return [_of_one_area(run) if len(ors) == 1 else run]
    rows = [[run[0]]]
    for place, named in enumerate(run[1:]):
        if place in ors:
            rows[-1].append(named)
        else:
            rows.append([named])
    return [row for row in rows if len(row) > 1]


def _of_one_area(run: list[Named]) -> list[Named]:
    """Of “Python, Kubernetes, Terraform or Pulumi” the last two, which do the same; all where all do, or none."""
    areas = [catalogue().skills[skill].area for skill, _, _ in run]
    same = len(list(itertools.takewhile(lambda area: area == areas[-1], reversed(areas))))
    return run[-same:] if same > 1 else run


def _is_joint(text: str, row_starts: int, between: str) -> bool:
    if _JOINT.match(between) or _PAST_A_STRANGER.match(between):
        return True
    line = text.rfind("\n", 0, row_starts) + 1
    return bool(_AND.match(between) and _ONE_OF.search(text[line:row_starts]))


def _is_a_choice(text: str, run: list[Named]) -> bool:
    """Whether the row says “or”: between its members, after the last, or in what leads up to it."""
    inside = any(_HAS_OR.search(text[a[2] : b[1]]) for a, b in itertools.pairwise(run))
    after = bool(_OR_SIMILAR.match(text[run[-1][2] : run[-1][2] + 60]))
    line = text.rfind("\n", 0, run[0][1]) + 1
    before = bool(_ONE_OF.search(text[line : run[0][1]]))
    return inside or after or before
