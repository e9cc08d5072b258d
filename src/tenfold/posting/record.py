"""A reading as one flat record: the vocabulary of the labelling guide, with the span of every value beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenfold.posting.model import Cited, Money, PostingReading, ToolDemand

if TYPE_CHECKING:
    from tenfold.posting.lint import LintFinding


def record(reading: PostingReading) -> dict[str, Any]:
    """A JSON-ready record. `spans` says where each value stands: code points [start, end) of `text`."""
    pay = reading.pay
    return {
        "id": reading.name,
        "title": _value(reading.title),
        "employer": _value(reading.employer),
        "tools": [_tool(tool) for tool in reading.tools],
        "explicit_split": reading.explicit_split,
        "years_min": _value(reading.years_min),
        "level": _value(reading.level),
        "family": reading.family.value if reading.family.is_certain else None,
        "family_likeliest": reading.family.value,
        "family_chance": reading.family.chance,
        "family_runner_up": reading.family.runner_up,
        "infra_share": reading.infra_share.value if reading.infra_share else None,
        "infra_share_interval": [reading.infra_share.low, reading.infra_share.high] if reading.infra_share else None,
        "ml_ops_areas": [area.value for area in reading.ml_ops_areas],
        "deep_areas": [area.value for area in reading.deep_areas],
        "day_to_day": bool(_value(reading.day_to_day)),
        "pay": pay and {"min": pay.min, "max": pay.max, "currency": pay.currency, "period": pay.period},
        "pay_open_ended": pay.open_ended if pay else None,
        "pay_from_badge": pay.from_badge if pay else None,
        "pay_open_end": pay.open_end if pay else None,
        "pay_kind": pay.kind.value if pay else None,
        "pay_currency_assumed": (pay.currency_assumed or None) if pay else None,
        "pay_not_read": [
            {"text": reading.quote(money), "why": money.unread, **_span(money)} for money in reading.pay_not_read
        ],
        "money": [_money(money) for money in reading.money],
        "equity_or_bonus": bool(_value(reading.equity_or_bonus)),
        "workplace": _value(reading.workplace),
        "places": [
            {
                "text": place.text,
                "country": place.country,
                "subdivision": place.subdivision,
                "id": place.id,
                "city": place.city or None,
                **_span(place),
            }
            for place in reading.places
        ],
        "open_places": [
            {"text": place.text, "candidates": list(place.candidates), "question": place.question, **_span(place)}
            for place in reading.open_places
        ],
        "employment_type": _value(reading.employment_type),
        "degree": reading.degree
        and {
            "value": reading.degree.value,
            "demand": reading.degree.demand.value,
            "or_equivalent": reading.degree.or_equivalent,
            **_span(reading.degree),
        },
        "certifications": [certification.value for certification in reading.certifications],
        "on_call": _value(reading.on_call),
        "travel": _value(reading.travel),
        "visa": _value(reading.visa),
        "leadership": _value(reading.leadership),
        "benefits": [benefit.value for benefit in reading.benefits],
        "sections": [
            {"kind": section.kind.value, "heading": section.heading, **_span(section)} for section in reading.sections
        ],
        "language": reading.language.code,
        "fields_not_read": [{"field": field, "text": text} for field, text in reading.fields_not_read],
        "spans": _spans(reading),
        "text_hash": reading.text_hash,
        "text": reading.text,
    }


def _money(money: Money) -> dict[str, Any]:
    return {
        "kind": money.kind.value,
        "min": money.min,
        "max": money.max,
        "currency": money.currency,
        "period": money.period,
        "open_end": money.open_end,
        **_span(money),
    }


def _tool(tool: ToolDemand) -> dict[str, Any]:
    return {
        "id": tool.skill_id,
        "name": tool.name,
        "demand": tool.demand.value,
        "mentions": [
            {"text": mention.text, "start": mention.start, "end": mention.end, "demand": mention.demand.value}
            for mention in tool.mentions
        ],
    }


def _spans(reading: PostingReading) -> dict[str, Any]:
    single = (
        "title", "employer", "years_min", "level", "day_to_day", "pay", "equity_or_bonus", "workplace",
        "employment_type", "on_call", "travel", "visa", "leadership",
    )  # fmt: skip
    several = ("ml_ops_areas", "deep_areas", "certifications", "benefits")
    spans: dict[str, Any] = {name: _span(getattr(reading, name)) for name in single if getattr(reading, name)}
    spans |= {name: [_span(cited) for cited in getattr(reading, name)] for name in several}
    spans["family"] = [_span(cited) for cited in reading.family.evidence]
    spans["infra_share"] = [_span(cited) for cited in reading.infra_share.evidence] if reading.infra_share else []
    return spans


def _span(value: Any) -> dict[str, int]:
    return {"start": value.start, "end": value.end}


def _value(cited: Cited[Any] | None) -> Any:
    return None if cited is None else cited.value


def finding_record(remark: LintFinding) -> dict[str, Any]:
    """What should be mended, JSON-ready; `start` and `end` are code points of the reading's text."""
    return {
        "rule": remark.rule,
        "severity": remark.severity.value,
        "what": remark.what,
        "why": remark.why,
        "fix": remark.fix,
        "quote": remark.quote,
        "start": remark.start,
        "end": remark.end,
    }
