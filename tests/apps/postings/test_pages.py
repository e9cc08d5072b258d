"""Postings: in from outside, read, judged, written, and open to candidates."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.services import approve
from tenfold.apps.postings.forms import incoming
from tenfold.apps.postings.presenters.highlights import Kind, highlight
from tenfold.apps.postings.presenters.writing import render_formats
from tenfold.apps.postings.services import close, publish
from tenfold.core.fetching import Fetched, Fetcher
from tenfold.core.models import AuditEntry
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.public_page import linked_data
from tenfold.posting.reading import read
from tests.company import GOOD_PLAN, NOW, Company
from tests.conftest import EXAMPLES

POSTING = (EXAMPLES / "posting_with_faults.md").read_text(encoding="utf-8")
BOARD = {
    "jobs": [
        {
            "id": number,
            "title": title,
            "content": f"&lt;p&gt;Run models.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;{tool}&lt;/li&gt;&lt;/ul&gt;",
            "location": {"name": "Denver, CO"},
            "absolute_url": f"https://boards.example/{number}",
        }
        for number, title, tool in ((11, "MLOps engineer", "Kubernetes"), (12, "Data engineer", "Airflow"))
    ]
}


@pytest.fixture
def manager(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("hiring-manager")


# The reader --------------------------------------------------------------------------------------


def test_every_marked_place_says_what_was_read_and_the_words_stay_as_they_are() -> None:
    reading = read(POSTING)
    shown = highlight(reading)
    assert ["".join(piece.text for piece in line.pieces) for line in shown.lines] == [
        reading.text[line.start : line.end] for line in reading.lines
    ]
    said = {piece.text: piece.read.said for line in shown.lines for piece in line.pieces if piece.read}
    assert said["Kubernetes"] == "Kubernetes: must have"
    assert said["MLOps Engineer"] == "Title"
    assert {one.kind for one in shown.kinds} >= {Kind.MUST, Kind.PERSON, Kind.WORK, Kind.PLACE, Kind.NAME}


def test_every_mark_leads_to_its_row_in_the_list(manager: Client) -> None:
    page = manager.post(reverse("reader"), {"text": POSTING}).content.decode()
    leads = set(re.findall(r'class="read-mark [a-z]+"\s+href="#([\w-]+)"', page))
    assert leads
    assert leads <= set(re.findall(r'id="([\w-]+)"', page))


def test_what_is_read_is_not_kept_and_can_become_a_plan(manager: Client) -> None:
    page = manager.post(reverse("reader"), {"text": POSTING}).content.decode()
    assert "not stored" in page
    assert not StoredPlan.objects.exists()
    text = re.search(r'<textarea name="text" hidden>(.*?)</textarea>', page, re.DOTALL)
    assert text is not None
    assert manager.post(reverse("new-plan"), {"text": text[1]}).status_code == 302


def test_the_law_is_told_for_the_plan_s_places_and_for_others_on_request(company: Company, manager: Client) -> None:
    plan = company.plan()
    page = manager.get(reverse("plan-reader", args=[plan.pk])).content.decode()
    assert "<h3>Colorado</h3>" in page
    other = manager.get(reverse("plan-reader", args=[plan.pk]), {"places": "New York City"}).content.decode()
    assert "<h3>New York City</h3>" in other
    assert "<h3>Colorado</h3>" not in other


def test_a_plan_without_a_posting_says_what_will_be_here(company: Company, manager: Client) -> None:
    plan = company.plan("tenfold_plan: 1\nrole:\n  title: Engineer\n")
    assert "There is no posting yet" in manager.get(reverse("plan-reader", args=[plan.pk])).content.decode()


def test_hostile_words_of_a_posting_stay_words(manager: Client) -> None:
    hostile = '# MLOps <script>alert("x")</script>\n\n- Kubernetes"><img src=x onerror=alert(1)>\n- <b>Python</b>\n'
    page = manager.post(reverse("reader"), {"text": hostile}).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


# The writer --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("markdown", "text/markdown", "# Senior MLOps Engineer"),
        ("html", "text/html", "<h1>"),
        ("text", "text/plain", "Senior MLOps Engineer"),
        ("json-ld", "application/ld+json", "{"),
    ],
)
def test_the_posting_is_written_in_four_forms_to_copy_and_to_keep(
    form: str, media_type: str, begins: str, company: Company, manager: Client
) -> None:
    address = reverse("plan-writer", args=[company.plan().pk])
    assert begins in manager.get(address, {"form": form}).content.decode().replace("&lt;", "<")
    file = manager.get(address, {"form": form, "download": "1"})
    assert file["Content-Type"].startswith(media_type)
    assert file["Content-Disposition"].startswith('attachment; filename="senior-mlops-engineer.')
    assert file.content.decode().startswith(begins)


def test_what_was_written_is_taken_into_the_plan_with_its_comments_kept(company: Company, manager: Client) -> None:
    plan = company.plan()
    address = reverse("plan-writer", args=[plan.pk])
    assert manager.post(address, {"base": "1"}).status_code == 302
    saved = plan.versions.get(number=2).text
    assert (
        load_plan(saved).plan.posting == render_formats(load_plan(GOOD_PLAN).plan, day=NOW.date()).forms[0].text.strip()
    )
    assert "# An example, not a real company" in saved
    manager.post(address, {"base": "1"})
    assert plan.versions.count() == 2, "somebody saved in between"


def test_who_sees_no_pay_writes_none(company: Company, signed_in: Callable[[str], Client]) -> None:
    page = signed_in("recruiter").get(reverse("plan-writer", args=[company.plan().pk])).content.decode()
    assert "Pay is hidden from you" in page
    assert not re.search(r"172,?000|206,?000", page)


# Published ---------------------------------------------------------------------------------------


def test_the_public_page_tells_machines_what_it_shows_and_no_more(company: Company, manager: Client) -> None:
    plan = company.plan()
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    manager.post(reverse("publish-posting", args=[plan.pk]))
    posting = plan.postings.get()
    posting.last_date = None
    posting.save()
    page = Client().get(reverse("job", args=[posting.pk]))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode(), re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert (data["@type"], data["title"]) == ("JobPosting", plan.title)
    assert {"description", "datePosted", "hiringOrganization", "jobLocation"} <= set(data)
    assert data["jobLocation"][0]["address"]["addressRegion"] == "CO"
    assert "CO, US" in page.content.decode()
    assert not page.cookies
    close(posting=posting, by=company.administrator, now=NOW)
    closed = Client().get(reverse("job", args=[posting.pk]))
    assert (closed.status_code, b"ld+json" in closed.content) == (410, False)


def test_pay_that_the_posting_does_not_state_is_not_told_to_machines() -> None:
    plan = load_plan(GOOD_PLAN).plan
    silent = linked_data(plan, text="# Engineer\n\nRun models.", title="Engineer", day=NOW.date())
    stated = linked_data(
        plan,
        text=f"# Engineer\n\nBase pay: {plan.pay.min:,.0f}–{plan.pay.max:,.0f} USD a year",
        title="Engineer",
        day=NOW.date(),
    )
    assert ("baseSalary" in silent, "baseSalary" in stated) == (False, True)


def test_the_list_asks_the_database_as_often_for_thirty_postings_as_for_one(company: Company, manager: Client) -> None:
    manager.get(reverse("postings"))  # the first visit of a browser is noted
    counts = []
    for many in (1, 29):
        for _ in range(many):
            plan = company.plan()
            approve(plan=plan, number=1, by=company.administrator, now=NOW)
            publish(plan=plan, by=company.administrator, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(reverse("postings")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# In from outside ---------------------------------------------------------------------------------


class Web(Fetcher):
    """The fetcher with its pages at hand; how it fetches is tested against a real server."""

    def __init__(self, **pages: tuple[str, Any]) -> None:
        super().__init__()
        self.pages, self.asked = pages, list[str]()

    def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        media_type, content = next(page for name, page in self.pages.items() if name in url)
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return Fetched(url, media_type, raw)


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("https://boards.greenhouse.io/quay/jobs/12", "https://boards-api.greenhouse.io/v1/boards/quay/jobs/12"),
        ("https://jobs.lever.co/quay/12-ab", "https://api.lever.co/v0/postings/quay/12-ab"),
        ("https://jobs.ashbyhq.com/quay/12-ab", "https://api.ashbyhq.com/posting-api/job-board/quay"),
    ],
)
def test_a_board_that_is_known_is_asked_for_what_it_has_for_programs(page: str, feed: str) -> None:
    found = incoming.feed_of(page)
    assert found is not None
    assert found.url.startswith(feed)
    assert incoming.feed_of("https://careers.example/12") is None
    assert incoming.feed_of("https://jobs.lever.co/a/..%2f..%2fb") != incoming.feed_of("https://jobs.lever.co/b")


def test_of_a_whole_board_one_posting_is_chosen(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "fetcher", Web(greenhouse=("application/json", BOARD)))
    board = {"url": "https://boards.greenhouse.io/quay"}
    choice = manager.post(reverse("new-plan"), board).content.decode()
    assert "MLOps engineer" in choice
    assert "Data engineer" in choice
    manager.post(reverse("new-plan"), {**board, "pick": "12"})
    plan = StoredPlan.objects.get()
    assert plan.title == "Data engineer"
    assert "- Airflow" in plan.latest().text


def test_a_page_with_linked_data_is_read_by_it(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"@type": "JobPosting", "title": "MLOps engineer", "description": "<p>Run models on Kubernetes</p>"}
    page = f'<html><nav>Careers</nav><script type="application/ld+json">{json.dumps(data)}</script></html>'
    monkeypatch.setattr(incoming, "fetcher", Web(quay=("text/html", page.encode())))
    manager.post(reverse("new-plan"), {"url": "https://quay.example/jobs/7"})
    assert StoredPlan.objects.get().title == "MLOps engineer"


def test_an_address_inside_is_refused_at_its_field(manager: Client) -> None:
    for name in ("new-plan", "reader"):
        answer = manager.post(reverse(name), {"url": "http://127.0.0.1:8000/admin"})
        assert answer.status_code == 422
        assert "not on the public web" in answer.content.decode()
        assert 'id="id_url_error"' in answer.content.decode()
    assert not AuditEntry.objects.filter(kind="plan.created").exists()


def docx(*lines: str) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>'
        )
    return file.getvalue()


def test_a_word_file_becomes_a_plan_with_its_text(manager: Client) -> None:
    file = SimpleUploadedFile("posting.docx", docx("MLOps engineer", "Requirements", "Kubernetes and Python"))
    assert manager.post(reverse("new-plan"), {"file": file}).status_code == 302
    assert "Kubernetes and Python" in StoredPlan.objects.get().latest().text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("posting.pdf", b"MLOps engineer", "but is not one"),
        ("posting.docx", b"MLOps engineer", "but is not one"),
        ("posting.txt", b"%PDF-1.7 ...", "a PDF or Word document"),
        ("posting.exe", b"MZ", "not taken"),
        ("posting.svg", b"<svg onload='alert(1)'/>", "not taken"),
        ("../../etc/passwd.pdf", b"root", "passwd.pdf"),
        ("big.txt", b"x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name: str, content: bytes, said: str, manager: Client) -> None:
    for address in ("new-plan", "reader"):
        answer = manager.post(reverse(address), {"file": SimpleUploadedFile(name, content)})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not StoredPlan.objects.exists()
