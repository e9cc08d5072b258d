"""Job boards. Each fixture is ours; its shape follows the public document that is named beside it."""

import json

import pytest

from tenfold.kit.errors import UserError
from tenfold.posting.boards import postings_of
from tenfold.posting.reading import read_source

# Shape: Greenhouse Job Board API, "List jobs" with content=true, and "Retrieve a job" with pay_transparency=true.
GREENHOUSE = {
    "jobs": [
        {
            "id": 127817,
            "title": "MLOps Engineer",
            "location": {"name": "Denver, CO"},
            "absolute_url": "https://boards.example.org/quartz/127817",
            "content": "&lt;h3&gt;Requirements&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;Kubernetes, MLflow&lt;/li&gt;&lt;/ul&gt;",
            "pay_input_ranges": [
                {"min_cents": 15000000, "max_cents": 19000000, "currency_type": "USD", "title": "Base"}
            ],
        }
    ],
    "meta": {"total": 1},
}
# Shape: Lever Postings API, GET /v0/postings/SITE?mode=json.
LEVER = [
    {
        "id": "5ac21346",
        "text": "Senior MLOps Engineer",
        "categories": {"location": "Berlin", "commitment": "Full-time", "team": "Platform"},
        "description": "<p>We forecast wind.</p>",
        "lists": [{"text": "Requirements", "content": "<li>Python and KServe</li>"}],
        "additional": "",
        "hostedUrl": "https://jobs.example.org/quartz/5ac21346",
        "workplaceType": "hybrid",
        "salaryRange": {"currency": "EUR", "interval": "per-year-salary", "min": 80000, "max": 95000},
    }
]
# Shape: Ashby Job Postings API, /posting-api/job-board/NAME?includeCompensation=true.
ASHBY = {
    "apiVersion": "1",
    "jobs": [
        {"title": "Hidden", "isListed": False, "descriptionHtml": "<p>No</p>"},
        {
            "title": "ML Platform Engineer",
            "location": "Toronto",
            "isListed": True,
            "isRemote": True,
            "descriptionHtml": "<h2>What you bring</h2><ul><li>Terraform and Go</li></ul>",
            "employmentType": "FullTime",
            "jobUrl": "https://jobs.example.org/quartz/7",
            "compensation": {
                "compensationTiers": [
                    {
                        "components": [
                            {
                                "compensationType": "Salary",
                                "interval": "1 YEAR",
                                "currencyCode": "CAD",
                                "minValue": 140000,
                                "maxValue": 170000,
                            },
                            {
                                "compensationType": "EquityPercentage",
                                "interval": "NONE",
                                "minValue": 0.1,
                                "maxValue": 0.2,
                            },
                        ]
                    }
                ]
            },
        },
    ],
}
# Shape: schema.org JobPosting as in Google's structured-data guide.
PAGE = """<html><head><script type="application/ld+json">
{"@context": "https://schema.org/", "@type": "JobPosting", "title": "MLOps Engineer",
 "description": "<h2>Requirements</h2><ul><li>Ray and Kubernetes</li></ul>", "datePosted": "2026-11-01",
 "hiringOrganization": {"@type": "Organization", "name": "Quartz Labs"}, "jobLocationType": "TELECOMMUTE",
 "baseSalary": {"@type": "MonetaryAmount", "currency": "USD",
  "value": {"@type": "QuantitativeValue", "minValue": 150000, "maxValue": 180000, "unitText": "YEAR"}}}
</script></head><body><nav>Jobs</nav></body></html>"""


@pytest.mark.parametrize(
    ("document", "board", "tools", "pay", "workplace"),
    [
        (json.dumps(GREENHOUSE), "greenhouse", {"Kubernetes", "MLflow"}, (150_000, 190_000, "USD"), None),
        (json.dumps(LEVER), "lever", {"Python", "KServe"}, (80_000, 95_000, "EUR"), "hybrid"),
        (json.dumps(ASHBY), "ashby", {"Terraform", "Go"}, (140_000, 170_000, "CAD"), "remote"),
        (PAGE, "json-ld", {"Ray", "Kubernetes"}, (150_000, 180_000, "USD"), "remote"),
    ],
)
def test_a_boards_posting_is_read(
    document: str, board: str, tools: set[str], pay: tuple[float, float, str], workplace: str | None
) -> None:
    (posting,) = postings_of(document)
    reading = read_source(posting.source, name=posting.id)
    assert posting.board == board
    assert {tool.name for tool in reading.tools} == tools
    assert reading.pay is not None
    assert (reading.pay.min, reading.pay.max, reading.pay.currency) == pay
    assert (reading.workplace.value if reading.workplace else None) == workplace
    assert reading.title is not None
    assert "Engineer" in reading.title.value


@pytest.mark.parametrize(
    "document", ["{}", "[1, 2]", "nonsense", '{"jobs": "no"}', "<html><body>no job</body></html>", "[" * 100_000]
)
def test_what_is_no_board_is_told_so(document: str) -> None:
    with pytest.raises(UserError):
        postings_of(document)


def test_odd_values_in_a_board_do_no_harm() -> None:
    odd = {
        "jobs": [{"title": 5, "content": None, "location": "x", "pay_input_ranges": [{"min_cents": "a"}]}, "no", None]
    }
    assert len(postings_of(json.dumps(odd))) == 1
