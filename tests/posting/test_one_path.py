"""Boards' files and pages with fields: read, import and audit see the same posting; what is not read is named."""

import json

import pytest

from tenfold.audit.intake import take_bytes
from tenfold.kit.errors import UserError
from tenfold.posting.boards import postings_of
from tenfold.posting.reading import read, read_source
from tenfold.posting.record import record

ASKED = "<ul><li>Python</li><li>Kubernetes</li></ul>"
PAY = {"min": "71000", "max": "84000", "currency": "EUR", "period": "year"}
LINKED = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "ML Infrastructure Engineer",
    "description": "&lt;p&gt;You build the training clusters of a weather service.&lt;/p&gt;",
    "responsibilities": "Run the GPU clusters&nbsp;Write the job scheduler",
    "qualifications": ["Kubernetes", "C++ for low-level work"],
    "skills": "PyTorch, Slurm",
    "experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 60},
    "hiringOrganization": {"name": "Aster"},
    "baseSalary": {"@type": "MonetaryAmount", "currency": "USD", "minValue": 181000, "maxValue": 232000},
    "jobLocation": [
        {"address": {"addressLocality": "Austin", "addressRegion": "TX", "addressCountry": {"name": "USA"}}},
        {"address": {"addressLocality": "Denver", "addressRegion": "CO", "addressCountry": "US"}},
    ],
}
PAGE = f'<html><head><script type="application/ld+json">{json.dumps(LINKED)}</script></head><body>Loading</body></html>'
PERSONIO = f"""<?xml version="1.0" encoding="UTF-8"?><workzag-jobs><position><id>7</id><name>MLOps Engineer</name>
<office>Berlin</office><schedule>full-time</schedule><yearsOfExperience>2-5</yearsOfExperience><jobDescriptions>
<jobDescription><name>Your mission</name><value><![CDATA[<p>You run KServe.</p>]]></value></jobDescription>
<jobDescription><name>Your profile</name><value><![CDATA[{ASKED}]]></value></jobDescription>
</jobDescriptions></position></workzag-jobs>"""
BOARDS = {
    "workable": json.dumps(
        {
            "name": "Aster",
            "jobs": [{"title": "MLOps Engineer", "shortcode": "A1", "telecommuting": True, "description": ASKED}],
        }
    ),
    "smartrecruiters": json.dumps(
        {
            "id": "9",
            "name": "MLOps Engineer",
            "company": {"name": "Aster"},
            "location": {"city": "Berlin", "country": "de"},
            "jobAd": {"sections": {"qualifications": {"title": "Qualifications", "text": ASKED}}},
        }
    ),
    "recruitee": json.dumps(
        {"offers": [{"title": "MLOps Engineer", "hybrid": True, "requirements": ASKED, "salary": PAY}]}
    ),
    "workday": json.dumps(
        {
            "jobPostingInfo": {
                "title": "MLOps Engineer",
                "jobDescription": ASKED,
                "location": "US, CA, Santa Clara",
                "remoteType": "Hybrid",
            },
            "hiringOrganization": {"name": "Aster"},
        }
    ),
    "personio": PERSONIO,
    "rippling": json.dumps([{"uuid": "1", "name": "MLOps Engineer", "description": {"role": ASKED}}]),
    "remoteok": json.dumps([{"legal": "terms"}, {"position": "MLOps Engineer", "company": "A", "description": ASKED}]),
}


@pytest.mark.parametrize("board", BOARDS)
def test_a_boards_file_is_known_and_its_text_read(board: str) -> None:
    (found,) = postings_of(BOARDS[board])
    reading = read_source(found.source)
    assert found.board == board
    assert reading.title is not None
    assert reading.title.value == "MLOps Engineer"
    assert {"Python", "Kubernetes"} <= {tool.name for tool in reading.tools}


@pytest.mark.parametrize("document", [*BOARDS.values(), PAGE], ids=[*BOARDS, "json-ld"])
def test_read_import_and_audit_see_the_same(document: str) -> None:
    (found,) = postings_of(document)
    imported, direct = record(read_source(found.source)), record(read(document))
    audited = take_bytes(document.encode(), name="posting.json").reading
    assert direct == imported
    assert audited is not None
    assert record(audited) | {"id": ""} == direct | {"id": ""}


def test_every_field_of_linked_data_that_holds_text_is_read() -> None:
    reading = read(PAGE)
    assert {tool.name for tool in reading.tools} >= {"Kubernetes", "C++", "PyTorch", "Slurm"}
    assert reading.years_min is not None
    assert reading.years_min.value == 5
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max, reading.pay.currency) == (181_000, 232_000, "USD")
    assert {place.subdivision for place in reading.places} == {"US-TX", "US-CO"}
    assert "Write the job scheduler" in reading.text.split("\n- ")[2] or "Write the job scheduler" in reading.text
    assert reading.fields_not_read == ()


@pytest.mark.parametrize(
    "salary",
    [
        {"currency": "EUR", "value": {"minValue": 70000, "maxValue": 90000, "unitText": "year"}},
        {"currency": "EUR", "minValue": "70000", "maxValue": "90000", "unitText": "YEAR"},
        [{"currency": "EUR", "value": {"minValue": 70000, "maxValue": 90000}}],
        "€70,000 - €90,000 per year",
    ],
)
def test_base_pay_in_all_its_shapes(salary: object) -> None:
    pay = read(json.dumps({"@type": "JobPosting", "title": "Engineer", "description": "x", "baseSalary": salary})).pay
    assert pay is not None
    assert (pay.min, pay.max, pay.currency, pay.period) == (70_000, 90_000, "EUR", "YEAR")


def test_a_field_of_text_that_is_not_read_is_named() -> None:
    job = {"title": "Engineer", "shortcode": "A", "description": ASKED, "mission": "We count birds in seven countries"}
    reading = read(json.dumps({"jobs": [job]}))
    assert reading.fields_not_read == (("mission", "We count birds in seven countries"),)


def test_several_postings_in_one_document_are_taken_apart_first() -> None:
    two = json.dumps([{"uuid": "1", "name": "A"}, {"uuid": "2", "name": "B"}])
    with pytest.raises(UserError, match="holds 2 postings"):
        read(two)


def test_json_of_no_board_is_refused_and_markdown_that_begins_with_a_bracket_is_not() -> None:
    with pytest.raises(UserError, match="no job board"):
        read('{"a": 1}')
    assert read("[MLOps Engineer](https://example.test)\n\n## Requirements\n\n- Python\n").tools
