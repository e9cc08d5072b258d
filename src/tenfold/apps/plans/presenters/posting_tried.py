"""What if the posting asked for less, or said what it pays: the choices, and the text that they amount to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from ruamel.yaml.comments import CommentedMap

from tenfold.audit.posting_edits import PostingDemands, PostingEdits, changed_lines, edit_posting, posting_demands
from tenfold.kit.errors import UserError
from tenfold.plan.document import MAX_TEXT
from tenfold.plan.yaml_io import long_text, validate_document
from tenfold.posting.writer import pay_line

DROP, YEARS, TITLE, PAY = "ask:drop", "ask:years", "ask:title", "ask:pay"
_FIGURES = re.compile(r"\d{1,2}")
MOST_DIGITS = 2
LONGEST_TITLE = 140


@dataclass(frozen=True)
class PostingTried:
    """The posting's demands as fields; `pay` is the sentence that could be added, empty where there is none to add."""

    demands: PostingDemands
    pay: str
    years: str


def posting_tried(document: Mapping[str, Any], *, sees_pay: bool) -> PostingTried | None:
    """None where the plan holds no posting."""
    text = _posting(document)
    if not text.strip():
        return None
    demands = posting_demands(text)
    pay = "" if demands.states_pay or not sees_pay else pay_sentence(document)
    return PostingTried(demands, pay, _shown_years(demands))


def pay_sentence(document: Mapping[str, Any]) -> str:
    """The plan's pay as a posting says it; empty where the plan has none that can be read."""
    try:
        pay = validate_document(
            CommentedMap({key: document[key] for key in ("tenfold_plan", "pay") if key in document})
        )
    except UserError:
        return ""
    has_pay = pay.plan.pay.min is not None or pay.plan.pay.max is not None
    return f"Base pay: {pay_line(pay.plan.pay)}" if has_pay else ""


def try_posting(posted: QueryDict, document: CommentedMap, *, sees_pay: bool) -> CommentedMap:
    """The document with its posting as it is tried; the plan’s own title and years follow where they were the same."""
    before = _posting(document)
    if not any(posted.get(name) for name in (DROP, YEARS, TITLE, PAY)) or not before.strip():
        return document
    demands, years = posting_demands(before), _years(posted)
    edits = PostingEdits(
        left_out=frozenset(int(one) for one in posted.getlist(DROP) if one.isascii() and one.isdecimal()),
        years=years if years != _shown_years(demands) else "",
        title=" ".join(posted.get(TITLE, "").split())[:LONGEST_TITLE],
        pay=pay_sentence(document) if posted.get(PAY) and sees_pay else "",
    )
    after = edit_posting(before, edits)
    if after != before:
        document["posting"] = long_text(after)
        _follow(document, demands, edits)
    return document


def tried_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[tuple[bool, str], ...]:
    """Lines of the posting that go (False) and come (True)."""
    return changed_lines(_posting(before), _posting(after))


def _shown_years(demands: PostingDemands) -> str:
    """The least number of years that the posting gives in figures; empty where it gives it in words."""
    found = _FIGURES.search(demands.years)
    return found.group() if found else ""


def _years(posted: QueryDict) -> str:
    years = posted.get(YEARS, "").strip()
    return years if years.isascii() and years.isdecimal() and len(years) <= MOST_DIGITS else ""


def _follow(document: CommentedMap, demands: PostingDemands, edits: PostingEdits) -> None:
    """Title and years in the plan, where they are those that the posting gave."""
    role, asked = document.get("role"), document.get("requirements")
    if edits.title and isinstance(role, dict) and role.get("title") == demands.title:
        role["title"] = edits.title[:MAX_TEXT]
    if edits.years and isinstance(asked, dict) and str(asked.get("years_min")) in demands.years:
        asked["years_min"] = int(edits.years)


def _posting(document: Mapping[str, Any]) -> str:
    text = document.get("posting")
    return text if isinstance(text, str) else ""
