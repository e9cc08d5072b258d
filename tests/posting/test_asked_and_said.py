"""Questions for present pay, on-call around the clock, years older than a field, gender markers, European level words.

Cases are made from parts, so that none of them was there to be tuned to; a denial is the same case with a word more.
"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalogue.titles import read_title
from tenfold.kit.facts import Evidence
from tenfold.posting.gender_marker import gender_marker, is_gender_neutral, masculine_form, without_gender_marker
from tenfold.posting.lint import lint_posting
from tenfold.posting.model import PostingReading
from tenfold.posting.pay_history import pay_history_questions
from tenfold.posting.reading import read
from tenfold.posting.round_the_clock import round_the_clock_on_call
from tenfold.posting.young_fields import FieldYears, _fields, field_years


def posting(line: str, *, title: str = "MLOps Engineer", bullet: str = "- ") -> PostingReading:
    return read(f"# {title}\n\nWe plan parcel routes.\n\n## How we work\n\n{bullet}{line}\n\nMore about us.\n")


# Present and past pay -----------------------------------------------------------------------------------------

ENGLISH_ASKS = (
    "Please share your {}",
    "Send us your CV and {}",
    "Include your {} in the cover letter",
    "What is your {}?",
    "Mention your {} and notice period",
    "Applications must state {}",
)
ENGLISH_PAY = (
    "current salary",
    "current CTC",
    "present compensation",
    "last drawn salary",
    "previous annual salary",
    "salary history",
    "current base pay",
)
OTHER_ASKS = (
    ("Bitte teilen Sie uns Ihr {} mit", ("aktuelles Gehalt", "derzeitiges Jahresgehalt", "bisheriges Bruttogehalt")),
    ("Bewerbung unter Angabe Ihres {}", ("aktuellen Gehalts", "jetzigen Einkommens")),
    ("Merci d'indiquer votre {}", ("salaire actuel", "rémunération actuelle", "dernier salaire")),
    ("Indique su {}", ("salario actual", "último sueldo")),
    ("Indicare la {}", ("retribuzione attuale", "RAL attuale")),
    ("Vermeld je {}", ("huidige salaris", "laatste loon")),
)
ASKED = [ask.format(pay) for ask, pay in product(ENGLISH_ASKS, ENGLISH_PAY)] + [
    ask.format(pay) for ask, nouns in OTHER_ASKS for pay in nouns
]
FIELDS = (
    "Current CTC:",
    "Current salary (gross):",
    "Current & Expected CTC",
    "Present salary*",
    "Last drawn salary: ____",
)
NOT_ASKED = (
    "We will not ask for your {}",
    "We never ask candidates for their {}",
    "Please do not send your {}",
    "Our offer does not depend on your {}, so there is no need to share your {}",
    "We decide without your {}",
    "Offers are made regardless of {}",
)


@pytest.mark.parametrize("line", [*ASKED, *FIELDS])
def test_a_question_for_present_pay_is_found_and_quoted(line: str) -> None:
    reading = posting(line)
    found = pay_history_questions(reading)
    assert found, line
    assert all(reading.text[said.start : said.end] == said.value for said in found)
    assert all(said.value in line for said in found)


@pytest.mark.parametrize(("denial", "pay"), list(product(NOT_ASKED, ENGLISH_PAY)))
def test_a_promise_not_to_ask_is_no_question(denial: str, pay: str) -> None:
    assert pay_history_questions(posting(denial.replace("{}", pay))) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Please share your salary expectations",
        "Please state your current salary expectations",
        "Bitte nennen Sie Ihre Gehaltsvorstellung",
        "Merci d'indiquer vos prétentions salariales",
        "The current salary range for this role is $172,000 to $206,000",
        "Current Salary/OTE Ranges (subject to change): $193,000 to $240,000",
        "We share our current compensation philosophy with everyone",
        "Current pay transparency laws require a range; please ask us about it",
        "Build the payroll that shows employees their current pay details",
    ],
)
def test_expected_pay_and_the_employers_own_are_no_question(line: str) -> None:
    assert pay_history_questions(posting(line)) == ()


# On-call around the clock -------------------------------------------------------------------------------------

CLOCKS = ("24/7", "24x7", "24 x 7", "round-the-clock", "around-the-clock", "24x7x365")
ON_CALL = (
    "Participate in a {} on-call rotation",
    "Join the {} on call rota",
    "{} standby every fourth week",
    "Carry a {} pager",
)
ELSEWHERE = (
    "Nimm an der {} Rufbereitschaft teil",
    "Be available {} for incidents",
    "Take part in an on-call rotation for {} coverage",
)


@pytest.mark.parametrize(("line", "clock"), list(product((*ON_CALL, *ELSEWHERE), CLOCKS)))
def test_on_call_around_the_clock_is_found(line: str, clock: str) -> None:
    reading = posting(line.format(clock))
    said = round_the_clock_on_call(reading)
    assert said is not None
    assert clock in reading.text[said.start : said.end]


@pytest.mark.parametrize(("line", "clock"), list(product(ON_CALL, CLOCKS)))
@pytest.mark.parametrize("denial", ["There is no duty to: {}", "You will never be asked to: {}", "Instead of this: {}"])
def test_what_is_denied_is_not_said(line: str, clock: str, denial: str) -> None:
    assert round_the_clock_on_call(posting(denial.format(line.format(clock)))) is None


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize(
    "line",
    [
        "Keep a {} platform healthy",
        "Our service is available {}",
        "An {} employee help line",
        "{} monitoring of production",
        "Business-hours on-call. Our customers work {}",
    ],
)
def test_a_system_that_runs_around_the_clock_is_nobodys_duty(line: str, clock: str) -> None:
    assert round_the_clock_on_call(posting(line.format(clock))) is None


# Years older than a field -------------------------------------------------------------------------------------

SPELLINGS = {
    "llm": ("LLMs in production", "large language models", "LLM-based applications", "LLM inference"),
    "rag": ("RAG pipelines", "retrieval-augmented generation"),
    "prompting": ("prompt engineering",),
    "agents": ("agentic AI", "LLM agents"),
    "transformers": ("transformer models",),
    "mlops": ("MLOps", "feature stores"),
}
PHRASES = (
    "{n}+ years of {f}",
    "{n} years of experience with {f}",
    "At least {n} years of hands-on experience building {f}",
    "{n}-15 years working with {f}",
    "{F}: {n}+ years",
    "{F} ({n}+ years)",
)
CASES = [(id_, spelling) for id_, spellings in SPELLINGS.items() for spelling in spellings]


def one(line: str) -> FieldYears:
    (found,) = field_years(posting(line))
    return found


@given(
    case=st.sampled_from(CASES), phrase=st.sampled_from(PHRASES), years=st.integers(1, 15), now=st.integers(2024, 2035)
)
def test_years_are_impossible_beyond_the_first_of_a_field(
    case: tuple[str, str], phrase: str, years: int, now: int
) -> None:
    id_, spelling = case
    found = one(phrase.format(n=years, f=spelling, F=spelling[:1].upper() + spelling[1:]))
    assert (found.field.id, found.years.value) == (id_, years)
    sure = found.field.evidence is not Evidence.UNCONFIRMED
    assert found.is_impossible(now) == (sure and years > now - found.field.first)
    assert found.is_rare(now) == (years > now - found.field.common)


@pytest.mark.parametrize("spelling", [spelling for _, spelling in CASES])
@pytest.mark.parametrize(
    "line",
    [
        "10+ years of experience in software engineering, some of it with {}",
        "12 years in operations. {} since last year",
        "10 years of Python, and curiosity about {}",
        "We have built {} since our founding 11 years ago",
    ],
)
def test_years_of_something_else_are_not_the_fields(line: str, spelling: str) -> None:
    assert field_years(posting(line.format(spelling))) == ()


def test_every_field_is_dated_and_one_that_decides_names_its_source() -> None:
    for field, _ in _fields():
        assert field.first <= field.common
        assert field.source or not field.evidence.may_decide, field.id


# Gender markers -----------------------------------------------------------------------------------------------

MARKERS = (
    *(
        "(m/w/d)",
        "(w/m/d)",
        "(f/m/d)",
        "(m/f/x)",
        "(M/F/D)",
        "(m|w|d)",
        "(d/f/m)",
        "(H/F)",
        "(F/H/X)",
        "(k/m)",
        "(m/v/x)",
    ),
    *("(all genders)", "(gn)", "[m/w/d]", "m/w/d", "(m, w, d)", "(alle Geschlechter)"),
)
TITLES = (
    "MLOps Engineer",
    "Senior Machine Learning Engineer",
    "Data Engineer",
    "Softwareentwickler KI",
    "Ingénieur MLOps",
)
BODY = """

