"""All that a posting states of a plan, beside what the reader's own fields hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.kit.expressions import Expression
from tenfold.posting.model import PostingReading, SectionKind
from tenfold.posting.pay_history import pay_history_questions
from tenfold.posting.stated.company import company_answers
from tenfold.posting.stated.employer import employer_answer
from tenfold.posting.stated.hiring import hiring_answers, said_together
from tenfold.posting.stated.labels import label_answers, writer_answers
from tenfold.posting.stated.phrases import Sentence, StatedAnswer, answer, first_of_each, sentences
from tenfold.posting.stated.questions import question_answers, question_sentences
from tenfold.posting.stated.work import work_answers

_NOT_ASKED = Expression(
    r"\b(?:never|do\s+not|does\s+not|don['’]t|doesn['’]t|will\s+not|won['’]t|nor)\s+(?:ask|[ie]nquire)\b[^.;]{0,40}\b(?:earn|salary"
    r"|salaries|pay|compensation|paid|make|made)\b",
    re.IGNORECASE,
)
_NO_DEGREE = Expression(
    r"\b(?:no|without\s+an?)\s+(?:university\s+|college\s+|formal\s+)?degree\s+(?:is"
    r"\s+)?(?:needed|required|req['’]d|necessary)|\bdegree\s+(?:is\s+)?not\s+(?:needed|required"
    r"|necessary)"
    r"|\b(?:do\s+not|don['’]t)\s+(?:look\s+at|ask\s+for|care\s+about)\s+(?:diplomas|degrees|titles)"
    r"|\b(?:do\s+not|don['’]t)\s+(?:care|mind)\s+(?:whether|if|where)\s+you\s+(?:went\s+to|have\s+been\s+to|finished|have)\s+"
    r"(?:college|university|school|an?\s+degree)"
    r"|\b(?:do\s+not|don['’]t)\s+(?:need|require)\s+an?\s+(?:\w+\s+)?degree",
    re.IGNORECASE,
)
_PROJECTS = Expression(
    r"\b(?:first|your)[\s-](?:\w+\s+)?year['’]?s?\s+projects?\s*(?::|are|will\s+be|include)\s*(?P<what>.+)$"
    r"|\b(?:in|during|over)\s+(?:your|the)\s+first\s+(?:year|12\s+months|twelve\s+months|six\s+months)\b,?"
    r"(?:\s+you(?:['’]ll|\s+will))?\s*:?\s+(?P<then>(?=[^.]*,)[^.]+)",
    re.IGNORECASE,
)
_PROJECT_TOPIC = Expression(
    r"\b(?:projects|first\s+(?:year|12\s+months|six\s+months|90\s+days)|what\s+you(?:['’]ll|\s+will)\s+ship)\b"
)
MAX_PROJECTS = 12
TEAM_PART = 10


def stated_answers(reading: PostingReading) -> tuple[StatedAnswer, ...]:
    """One answer a field, in the order in which they were found; none where the language is not read."""
    told = sentences(reading)
    day_first = not any(place.country == "US" for place in reading.places)
    found = (
        *employer_answer(reading, told),
        *company_answers(told),
        *work_answers(told),
        *hiring_answers(told, day_first=day_first),
        *label_answers(told),
        *writer_answers(told),
        *question_answers(told),
        *said_together(question_sentences(reading, told), day_first=day_first),
        *_projects(told),
        *_promises(reading, told),
    )
    return first_of_each(_without_teams(found))


def _without_teams(found: tuple[StatedAnswer, ...]) -> Iterator[StatedAnswer]:
    """Of several counts of people, one that is less than a tenth of the largest is of a team, not of the company."""
    largest = max((one.value for one in found if one.field == "company.employees"), default=0)
    for one in found:
        if one.field != "company.employees" or one.value * TEAM_PART >= largest:
            yield one


def _promises(reading: PostingReading, told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    for question in pay_history_questions(reading):
        yield StatedAnswer("pay.asks_pay_history", True, question.start, question.end)
    for sentence in told:
        if match := _NOT_ASKED.search(sentence.text):
            yield answer("pay.asks_pay_history", False, sentence, match)
        if match := _NO_DEGREE.search(sentence.text):
            yield answer("requirements.degree", "no", sentence, match)


def _projects(told: tuple[Sentence, ...]) -> Iterator[StatedAnswer]:
    bullets = [one for one in told if one.is_bullet and _PROJECT_TOPIC.search(one.topic)]
    if bullets and all(one.kind is not SectionKind.MUST for one in bullets):
        end = bullets[-1].start + len(bullets[-1].text)
        items = [" ".join(one.text.split()).rstrip(".;,") for one in bullets]
        yield StatedAnswer("role.projects", items[:MAX_PROJECTS], bullets[0].start, end)
        return
    for sentence in told:
        if match := _PROJECTS.search(" ".join(sentence.text.split())):
            what = match["what"] or match["then"]
            parts = re.split(r",\s+(?:and\s+)?|\s+and\s+(?=an?\s)", what.rstrip("."))
            items = [part.strip() for part in parts if len(part.split()) > 1]
            yield answer("role.projects", [one[:1].upper() + one[1:] for one in items[:MAX_PROJECTS]], sentence)
            return
