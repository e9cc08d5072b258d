"""The question library: our questions with anchored ratings, and what is demanded of each.

Files stand in `data/questions/*.toml`. A question has

    id           stable; an answer's rating refers to it
    competency   id in the catalogue
    type         behavioural, situational, technical or work-sample
    levels       one level, or `junior-senior`: from and to
    text         what the interviewer says, word for word
    anchors      four: the behaviour that earns 1, 2, 3 and 4. Each is what a person says or does, never a grade
    scope        any (default), infrastructure or ml: the half of the job it belongs to
    material     a file in `data/materials` that the candidate gets
    for_interviewer  what only the interviewer knows: planted faults, facts to give when asked
    covers       which parts of working with others it looks at (`COVERS`)
    minutes      as a rule by type
    edition      1 and up; a change of wording that changes the rating is a new edition
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import InputProblems, Place, UserError

RATINGS = (1, 2, 3, 4)
KEYS = frozenset(
    {
        "id",
        "competency",
        "type",
        "levels",
        "text",
        "anchors",
        "scope",
        "covers",
        "minutes",
        "edition",
        "material",
        "for_interviewer",
    }
)
SCOPES = ("any", "infrastructure", "ml")
COVERS = (
    "explaining-infrastructure",
    "vague-to-concrete",
    "clarifying-questions",
    "runbook",
    "architecture-document",
    "trade-off-presentation",
    "collaborative-debugging",
    "customer-empathy",
)
SHORTEST_TEXT, SHORTEST_ANCHOR = 8, 3
"""Words."""
SAME_BEHAVIOUR = 0.6
"""Share of words in common from which two anchors differ only in how they are graded."""


class QuestionType(StrEnum):
    BEHAVIOURAL = "behavioural"
    SITUATIONAL = "situational"
    TECHNICAL = "technical"
    WORK_SAMPLE = "work-sample"


MINUTES = {
    QuestionType.BEHAVIOURAL: 10,
    QuestionType.SITUATIONAL: 10,
    QuestionType.TECHNICAL: 12,
    QuestionType.WORK_SAMPLE: 25,
}

# Words that grade instead of describing. An anchor made of them means something else to every rater.
_GRADING_WORDS = """
good great excellent outstanding exceptional poor bad weak strong solid sound adequate satisfactory acceptable basic
advanced deep shallow limited broad thorough comprehensive clear unclear vague strongly weakly well badly very fully
partly mostly somewhat quite highly extremely really understanding understands knowledge knows skill skills skilled
ability able capable competent expert expertise experienced proficient demonstrates displays shows exhibits
communicates communication effectively efficiently appropriately correctly answer answers level quality impressive
convincing sufficient insufficient lacks lacking
"""
GRADING = frozenset(_GRADING_WORDS.split())
_STOP_WORDS = """
a an the and or but of to in on at by for with without from as it its is are was were be been what which who that this
these those they them their he she not no nor so than then also only one two three all each any some how when where why
would could should may can will has have had do does did if into out up off over after before again about more most
less least too there here
"""
_STOP = frozenset(_STOP_WORDS.split())
HANDS_OVER = re.compile(r"\b(here is|here are|this page|this small)\b", re.IGNORECASE)
# What may not be asked anywhere we know of; a question that comes near is a fault of ours.
PRIVATE = re.compile(
    r"\b(married|marriage|husband|wife|children|pregnan\w*|religio\w*|church|nationality|native|accent|how old|"
    r"your age|birth\w*|disabilit\w*|your health|illness|politic\w*|union member|criminal|arrest\w*|salary history|"
    r"current salary)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class InterviewQuestion:
    """One question. `anchors` hold four behaviours, from rating 1 to 4; `levels` are ids in order of rank."""

    id: str
    competency: str
    type: QuestionType
    levels: tuple[str, ...]
    text: str
    anchors: tuple[str, ...]
    scope: str = "any"
    covers: tuple[str, ...] = ()
    minutes: int = 10
    edition: int = 1
    material: str = ""
    for_interviewer: str = ""

    def fits(self, *, level: str | None, infra_share: float | None) -> bool:
        """Whether it suits a level and a share of infrastructure in percent; what is not known excludes nothing."""
        if level is not None and level not in self.levels:
            return False
        if infra_share is None or self.scope == "any":
            return True
        return infra_share >= 50 if self.scope == "infrastructure" else infra_share <= 50


@dataclass(frozen=True, slots=True)
class QuestionProblem:
    """What is wrong with a question of a library. `rule` names the kind."""

    question: str
    rule: str
    says: str


@cache
def library() -> tuple[InterviewQuestion, ...]:
    """The questions that ship, in the order of the files."""
    folder = files("tenfold.practices.interviews") / "data" / "questions"
    found: list[InterviewQuestion] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            found += _parse(file.read_text("utf-8"), file.name)
    return tuple(found)


def read_questions(path: Path) -> tuple[InterviewQuestion, ...]:
    """The operator's own questions, by the same format and the same rules.

    Raises:
        UserError: the file cannot be read, or a question breaks a rule; all problems at once.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"This file of questions cannot be read: {error}.", remedy="Check the path.", place=Place(file=str(path))
        ) from None
    return parse_questions(text, str(path))


def parse_questions(text: str, name: str) -> tuple[InterviewQuestion, ...]:
    """Own questions from TOML; `name` is how the place of a problem is called. Raises UserError as `read_questions`."""
    found = _parse(text, name)
    if problems := lint([*library(), *found], only={one.id for one in found}):
        raise InputProblems([UserError(f"{one.question}: {one.says}", place=Place(file=name)) for one in problems])
    return tuple(found)


