"""The HTML report: one file that needs nothing else, safe with any posting, readable in light and dark."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tenfold.audit.registry import PRACTICES
from tenfold.audit.renderers.page import as_html, body, stylesheet
from tenfold.audit.report import Report, report
from tests.audit.sample import POSTING, sample

HOSTILE = (
    POSTING
    + '\n\n`</style><script>alert(1)</script>` <img src=x onerror=alert(1)> " onmouseover="alert(1) {{ 7*7 }} {% x %}\n'
)


def one(node: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = node.css_first(selector)
    assert found is not None, selector
    return found


VOID = {"meta", "link", "br", "img", "hr", "input", "path", "circle", "use"}


@pytest.fixture(scope="module")
def page(sample_report: Report) -> LexborHTMLParser:
    return LexborHTMLParser(as_html(sample_report))


def ids(page: LexborHTMLParser) -> list[str]:
    return [str(node.attributes["id"]) for node in page.css("[id]")]


def test_the_answer_comes_first_then_the_strip_then_the_practices(page: LexborHTMLParser) -> None:
    main = one(page, "main").html or ""
    order = [main.index(part) for part in ('class="answer"', 'class="strip"', 'id="practices"', 'id="sources"')]
    assert order == sorted(order)


def test_the_strip_has_ten_cells_in_the_same_order_with_their_states_in_words(page: LexborHTMLParser) -> None:
    cells = [cell.text().strip().replace("\u00ad", "") for cell in page.css(".strip li")]
    assert [cell.partition(":")[0] for cell in cells] == [practice.title for practice in PRACTICES]
    assert cells[1] == "Pay: fix"
    assert cells[8] == "Growth: unanswered"


def test_practices_are_worst_first(page: LexborHTMLParser) -> None:
    titles = [node.text() for node in page.css(".practice h2")]
    assert titles == [
        "Pay", "Skills", "Alignment", "Requirements", "Scope", "Labs", "Interviews", "Growth", "Timing", "Retention"
    ]  # fmt: skip


def test_nothing_is_fetched_and_nothing_runs(sample_report: Report) -> None:
    text = as_html(sample_report)
    page = LexborHTMLParser(text)
    assert not page.css("script, link, img, iframe, object, embed, video, audio, base, form")
    assert not re.search(r"@import|url\(|javascript:", text)
    assert not [node for node in page.css("*") for name in node.attributes if name.startswith("on")]
    assert not page.css("[src], [data], [action], [srcset]")


def test_every_link_inside_the_page_leads_somewhere(sample_report: Report) -> None:
    for text in (as_html(sample_report), as_html(sample_report, sample_report)):
        page = LexborHTMLParser(text)
        targets = {str(node.attributes["href"])[1:] for node in page.css('a[href^="#"], use[href^="#"]')}
        assert targets <= set(ids(page))
        assert len(ids(page)) == len(set(ids(page)))
        labelled = {str(node.attributes["aria-labelledby"]) for node in page.css("[aria-labelledby]")}
        assert labelled <= set(ids(page))


def test_a_finding_leads_to_its_words_in_the_posting_and_back(page: LexborHTMLParser) -> None:
    there = one(page, "#pay-below-market blockquote mark a")
    place = one(page, str(there.attributes["href"]))
    assert place.text() == "$130,000 – $165,000"
    assert one(place, "a").attributes["href"] == "#pay-below-market"


def test_findings_show_what_why_fix_and_sources(page: LexborHTMLParser) -> None:
    note = one(page, "#pay-below-market")
    assert one(note, "h3").text().strip() == "Four in five comparable ads pay more than your midpoint."
    assert one(note, ".advice").text().endswith("Raise the range to 165–195k, or lower the level to mid.")
    assert [node.text() for node in note.css(".why sup a")] == ["1", "2"]
    assert "45 ads; their median is 180,000 (95\u00a0% interval" in one(note, ".why").text()
    assert one(note, ".answers dt").text() == "pay.max"


def test_sources_carry_date_evidence_and_address(page: LexborHTMLParser) -> None:
    source = one(page, "#source-1")
    assert "31 August 2026 · derived from other figures" in source.text()
    assert "180,000 USD a year, 95\u00a0% interval 165,000–193,000, n\u00a0=\u00a045" in source.text()
    assert one(source, "a").attributes["href"] == "https://example.org/survey?year=2026&kind=ads"


def test_open_questions_name_the_field_and_gather_in_one_sheet(page: LexborHTMLParser) -> None:
    assert one(page, "#growth").parent is not None
    assert [node.text() for node in page.css(".open-questions code")] == [
        "assessment.instruments",
        "interviews.rounds",
        "interviews.scorecards_before_debrief",
        "growth.ladder",
    ]
    assert "growth:\n  # Is there a ladder for this role?\n  ladder:" in one(page, ".sheet pre:last-child").text()


def test_headings_go_down_one_step_at_a_time(page: LexborHTMLParser) -> None:
    levels = [int(str(node.tag)[1]) for node in page.css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_reader_can_skip_to_the_practices(page: LexborHTMLParser) -> None:
    assert one(page, "a.skip").attributes["href"] == "#practices"
    assert one(page, "html").attributes["lang"] == "en"
    assert one(page, "title").text() == "Senior MLOps Engineer – Tenfold audit"


def test_a_hostile_posting_is_shown_as_text() -> None:
    text = as_html(report(sample(HOSTILE)))
    page = LexborHTMLParser(text)
    assert not page.css("script, img, [onerror], [onmouseover]")
    assert len(page.css("style")) == 1
    assert "49" not in one(page, ".posting").text()


def test_tags_are_balanced(sample_report: Report) -> None:
    """The parser mends what is broken, so the text itself is counted."""
    text = re.sub(r"<style>.*?</style>", "", as_html(sample_report), flags=re.DOTALL)
    open_tags: list[str] = []
    for closing, tag, self_closed in re.findall(r"<(/?)([a-z][a-z0-9]*)[^<>]*?(/?)>", text):
        if closing:
            assert open_tags.pop() == tag
        elif tag not in VOID and not self_closed:
            open_tags.append(tag)
    assert open_tags == []


def test_a_picture_stands_in_its_practice() -> None:
    page = LexborHTMLParser(as_html(report(sample())))
    assert one(page, "section.practice figure.picture svg title").text() == "Pay"
    assert (
        one(page, "section.practice figure.picture figcaption")
        .text()
        .startswith("Each dot is 5\u00a0% of the postings.")
    )


def test_the_body_serves_another_frame(sample_report: Report) -> None:
    assert body(sample_report).lstrip().startswith('<article class="report"')


def palettes() -> list[dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", stylesheet(), flags=re.DOTALL)[:2]
    first = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    return [first, first | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark))]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_text_contrast_is_at_least_wcag_aa(palette: dict[str, str]) -> None:
    pairs = [(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "card")]
    pairs += [(state, "paper") for state in ("good", "review", "fix", "unanswered")]
    pairs += [("ink", "mark")]
    weak = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    marks = {state: contrast(palette["on-fill"], palette[f"{state}-fill"]) for state in ("good", "review", "fix")}
    assert min(marks.values()) >= 3, marks
