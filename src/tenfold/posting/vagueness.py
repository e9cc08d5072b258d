"""Duties that could stand in any posting: which they are, and what share of all duties."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.posting.model import Cited, LineKind, PostingReading, SectionKind
from tenfold.posting.patterns import Pattern
from tenfold.posting.scope import is_concrete

SHORTEST_DUTY_WORDS = 4
SHORT_DUTY_WORDS = 8
_STOCK_PHRASES = Pattern("scope.vague")


@dataclass(frozen=True, slots=True)
class VagueDuties:
    """`vague` of `total` duty lines name no tool, figure, product or thing of this job."""

    vague: tuple[Cited[str], ...]
    total: int

    @property
    def share(self) -> float | None:
        """None where the posting lists no duties."""
        return len(self.vague) / self.total if self.total else None


def vague_duties(reading: PostingReading) -> VagueDuties:
    """Looks at every duty that is a bullet of a list.

    A short one without a stock phrase is not vague: “Deploy risk models for real-time decisions” is this job's.
    A bullet that only leads into others, or one too short to judge that holds no stock phrase, is not counted.
    """
    mentions = [mention.start for tool in reading.tools for mention in tool.mentions]
    vague: list[Cited[str]] = []
    total = 0
    for line, kind in zip(reading.lines, reading.line_kinds, strict=True):
        text = reading.text[line.start : line.end]
        if (
            kind is not SectionKind.DUTIES
            or line.kind is not LineKind.BULLET
            or len(text.split()) < SHORTEST_DUTY_WORDS
        ):
            continue
        names_tool = any(line.start <= start < line.end for start in mentions)
        if text.rstrip().endswith(":") or _too_short_to_judge(text, names_tool=names_tool):
            continue
        total += 1
        if not names_tool and not is_concrete(text, names_tool=names_tool) and _STOCK_PHRASES.search(text):
            vague.append(Cited(text, line.start, line.end))
    return VagueDuties(tuple(vague), total)


def _too_short_to_judge(text: str, *, names_tool: bool) -> bool:
    return len(text.split()) < SHORT_DUTY_WORDS and not names_tool and not _STOCK_PHRASES.search(text)