def material_text(question: InterviewQuestion) -> str:
    """What the candidate gets with the question; empty where there is nothing, or it is the operator's own."""
    file = files("tenfold.practices.interviews") / "data" / "materials" / question.material
    return file.read_text("utf-8") if question.material and file.is_file() else ""


def lint(questions: Sequence[InterviewQuestion], *, only: set[str] | None = None) -> list[QuestionProblem]:
    """Everything that is wrong with these questions, or with those named in `only`."""
    found: list[QuestionProblem] = []
    seen: dict[str, str] = {}
    for one in questions:
        mine: list[tuple[str, str]] = [*_form(one), *_anchors(one)]
        for key in (f"id {one.id}", f"text {' '.join(_words(one.text))}"):
            if key in seen:
                mine.append(("duplicate", f"its {key.partition(' ')[0]} is that of {seen[key]}"))
            seen.setdefault(key, one.id)
        found += [QuestionProblem(one.id, rule, says) for rule, says in mine if only is None or one.id in only]
    return found


def is_generic(anchor: str) -> bool:
    """Whether an anchor grades instead of describing: little is left without the words that grade."""
    words = [word for word in _words(anchor) if word not in _STOP]
    grading = sum(word in GRADING for word in words)
    return len(words) - grading < 3 or 3 * grading > len(words)


def is_same_behaviour(one: str, other: str) -> bool:
    """Whether two anchors describe the same but for words that grade."""
    a, b = (_content(anchor) for anchor in (one, other))
    return bool(a | b) and len(a & b) / len(a | b) >= SAME_BEHAVIOUR


def levels_between(spelled: str) -> tuple[str, ...]:
    """`junior-senior` as ids; an unknown level is a `ValueError`."""
    order = list(catalogue().levels)
    first, _, last = spelled.partition("-")
    start, end = order.index(first), order.index(last or first)
    return tuple(order[start : end + 1])


def _parse(text: str, name: str) -> list[InterviewQuestion]:
    place = Place(file=name)
    try:
        tables = tomli.loads(text).get("question", [])
    except (ValueError, RecursionError) as error:
        raise UserError(f"This is not valid TOML: {error}", remedy="Correct that line.", place=place) from None
    if not isinstance(tables, list) or not tables:
        raise UserError("There is no [[question]] here.", remedy="Copy one from the library.", place=place)
    return [_question(table, name) for table in tables]


def _question(table: Mapping[str, Any], name: str) -> InterviewQuestion:
    place = Place(file=name, field=str(table.get("id", "a question without an id")))
    if unknown := sorted(table.keys() - KEYS):
        raise UserError(f"Unknown key “{unknown[0]}”.", remedy=f"One of {', '.join(sorted(KEYS))}.", place=place)
    try:
        kind = QuestionType(table["type"])
        return InterviewQuestion(
            id=str(table["id"]),
            competency=str(table["competency"]),
            type=kind,
            levels=levels_between(table["levels"]),
            text=" ".join(str(table["text"]).split()),
            anchors=tuple(" ".join(str(anchor).split()) for anchor in table["anchors"]),
            scope=str(table.get("scope", "any")),
            covers=tuple(table.get("covers", ())),
            minutes=int(table.get("minutes", MINUTES[kind])),
            edition=int(table.get("edition", 1)),
            material=str(table.get("material", "")),
            for_interviewer=" ".join(str(table.get("for_interviewer", "")).split()),
        )
    except KeyError as error:
        raise UserError(f"The key {error} is missing.", remedy="See the library's questions.", place=place) from None
    except (TypeError, ValueError) as error:
        raise UserError(
            f"A value cannot be used: {error}.", remedy="See the library's questions.", place=place
        ) from None


def _form(one: InterviewQuestion) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id):
        yield "id", "an id is lower-case words joined by hyphens"
    if one.competency not in catalogue().competencies:
        yield "competency", f"“{one.competency}” is no competency of the catalogue"
    if one.scope not in SCOPES:
        yield "scope", f"“{one.scope}” is no scope; one of {', '.join(SCOPES)}"
    if unknown := [part for part in one.covers if part not in COVERS]:
        yield "covers", f"“{unknown[0]}” is not known; one of {', '.join(COVERS)}"
    if not 5 <= one.minutes <= 60:
        yield "minutes", "a question takes 5 to 60 minutes"
    if len(_words(one.text)) < SHORTEST_TEXT:
        yield "text", "the question is too short to be asked alike by everyone"
    if re.search(r"\((interviewer|hint|answer)", one.text, re.IGNORECASE):
        yield "aside", "what only the interviewer may know belongs into `for_interviewer`"
    if HANDS_OVER.search(one.text) and not one.material:
        yield "material", "the candidate is handed something, and `material` names no file"
    if PRIVATE.search(" ".join((one.text, *one.anchors))):
        yield "private", "it comes near what may not be asked"


def _anchors(one: InterviewQuestion) -> Iterator[tuple[str, str]]:
    if len(one.anchors) != len(RATINGS):
        yield "anchors", f"it has {len(one.anchors)} anchors and needs four"
    for rating, anchor in zip(RATINGS, one.anchors, strict=False):
        if is_generic(anchor):
            yield "generic", f"the anchor of {rating} grades instead of describing: “{anchor}”"
        elif len(_words(anchor)) < SHORTEST_ANCHOR:
            yield "short", f"the anchor of {rating} is too short to be seen: “{anchor}”"
    for low in range(len(one.anchors)):
        for high in range(low + 1, len(one.anchors)):
            if is_same_behaviour(one.anchors[low], one.anchors[high]):
                yield "same", f"the anchors of {low + 1} and {high + 1} describe the same behaviour"


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.casefold())


def _content(text: str) -> set[str]:
    return {word for word in _words(text) if word not in _STOP and word not in GRADING}
