"""Which part of a posting each line stands in: by its heading and, where that says nothing, by its own words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tenfold.posting.demand import DENIALS, SOFTENERS, Wording, wording
from tenfold.posting.headings import heading_kind
from tenfold.posting.lexicon import Words, in_lower_case, words_of
from tenfold.posting.model import Line, LineKind, Section, SectionKind, SourceText
from tenfold.posting.patterns import Pattern, places_of_needles
from tenfold.posting.source import BOLD_HEADING_LEVEL, LABEL_LEVEL

SHORT_LABEL = 70
LONGEST_LABEL = 100
SHORT_BULLET = 40
SHORT_LABEL_WORDS = 6
SHORT_HEAD_WORDS = 3
PROSE = 140
EMPLOYER_LEVEL = 3
"""A paragraph this long after a section's bullets is no longer part of the list."""
BOARD_BADGES = ("💰", "🌎")
_UNTOLD = (None, SectionKind.ABOUT)
_ASKING = (SectionKind.MUST, SectionKind.NICE, SectionKind.DUTIES)
_DEMANDING = (SectionKind.NICE, SectionKind.MUST)
_LISTS = (SectionKind.MUST, SectionKind.NICE, SectionKind.DUTIES, SectionKind.BENEFITS)

_REQUIREMENT = Pattern("sections.requirement")
_DUTY = Pattern("sections.duty")
_BENEFIT = Pattern("sections.benefit")
_FAIRNESS = Pattern("sections.fairness")
_PARTS = (
    r"(?:experience|skills?|education|knowledge|abilities|training|certifications?|competenc(?:e|y|ies)|attributes)"
)
_PART = re.compile(
    rf"\W*(?:(?:technical|soft|professional|work|other)\s+)?{_PARTS}(?:\s*(?:and|&|/|,|or)\s*{_PARTS})*\W*",
    re.IGNORECASE,
)
"""A part of a list of requirements: right below “Preferred qualifications” it heads preferred experience."""
_SOFTLY_REQUIRED = re.compile(r"\b(?:desired|preferred)\b", re.IGNORECASE)
_MINIMUM = re.compile(r"\b(?:minimum|required|basic|must|essential)\b", re.IGNORECASE)
_SOFT_END = re.compile(
    r"\b(?:plus(?:es)?|bonus|advantages?|nice[- ]to[- ]haves?|preferred|desirable|an asset)\W*$",
    re.IGNORECASE,
)
_BONUS_PAID = re.compile(
    r"\b(?:annual|yearly|quarterly|year-end|performance|discretionary|cash|sign(?:ing|[- ]on)|retention|referral"
    r"|company|holiday|christmas|team)\W+(?:\w+\W+)?bonus",
    re.IGNORECASE,
)
_OTHER_TOPIC = re.compile(
    r"(?:on[- ]?call|rotation|(?:the\s+|our\s+)?(?:package|process|selection|interviews?|benefits|compensation|salary"
    r"|pay|money|rest|life\s+here|reporting(?:\s+to)?)|about\s+the\s+\w+|applying|applications?)\s?[:.]\s+\S",
    re.IGNORECASE,
)
"""Words before a paragraph that end the list above: “Process. First …”, “On-call: one week in five”."""
_ITEMS_BEHIND = re.compile(r":\s*\w")
"""“Nice to have: Kafka” is one item, “Nice to have:” heads several."""
_NAMES_NOTHING = re.compile(
    r"\W*(?:(?:the|following|these|those|are|is|a|an|any|of|some|skills?|experiences?|qualifications?|requirements?|knowledge|it|"
    r"would|be|considered|big|huge|strong|additional|other|also|technical|points?|items?|technologies|tools|will|can|could|also|good|great|nice|to|"
    r"have|haves|optional|plus(?:es)?|bonus|advantages?|preferred|desirable|asset|our|but|not|required|and|/|&)\W*)+",
    re.IGNORECASE,
)
"""A bullet that heads others names no thing of its own: “Kafka is a plus” is one item, “Pluses” heads several."""
_SOFT_ITEM = re.compile(
    r"^\W*(?:nice[- ]to[- ]have|bonus|preferred|plus|desirable|optional|advantage)\b", re.IGNORECASE
)


