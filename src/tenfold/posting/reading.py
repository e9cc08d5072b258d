"""Reads a posting: any text in, a typed reading out. Deterministic, offline; every value points into the text.

reading = read(Path("posting.md").read_bytes(), name="posting")
reading.pay, reading.family.value, [tool.name for tool in reading.tools_with(Demand.MUST)]
"""

from __future__ import annotations

import hashlib

from tenfold.posting.activities import activities_of, vocabulary
from tenfold.posting.details import (
    benefits_of,
    certifications_of,
    degree_of,
    employer_of,
    employment_type_of,
    equity_or_bonus_of,
    leadership_of,
    on_call_of,
    title_of,
    travel_of,
    visa_of,
)
from tenfold.posting.experience import level_of
from tenfold.posting.family import family_of, infra_share_of
from tenfold.posting.intake import source_text
from tenfold.posting.job_names import without_job_names
from tenfold.posting.language import language_of
from tenfold.posting.matching import find_skills
from tenfold.posting.model import (
    Cited,
    DegreeDemand,
    Demand,
    Line,
    LineKind,
    Mention,
    OpenPlace,
    PlaceMention,
    PostedPay,
    PostingReading,
    Section,
    SectionKind,
    Share,
    SourceText,
    ToolDemand,
    Uncertain,
)
from tenfold.posting.pay import money_of
from tenfold.posting.scope import areas_named, day_to_day_of, deep_areas_of
from tenfold.posting.sections import Layout, lay_out
from tenfold.posting.tools import tools_of
from tenfold.posting.workplace import places_of, workplace_of
from tenfold.posting.years import years_of

__all__ = [
    "Cited",
    "DegreeDemand",
    "Demand",
    "Line",
    "LineKind",
    "Mention",
    "OpenPlace",
    "PlaceMention",
    "PostedPay",
    "PostingReading",
    "Section",
    "SectionKind",
    "Share",
    "SourceText",
    "ToolDemand",
    "Uncertain",
    "read",
    "read_source",
]


def read(document: str | bytes, *, name: str = "", media_type: str | None = None) -> PostingReading:
    """The reading of one posting: plain text, Markdown, HTML, PDF or DOCX.

    Raises:
        UserError: the bytes are no text and no document that can be read.
    """
    return read_source(source_text(document, media_type=media_type), name=name)


def read_source(source: SourceText, *, name: str = "") -> PostingReading:
    """The reading of text that has been taken out of its document already."""
    layout = lay_out(source)
    matches = find_skills(source.text, layout.words)
    title = title_of(source)
    employer = employer_of(source, title)
    years = years_of(source, layout)
    work = without_job_names(source, layout.words, title)
    hits = vocabulary(work, layout)
    activities = activities_of(source, layout, hits)
    places = places_of(source, layout, employer)
    money = money_of(source, layout, places.sure)
    return PostingReading(
        name=name,
        text=source.text,
        text_hash=hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest(),
        lines=source.lines,
        line_kinds=layout.kinds,
        sections=layout.sections,
        title=title,
        employer=employer,
        places=places.sure,
        open_places=places.open,
        workplace=workplace_of(source, layout, title),
        employment_type=employment_type_of(source, layout),
        tools=tools_of(source, layout, matches, title, employer),
        explicit_split=_splits(layout),
        years_min=years,
        level=level_of(source, layout, title, years),
        degree=degree_of(source, layout),
        certifications=certifications_of(matches),
        pay=money.pay,
        money=money.money,
        equity_or_bonus=equity_or_bonus_of(source, layout),
        benefits=benefits_of(source, layout),
        on_call=on_call_of(source, layout),
        travel=travel_of(source, layout),
        visa=visa_of(source, layout),
        leadership=leadership_of(source, layout),
        family=family_of(source, layout, activities),
        infra_share=infra_share_of(source, layout, activities),
        ml_ops_areas=areas_named(source, layout, work, matches, hits),
        deep_areas=deep_areas_of(source, layout),
        day_to_day=day_to_day_of(source, layout, matches),
        language=language_of(source.text, layout.words),
        fields_not_read=source.unused,
    )


def _splits(layout: Layout) -> bool:
    """Whether the posting separates required from preferred, by a heading or by a whole bullet or sentence."""
    if SectionKind.NICE in layout.kinds:
        return True
    asking = (SectionKind.MUST, SectionKind.OTHER)
    return any(layout.wording(index).splits for index in layout.soft_lines if layout.kinds[index] in asking)
