"""JSON and Markdown: for scripts and for issues."""

from __future__ import annotations

import json

from markdown_it import MarkdownIt

from tenfold.audit.registry import PRACTICES
from tenfold.audit.renderers.document import FORMAT, to_json
from tenfold.audit.renderers.markdown import as_markdown
from tenfold.audit.report import Report, report
from tests.audit.sample import POSTING, sample


def test_json_holds_ten_practices_in_the_same_order(sample_report: Report) -> None:
    told = json.loads(to_json(sample_report))
    assert told["format"] == FORMAT
    assert [practice["id"] for practice in told["practices"]] == [practice.id for practice in PRACTICES]
    assert told["states"]["pay"] == "fix"
    assert told["counts"] == {"fix": 3, "review": 3, "unanswered": 2, "good": 2, "hidden": 0}
    assert told["answered"] == 8
    assert told["as_of"] == "2026-11-18"


def test_json_evidence_points_into_the_text_that_its_hash_names(sample_report: Report) -> None:
    told = json.loads(to_json(sample_report))
    reading = sample().reading
    assert reading is not None
    assert told["text"]["hash"] == reading.text_hash
    quotes = [
        quote
        for practice in told["practices"]
        for finding in practice["findings"]
        for quote in finding["evidence"]
        if quote["start"] is not None
    ]
    assert len(quotes) > 8
    assert all(reading.text[quote["start"] : quote["end"]] == quote["text"] for quote in quotes)


def test_json_sources_are_those_that_findings_number(sample_report: Report) -> None:
    told = json.loads(to_json(sample_report))
    used = {
        number for practice in told["practices"] for finding in practice["findings"] for number in finding["sources"]
    }
    assert used == {source["number"] for source in told["sources"]} == {1, 2, 3}
    assert told["sources"][0]["figures"][0]["evidence"] == "derived"


def test_json_edits_name_findings_that_are_there(sample_report: Report) -> None:
    told = json.loads(to_json(sample_report))
    ids = {finding["id"] for practice in told["practices"] for finding in practice["findings"]}
    assert {edit["finding"] for edit in told["headline"]["edits"]} <= ids


def test_several_reports_are_a_list(sample_report: Report) -> None:
    assert [told["name"] for told in json.loads(to_json(sample_report, sample_report))] == ["posting.md"] * 2


def test_markdown_says_the_same(sample_report: Report) -> None:
    text = as_markdown(sample_report)
    assert text.startswith("# Senior MLOps Engineer\n")
    assert "| ◐ review | ✕ fix | ✕ fix |" in text
    assert "> “**Expert-level** Kubernetes and Terraform, **deep expertise** in model" in text
    assert "→ Keep one line; make the other a dotted line for advice." in text


def test_a_posting_cannot_break_out_of_markdown() -> None:
    hostile = POSTING.replace("plus bonus", "plus <img src=x> [link](http://x.example) `code` &lt; **bold** | cell")
    html = MarkdownIt().render(as_markdown(report(sample(hostile))))
    assert "<img" not in html
    assert 'href="http://x.example"' not in html