class FoldedLines:
    """Which lines hold a needle of which expression, found in one sweep over the lower-case text."""

    def __init__(self, lower: str, lines: Sequence[Line]) -> None:
        starts = [line.start for line in lines]
        self._every = range(len(lines))
        self._lines: dict[str, dict[int, None]] = defaultdict(dict)
        for names, at in places_of_needles(lower):
            index = max(0, bisect_right(starts, at + (lower[at] == " ")) - 1)  # “ bs” may begin before its line
            for name in names:
                self._lines[name][index] = None

    def lines_with(self, pattern: Pattern) -> Iterable[int]:
        """Indices of the lines that hold a needle of the pattern, in order; all lines where it has none."""
        return self._lines.get(pattern.name, ()) if pattern.needles else self._every


@dataclass(frozen=True, slots=True)
class Layout:
    """The kind of every line of a text, and the sections they add up to. `subheads` are lines that only head others."""

    kinds: tuple[SectionKind, ...]
    sections: tuple[Section, ...]
    heads: frozenset[int]
    texts: tuple[str, ...]
    bounds: tuple[tuple[int, int], ...]
    folded: FoldedLines
    soft_lines: frozenset[int]
    denying_lines: frozenset[int]
    words: Words
    word_bounds: tuple[int, ...]

    _wordings: dict[int, Wording] = field(default_factory=dict, compare=False, repr=False)

    def wording(self, index: int) -> Wording:
        """What the words of a line say about demand, read once."""
        found = self._wordings.get(index)
        if found is None:
            found = self._wordings[index] = wording(
                self.texts[index], may_be_soft=index in self.soft_lines, may_be_denied=index in self.denying_lines
            )
        return found

    def words_of_line(self, index: int) -> range:
        """Indices of the line's words."""
        return range(self.word_bounds[index], self.word_bounds[index + 1])

    def lines_with(self, pattern: Pattern) -> Iterable[int]:
        """Indices of the lines in which the pattern may match, in order."""
        return self.folded.lines_with(pattern)


def lay_out(source: SourceText) -> Layout:
    """Kinds of all lines."""
    walk = _Walk(source)
    for index in range(len(source.lines)):
        walk.step(index)
    words = words_of(walk.lower)
    kinds = _sole_list_is_must(walk, _judge(source, walk))
    return Layout(
        tuple(kind or SectionKind.OTHER for kind in kinds),
        tuple(_sections(source, kinds, walk.heads)),
        frozenset(walk.heads),
        walk.texts,
        tuple((line.start, line.end) for line in source.lines),
        walk.folded,
        frozenset(index for softener in SOFTENERS for index in walk.folded.lines_with(softener)),
        frozenset(index for denial in DENIALS for index in walk.folded.lines_with(denial)),
        words,
        (*(bisect_left(words.starts, line.start) for line in source.lines), len(words.lower)),
    )


