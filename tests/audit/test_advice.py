"""What the audit advises first never publishes what it calls wrong elsewhere."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tenfold.audit.run import Audit, audit
from tenfold.kit.findings import Severity
from tenfold.plan.document import HiringPlan
from tenfold.posting.reading import read

TODAY = date(2026, 11, 18)
PRACTICES = Path(__file__).parents[2] / "src/tenfold/practices"
MUSTS = ["kubernetes", "terraform", "pytorch", "tensorflow", "spark", "airflow", "mlflow", "kserve", "aws", "kafka"]


def posting(low: int, high: int, level: str) -> str:
    return (
        f"# {level.capitalize()} MLOps Engineer\n\nDenver, CO. Hybrid.\n\nBase pay: ${low:,} to ${high:,} a year.\n\n"
        "## What you will do\n\n- Run the serving platform\n\n## Requirements\n\n- Python\n- Kubernetes\n"
    )


def audit_of(plan: dict[str, object], text: str) -> Audit:
    document = HiringPlan.model_validate({"tenfold_plan": 1, **plan})
    return audit(document, as_of=TODAY, reading=read(text, name="posting"))


@given(
    low=st.integers(40_000, 250_000),
    span=st.integers(5_000, 200_000),
    posted=st.integers(40_000, 250_000),
    level=st.sampled_from(["junior", "mid", "senior", "staff"]),
    must=st.lists(st.sampled_from(MUSTS), min_size=1, unique=True),
)
def test_no_advice_writes_a_faulty_answer_into_the_posting(
    low: int, span: int, posted: int, level: str, must: list[str]
) -> None:
    plan = {
        "company": {"place": "Denver, CO"},
        "role": {"family": "mlops", "level": level, "workplace": "remote"},
        "requirements": {"must": must},
        "pay": {"min": low, "max": low + span, "currency": "USD", "period": "YEAR"},
    }
    result = audit_of(plan, posting(posted, posted + 20_000, level))
    about_the_range = [
        found
        for found in result.findings
        if found.field in ("pay.min", "pay.max") and not found.publishes and found.severity is not Severity.NOTE
    ]
    for found in result.findings:
        if "pay.min" in found.publishes and about_the_range:
            assert not found.fix.startswith("Write"), found.fix
            assert found.fix.endswith("Then put what the plan says into the posting.")


def test_a_range_below_the_market_is_raised_before_it_is_published() -> None:
    plan = {
        "company": {"place": "Denver, CO"},
        "role": {"family": "mlops", "level": "senior"},
        "pay": {"min": 90_000, "max": 100_000, "currency": "USD", "period": "YEAR"},
    }
    result = audit_of(plan, posting(110_000, 130_000, "senior"))
    differs = next(found for found in result.findings if found.rule == "pay.posting-differs")
    assert re.match(r"Raise the middle of the range .* Then put what the plan says into the posting\.$", differs.fix)


def test_a_range_that_the_market_bears_is_published_as_it_is() -> None:
    plan = {
        "company": {"place": "Denver, CO"},
        "role": {"family": "mlops", "level": "senior"},
        "pay": {"min": 180_000, "max": 210_000, "currency": "USD", "period": "YEAR"},
    }
    result = audit_of(plan, posting(110_000, 130_000, "senior"))
    differs = next(found for found in result.findings if found.rule == "pay.posting-differs")
    assert differs.fix.startswith("Write 180–210k into the posting")


def test_every_rule_that_copies_the_plan_into_the_posting_says_what_it_publishes() -> None:
    """Drafts whose fix begins with writing a value of the plan into the posting."""
    silent = [
        f"{path.parent.name}/{path.name}:{call.lineno}"
        for path in PRACTICES.glob("*/check.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "FindingDraft"
        if any(word.arg == "fix" and _copies_the_plan(word.value) for word in call.keywords)
        if not any(word.arg == "publishes" for word in call.keywords)
    ]
    assert not silent


def _copies_the_plan(fix: ast.expr) -> bool:
    pieces = [fix.body, fix.orelse] if isinstance(fix, ast.IfExp) else [fix]
    return any(
        isinstance(piece, ast.JoinedStr)
        and re.match(r"(Write|Put) .?\{", _pattern(piece))
        and "posting" in _pattern(piece)
        for piece in pieces
    )


def _pattern(text: ast.JoinedStr) -> str:
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in text.values)  # type: ignore[misc]
