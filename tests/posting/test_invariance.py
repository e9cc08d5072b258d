"""The same posting in another dress reads the same."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tenfold.audit.intake import take_bytes
from tenfold.audit.run import audit
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read
from tests.posting.sample import POSTING


def said(reading: PostingReading) -> dict[str, object]:
    """What a posting says, without where it says it."""
    pay = reading.pay
    return {
        "tools": {tool.skill_id: tool.demand.value for tool in reading.tools},
        "years": reading.years_min and reading.years_min.value,
        "level": reading.level and reading.level.value,
        "pay": pay and (pay.min, pay.max, pay.currency, pay.period),
        "workplace": reading.workplace and reading.workplace.value,
        "family": reading.family.value,
        "equity": reading.equity_or_bonus is not None,
        "split": reading.explicit_split,
    }


def in_html(markdown: str) -> str:
    parts = ["<html><body>"]
    for block in re.split(r"\n\s*\n", markdown.strip()):
        if block.startswith("#"):
            level = len(block) - len(block.lstrip("#"))
            parts.append(f"<h{level}>{block.lstrip('# ')}</h{level}>")
        elif block.startswith("- "):
            items = "".join(f"<li><p>{item}</p></li>" for item in block.removeprefix("- ").split("\n- "))
            parts.append(f"<ul>{items}</ul>")
        else:
            bold = re.sub(r"[*]{2}(.+?)[*]{2}", r"<b>\1</b>", block)
            parts.append(f"<p>{bold}</p>")
    return "".join([*parts, "<script>alert('Rust')</script></body></html>"])


def shuffled(markdown: str) -> str:
    head, *sections = markdown.split("\n## ")
    return "\n## ".join([head, *reversed(sections)])


def collapsed(markdown: str) -> str:
    """Bullets and headings run together in paragraphs, as some boards send them."""
    head, *sections = markdown.split("\n## ")
    runs = []
    for section in sections:
        heading, _, body = section.partition("\n")
        runs.append(f"**{heading}:** " + " ".join(body.replace("\n- ", " \\- ").split()))
    return head + "\n" + " ".join(runs)


DRESSES: dict[str, Callable[[str], str]] = {
    "html": in_html,
    "shuffled sections": shuffled,
    "pasted twice": lambda text: text + "\n" + text,
    "bullets collapsed": collapsed,
    "fairness statement removed": lambda text: text.partition("## Equal opportunity")[0],
    "other blanks": lambda text: text.replace("\n\n", "\n\n\n").replace("- ", "*   ").replace(" and ", "  and "),
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "bold headings": lambda text: re.sub(r"^## (.+)$", r"**\1**", text, flags=re.MULTILINE),
    "dots as bullets": lambda text: re.sub(r"^- ", "• ", text, flags=re.MULTILINE),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
def test_the_dress_changes_nothing(dress: Callable[[str], str]) -> None:
    assert said(read(dress(POSTING))) == said(read(POSTING))


def test_without_headings_all_but_the_split_stays() -> None:
    stripped = re.sub(r"^## .+$", "", POSTING, flags=re.MULTILINE)
    kept, before = said(read(stripped)), said(read(POSTING))
    for name in ("years", "level", "pay", "workplace", "family", "equity"):
        assert kept[name] == before[name], name
    assert kept["tools"].keys() == before["tools"].keys()  # type: ignore[attr-defined]  # both are dictionaries of tools


def test_reading_is_deterministic() -> None:
    assert read(POSTING) == read(POSTING)


FAULTY = (Path(__file__).parents[2] / "examples" / "posting_with_faults.md").read_text("utf-8")


def findings(posting: str) -> list[tuple[str, str, str]]:
    """What the ten practices find in a posting, without the places that they quote."""
    submission = take_bytes(posting.encode(), name="posting.html" if posting.startswith("<html>") else "posting.md")
    done = audit(submission.plan, as_of=date(2026, 11, 18), reading=submission.reading)
    return sorted((finding.practice, finding.rule, finding.what) for finding in done.findings)


def with_bold_headings(posting: str) -> str:
    return re.sub(r"^#{2,3} (.+)$", r"**\1**", posting, flags=re.MULTILINE)


AUDIT_DRESSES: dict[str, Callable[[str], str]] = {
    "html": lambda text: in_html(text.replace("### ", "## ")),
    "shuffled sections": lambda text: shuffled(text.replace("### ", "## ")),
    "pasted twice": lambda text: text + "\n" + text,
    "bullets collapsed": lambda text: collapsed(text.replace("### ", "## ")),
    "fairness statement removed": lambda text: text.partition("Larkspur Health is an equal")[0],
    "other blanks": lambda text: text.replace("\n\n", "\n\n\n").replace("- ", "*   ").replace(" and ", "  and "),
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "bold headings": with_bold_headings,
    "dots as bullets": lambda text: re.sub(r"^- ", "• ", text, flags=re.MULTILINE),
}


@pytest.mark.parametrize("dress", AUDIT_DRESSES.values(), ids=AUDIT_DRESSES.keys())
def test_the_audit_finds_the_same_in_another_dress(dress: Callable[[str], str]) -> None:
    plain = findings(FAULTY)
    assert len(plain) >= 8
    assert findings(dress(FAULTY)) == plain


def test_without_headings_the_audit_still_finds_what_words_alone_say() -> None:
    stripped = re.sub(r"^### .+$", "", FAULTY, flags=re.MULTILINE)
    rules = {rule for _, rule, _ in findings(FAULTY)}
    assert len(rules & {rule for _, rule, _ in findings(stripped)}) >= len(rules) - 2