class _Walk:
    """One pass over the lines that carries the present section's kind."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.texts = tuple(source.text[line.start : line.end] for line in source.lines)
        self.lower = in_lower_case(source.text)
        self.folded = FoldedLines(self.lower, source.lines)
        self.kinds: list[SectionKind | None] = []
        self.heads: list[int] = []
        self.now: SectionKind | None = SectionKind.HEADER
        self.level = 0
        self.bullets = False
        self.minimum = False
        self.above: tuple[SectionKind | None, int] | None = None
        """The section that goes on after a labelled line."""
        self.is_empty = False
        """Whether nothing has stood below the present heading yet."""
        self.in_parts = False
        """Whether the present section is told by parts: “Preferred”, then “Experience”, then “Skills”."""

    def step(self, index: int) -> None:
        line = self.source.lines[index]
        text = self.texts[index]
        if self._is_head(index, line, text):
            above = self.above or (self.now, self.level)
            self._head(line, text)
            self.above = above if line.level == LABEL_LEVEL else None
            self.heads.append(index)
            self.bullets = False
            self.kinds.append(self.now)
            return
        self.is_empty = False
        if self.above and not (index and index - 1 in self.heads[-1:]) and line.kind is LineKind.PARAGRAPH:
            (self.now, self.level), self.above = self.above, None
        if line.kind is LineKind.PARAGRAPH and self.now in _LISTS and _OTHER_TOPIC.match(text):
            self.now, self.level = None, 0
        if line.kind is LineKind.BULLET:
            self.bullets = True
            self.now = None if self.now is SectionKind.HEADER else self.now
        elif self.bullets and len(text) > PROSE and self.now in _LISTS:
            self.now, self.level = None, 0
        elif self.now is SectionKind.HEADER and index > 3 and len(text) > SHORT_LABEL:
            self.now = None
        self.kinds.append(self.now)

    def _is_head(self, index: int, line: Line, text: str) -> bool:
        if line.kind is LineKind.HEADING:
            return True
        if len(text) > LONGEST_LABEL or text[-1] in ".;,":
            return False
        if line.kind is LineKind.BULLET:
            return len(text) < SHORT_BULLET and _stands_alone(text) and heading_kind(text) in _DEMANDING
        if text[-1] in ":…?":
            return self._bullets_follow(index) or heading_kind(text) is not None
        return (
            text[:1].isupper()
            and len(text.split()) <= SHORT_LABEL_WORDS
            and heading_kind(text) is not None
            and (self._heads_bullets(index, text) or not _REQUIREMENT.search(text + " "))
        )

    def _heads_bullets(self, index: int, text: str) -> bool:
        """“Skills required” above bullets: a heading, though its words are a requirement's as well."""
        return len(text.split()) <= SHORT_HEAD_WORDS and self._bullets_follow(index)

    def _bullets_follow(self, index: int) -> bool:
        lines = self.source.lines
        return index + 1 < len(lines) and lines[index + 1].kind is LineKind.BULLET

    def _head(self, line: Line, text: str) -> None:
        if self._stands_above(line, text):
            return
        if self._is_part(text):
            self.in_parts = True
            return
        self.is_empty, self.in_parts = True, False
        kind = heading_kind(text)
        if kind is SectionKind.MUST and self.minimum and "ideal" in text.lower():
            kind = SectionKind.NICE
        self.minimum = self.minimum or (kind is SectionKind.MUST and bool(_MINIMUM.search(text)))
        level = line.level or BOLD_HEADING_LEVEL + (line.kind is LineKind.BULLET)
        if self.now is SectionKind.HEADER and kind is None:
            return
        if self._is_subhead(kind, level):
            return
        if kind is not None or level <= self.level or self.now in (None, SectionKind.HEADER):
            self.now, self.level = kind, level

    def _stands_above(self, line: Line, text: str) -> bool:
        """The title, a board's badges, or the employer between them: never the head of a section."""
        index = len(self.kinds)
        below = self.texts[index + 1] if index + 1 < len(self.texts) else ""
        is_employer = index == 1 and line.level == EMPLOYER_LEVEL and _has_badge(below)
        return _has_badge(text) or (index == 0 and line.level == 1) or is_employer

    def _is_part(self, text: str) -> bool:
        """“Experience” or “Skills” of what is preferred, where that heading has nothing else below it."""
        return self.now is SectionKind.NICE and (self.is_empty or self.in_parts) and _PART.fullmatch(text) is not None

    def _is_subhead(self, kind: SectionKind | None, level: int) -> bool:
        """A topic inside the present section ("Cloud skills" below "Nice to have"), not a new section."""
        if level <= self.level or self.now is None:
            return False
        if kind is None:
            return True
        return self.now is SectionKind.NICE and kind is SectionKind.MUST and level > BOLD_HEADING_LEVEL


def _has_badge(text: str) -> bool:
    return any(badge in text for badge in BOARD_BADGES)