Berlin, Germany. Hybrid.

## What you will do

- Run KServe and MLflow for twelve models, with canary releases.
- Monitor drift with Evidently.

## Requirements

- 5 years of Python
- Kubernetes
"""


@pytest.mark.parametrize(("title", "marker"), list(product(TITLES, MARKERS)))
def test_a_marker_changes_nothing_that_is_read_and_is_no_fault(title: str, marker: str) -> None:
    plain, marked = read(f"# {title}{BODY}"), read(f"# {title} {marker}{BODY}")
    assert gender_marker(f"{title} {marker}") is not None
    assert without_gender_marker(f"{title} {marker}") == title
    assert read_title(f"{title} {marker}") == read_title(title)
    assert [place.id for place in marked.places] == [place.id for place in plain.places]
    assert (marked.level and marked.level.value) == (plain.level and plain.level.value)
    assert marked.family.value == plain.family.value
    assert [remark.rule for remark in lint_posting(marked)] == [remark.rule for remark in lint_posting(plain)]
    assert is_gender_neutral(marked) is True


@pytest.mark.parametrize(
    "title",
    [
        "ML Engineer (I/II)",
        "Engineer (MLOps)",
        "Platform Engineer (AWS/GCP)",
        "R&D Engineer",
        "Engineer, ML/AI",
        "M/L Engineer",
    ],
)
def test_other_brackets_are_no_marker(title: str) -> None:
    assert gender_marker(title) is None
    assert without_gender_marker(title) == title


@pytest.mark.parametrize("noun", ["Softwareentwickler", "MLOps-Ingenieur", "Datenwissenschaftler", "Teamleiter"])
def test_a_masculine_title_is_open_to_all_by_a_marker_or_an_inclusive_form(noun: str) -> None:
    assert masculine_form(noun) == noun
    for open_form in (f"{noun} (m/w/d)", f"{noun}*in", f"{noun}:in", f"{noun}/-in", f"{noun}(in)", f"{noun}In"):
        assert masculine_form(open_form) == "", open_form
    assert is_gender_neutral(posting("x", title=noun)) is False


# European level words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("Mittleres Level", "mid"),
        ("Mittlere Ebene", "mid"),
        ("Berufserfahrene", "mid"),
        ("confirmé", "mid"),
        ("Medior", "mid"),
        ("Semi-Senior", "mid"),
        ("nivel medio", "mid"),
        ("Berufseinsteiger", "junior"),
        ("débutant", "junior"),
        ("Absolvent", "junior"),
        ("erfahrener", "senior"),
        ("expérimenté", "senior"),
        ("Sénior", "senior"),
        ("Senior", "senior"),
    ],
)
@pytest.mark.parametrize(
    "text", ["# MLOps Engineer (m/w/d) — {}\n\nBerlin\n", "# MLOps Engineer\n\nLevel: {}\n\nBerlin\n"]
)
def test_level_words_of_europe_are_understood(words: str, level: str, text: str) -> None:
    found = read(text.format(words)).level
    assert found is not None
    assert found.value == level
    assert read_title(f"MLOps Engineer {words}").level in (level, None if words == "nivel medio" else level)
