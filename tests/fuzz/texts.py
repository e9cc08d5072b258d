"""Texts that nobody meant to write: whole documents with pieces cut out, doubled, swapped and spoilt."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAN = (EXAMPLES / "good_plan.yaml").read_text()
POSTING = (EXAMPLES / "posting_with_faults.md").read_text()
PAGE = (
    "<!doctype html><html><head><title>Senior MLOps Engineer</title><script>var pay = '$1' < 2;</script>"
    '<script type="application/ld+json">{"@type": "JobPosting", "baseSalary": {"value": {"minValue": 1}}}</script>'
    "</head><body><h1>Senior MLOps Engineer</h1><p>Denver, CO. $150,000 &ndash; $170,000</p><h2>What you bring</h2>"
    "<ul><li>5+ years of Kubernetes<li>MLflow &amp; KServe</ul><table><tr><td>Remote</table></body></html>"
)
NOISE = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *(
                "\t",
                "\x00",
                "\r",
                "\ufeff",
                "\u202e",
                "\ud800",
                "&a",
                "*a",
                "!!python/object:x",
                "- ",
                ": ",
                "? ",
                "|",
                ">",
            ),
            *(
                "{",
                "[",
                "<<: *a",
                "'",
                '"',
                "#",
                "---",
                "%YAML 9",
                ".nan",
                "2026-02-30",
                "9" * 5_000,
                "true",
                "none",
                "~",
            ),
            *(
                "<script>",
                "</script",
                "<!--",
                "<![CDATA[",
                "&#0;",
                "&#x110000;",
                "<table>",
                "<style>",
                "<svg onload=x>",
            ),
            *("$1", "$99999999999999999999k", "-5 years", "1e999", "0/0", "100–", "€", "٣٤", "²", "👩🏽‍🚀", "İ", "ß"),
        ]
    ),
)
EDIT = st.tuples(st.integers(0, 10_000), st.integers(0, 400), NOISE)


def spoilt(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with pieces replaced: at, how much is lost, what stands there instead."""
    for at, lost, noise in edits:
        start = at % (len(text) + 1)
        text = text[:start] + noise + text[start + lost :]
    return text


def spoilt_forms_of(text: str) -> st.SearchStrategy[str]:
    return st.lists(EDIT, min_size=1, max_size=6).map(lambda edits: spoilt(text, edits))


def shuffled_lines_of(text: str) -> st.SearchStrategy[str]:
    lines = text.splitlines()
    return st.lists(st.sampled_from(lines), max_size=60).map("\n".join)


PLANS = st.one_of(
    spoilt_forms_of(PLAN), shuffled_lines_of(PLAN).map(lambda text: f"tenfold_plan: 1\n{text}"), st.text()
)
POSTINGS = st.one_of(spoilt_forms_of(POSTING), shuffled_lines_of(POSTING), spoilt_forms_of(PAGE), st.text())
BYTES = st.one_of(
    st.binary(),
    st.one_of(PLANS, POSTINGS).map(lambda text: text.encode("utf-16", "replace")),
    st.one_of(PLANS, POSTINGS).map(lambda text: text.encode("cp1252", "replace")),
    st.tuples(st.sampled_from([PLAN, POSTING, PAGE]), st.integers(0, 9_999), st.binary(max_size=8)).map(
        lambda case: case[0].encode()[: case[1]] + case[2] + case[0].encode()[case[1] :]
    ),
)