def _stands_alone(text: str) -> bool:
    if _BONUS_PAID.search(text) or _ITEMS_BEHIND.search(text):
        return False
    if len(text.split()) <= 6 and _SOFT_END.search(text):
        return _NAMES_NOTHING.fullmatch(text) is not None
    return (
        text[-1] == ":" or bool(_SOFT_ITEM.match(text)) or text.lower().startswith(("must", "required", "requirement"))
    )


def _judge(source: SourceText, walk: _Walk) -> list[SectionKind | None]:
    """Lines whose heading said nothing get a kind from their words; fairness statements are known anywhere."""
    judged = list(walk.kinds)
    beneficial = set(walk.folded.lines_with(_BENEFIT))
    for index, kind in enumerate(walk.kinds):
        untold_bullet = kind is SectionKind.ABOUT and source.lines[index].kind is LineKind.BULLET
        if kind is None or untold_bullet:
            text, line_kind = walk.texts[index], source.lines[index].kind
            judged[index] = _kind_of_words(text, line_kind, may_be_benefit=index in beneficial) or kind
    for index in beneficial:
        if walk.kinds[index] in _ASKING and sum(1 for _ in _BENEFIT.finditer(walk.texts[index])) > 1:
            judged[index] = SectionKind.BENEFITS
    for index in walk.folded.lines_with(_FAIRNESS):
        if walk.kinds[index] is not SectionKind.HEADER and _FAIRNESS.search(walk.texts[index]):
            judged[index] = SectionKind.EEO
    return _bullets_agree(source, walk.kinds, judged)


def _sole_list_is_must(walk: _Walk, kinds: list[SectionKind | None]) -> list[SectionKind | None]:
    """Where "Desired skills" heads the only list of requirements, they are the requirements."""
    if SectionKind.NICE not in kinds or SectionKind.MUST in kinds:
        return kinds
    soft = [walk.texts[index] for index in walk.heads if kinds[index] is SectionKind.NICE]
    if len(soft) != 1 or not _SOFTLY_REQUIRED.search(soft[0]):
        return kinds
    return [SectionKind.MUST if kind is SectionKind.NICE else kind for kind in kinds]


def _kind_of_words(text: str, kind: LineKind, *, may_be_benefit: bool) -> SectionKind | None:
    if may_be_benefit and _BENEFIT.search(text) and not _REQUIREMENT.search(text):
        return SectionKind.BENEFITS
    if kind is not LineKind.BULLET:
        return None
    if _DUTY.match(text) and not re.match(r"(?:strong|proven|understanding)\b", text, re.IGNORECASE):
        return SectionKind.DUTIES
    return SectionKind.MUST if _REQUIREMENT.search(text) else None


def _bullets_agree(
    source: SourceText, kinds: Sequence[SectionKind | None], judged: list[SectionKind | None]
) -> list[SectionKind | None]:
    """Neighbouring bullets without a heading are one list: the majority names it."""
    index = 0
    while index < len(judged):
        end = index
        while end < len(judged) and source.lines[end].kind is LineKind.BULLET and kinds[end] in _UNTOLD:
            end += 1
        votes = [kind for kind in judged[index:end] if kind is not None]
        if votes:
            winner = max(sorted(set(votes)), key=votes.count)
            judged[index:end] = [kind if kind is SectionKind.EEO else winner for kind in judged[index:end]]
        index = max(end, index + 1)
    return judged


def _sections(source: SourceText, kinds: Sequence[SectionKind | None], heads: Sequence[int]) -> list[Section]:
    firsts: list[int] = []
    headed = set(heads)
    last: SectionKind | None = None
    for index, line in enumerate(source.lines):
        kind = kinds[index] or SectionKind.OTHER
        if kind is not last or (line.kind is LineKind.HEADING and index in headed):
            firsts.append(index)
        last = kind
    return [
        Section(
            kinds[first] or SectionKind.OTHER,
            source.text[source.lines[first].start : source.lines[first].end] if first in headed else "",
            source.lines[first].start,
            source.lines[behind - 1].end,
        )
        for first, behind in pairwise([*firsts, len(source.lines)])
    ]
